"""What was used in each local day, and this week against the last (taara.md 8.2).

Rests on the counter of a plan's consumption: bytes used since its first reading, known at each reading. In
between it is taken to grow evenly, which splits a pair at midnight in proportion to time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from core.moment import Window

__all__ = [
    "CounterPoint",
    "Day",
    "Week",
    "compare_weeks",
    "counter_value",
    "day_edges",
    "days",
    "local_midnight",
    "used_between",
    "week_instants",
]

Known = tuple[datetime, float]


@dataclass(frozen=True, slots=True)
class CounterPoint:
    """What is known of the counter around a moment: the last reading up to it, and the first after it.

    Each is the reading's time and the bytes used by then, or nothing where there is no such reading.
    """

    at: datetime
    before: Known | None = None
    after: Known | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """The use of one local day, in bytes; `None` for a day without a reading, which is no zero.

    `estimated` says that readings are missing around it or a top-up hides some use; `partial` that the day
    isn't over, or began before the first reading.
    """

    day: date
    start: datetime
    end: datetime
    used: float | None
    estimated: bool = False
    partial: bool = False

    @property
    def length(self) -> timedelta:
        """23 or 25 hours where the clocks change."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Week:
    """This week so far against the same part of last week, in bytes, Monday first."""

    so_far: float | None
    last_by_now: float | None
    last_whole: float | None

    @property
    def change(self) -> float | None:
        """By which share more is used than last week (0.25: a quarter more); nothing when unknown."""
        if self.so_far is None or not self.last_by_now:
            return None
        return self.so_far / self.last_by_now - 1


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in the zone, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def day_edges(now: datetime, count: int, zone: ZoneInfo) -> list[datetime]:
    """The beginnings of the last `count` local days, today included, and at last the end of today."""
    today = now.astimezone(zone).date()
    first = today - timedelta(days=count - 1)
    return [local_midnight(first + timedelta(days=index), zone) for index in range(count + 1)]


def days(edges: Sequence[CounterPoint], gaps: Sequence[Window], now: datetime, zone: ZoneInfo) -> list[Day]:
    """The days between neighbouring edges (as of `day_edges`), oldest first.

    `gaps` are the stretches between two readings that are far apart, or between which a top-up or a renewal
    hides the use.
    """
    found: list[Day] = []
    for start, end in pairwise(edges):
        partial = end.at > now or start.before is None
        estimated = any(gap.start < end.at and gap.end > start.at for gap in gaps)
        day = start.at.astimezone(zone).date()
        used = used_between(start, end) if _has_reading(start, end) else None
        found.append(Day(day, start.at, end.at, used, used is not None and estimated, partial))
    return found


def week_instants(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime, datetime, datetime]:
    """The beginning of last week, the moment that corresponds to now in it, its end, and now.

    A local time that came twice or not at all last week is the one the zone's rules make of it.
    """
    local = now.astimezone(zone)
    monday = local.date() - timedelta(days=local.weekday())
    last_now = (local.replace(tzinfo=None) - timedelta(days=7)).replace(tzinfo=zone).astimezone(UTC)
    return (
        local_midnight(monday - timedelta(days=7), zone),
        last_now,
        local_midnight(monday, zone),
        now,
    )


def compare_weeks(points: Sequence[CounterPoint]) -> Week:
    """The two weeks, from the counter at `week_instants`.

    Last week counts only if there were readings from its beginning on.
    """
    last_start, last_now, start, now = points
    known_last = last_start.before is not None
    return Week(
        so_far=used_between(start, now) if _has_reading(start, now) else None,
        last_by_now=used_between(last_start, last_now) if known_last else None,
        last_whole=used_between(last_start, start) if known_last else None,
    )


def used_between(start: CounterPoint, end: CounterPoint) -> float | None:
    """The use between two moments as far as readings reach; nothing when they don't reach into it."""
    before, after = counter_value(start), counter_value(end)
    if before is None or after is None:
        return None
    return max(after - before, 0.0)


def counter_value(point: CounterPoint) -> float | None:
    """The counter at a moment: between two readings in proportion to time, beyond them as at the nearest."""
    if point.before is None:
        return None if point.after is None else point.after[1]
    if point.after is None or point.after[0] <= point.before[0]:
        return point.before[1]
    (earlier, low), (later, high) = point.before, point.after
    return low + (high - low) * ((point.at - earlier) / (later - earlier))


def _has_reading(start: CounterPoint, end: CounterPoint) -> bool:
    return end.before is not None and end.before[0] >= start.at
