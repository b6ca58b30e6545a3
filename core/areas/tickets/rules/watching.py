"""What time alone does to a ticket: warnings, breaches, reminding, giving up, closing (operations.md 5)."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.areas.tickets.model import Case, Cycle, Status, Ticket
from core.areas.tickets.rules.moves import REOPENING
from core.sla import moment_of, standing

__all__ = ["GIVING_UP", "REMINDING", "Step", "Told", "aged", "look", "told"]

REMINDING = timedelta(days=3)
"""After how long pending the requester is reminded."""

GIVING_UP = timedelta(days=7)
"""After how long pending the ticket counts as solved."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something to tell of a clock: that it ran over, at `at`, or otherwise that little is left of it."""

    cycle: Cycle
    breached: bool
    at: datetime


class Step(enum.Enum):
    """What is due because a ticket stood still for long."""

    REMIND = "remind"
    GIVE_UP = "give up"
    CLOSE = "close"


def look(case: Case, now: datetime) -> Case:
    """The case with every warning and breach marked that is due by `now` and was not marked before."""
    return replace(case, cycles=tuple(_marked(cycle, now) for cycle in case.cycles))


def told(before: Case, after: Case) -> list[Told]:
    """The warnings and breaches that one case has and the other, from before, has not.

    A clock that ran over before anybody looked is told as breached only.
    """
    known = {(each.kind, each.number): each.clock for each in before.cycles}
    found: list[Told] = []
    for cycle in after.cycles:
        earlier, clock = known.get((cycle.kind, cycle.number)), cycle.clock
        if clock.breached_at is not None and (earlier is None or earlier.breached_at is None):
            found.append(Told(cycle, True, clock.breached_at))
        unwarned = earlier is None or earlier.warned_at is None
        if clock.breached_at is None and clock.warned_at is not None and unwarned:
            found.append(Told(cycle, False, clock.warned_at))
    return found


def _marked(cycle: Cycle, now: datetime) -> Cycle:
    clock, found = cycle.clock, standing(cycle.clock, now)
    if not cycle.ongoing:
        return cycle
    if found.breach and clock.target:
        at = moment_of(clock, clock.target) or now
        return replace(cycle, clock=replace(clock, breached_at=at, warned_at=clock.warned_at or now))
    return replace(cycle, clock=replace(clock, warned_at=now)) if found.warn else cycle


def aged(ticket: Ticket, now: datetime) -> Step | None:
    """The step that is due, if any."""
    stood = now - ticket.since
    if ticket.status is Status.SOLVED and stood > REOPENING:
        return Step.CLOSE
    if ticket.status is not Status.PENDING:
        return None
    if stood >= GIVING_UP:
        return Step.GIVE_UP
    return Step.REMIND if stood >= REMINDING and ticket.reminded_at is None else None
