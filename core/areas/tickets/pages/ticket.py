"""One ticket: as agents see it, and as its requester does, without internal notes and clocks' details."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.area import Request
from core.areas.tickets.caller import part_in
from core.areas.tickets.model import Case, ClockKind, Entry, Status, Ticket
from core.areas.tickets.pages.common import (
    category_label,
    clock_meter,
    clock_state,
    clocks_table,
    conversation_block,
    left_text,
    priority_state,
    status_state,
)
from core.areas.tickets.pages.queue import queue_page
from core.areas.tickets.rules.access import Act, allows, identity, require
from core.areas.tickets.rules.events import clock_name
from core.areas.tickets.rules.moves import LEGAL
from core.areas.tickets.rules.queue import Arithmetic, arithmetic
from core.areas.tickets.rules.rating import why_unrateable
from core.areas.tickets.rules.tiers import tier_label
from core.areas.tickets.store.reading import case as read_case
from core.areas.tickets.store.reading import conversation, no_such_ticket
from core.message import Message, _, plural
from core.page import Action, Block, Fact, Facts, Note, Page
from core.page.lowered import as_message
from core.units import Absent, Instant, Severity, State, Value

__all__ = ["own_ticket_page", "ticket_page"]


async def ticket_page(request: Request) -> Page:
    """The ticket as those see it who may read all of them; the queue where none is named."""
    require(part_in(request), Act.READ_ALL)
    wanted = request.text("ticket")
    if wanted is None:
        return await queue_page(request)
    async with request.services.store.reading() as connection:
        found = await read_case(connection, wanted, request.moment)
        said = await conversation(connection, found.ticket.id, request.moment, internal=True)
    clocks = [arithmetic(each, request.moment) for each in found.cycles]
    running = [each for each in clocks if each.cycle.ongoing]
    meters = [clock_meter(found.ticket.id, each) for each in running if each.cycle.clock.target]
    blocks: list[Block] = [*_next(running), conversation_block(said), _facts(found), *meters]
    blocks += [clocks_table([(found, each) for each in clocks], named=False), *_solves(found)]
    return Page(
        key=f"ticket.{found.ticket.id}",
        title=_("Ticket"),
        verdict=_verdict(found.ticket, running),
        blocks=tuple(blocks),
        actions=_agent_actions(found.ticket, allowed=allows(part_in(request), Act.WORK)),
        as_of=request.moment,
        crumb=_("{id} · {subject}", id=found.ticket.id, subject=found.ticket.subject),
    )


async def own_ticket_page(request: Request) -> Page:
    """The ticket as its requester sees it: what they and the agents told one another, and what to expect.

    Raises:
        NotFoundError: there is no such ticket, or it isn't theirs; they are not told which.
    """
    wanted = request.text("ticket") or ""
    mine = identity(request.principal)
    async with request.services.store.reading() as connection:
        found = await read_case(connection, wanted, request.moment)
        if found.ticket.requester != mine:
            raise no_such_ticket(wanted)
        said: Sequence[Entry] = await conversation(
            connection, found.ticket.id, request.moment, internal=False
        )
    ticket = found.ticket
    facts = (
        Fact(_("Subject"), ticket.subject),
        Fact(_("State"), status_state(ticket.status)),
        Fact(_("Opened"), Instant(ticket.created_at)),
        Fact(_("Our answer"), _expected(found, request)),
        Fact(_("Your rating"), _stars(found)),
    )
    return Page(
        key=f"support.{ticket.id}",
        title=_("My ticket"),
        verdict=State(status_state(ticket.status).severity, status_state(ticket.status).word),
        blocks=(Facts("ticket", _("Ticket"), facts), conversation_block(said)),
        actions=_own_actions(found, request),
        as_of=request.moment,
        crumb=ticket.id,
    )


def _verdict(ticket: Ticket, running: Sequence[Arithmetic]) -> State:
    """The worst of its clocks where that matters, its state otherwise."""
    if not running:
        return status_state(ticket.status)
    worst = max((clock_state(each) for each in running), key=lambda state: state.severity)
    return worst if worst.severity >= Severity.WARNING else status_state(ticket.status)


def _next(running: Sequence[Arithmetic]) -> list[Note]:
    """The clock that breaks first, where it is over or nearly so."""
    found = [each for each in running if clock_state(each).severity >= Severity.WARNING]
    if not found:
        return []
    first = min(found, key=lambda each: each.standing.remaining or timedelta(0))
    words = {"clock": clock_name(first.cycle.kind), "left": left_text(first)}
    said = _("The {clock} is {left}.", **words) if first.standing.breached else _("{clock}: {left}", **words)
    return [Note("next", said, clock_state(first).severity)]


def _facts(case: Case) -> Facts:
    ticket = case.ticket
    facts = [
        Fact(_("Subject"), ticket.subject),
        Fact(_("State"), status_state(ticket.status), _("since {since}", since=Instant(ticket.since))),
        Fact(_("Priority"), priority_state(ticket), _decided_by(ticket)),
        Fact(_("Tier"), tier_label(ticket.tier)),
        Fact(_("Category"), category_label(ticket.category)),
        Fact(_("Requester"), ticket.name),
        Fact(_("Reached by"), ticket.channel),
        Fact(_("Assignee"), ticket.assignee or Absent(_("nobody has it yet"))),
        Fact(_("Opened"), Instant(ticket.created_at)),
        Fact(_("First response"), _moment(ticket.first_response_at, _("none yet"))),
    ]
    if ticket.team:
        facts.append(Fact(_("Team"), ticket.team))
    if ticket.incident:
        critical = _("critical") if ticket.incident_critical else None
        facts.append(Fact(_("Incident"), ticket.incident, critical))
    if ticket.reopened:
        times = plural("{count} time", "{count} times", ticket.reopened)
        facts.append(Fact(_("Reopened"), times))
    if ticket.follows:
        facts.append(Fact(_("Goes on from"), ticket.follows))
    return Facts("ticket", _("Ticket"), tuple(facts))


def _decided_by(ticket: Ticket) -> Message:
    if not ticket.priority_by:
        return _("proposed, no agent has decided it")
    return _("decided by {agent}", agent=ticket.priority_by)


def _moment(moment: datetime | None, missing: Message) -> Value:
    return Absent(missing) if moment is None else Instant(moment)


def _solves(case: Case) -> list[Facts]:
    if not case.solves:
        return []
    last = case.solves[-1]
    facts = (
        Fact(_("Solved"), Instant(last.at), _("by {who}", who=last.by)),
        Fact(_("Public answers"), last.replies),
        Fact(_("Rating"), _stars(case), as_message(last.comment) if last.comment else None),
    )
    return [Facts("solve", _("Last solve"), facts)]


def _stars(case: Case) -> Value:
    stars = case.solves[-1].stars if case.solves else None
    return Absent(_("not rated")) if stars is None else _("{stars} of 5", stars=stars)


def _expected(case: Case, request: Request) -> Value:
    """What the requester may expect, in words."""
    for kind in (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_REPLY):
        cycle = case.running(kind)
        if cycle is not None:
            found = arithmetic(cycle, request.moment)
            if found.standing.due is None:
                return _("as soon as we can")
            words = {"due": Instant(found.standing.due), "left": left_text(found)}
            return _("by {due} ({left})", **words)
    if case.ticket.status is Status.PENDING:
        return _("we wait for yours")
    return Absent(_("none is due"))


def _agent_actions(ticket: Ticket, *, allowed: bool) -> tuple[Action, ...]:
    """What can be done with the ticket, each with why not where it can't be now."""
    here = (("ticket", ticket.id),)
    refused = None if allowed else _("Only agents and administrators may do this.")
    final = _("The ticket is closed.") if ticket.status is Status.CLOSED else None

    def action(command: str, label: Message, why_not: Message | None = None) -> Action:
        return Action(command, label, here, refused or why_not)

    def move(command: str, label: Message, to: Status) -> Action:
        legal = to in LEGAL[ticket.status] or (to is Status.SOLVED and ticket.ongoing)
        state = status_state(ticket.status).word
        return action(command, label, None if legal else _("The ticket is {state}.", state=state))

    waiting = ticket.status in (Status.PENDING, Status.ON_HOLD)
    reopening = None if ticket.status is Status.SOLVED else _("Only a solved ticket can be reopened.")
    return (
        action("ticket reply", _("Reply to the requester"), final),
        action("ticket note", _("Leave an internal note"), None),
        action("canned use", _("Send a canned answer"), final),
        action("ticket assign", _("Assign"), final),
        action("ticket priority", _("Decide the priority"), final),
        action("ticket tier", _("Change the tier"), final),
        action("ticket link", _("Link to an incident"), final),
        move("ticket hold", _("Wait for a third party"), Status.ON_HOLD),
        action("ticket resume", _("Take up again"), None if waiting else _("The ticket waits for nobody.")),
        move("ticket solve", _("Solve"), Status.SOLVED),
        action("ticket reopen", _("Reopen"), reopening),
        Action("tickets", _("The queue")),
    )


def _own_actions(case: Case, request: Request) -> tuple[Action, ...]:
    ticket = case.ticket
    here = (("ticket", ticket.id),)
    closed = _("The ticket is closed.") if ticket.status is Status.CLOSED else None
    refusal = why_unrateable(case, request.moment)
    return (
        Action("support reply", _("Write to us"), here),
        Action("support close", _("I need no more help"), here, closed),
        Action("support rate", _("Rate our help"), here, None if refusal is None else refusal.message),
        Action("support list", _("My tickets")),
    )
