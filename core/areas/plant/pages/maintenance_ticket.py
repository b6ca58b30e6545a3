"""One maintenance ticket: what is promised, who has it, what was found, and its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.area import Request
from core.areas.plant.model.maintenance import SETTLED, MaintenanceState, MaintenanceTicket
from core.areas.plant.pages.attachment_blocks import ticket_attachments
from core.areas.plant.pages.filing import filing_notes
from core.areas.plant.pages.maintenance_words import issue_word, open_machine, severity_state, ticket_state
from core.areas.plant.pages.sla_common import left_value, promise_meter, promise_notes
from core.areas.plant.rules.maintenance import LEGAL
from core.areas.plant.rules.promised import of_maintenance
from core.areas.plant.rules.sla import SlaStanding, stand
from core.areas.plant.rules.sla_words import priority_state, running_word, verdict_state
from core.areas.plant.settings import PlantSettings
from core.areas.plant.store.attachments import attachments_of
from core.areas.plant.store.maintenance import ticket_of, versions_of
from core.message import Message, _
from core.page import Action, Block, Document, Fact, Facts, Page, Timeline, TimelineEntry
from core.units import Absent, Instant, Money, State, Value

__all__ = ["ticket_page"]


async def ticket_page(request: Request) -> Page:
    """The ticket that the request names.

    Raises:
        NotFoundError: there is none of that number.
    """
    async with request.services.store.reading() as connection:
        ticket = await ticket_of(connection, request.text("ticket") or "", request.moment)
        versions = await versions_of(connection, ticket.number, request.moment)
        attached = await attachments_of(connection, ticket.number, request.moment)
        filed = await filing_notes(connection, ticket.number, request.moment)
    standing = stand(of_maintenance(ticket), request.moment)
    settings = request.services.settings.of(PlantSettings)
    currency, video = settings.currency, settings.video(ticket.machine, ticket.issue.value)
    blocks: list[Block] = [*promise_notes(standing), *filed, _facts(ticket, video), _promise(standing)]
    if not standing.settled:
        blocks.append(promise_meter(standing))
    if ticket.description:
        blocks.append(Document("description", _("What happened"), (ticket.description,)))
    blocks += ticket_attachments(attached)
    if ticket.state in SETTLED:
        blocks.append(_outcome(ticket, currency))
    blocks.append(_history(versions))
    return Page(
        key=f"plant.maintenance.{ticket.number}",
        title=_("Maintenance"),
        verdict=verdict_state(standing),
        blocks=tuple(blocks),
        actions=_actions(ticket),
        as_of=request.moment,
        crumb=_("{ticket} · {machine}", ticket=ticket.number, machine=ticket.machine),
    )


def _facts(ticket: MaintenanceTicket, video: str) -> Facts:
    nobody = Absent(_("nobody has it yet"))
    down = _("it stands still because of this") if ticket.machine_down and ticket.ongoing else None
    facts = (
        Fact(_("State"), ticket_state(ticket.state), _reason(ticket)),
        Fact(_("Machine"), ticket.machine, down),
        Fact(_("Issue"), issue_word(ticket.issue)),
        Fact(_("Severity"), severity_state(ticket.severity)),
        Fact(_("Assignee"), ticket.assignee or nobody),
        Fact(_("Reported"), Instant(ticket.created_at), _("by {who}", who=ticket.reporter)),
        Fact(_("Department"), ticket.department),
        Fact(_("Last update"), Instant(ticket.since), _("by {who}", who=ticket.by) if ticket.by else None),
        *((Fact(_("What to do, as a video"), video),) if video else ()),
    )
    return Facts("ticket", _("Maintenance ticket"), facts)


def _reason(ticket: MaintenanceTicket) -> Message | None:
    return _("{reason}", reason=ticket.reason) if ticket.reason else None


def _promise(found: SlaStanding) -> Facts:
    facts = (
        Fact(_("Time left"), left_value(found)),
        Fact(_("Deadline"), Instant(found.ticket.deadline), running_word(found.ticket.running)),
        Fact(_("Verdict"), verdict_state(found)),
        Fact(_("Priority"), priority_state(found.priority)),
    )
    return Facts("sla", _("What was promised"), facts)


def _outcome(ticket: MaintenanceTicket, currency: str) -> Facts:
    unsaid = Absent(_("nobody said"))
    cost: Value = unsaid if ticket.cost is None else Money(ticket.cost, currency)
    facts = (
        Fact(_("Begun"), _moment(ticket.started_at, _("nobody began"))),
        Fact(_("Completed"), _moment(ticket.completed_at, _("it was not completed"))),
        Fact(_("What was behind it"), ticket.root_cause or unsaid),
        Fact(_("Parts"), ticket.parts or unsaid),
        Fact(_("Cost"), cost),
    )
    return Facts("outcome", _("What came of it"), facts)


def _moment(moment: datetime | None, missing: Message) -> Value:
    return Absent(missing) if moment is None else Instant(moment)


def _history(versions: Sequence[tuple[datetime, MaintenanceTicket]]) -> Timeline:
    """What happened, newest first: each version by what differs from the one before."""
    entries: list[TimelineEntry] = []
    before: MaintenanceTicket | None = None
    for number, (moment, ticket) in enumerate(versions):
        state = ticket_state(ticket.state)
        entries.append(TimelineEntry(str(number), moment, state, _happened(before, ticket, state)))
        before = ticket
    return Timeline("history", _("History"), tuple(reversed(entries)))


def _happened(before: MaintenanceTicket | None, ticket: MaintenanceTicket, state: State) -> Message:
    words = {"who": ticket.by, "state": state.word}
    if before is None:
        return _("{who} reported it", who=ticket.reporter)
    if before.severity is not ticket.severity:
        return _("Its severity became {severity}", severity=severity_state(ticket.severity).word)
    if before.state is ticket.state or ticket.state is MaintenanceState.ASSIGNED:
        return _("It was given to {person}", person=ticket.assignee)
    if ticket.reason:
        return _("{who}: {state}, {reason}", reason=ticket.reason, **words)
    return _("{who}: {state}", **words)


_MOVES: dict[MaintenanceState, Message] = {
    MaintenanceState.IN_PROGRESS: _("Begin, or go on"),
    MaintenanceState.AWAITING_PARTS: _("Wait for parts"),
    MaintenanceState.OPEN: _("Give it back"),
    MaintenanceState.CLOSED: _("Close it"),
    MaintenanceState.CANCELLED: _("Cancel it"),
}


def _actions(ticket: MaintenanceTicket) -> tuple[Action, ...]:
    """What can be done with the ticket, each with why not where it can't be now."""
    here = ("ticket", ticket.number)
    refused = _("The ticket is {state}.", state=ticket_state(ticket.state).word)
    settled = None if ticket.ongoing else refused

    def legal(to: MaintenanceState) -> Message | None:
        return None if to in LEGAL[ticket.state] else refused

    moves = (
        Action("maintenance move", label, (here, ("state", to.value)), legal(to))
        for to, label in _MOVES.items()
    )
    return (
        Action("maintenance take", _("Take it"), (here,), settled),
        Action("maintenance assign", _("Give it to somebody"), (here,), settled),
        Action("maintenance complete", _("Complete it"), (here,), legal(MaintenanceState.COMPLETED)),
        *moves,
        Action("maintenance severity", _("Change the severity"), (here,), settled),
        Action("sla", _("Its promise"), (here,)),
        open_machine(ticket.machine),
        Action("maintenance list", _("Maintenance tickets")),
    )
