"""Operations: health checks, monitoring, checklists, the status page and its figures (operations.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from core.area import Area, Pane, PaneLight, Request, Services
from core.areas.operations.commands import CHOICES, VERBS
from core.message import Message, _
from core.page import Action, Block

if TYPE_CHECKING:
    from core.area import Job
    from core.store.store import Reaction

__all__ = ["AREA"]


async def _light(request: Request) -> PaneLight:
    from core.areas.operations.lights import operations_light

    return await operations_light(request)


async def _overview(request: Request) -> Sequence[Block]:
    from core.areas.operations.lights import overview_blocks

    return await overview_blocks(request)


async def _objects(request: Request, text: str) -> Sequence[Action]:
    from core.areas.operations.lights import objects

    return await objects(request, text)


async def _refresh(request: Request) -> None:
    from core.areas.operations.collection.jobs import refresh

    await refresh(request.services)


async def _names(request: Request) -> Mapping[tuple[str, str], Message]:
    from core.areas.operations.collection.jobs import names

    return names()


def _jobs(services: Services) -> Sequence[Job]:
    from core.areas.operations.collection.jobs import jobs
    from core.areas.operations.collection.routine import routine_jobs

    return (*jobs(services), *routine_jobs(services))


def _reacts(services: Services) -> Reaction:
    from core.areas.operations.writes.components import reaction

    return reaction(services)


AREA = Area(
    name="operations",
    title=_("Operations"),
    panes=(Pane("operations", _("Operations"), "ops", "9", 90, _light),),
    verbs=VERBS,
    jobs=_jobs,
    reacts=_reacts,
    settings="core.areas.operations.settings.OperationsSettings",
    choices=CHOICES,
    overview=_overview,
    objects=_objects,
    refresh=_refresh,
    names=_names,
)
