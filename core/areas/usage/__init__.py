"""Data usage: what Taara's plans hold, how fast they are used, and how long they will last (taara.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from core.area import Area, Pane, PaneLight, Request, Services
from core.areas.usage.commands import VERBS, account_choices, plan_choices
from core.message import Message, _
from core.page import Action, Block

if TYPE_CHECKING:
    from core.area import Job

__all__ = ["AREA"]


async def _light(request: Request) -> PaneLight:
    from core.areas.usage.lights import usage_light

    return await usage_light(request)


async def _overview(request: Request) -> Sequence[Block]:
    from core.areas.usage.lights import overview_blocks

    return await overview_blocks(request)


async def _objects(request: Request, text: str) -> Sequence[Action]:
    from core.areas.usage.lights import objects

    return await objects(request, text)


async def _configured(request: Request) -> bool:
    from core.areas.usage.store.credentials import configured

    return await configured(request)


async def _refresh(request: Request) -> None:
    from core.areas.usage.writes import refresh

    await refresh(request)


async def _names(request: Request) -> Mapping[tuple[str, str], Message]:
    from core.areas.usage.store.credentials import names

    return await names(request)


def _jobs(services: Services) -> Sequence[Job]:
    from core.areas.usage.collection.collect import jobs

    return jobs(services)


AREA = Area(
    name="usage",
    title=_("Usage"),
    panes=(Pane("usage", _("Usage"), "usage", "4", 40, _light),),
    verbs=VERBS,
    jobs=_jobs,
    settings="core.areas.usage.settings.UsageSettings",
    choices={"account": account_choices, "plan": plan_choices},
    overview=_overview,
    objects=_objects,
    configured=_configured,
    refresh=_refresh,
    names=_names,
    setup="usage setup",
)
