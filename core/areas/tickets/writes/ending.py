"""Solving, closing and opening again, and what the requester thinks of it."""

from __future__ import annotations

from core.area import Outcome, Request
from core.areas.tickets.caller import settings_of
from core.areas.tickets.model import LONGEST_TEXT, Case, Side, SolveReason, Status
from core.areas.tickets.pages.written import said_page, solved_page
from core.areas.tickets.rules import moves
from core.areas.tickets.rules.events import ticket_event
from core.areas.tickets.rules.rating import rated
from core.areas.tickets.store.reading import agent_replies
from core.areas.tickets.store.recording import add_entry, say_ourselves
from core.areas.tickets.writes.replying import say
from core.areas.tickets.writes.turn import take, take_own
from core.errors import RefusedError
from core.message import Message, _
from core.store.store import Transaction
from core.text import paragraph
from core.units import Severity

__all__ = ["apply_close", "apply_rate", "apply_reopen", "apply_solve"]

_SATISFIED = 4


async def apply_solve(request: Request, transaction: Transaction) -> Outcome:
    """Solve the ticket with a public message, which is an answer, and ask once for a rating."""
    turn = await take(request, transaction)
    if turn.case.ticket.status in (Status.SOLVED, Status.CLOSED):
        raise RefusedError(_("{ticket} is solved already.", ticket=turn.case.ticket.id))
    case, _replied = await say(turn, _written(request), _kept(turn.case))
    replies = await agent_replies(transaction.connection, case.ticket.id)
    after = moves.solved(case, request.now, request.principal.name, SolveReason.AGENT, replies)
    await say_ourselves(transaction, after.ticket.id, request.now, _question(after))
    title = _("{agent} solved {ticket}", agent=request.principal.name, ticket=after.ticket.id)
    await turn.keep(after, ticket_event("solved", after.ticket, request.now, title, Severity.GOOD))
    return turn.outcome(
        said_page(after.ticket.id, _("{ticket} is solved.", ticket=after.ticket.id), own=False), after
    )


async def apply_reopen(request: Request, transaction: Transaction) -> Outcome:
    """Open a solved ticket again, for a reason; the resolution clock begins a new cycle."""
    turn = await take(request, transaction)
    after = moves.reopened(turn.case, settings_of(request).policy, request.now)
    ticket = after.ticket
    await add_entry(
        transaction, ticket.id, request.now, request.principal, Side.AGENT, _written(request), internal=True
    )
    title = _("{agent} reopened {ticket}", agent=request.principal.name, ticket=ticket.id)
    await turn.keep(after, ticket_event("reopened", ticket, request.now, title))
    said = _("{ticket} is open again.", ticket=ticket.id)
    return turn.outcome(said_page(ticket.id, said, own=False), after)


async def apply_close(request: Request, transaction: Transaction) -> Outcome:
    """The requester needs no more help: solved by them where it wasn't, and closed for good."""
    turn = await take_own(request, transaction)
    case = turn.case
    if case.ticket.ongoing:
        replies = await agent_replies(transaction.connection, case.ticket.id)
        case = moves.solved(case, request.now, case.ticket.requester, SolveReason.REQUESTER, replies)
    after = moves.closed(case, request.now)
    title = _("{name} closed {ticket}", name=after.ticket.name, ticket=after.ticket.id)
    await turn.keep(after, ticket_event("closed", after.ticket, request.now, title, Severity.GOOD))
    return turn.outcome(solved_page(after), after)


async def apply_rate(request: Request, transaction: Transaction) -> Outcome:
    """Keep the requester's rating of the last solve, or change it."""
    turn = await take_own(request, transaction)
    stars = int(str(request.arguments["stars"]))
    comment = paragraph(request.text("comment") or "", LONGEST_TEXT)
    after = rated(turn.case, stars, comment, request.now)
    ticket = after.ticket
    severity = Severity.GOOD if stars >= _SATISFIED else Severity.NOTICE
    title = _("{name} rated {ticket} with {stars} of 5", name=ticket.name, ticket=ticket.id, stars=stars)
    await turn.keep(after, ticket_event("rated", ticket, request.now, title, severity, stars=stars))
    said = _(
        "Thank you. {ticket}: {stars} of 5. You can change it for seven days.", ticket=ticket.id, stars=stars
    )
    return turn.outcome(said_page(ticket.id, said, own=True), after)


def _question(case: Case) -> Message:
    """Asks the requester, once for each solve, how it was."""
    return _(
        "We think {ticket} is solved. How was it, from 1 to 5? Reply within seven days if it isn’t solved.",
        ticket=case.ticket.id,
    )


def _kept(case: Case) -> Status:
    """The state a ticket keeps while the solving message is written; a new one is opened by it."""
    return Status.OPEN if case.ticket.status is Status.NEW else case.ticket.status


def _written(request: Request) -> str:
    return paragraph(request.text("text") or "", LONGEST_TEXT)
