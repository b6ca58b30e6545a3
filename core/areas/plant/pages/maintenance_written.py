"""What is shown after something was done about a machine or a maintenance ticket."""

from __future__ import annotations

from datetime import datetime

from core.areas.plant.model.machines import Machine
from core.areas.plant.model.maintenance import MaintenanceTicket
from core.areas.plant.pages.maintenance_words import issue_word, open_ticket, severity_state
from core.message import Message, _
from core.page import Action, Block, Fact, Facts, Note, Page
from core.units import Instant, Severity, Span, State

__all__ = ["machine_done_page", "ticket_done_page", "ticket_opened_page"]


def ticket_opened_page(ticket: MaintenanceTicket, machine: Machine, video: str = "") -> Page:
    """The confirmation of a new ticket: machine, issue, urgency, ticket, and what is promised (A2.3).

    `video` is where to see what to do meanwhile.
    """
    facts = (
        Fact(_("Ticket"), ticket.number),
        Fact(_("Machine"), machine.number, _("{name}", name=machine.name)),
        Fact(_("Issue"), issue_word(ticket.issue)),
        Fact(_("Severity"), severity_state(ticket.severity)),
        Fact(_("Seen to within"), Span(ticket.respond_by - ticket.created_at), _by(ticket.respond_by)),
        Fact(_("Done within"), Span(ticket.complete_by - ticket.created_at), _by(ticket.complete_by)),
        *((Fact(_("What to do, as a video"), video),) if video else ()),
    )
    said = _("{ticket} is open: somebody sees to {machine}.", ticket=ticket.number, machine=machine.number)
    blocks: list[Block] = [Note("done", said, Severity.GOOD)]
    if ticket.machine_down:
        down = _("{machine} counts as broken until the ticket is completed.", machine=machine.number)
        blocks.append(Note("down", down, Severity.WARNING))
    return _page(ticket.number, (*blocks, Facts("ticket", _("Maintenance ticket"), facts)))


def ticket_done_page(number: str, said: Message) -> Page:
    """One sentence about a ticket."""
    return _page(number, (Note("done", said, Severity.GOOD),))


def machine_done_page(number: str, said: Message) -> Page:
    """One sentence about a machine."""
    actions = (
        Action("machine", _("Open the machine"), (("machine", number),)),
        Action("machines", _("All machines")),
    )
    return Page(
        key=f"plant.machine.written.{number}",
        title=_("Machines"),
        verdict=State(Severity.GOOD, _("DONE")),
        blocks=(Note("done", said, Severity.GOOD),),
        actions=actions,
        crumb=number,
    )


def _by(moment: datetime) -> Message:
    return _("by {moment}", moment=Instant(moment))


def _page(number: str, blocks: tuple[Block, ...]) -> Page:
    actions = (
        open_ticket(number),
        Action("sla", _("Its promise"), (("ticket", number),)),
        Action("maintenance list", _("Maintenance tickets")),
    )
    return Page(
        key=f"plant.maintenance.written.{number}",
        title=_("Maintenance"),
        verdict=State(Severity.GOOD, _("DONE")),
        blocks=blocks,
        actions=actions,
        crumb=number,
    )
