"""The life of a ticket: which moves there are and what each does to its clocks (operations.md 5.1 and 5.3).

Every move takes a case and gives the case after it. One that isn't legal raises `RefusedError`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from core import sla
from core.areas.tickets.model import (
    CANCELLABLE,
    Case,
    ClockKind,
    Cycle,
    Solve,
    SolveReason,
    Status,
    Ticket,
)
from core.areas.tickets.rules.policy import Policy
from core.errors import RefusedError
from core.message import _
from core.sla import Clock

__all__ = [
    "LEGAL",
    "REOPENING",
    "accepts_reply",
    "agent_replied",
    "begun",
    "closed",
    "held",
    "reopened",
    "requester_replied",
    "resumed",
    "retargeted",
    "solved",
]

REOPENING = timedelta(days=7)
"""How long after a solve the requester's reply opens the same ticket again; then it closes for good."""

LEGAL: Mapping[Status, frozenset[Status]] = MappingProxyType(
    {
        Status.NEW: frozenset({Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.SOLVED}),
        Status.OPEN: frozenset({Status.PENDING, Status.ON_HOLD, Status.SOLVED}),
        Status.PENDING: frozenset({Status.OPEN, Status.ON_HOLD, Status.SOLVED}),
        Status.ON_HOLD: frozenset({Status.OPEN, Status.PENDING, Status.SOLVED}),
        Status.SOLVED: frozenset({Status.OPEN, Status.CLOSED}),
        Status.CLOSED: frozenset(),
    }
)
"""Where a ticket may go from each state."""


def begun(ticket: Ticket, policy: Policy) -> Case:
    """A new ticket: its first-response and resolution clocks start with it."""
    case = Case(ticket)
    for kind in (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION):
        case = _started(case, policy, kind, ticket.created_at)
    return case


def agent_replied(case: Case, at: datetime, then: Status = Status.OPEN) -> Case:
    """A public message of an agent's, after which the ticket is open, pending or on hold.

    It is an answer: the first-response and next-reply clocks stop. A solved ticket stays solved.
    """
    case = _stopped(case, at, *CANCELLABLE)
    if case.ticket.first_response_at is None:
        case = replace(case, ticket=replace(case.ticket, first_response_at=at))
    if case.ticket.status is Status.SOLVED:
        return case
    _refuse_closed(case.ticket)
    return _moved(case, then, at)


def accepts_reply(ticket: Ticket, at: datetime) -> bool:
    """Whether the requester's message still belongs to this ticket, not to a new one that follows it."""
    if ticket.status is Status.CLOSED:
        return False
    return ticket.solved_at is None or at - ticket.solved_at <= REOPENING


def requester_replied(case: Case, policy: Policy, at: datetime) -> Case:
    """A message of the requester's: a pending ticket goes on, a solved one is open again."""
    ticket = case.ticket
    if not accepts_reply(ticket, at):
        raise RefusedError(_("{ticket} is closed; write a new ticket instead.", ticket=ticket.id))
    if ticket.status is Status.SOLVED:
        case = reopened(case, policy, at)
    elif ticket.status is Status.PENDING:
        case = _moved(case, Status.OPEN, at)
    if any(case.running(kind) is not None for kind in CANCELLABLE):
        return case  # an answer is due already
    return _started(case, policy, ClockKind.NEXT_REPLY, at)


def held(case: Case, at: datetime) -> Case:
    """Waiting for a third party, which is the requester's waiting time too: nothing pauses."""
    return _moved(case, Status.ON_HOLD, at)


def resumed(case: Case, at: datetime) -> Case:
    """In work again, from pending or on hold."""
    if case.ticket.status not in (Status.PENDING, Status.ON_HOLD):
        raise RefusedError(_("{ticket} isn’t waiting for anybody.", ticket=case.ticket.id))
    return _moved(case, Status.OPEN, at)


def solved(case: Case, at: datetime, by: str, reason: SolveReason, replies: int) -> Case:
    """Solved: the resolution clock stops, answers that are still due are due no more."""
    if case.ticket.status is Status.SOLVED:
        raise RefusedError(_("{ticket} is solved already.", ticket=case.ticket.id))
    case = _stopped(_moved(case, Status.SOLVED, at), at, ClockKind.RESOLUTION)
    case = _each(case, lambda each: replace(each, cancelled_at=at) if each.ongoing else each)
    solve = Solve(len(case.solves) + 1, at, by, reason, replies)
    return replace(case, ticket=replace(case.ticket, solved_at=at), solves=(*case.solves, solve))


def reopened(case: Case, policy: Policy, at: datetime) -> Case:
    """Solved no longer: a new cycle of the resolution clock starts."""
    if case.ticket.status is not Status.SOLVED:
        raise RefusedError(_("Only a solved ticket can be reopened; {ticket} isn’t.", ticket=case.ticket.id))
    case = _moved(case, Status.OPEN, at)
    ticket = replace(case.ticket, solved_at=None, reopened=case.ticket.reopened + 1)
    last = replace(case.solves[-1], reopened_at=at)
    return _started(
        replace(case, ticket=ticket, solves=(*case.solves[:-1], last)), policy, ClockKind.RESOLUTION, at
    )


def closed(case: Case, at: datetime) -> Case:
    """Closed for good; only a solved ticket can be."""
    case = _moved(case, Status.CLOSED, at)
    return replace(case, ticket=replace(case.ticket, closed_at=at))


def retargeted(case: Case, policy: Policy, at: datetime) -> Case:
    """The clocks that run, by the targets that apply now; from their original starts, pauses kept."""

    def changed(cycle: Cycle) -> Cycle:
        if not cycle.ongoing:
            return cycle
        hours = policy.hours_of(cycle.kind, case.ticket)
        target = policy.target(cycle.kind, case.ticket)
        return replace(cycle, clock=sla.retarget(replace(cycle.clock, hours=hours), target, at))

    return _each(case, changed)


def _moved(case: Case, status: Status, at: datetime) -> Case:
    """In another state; the resolution clock stands still while the ticket is pending, and only then."""
    ticket = case.ticket
    if status is ticket.status:
        return case
    if status not in LEGAL[ticket.status]:
        _refuse_closed(ticket)
        raise RefusedError(
            _(
                "{ticket} is {status} and can’t become {wanted}.",
                ticket=ticket.id,
                status=ticket.status.value,
                wanted=status.value,
            )
        )
    case = replace(case, ticket=replace(ticket, status=status, since=at, reminded_at=None))
    turn = sla.pause if status is Status.PENDING else sla.resume
    return _each(
        case,
        lambda each: (
            replace(each, clock=turn(each.clock, at))
            if each.kind is ClockKind.RESOLUTION and each.ongoing
            else each
        ),
    )


def _refuse_closed(ticket: Ticket) -> None:
    if ticket.status is Status.CLOSED:
        raise RefusedError(_("{ticket} is closed, which is final.", ticket=ticket.id))


def _started(case: Case, policy: Policy, kind: ClockKind, at: datetime) -> Case:
    number = 1 + sum(each.kind is kind for each in case.cycles)
    clock = Clock(kind.value, at, policy.target(kind, case.ticket), hours=policy.hours_of(kind, case.ticket))
    return replace(case, cycles=(*case.cycles, Cycle(kind, number, clock)))


def _stopped(case: Case, at: datetime, *kinds: ClockKind) -> Case:
    return _each(
        case,
        lambda each: (
            replace(each, clock=sla.stop(each.clock, at)) if each.kind in kinds and each.ongoing else each
        ),
    )


def _each(case: Case, change: Callable[[Cycle], Cycle]) -> Case:
    return replace(case, cycles=tuple(map(change, case.cycles)))
