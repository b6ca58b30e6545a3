"""Incidents: what went wrong, who has it in hand, what was promised, what was learnt (operations.md 4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.area import Area, Pane, PaneLight, Request, Services
from core.areas.incidents.commands import VERBS, incident_choices
from core.message import _
from core.page import Action, Block

if TYPE_CHECKING:
    from core.area import Job
    from core.store.store import Reaction

__all__ = ["AREA"]


async def _light(request: Request) -> PaneLight:
    from core.areas.incidents.lights import incidents_light

    return await incidents_light(request)


async def _overview(request: Request) -> Sequence[Block]:
    from core.areas.incidents.lights import overview_blocks

    return await overview_blocks(request)


async def _objects(request: Request, text: str) -> Sequence[Action]:
    from core.areas.incidents.lights import objects

    return await objects(request, text)


def _jobs(services: Services) -> Sequence[Job]:
    from core.areas.incidents.collection.watch import jobs

    return jobs(services)


def _reacts(services: Services) -> Reaction:
    from core.areas.incidents.reactions import reaction

    return reaction(services)


AREA = Area(
    name="incidents",
    title=_("Incidents"),
    panes=(Pane("incidents", _("Incidents"), "incidents", "6", 60, _light),),
    verbs=VERBS,
    jobs=_jobs,
    settings="core.areas.incidents.settings.IncidentsSettings",
    choices={"incident": incident_choices},
    overview=_overview,
    objects=_objects,
    reacts=_reacts,
)
