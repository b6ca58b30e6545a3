"""Support tickets: who asked what, what was promised, and how long is left of it (operations.md 5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.area import Area, Nothing, Pane, PaneLight, Request, Services
from core.areas.tickets.commands import VERBS
from core.areas.tickets.commands.choices import (
    canned_choices,
    entry_choices,
    own_ticket_choices,
    ticket_choices,
)
from core.message import _
from core.page import Action, Block

if TYPE_CHECKING:
    from core.area import Job

__all__ = ["AREA"]


async def _light(request: Request) -> PaneLight:
    from core.areas.tickets.lights import tickets_light

    return await tickets_light(request)


async def _overview(request: Request) -> Sequence[Block]:
    from core.areas.tickets.lights import overview_blocks

    return await overview_blocks(request)


async def _objects(request: Request, text: str) -> Sequence[Action]:
    from core.areas.tickets.lights import objects

    return await objects(request, text)


def _jobs(services: Services) -> Sequence[Job]:
    from core.areas.tickets.collection.watch import jobs

    return jobs(services)


AREA = Area(
    name="tickets",
    title=_("Tickets"),
    panes=(Pane("tickets", _("Tickets"), "tickets", "7", 70, _light),),
    verbs=VERBS,
    jobs=_jobs,
    settings="core.areas.tickets.settings.TicketsSettings",
    choices={
        "ticket": ticket_choices,
        "own ticket": own_ticket_choices,
        "faq entry": entry_choices,
        "canned answer": canned_choices,
    },
    nothing={
        "own ticket": Nothing(
            _("You have no ticket with us yet."), Action("support open", _("Open a ticket"))
        ),
        "faq entry": Nothing(_("There is no FAQ entry yet."), Action("faq edit", _("Write the first one"))),
    },
    overview=_overview,
    objects=_objects,
)
