"""Production credits: a video production system, what it makes and what that costs (production.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from core.area import Area, Pane, PaneLight, Request, Services
from core.areas.production.commands import VERBS, character_choices, platform_choices
from core.message import Message, _
from core.page import Action, Block

if TYPE_CHECKING:
    from core.area import Job

__all__ = ["AREA"]


async def _light(request: Request) -> PaneLight:
    from core.areas.production.lights import production_light

    return await production_light(request)


async def _overview(request: Request) -> Sequence[Block]:
    from core.areas.production.lights import overview_blocks

    return await overview_blocks(request)


async def _objects(request: Request, text: str) -> Sequence[Action]:
    from core.areas.production.lights import objects

    return await objects(request, text)


async def _configured(request: Request) -> bool:
    from core.areas.production.lights import configured

    return await configured(request)


async def _refresh(request: Request) -> None:
    from core.areas.production.writes import refresh

    await refresh(request)


async def _names(request: Request) -> Mapping[tuple[str, str], Message]:
    from core.areas.production.sources import names

    return await names(request)


def _jobs(services: Services) -> Sequence[Job]:
    from core.areas.production.collection.collect import jobs

    return jobs(services)


AREA = Area(
    name="production",
    title=_("Production"),
    panes=(Pane("production", _("Production"), "production", "5", 50, _light),),
    verbs=VERBS,
    jobs=_jobs,
    settings="core.areas.production.settings.ProductionSettings",
    choices={"character": character_choices, "platform": platform_choices},
    overview=_overview,
    objects=_objects,
    configured=_configured,
    refresh=_refresh,
    names=_names,
)
