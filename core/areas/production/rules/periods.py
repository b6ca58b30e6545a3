"""Days, ISO weeks, months and billing months, cut in the production zone (production.md 2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.areas.production.model import BudgetPeriod
from core.moment import Window

__all__ = [
    "Days",
    "billing_month",
    "budget_days",
    "day_of",
    "iso_week",
    "midnight",
    "month",
    "next_midnight",
    "offsets",
    "parse_week",
    "week_name",
]

_WEEK = re.compile(r"(\d{4})-?W(\d{2})")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """The local days from `first` up to, not including, `end`."""

    first: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.end

    def __len__(self) -> int:
        return (self.end - self.first).days

    @property
    def every(self) -> tuple[date, ...]:
        """Each day of it, in order."""
        return tuple(self.first + _DAY * index for index in range(len(self)))

    def window(self, zone: ZoneInfo) -> Window:
        """The stretch of time that these days last in `zone`, whatever its clocks do meanwhile."""
        return Window(midnight(self.first, zone), midnight(self.end, zone))


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The local day that a moment lies in."""
    return moment.astimezone(zone).date()


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which a local day begins: the first of two midnights, the jump over none."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def next_midnight(moment: datetime, zone: ZoneInfo) -> datetime:
    """When the local day that `moment` lies in is over."""
    return midnight(day_of(moment, zone) + _DAY, zone)


def offsets(zone: ZoneInfo, first: datetime, last: datetime) -> list[tuple[datetime, timedelta]]:
    """The offsets from UTC that hold in a zone from `first` to `last`: each with when it begins to."""
    found = [(first, _offset(first, zone))]
    moment = first
    while moment < last:
        following = min(moment + _DAY, last)
        if _offset(following, zone) != found[-1][1]:
            before, after = moment, following
            while after - before > timedelta(seconds=1):
                middle = before + (after - before) / 2
                if _offset(middle, zone) == found[-1][1]:
                    before = middle
                else:
                    after = middle
            change = after.replace(microsecond=0)
            found.append((change, _offset(following, zone)))
        moment = following
    return found


def iso_week(day: date) -> Days:
    """The ISO week, Monday to Sunday, around a day."""
    monday = day - _DAY * day.weekday()
    return Days(monday, monday + 7 * _DAY)


def month(day: date) -> Days:
    """The calendar month around a day."""
    return billing_month(day, 1)


def billing_month(day: date, billing_day: int) -> Days:
    """The month around `day` that begins on `billing_day` (1 to 28) of the calendar's months."""
    first = day.replace(day=billing_day)
    if day < first:
        end, first = first, (first.replace(day=1) - _DAY).replace(day=billing_day)
        return Days(first, end)
    return Days(first, (first.replace(day=28) + 4 * _DAY).replace(day=billing_day))


def budget_days(period: BudgetPeriod, day: date) -> Days:
    """The period of a budget around a day."""
    match period:
        case BudgetPeriod.DAILY:
            return Days(day, day + _DAY)
        case BudgetPeriod.WEEKLY:
            return iso_week(day)
        case BudgetPeriod.MONTHLY:
            return month(day)


def week_name(day: date) -> str:
    """The ISO name of the week around a day, like 2026-W04."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"


def parse_week(text: str) -> Days:
    """The week that a name like 2026-W04 means.

    Raises:
        ValueError: it isn't one, or that year has no such week.
    """
    found = _WEEK.fullmatch(text.strip().upper())
    if found is None:
        raise ValueError("no ISO week")
    return iso_week(date.fromisocalendar(int(found[1]), int(found[2]), 1))


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
