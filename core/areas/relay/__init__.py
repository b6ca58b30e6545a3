"""The chats as the console sees them: who is connected, what comes and goes, who may what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from core.area import Area, Pane, PaneLight, Request, Services
from core.areas.relay.commands import CHOICES, VERBS
from core.message import Message, _
from core.page import Action

if TYPE_CHECKING:
    from core.area import Job

__all__ = ["AREA"]


async def _light(request: Request) -> PaneLight:
    from core.areas.relay.lights import relay_light

    return await relay_light(request)


async def _objects(request: Request, text: str) -> Sequence[Action]:
    from core.areas.relay.lights import objects

    return await objects(request, text)


async def _configured(request: Request) -> bool:
    from core.areas.relay.lights import is_configured

    return await is_configured(request)


async def _names(request: Request) -> Mapping[tuple[str, str], Message]:
    from core.areas.relay.collection.watch import names

    return await names(request.services)


def _jobs(services: Services) -> Sequence[Job]:
    from core.areas.relay.collection.jobs import jobs

    return jobs(services)


AREA = Area(
    name="relay",
    title=_("Relay"),
    panes=(Pane("relay", _("Relay"), "relay", "0", 100, _light),),
    verbs=VERBS,
    jobs=_jobs,
    settings="core.areas.relay.settings.RelaySettings",
    choices=CHOICES,
    objects=_objects,
    configured=_configured,
    names=_names,
)
