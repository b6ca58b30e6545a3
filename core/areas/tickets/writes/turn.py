"""What every write to a ticket does first and last: who may, whose turn it is, and what is kept and told."""

from __future__ import annotations

from dataclasses import dataclass

from core.area import Outcome, Request
from core.areas.tickets.caller import part_in
from core.areas.tickets.model import Case
from core.areas.tickets.rules.access import Act, identity, require
from core.areas.tickets.rules.events import clock_events
from core.areas.tickets.rules.watching import look, told
from core.areas.tickets.store.reading import no_such_ticket
from core.areas.tickets.store.recording import claim, save
from core.event import Event
from core.page import Page
from core.store.store import Transaction

__all__ = ["Turn", "take", "take_own"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A ticket that only this transaction writes to.

    `before` is as it was stored, `case` the same with the warnings and breaches that are due marked in it.
    """

    request: Request
    transaction: Transaction
    before: Case
    case: Case

    async def keep(self, after: Case, *events: Event) -> None:
        """Record what became of it, and tell that and what happened to its clocks."""
        await save(self.transaction, after, self.before)
        await self.transaction.emit(*events, *clock_events(after, told(self.before, after)))

    def outcome(self, page: Page, after: Case) -> Outcome:
        """What to show, and what to audit."""
        return Outcome(page, f"ticket:{after.ticket.id}", _audited(self.before), _audited(after))


async def take(request: Request, transaction: Transaction) -> Turn:
    """The turn of somebody who works on tickets, on the one they name.

    Raises:
        RefusedError: they are no agent.
        NotFoundError: there is no such ticket.
    """
    require(part_in(request), Act.WORK)
    return _turn(request, transaction, await claim(transaction, request.text("ticket") or ""))


async def take_own(request: Request, transaction: Transaction) -> Turn:
    """The turn of a requester, on a ticket of their own.

    Raises:
        NotFoundError: there is no such ticket, or it isn't theirs; they are not told which.
    """
    wanted = request.text("ticket") or ""
    mine = identity(request.principal)
    case = await claim(transaction, wanted)
    if case.ticket.requester != mine:
        raise no_such_ticket(wanted)
    return _turn(request, transaction, case)


def _turn(request: Request, transaction: Transaction, case: Case) -> Turn:
    return Turn(request, transaction, case, look(case, request.now))


def _audited(case: Case) -> dict[str, object]:
    ticket = case.ticket
    return {
        "status": ticket.status.value,
        "priority": ticket.priority.name.lower(),
        "tier": ticket.tier,
        "assignee": ticket.assignee,
        "incident": ticket.incident,
    }
