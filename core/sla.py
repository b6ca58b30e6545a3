"""Clocks of service-level agreements: what was promised, what has passed, what is left (operations.md 5.3).

A clock is nothing but stored moments, so whoever looks at it, after whichever restart, finds the same. It
runs from `start` until it is stopped, stands still while it is paused, and counts only working time where
`hours` are set. Incidents (response, resolution) and tickets (first response, next reply, resolution) use it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = [
    "WARNING_SHARE",
    "BusinessHours",
    "Clock",
    "ClockState",
    "Pause",
    "Standing",
    "moment_of",
    "pause",
    "reopen",
    "resume",
    "retarget",
    "standing",
    "stop",
]

WARNING_SHARE = 0.25
"""The share of the target that is left when a clock warns."""

_NOTHING = timedelta(0)
_DAY = timedelta(days=1)
_FARTHEST = timedelta(days=36_525)
"""How far ahead working time is looked for: hours without a single day would have none ever."""


class ClockState(enum.Enum):
    """What a clock is doing; stopped ones say how they ended."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch that does not count; without an `end` it lasts."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """The hours that count, on the given days of the week (Monday is 0), by the local clock of `zone`."""

    zone: ZoneInfo
    opens: time = time(9)
    closes: time = time(17)
    days: frozenset[int] = frozenset(range(5))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies from `start` up to `end`."""
        total = _NOTHING
        for opening, closing in self._openings(start, end):
            total += max(_NOTHING, min(closing, end) - max(opening, start))
        return total

    def after(self, start: datetime, length: timedelta) -> datetime | None:
        """When `length` of working time will have passed since `start`; nothing where that never comes."""
        left = length
        for opening, closing in self._openings(start, start + _FARTHEST):
            begun = max(opening, start)
            worked = max(_NOTHING, closing - begun)
            if worked and left <= worked:
                return begun + left
            left -= worked
        return None

    def _openings(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = start.astimezone(self.zone).date()
        last = end.astimezone(self.zone).date()
        while day <= last:
            if day.weekday() in self.days:
                yield self._moment(day, self.opens), self._moment(day, self.closes)
            day += _DAY

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """One cycle of one promise. A `target` of nothing or zero promises nothing.

    `warned_at` and `breached_at` are kept because each happens once a cycle; a breach stays for good, even
    when the clock is stopped, or the target made longer, afterwards.
    """

    name: str
    start: datetime
    target: timedelta | None
    pauses: tuple[Pause, ...] = ()
    stopped_at: datetime | None = None
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    hours: BusinessHours | None = None

    @property
    def paused(self) -> bool:
        """Whether it stands still, not counting that it may be stopped."""
        return any(each.end is None for each in self.pauses)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a clock stands at a moment.

    `remaining` is negative when it is over; it, `due` and `ratio` (remaining by target) are absent without
    a target, and `due` also while paused or stopped. `warn` and `breach` say that this is now to be marked
    and told, as it was not before; `breached` that it ran over at all.
    """

    elapsed: timedelta
    remaining: timedelta | None
    due: datetime | None
    ratio: float | None
    state: ClockState
    warn: bool
    breach: bool
    breached: bool


def standing(clock: Clock, now: datetime, warning_share: float = WARNING_SHARE) -> Standing:
    """How the clock stands at `now`, a moment that may lie in the past."""
    elapsed = _elapsed(clock, now)
    stopped = clock.stopped_at is not None and clock.stopped_at <= now
    paused = any(each.start <= now and (each.end is None or each.end > now) for each in clock.pauses)
    known_breach = clock.breached_at is not None and clock.breached_at <= now
    if not clock.target:
        state = ClockState.BREACHED if known_breach else ClockState.MET
        ongoing = ClockState.PAUSED if paused else ClockState.RUNNING
        return Standing(elapsed, None, None, None, state if stopped else ongoing, False, False, known_breach)
    remaining = clock.target - elapsed
    ratio = remaining / clock.target
    breached = known_breach or remaining < _NOTHING
    state = _state(stopped=stopped, paused=paused, breached=breached)
    running = state is ClockState.RUNNING
    return Standing(
        elapsed=elapsed,
        remaining=remaining,
        due=moment_of(clock, clock.target) if running else None,
        ratio=ratio,
        state=state,
        warn=running and ratio <= warning_share and clock.warned_at is None,
        breach=remaining < _NOTHING and clock.breached_at is None,
        breached=breached,
    )


def moment_of(clock: Clock, elapsed: timedelta) -> datetime | None:
    """The moment at which the clock shows `elapsed`, if it goes on as it does now.

    Nothing where it never will: it is paused or was stopped before.
    """
    left = elapsed
    for start, end in _stretches(clock, None):
        if end is None:
            return start + left if clock.hours is None else clock.hours.after(start, left)
        counted = _counted(clock, start, end)
        if left <= counted:
            return start + left if clock.hours is None else clock.hours.after(start, left)
        left -= counted
    return None


def pause(clock: Clock, at: datetime) -> Clock:
    """The clock standing still from `at` on; one that is paused or stopped stays as it is."""
    if clock.paused or clock.stopped_at is not None:
        return clock
    return replace(clock, pauses=(*clock.pauses, Pause(at)))


def resume(clock: Clock, at: datetime) -> Clock:
    """The clock running again from `at` on; one that isn't paused stays as it is."""
    ended = tuple(
        each if each.end is not None else Pause(each.start, max(at, each.start)) for each in clock.pauses
    )
    return replace(clock, pauses=ended)


def stop(clock: Clock, at: datetime) -> Clock:
    """The clock stopped at `at`, flagged where that was too late; a stopped one keeps its first stop."""
    if clock.stopped_at is not None:
        return clock
    found = standing(clock, at)
    breached_at = clock.breached_at
    if found.breach and clock.target:
        breached_at = moment_of(clock, clock.target) or at
    return replace(resume(clock, at), stopped_at=at, breached_at=breached_at)


def reopen(clock: Clock, at: datetime) -> Clock:
    """The same cycle going on from `at`; the time since it was stopped does not count (operations.md 4.4)."""
    if clock.stopped_at is None:
        return clock
    gap = Pause(clock.stopped_at, max(at, clock.stopped_at))
    return replace(clock, pauses=(*clock.pauses, gap), stopped_at=None)


def retarget(clock: Clock, target: timedelta | None, at: datetime) -> Clock:
    """The clock with another target, counted from its original start with its pauses kept.

    One that is over by the new target was breached by the change, at `at`. A stopped one is a finished
    record and keeps the target it was held to.
    """
    if clock.stopped_at is not None or target == clock.target:
        return clock
    over = standing(clock, at)
    changed = replace(clock, target=target)
    if over.breach and clock.target:  # it ran over before the change, though nobody had looked yet
        return replace(changed, breached_at=moment_of(clock, clock.target) or at)
    return replace(changed, breached_at=at) if standing(changed, at).breach else changed


def _state(*, stopped: bool, paused: bool, breached: bool) -> ClockState:
    if stopped:
        return ClockState.BREACHED if breached else ClockState.MET
    return ClockState.PAUSED if paused else ClockState.RUNNING


def _elapsed(clock: Clock, now: datetime) -> timedelta:
    """The time that counted up to `now`."""
    return sum(
        (_counted(clock, start, end) for start, end in _stretches(clock, now) if end is not None), _NOTHING
    )


def _counted(clock: Clock, start: datetime, end: datetime) -> timedelta:
    return end - start if clock.hours is None else clock.hours.between(start, end)


def _stretches(clock: Clock, now: datetime | None) -> Iterator[tuple[datetime, datetime | None]]:
    """When the clock ran, in order: up to `now`, or, where none is given, on and on (a last one without end).

    Pauses may overlap one another and the ends of the clock.
    """
    ends = [moment for moment in (clock.stopped_at, now) if moment is not None]
    last = min(ends) if ends else None
    begun = clock.start
    for each in sorted(clock.pauses, key=lambda each: each.start):
        if last is not None and each.start >= last:
            break
        if each.start > begun:
            yield begun, each.start
        if each.end is None:
            return
        begun = max(begun, each.end)
    if last is None or last > begun:
        yield begun, last
