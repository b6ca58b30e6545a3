"""The order in which tickets want an answer: by the time that is left until a promise breaks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.areas.tickets.model import Case, Cycle
from core.sla import ClockState, Standing, standing

__all__ = ["Arithmetic", "Place", "arithmetic", "ordered"]

_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How a clock's remaining time comes about: `remaining = target − (now − start − paused)`."""

    cycle: Cycle
    standing: Standing
    paused: timedelta


@dataclass(frozen=True, slots=True)
class Place:
    """A ticket in the queue; `next` is the clock that breaks first, where anything was promised."""

    case: Case
    clocks: tuple[Arithmetic, ...]
    next: Arithmetic | None


def arithmetic(cycle: Cycle, now: datetime) -> Arithmetic:
    """The figures of a clock at `now`.

    What does not count, pauses and hours off, is what has passed less what has elapsed. A cancelled clock
    is shown as it stood then.
    """
    if cycle.cancelled_at is not None:
        now = min(now, cycle.cancelled_at)
    found = standing(cycle.clock, now)
    end = min(now, cycle.clock.stopped_at or now)
    return Arithmetic(cycle, found, max(_NOTHING, end - cycle.clock.start - found.elapsed))


def ordered(cases: Iterable[Case], now: datetime) -> list[Place]:
    """The tickets in the order of the time to breach, least first.

    After those whose clocks run come those that are paused, then those without a promise, oldest first.
    """
    return sorted((_place(case, now) for case in cases), key=_key)


def _place(case: Case, now: datetime) -> Place:
    clocks = tuple(arithmetic(each, now) for each in case.cycles if each.ongoing)
    promised = sorted((each for each in clocks if each.standing.remaining is not None), key=_clock_key)
    return Place(case, clocks, promised[0] if promised else None)


def _clock_key(each: Arithmetic) -> tuple[bool, timedelta]:
    paused = each.standing.state is ClockState.PAUSED
    return paused, each.standing.remaining or _NOTHING


def _key(place: Place) -> tuple[int, timedelta, datetime, str]:
    ticket = place.case.ticket
    if place.next is None:
        return 2, _NOTHING, ticket.created_at, ticket.id
    paused, remaining = _clock_key(place.next)
    return int(paused), remaining, ticket.created_at, ticket.id
