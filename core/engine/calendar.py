"""When a schedule is due: pure arithmetic over instants, local dates and the shifts of local time.

A local time that a shift skips is due at the first instant that exists after it; one that comes twice is
due the first time (reliability.md R23 and section 6). Every occurrence carries the local date it belongs
to, because that date, not the instant, is what makes a daily job run once a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.area import AtLocalTime

__all__ = ["Occurrence", "due", "first_instant", "latest"]

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time a schedule asks for: the local date it is for, and the instant, in UTC, it is due."""

    local_date: date
    instant: datetime


def due(schedule: AtLocalTime, after: datetime, zone: ZoneInfo) -> Occurrence:
    """The first occurrence later than `after`, where local time is that of `zone`."""
    return next(each for each in _around(schedule, after, zone) if each.instant > after)


def latest(schedule: AtLocalTime, moment: datetime, zone: ZoneInfo) -> Occurrence:
    """The last occurrence that is not later than `moment`."""
    return [each for each in _around(schedule, moment, zone) if each.instant <= moment][-1]


def first_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which clocks in `zone` show `at` on `day`, or would have shown it."""
    local = datetime.combine(day, at.replace(tzinfo=None, fold=0), zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    return _shift_between(local.replace(fold=1).astimezone(UTC), instant, zone)


def _around(schedule: AtLocalTime, moment: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
    """Occurrences in order, from at least a week before `moment` to at least a week after it."""
    today = moment.astimezone(zone).date()
    for days in range(-9, 10):
        day = today + timedelta(days=days)
        if schedule.weekday is None or day.weekday() == schedule.weekday:
            yield Occurrence(day, first_instant(day, schedule.time, zone))


def _shift_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant, to the second, at which the offset of `zone` becomes what it is at `after`."""
    wanted = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0) if middle.replace(microsecond=0) > before else before + _SECOND
        if middle.astimezone(zone).utcoffset() == wanted:
            after = middle
        else:
            before = middle
    return after
