"""What is said about a ticket: by its requester, by agents, and among agents only."""

from __future__ import annotations

from dataclasses import replace

from core.area import Outcome, Request
from core.areas.tickets.caller import settings_of
from core.areas.tickets.model import LONGEST_TEXT, Case, Side, Status
from core.areas.tickets.pages.written import said_page
from core.areas.tickets.rules import moves
from core.areas.tickets.rules.canned import fill
from core.areas.tickets.rules.events import ticket_event
from core.areas.tickets.store.reading import canned_answer
from core.areas.tickets.store.recording import add_entry
from core.areas.tickets.writes.opening import Draft, open_ticket
from core.areas.tickets.writes.turn import Turn, take, take_own
from core.event import Event
from core.message import _
from core.store.store import Transaction
from core.store.versions import NEWEST
from core.text import clean, paragraph
from core.units import Severity

__all__ = ["apply_canned_use", "apply_note", "apply_reply", "apply_requester_reply", "say"]


async def apply_requester_reply(request: Request, transaction: Transaction) -> Outcome:
    """The requester's message; on a ticket that closed it becomes a new one that follows it."""
    turn = await take_own(request, transaction)
    text = _written(request)
    ticket = turn.case.ticket
    if not moves.accepts_reply(ticket, request.now):
        draft = Draft(ticket.subject, text, ticket.category, ticket.priority, ticket.id)
        case = await open_ticket(request, transaction, draft)
        said = _("{old} is closed, so your message became {new}.", old=ticket.id, new=case.ticket.id)
        return turn.outcome(said_page(case.ticket.id, said, own=True), case)
    was_solved = ticket.status is Status.SOLVED
    after = moves.requester_replied(turn.case, settings_of(request).policy, request.now)
    reached = replace(
        after.ticket, channel=request.principal.channel, address=clean(request.principal.address, 200)
    )
    after = replace(after, ticket=reached)
    await add_entry(transaction, ticket.id, request.now, request.principal, Side.REQUESTER, text)
    title = _("{name} replied on {ticket}", name=ticket.name, ticket=ticket.id)
    events = [ticket_event("replied", reached, request.now, title, by="requester")]
    if was_solved:
        events.append(_reopened(after, request))
    await turn.keep(after, *events)
    return turn.outcome(said_page(ticket.id, _("Your message is with us."), own=True), after)


async def apply_reply(request: Request, transaction: Transaction) -> Outcome:
    """An agent's public message, and the state the ticket is in after it."""
    turn = await take(request, transaction)
    return await _reply(turn, _written(request), Status(request.text("then") or Status.OPEN.value))


async def apply_canned_use(request: Request, transaction: Transaction) -> Outcome:
    """A canned answer, filled in and sent as an agent's public message."""
    turn = await take(request, transaction)
    answer = await canned_answer(transaction.connection, request.text("name") or "", NEWEST)
    text = paragraph(fill(answer, turn.case.ticket, request.principal.name), LONGEST_TEXT)
    return await _reply(turn, text, Status(request.text("then") or Status.OPEN.value))


async def apply_note(request: Request, transaction: Transaction) -> Outcome:
    """An internal note: no clock hears of it and the requester never sees it."""
    turn = await take(request, transaction)
    ticket = turn.case.ticket
    await add_entry(
        transaction, ticket.id, request.now, request.principal, Side.AGENT, _written(request), internal=True
    )
    title = _("{agent} left a note on {ticket}", agent=request.principal.name, ticket=ticket.id)
    event = ticket_event("changed", ticket, request.now, title, Severity.IDLE, change="note")
    await turn.keep(turn.case, event)
    return turn.outcome(said_page(ticket.id, _("The note is kept, for agents only."), own=False), turn.case)


async def say(turn: Turn, text: str, then: Status) -> tuple[Case, Event]:
    """An agent's public message: what becomes of the case, and the event of it.

    Whoever answers a ticket that nobody has is its assignee from then on.
    """
    request = turn.request
    after = moves.agent_replied(turn.case, request.now, then)
    if not after.ticket.assignee:
        after = replace(after, ticket=replace(after.ticket, assignee=request.principal.name))
    ticket = after.ticket
    await add_entry(turn.transaction, ticket.id, request.now, request.principal, Side.AGENT, text)
    title = _("{agent} replied on {ticket}", agent=request.principal.name, ticket=ticket.id)
    return after, ticket_event("replied", ticket, request.now, title, Severity.GOOD, by="agent")


async def _reply(turn: Turn, text: str, then: Status) -> Outcome:
    after, event = await say(turn, text, then)
    await turn.keep(after, event)
    name = after.ticket.name
    return turn.outcome(
        said_page(after.ticket.id, _("The answer is on its way to {name}.", name=name), own=False), after
    )


def _reopened(case: Case, request: Request) -> Event:
    title = _("{ticket} is open again: its requester replied", ticket=case.ticket.id)
    return ticket_event("reopened", case.ticket, request.now, title)


def _written(request: Request) -> str:
    return paragraph(request.text("text") or "", LONGEST_TEXT)
