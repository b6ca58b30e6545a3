"""Days, ISO weeks and months as the production zone cuts them (production.md 2)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = ["billing_period", "day_bounds", "instant", "local_date", "period_bounds", "week_start"]


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    """The date on the wall in `zone`."""
    return moment.astimezone(zone).date()


def instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, that is so many minutes of the wall clock into `day`."""
    local = datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=zone)
    return local.astimezone(UTC)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Where `day` begins and where it ends, the end not included."""
    return instant(day, 0, zone), instant(day + timedelta(days=1), 0, zone)


def week_start(day: date) -> date:
    """The Monday of the day's ISO week."""
    return day - timedelta(days=day.weekday())


def billing_period(day: date, billing_day: int) -> tuple[date, date]:
    """The first day of the billing month `day` is in, and that of the next one (billing days 1 to 28)."""
    first = day.replace(day=billing_day)
    if day.day < billing_day:
        first = _month_after(first, -1)
    return first, _month_after(first, 1)


def period_bounds(period: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The day, the ISO week or the calendar month of `now`, by a budget's word for it."""
    today = local_date(now, zone)
    if period == "daily":
        return day_bounds(today, zone)
    if period == "weekly":
        first = week_start(today)
        after = first + timedelta(days=7)
    else:
        first, after = billing_period(today, 1)
    return instant(first, 0, zone), instant(after, 0, zone)


def _month_after(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return first.replace(year=index // 12, month=index % 12 + 1)
