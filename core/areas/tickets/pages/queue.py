"""The Tickets pane: the queue in the order of the time to breach, with the arithmetic shown."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.areas.tickets.caller import part_in
from core.areas.tickets.model import ONGOING, Status, Ticket
from core.areas.tickets.pages.common import (
    clock_meter,
    clocks_table,
    due_value,
    headline,
    left_state,
    open_action,
    priority_state,
    queue_state,
    status_state,
)
from core.areas.tickets.rules.access import Act, require
from core.areas.tickets.rules.events import clock_name
from core.areas.tickets.rules.queue import Place, ordered
from core.areas.tickets.rules.tiers import tier_label
from core.areas.tickets.store.reading import cases, in_states
from core.message import Message, _
from core.page import Action, Block, Column, Kind, Note, Page, Row
from core.page import Place as Spot
from core.query import matches
from core.tabulate import tabulate
from core.units import Absent

__all__ = ["load_queue", "queue_page"]

_METERS = 4
"""How many of the clocks that break first are drawn as meters."""

_COLUMNS = (
    Column("ticket", _("Ticket"), Kind.TEXT, 1),
    Column("left", _("Left"), Kind.STATE, 1),
    Column("subject", _("Subject"), Kind.TEXT, 1),
    Column("priority", _("Priority"), Kind.STATE, 1),
    Column("state", _("State"), Kind.STATE, 2),
    Column("assignee", _("Assignee"), Kind.TEXT, 2),
    Column("tier", _("Tier"), Kind.TEXT, 2),
    Column("clock", _("Next clock"), Kind.TEXT, 2),
    Column("requester", _("Requester"), Kind.TEXT, 2),
    Column("due", _("Due"), Kind.MOMENT, 3),
    Column("decided", _("Priority by"), Kind.TEXT, 3),
    Column("incident", _("Incident"), Kind.TEXT, 3),
)


async def load_queue(request: Request) -> list[Place]:
    """Every ticket that is not solved, in the order of the time to breach."""
    async with request.services.store.reading() as connection:
        found = await cases(connection, request.moment, in_states(ONGOING))
    return ordered(found, request.moment)


async def queue_page(request: Request) -> Page:
    """The queue, or the part of it that was asked for."""
    require(part_in(request), Act.READ_ALL)
    show = request.text("show") or "open"
    if show in _SETTLED:
        wanted = (Status.SOLVED, Status.CLOSED) if show == "solved" else tuple(Status)
        async with request.services.store.reading() as connection:
            found = await cases(connection, request.moment, in_states(wanted))
        places = ordered(found, request.moment)
    else:
        places = [each for each in await load_queue(request) if _shown(each.case.ticket, show, request)]
    table = tabulate(
        "queue",
        _TITLES[show],
        _COLUMNS,
        [_row(each) for each in places],
        request.query,
        empty=_("No ticket is waiting."),
        place=Spot.WIDE,
    )
    listed = [each for each in places if matches(request.query.text, _haystack(each))]
    clocks = [(place.case, each) for place in listed for each in place.clocks if each.cycle.clock.target]
    meters = [
        clock_meter(each.case.ticket.id, each.next) for each in listed[:_METERS] if each.next is not None
    ]
    state = queue_state(places)
    ahead = () if show in _SETTLED else (Note("headline", headline(places), state.severity),)
    blocks: tuple[Block, ...] = (*ahead, table, *meters, clocks_table(clocks, named=True))
    return Page(
        key=f"tickets.{show}",
        title=_("Tickets"),
        verdict=state,
        blocks=blocks,
        actions=_actions(show),
        as_of=request.moment,
    )


_SETTLED = ("solved", "all")
"""What shows tickets that nobody has to answer, so that there is no next one."""

_TITLES: dict[str, Message] = {
    "open": _("Queue, by time to breach"),
    "mine": _("My queue, by time to breach"),
    "unassigned": _("Unassigned, by time to breach"),
    "solved": _("Solved and closed"),
    "all": _("All tickets"),
}


def _shown(ticket: Ticket, show: str, request: Request) -> bool:
    if show == "mine":
        return ticket.assignee == request.principal.name
    return show != "unassigned" or not ticket.assignee


def _row(place: Place) -> Row:
    ticket, first = place.case.ticket, place.next
    return Row(
        ticket.id,
        (
            ticket.id,
            left_state(first),
            ticket.subject,
            priority_state(ticket),
            status_state(ticket.status),
            ticket.assignee or ticket.team or Absent(_("nobody has it yet")),
            tier_label(ticket.tier),
            Absent(_("no clock runs")) if first is None else clock_name(first.cycle.kind),
            ticket.name,
            due_value(first),
            ticket.priority_by or Absent(_("proposed, no agent has decided it")),
            ticket.incident or Absent(_("none")),
        ),
        open_action(ticket),
    )


def _haystack(place: Place) -> str:
    ticket: Ticket = place.case.ticket
    words: Sequence[object] = (
        ticket.id,
        ticket.subject,
        priority_state(ticket).word,
        status_state(ticket.status).word,
        tier_label(ticket.tier),
        ticket.assignee,
        ticket.name,
        ticket.incident,
    )
    return " ".join(map(str, words))


def _actions(shown: str) -> tuple[Action, ...]:
    every = (
        Action("tickets", _("The queue")),
        Action("tickets", _("My queue"), (("show", "mine"),)),
        Action("tickets", _("Unassigned tickets"), (("show", "unassigned"),)),
        Action("tickets", _("Solved and closed tickets"), (("show", "solved"),)),
        Action("tickets figures", _("Figures")),
        Action("faq", _("The FAQ")),
        Action("canned", _("Canned answers")),
        Action("support open", _("Open a ticket")),
    )
    here = () if shown == "open" else (("show", shown),)
    return tuple(each for each in every if (each.command, each.arguments) != ("tickets", here))
