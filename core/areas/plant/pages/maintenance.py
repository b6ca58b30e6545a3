"""The maintenance tickets, what breaks its promise first at the top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.area import Request
from core.areas.plant.model.maintenance import MaintenanceTicket
from core.areas.plant.pages.maintenance_words import issue_word, open_ticket, severity_state, ticket_state
from core.areas.plant.pages.sla_common import left_state, verdict_shown
from core.areas.plant.pages.sla_list import summary_state
from core.areas.plant.rules.promised import of_maintenance
from core.areas.plant.rules.sla import SlaStanding, by_risk, stand, summary
from core.areas.plant.rules.sla_words import priority_state
from core.areas.plant.store.maintenance import all_tickets
from core.message import Message, _
from core.page import Action, Column, Kind, Page, Place, Row, Table
from core.tabulate import tabulate
from core.units import Absent, Instant

__all__ = ["maintenance_page", "tickets_table"]

_COLUMNS = (
    Column("ticket", _("Ticket"), Kind.TEXT, 1),
    Column("left", _("Left"), Kind.STATE, 1),
    Column("machine", _("Machine"), Kind.TEXT, 1),
    Column("state", _("State"), Kind.STATE, 1),
    Column("assignee", _("Assignee"), Kind.TEXT, 2),
    Column("severity", _("Severity"), Kind.STATE, 2),
    Column("issue", _("Issue"), Kind.TEXT, 2),
    Column("priority", _("Priority"), Kind.STATE, 2),
    Column("verdict", _("Verdict"), Kind.STATE, 3),
    Column("opened", _("Opened"), Kind.MOMENT, 3),
    Column("description", _("What happened"), Kind.TEXT, 3),
)
_TITLES: dict[str, Message] = {
    "open": _("Open tickets, by the time to breach"),
    "mine": _("My tickets, by the time to breach"),
    "settled": _("Tickets that are completed, closed or cancelled"),
    "all": _("All tickets"),
}


async def maintenance_page(request: Request) -> Page:
    """The tickets that were asked for."""
    show = request.text("show") or "open"
    async with request.services.store.reading() as connection:
        found = await all_tickets(connection, request.moment)
    named = {each.number: each for each in found}
    standings = [stand(of_maintenance(each), request.moment) for each in found]
    shown = [
        (named[each.ticket.number], each)
        for each in by_risk(standings)
        if _wanted(named[each.ticket.number], show, request)
    ]
    return Page(
        key=f"plant.maintenance.{show}",
        title=_("Maintenance"),
        verdict=summary_state(summary(standings)),
        blocks=(tickets_table(_TITLES[show], shown, request, empty=_("There is no such ticket.")),),
        actions=_actions(show),
        as_of=request.moment,
    )


def tickets_table(
    title: Message,
    found: Sequence[tuple[MaintenanceTicket, SlaStanding]],
    request: Request,
    *,
    empty: Message,
    of_one: bool = False,
) -> Table:
    """Tickets, one a row, in the order given; those `of_one` machine don't name it again."""
    rows = [_row(ticket, standing) for ticket, standing in found]
    columns = _COLUMNS
    if of_one:
        at = [each.key for each in _COLUMNS].index("machine")
        columns = (*columns[:at], *columns[at + 1 :])
        rows = [replace(row, cells=(*row.cells[:at], *row.cells[at + 1 :])) for row in rows]
    return tabulate("tickets", title, columns, rows, request.query, empty=empty, place=Place.WIDE)


def _wanted(ticket: MaintenanceTicket, show: str, request: Request) -> bool:
    match show:
        case "mine":
            return ticket.ongoing and ticket.assignee == request.principal.name
        case "settled":
            return not ticket.ongoing
        case "all":
            return True
        case _:
            return ticket.ongoing


def _row(ticket: MaintenanceTicket, standing: SlaStanding) -> Row:
    cells = (
        ticket.number,
        left_state(standing),
        ticket.machine,
        ticket_state(ticket.state),
        ticket.assignee or Absent(_("nobody has it yet")),
        severity_state(ticket.severity),
        issue_word(ticket.issue),
        priority_state(standing.priority),
        verdict_shown(standing),
        Instant(ticket.created_at),
        ticket.description or Absent(_("nobody said")),
    )
    return Row(ticket.number, cells, open_ticket(ticket.number))


def _actions(shown: str) -> tuple[Action, ...]:
    others = (
        ("open", _("Open tickets")),
        ("mine", _("My tickets")),
        ("settled", _("Settled tickets")),
    )
    lists = (Action("maintenance list", label, (("show", show),)) for show, label in others if show != shown)
    return (
        Action("maintenance", _("Report an issue")),
        *lists,
        Action("machines", _("All machines")),
        Action("sla list", _("All promises")),
    )
