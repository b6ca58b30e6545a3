"""Parts of pages about failures of procedures: what can be done about one, and its row."""

from __future__ import annotations

from core.areas.plant.model.sops import Decision, SopTicket
from core.areas.plant.rules.quality_states import DECISIONS, FAILURES, priority_state, sop_state
from core.areas.plant.rules.sops import SopMove, refusal
from core.message import Message, _
from core.page import Action, Column, Kind, Row
from core.units import Absent, Instant, Severity, State, Value

__all__ = ["SOP_COLUMNS", "assigned", "escalation", "open_sop", "sop_actions", "sop_row"]

SOP_COLUMNS = (
    Column("state", _("State"), Kind.STATE, 1),
    Column("ticket", _("Ticket"), Kind.TEXT, 1),
    Column("reference", _("Procedure"), Kind.TEXT, 1),
    Column("charged", _("Charged"), Kind.TEXT, 1),
    Column("priority", _("Priority"), Kind.STATE, 2),
    Column("failure", _("Failure"), Kind.TEXT, 2),
    Column("escalation", _("Escalation"), Kind.STATE, 2),
    Column("reported", _("Reported"), Kind.MOMENT, 2),
    Column("charging", _("Charged by"), Kind.TEXT, 3),
    Column("description", _("What happened"), Kind.TEXT, 3),
)


def open_sop(number: str) -> Action:
    """What opens the page of a ticket."""
    return Action("sop", _("Open the ticket"), (("sop", number),))


def sop_row(ticket: SopTicket) -> Row:
    """A ticket as a row of a table with `SOP_COLUMNS`."""
    return Row(
        ticket.number,
        (
            sop_state(ticket.state),
            ticket.number,
            ticket.reference,
            ticket.charged,
            priority_state(ticket.priority),
            FAILURES[ticket.failure],
            escalation(ticket),
            Instant(ticket.reported_at),
            ticket.charging or Absent(_("not said")),
            ticket.description,
        ),
        open_sop(ticket.number),
    )


def assigned(ticket: SopTicket) -> Value:
    """Who has it: a department, and who of it, where that is known."""
    if not ticket.assignee:
        return ticket.charged
    return _("{person}, {department}", person=ticket.assignee, department=ticket.charged)


def escalation(ticket: SopTicket) -> Value:
    """Whether it was escalated, and what came of that."""
    if ticket.escalated_at is None:
        return Absent(_("none"))
    if ticket.decision is not None:
        severity = Severity.NOTICE if ticket.decision is Decision.ACCEPT else Severity.IDLE
        return State(severity, DECISIONS[ticket.decision])
    return State(Severity.SERIOUS, _("since {since}", since=Instant(ticket.escalated_at)))


def sop_actions(ticket: SopTicket) -> tuple[Action, ...]:
    """What can be done about a ticket, and why the rest can't be done now."""
    here = (("sop", ticket.number),)

    def can(command: str, label: Message, move: SopMove) -> Action:
        return Action(command, label, here, refusal(ticket, move))

    over = None if not ticket.unfinished else _("There is no report on {ticket} yet.", ticket=ticket.number)
    return (
        can("sop accept", _("Look into it"), SopMove.ACCEPT),
        can("sop reject", _("Reject it"), SopMove.REJECT),
        can("sop decide", _("Decide, as head of department"), SopMove.DECIDE),
        can("sop ncr", _("Submit the report"), SopMove.REPORT),
        can("sop reassign", _("Charge another department"), SopMove.REASSIGN),
        Action("sop verify", _("Verify the report"), here, over),
        Action("sops", _("All failures")),
    )
