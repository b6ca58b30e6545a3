"""When a checklist's period begins, ends and is due, by the local clock of its zone (operations.md 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.areas.operations.model_checklists import WEEKDAYS, ChecklistTemplate, DueDay, Period

__all__ = ["PeriodSpan", "last_business_day", "period_of"]

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class PeriodSpan:
    """One period of a checklist: its key, and when it begins, ends (not included) and is due."""

    key: str
    starts_at: datetime
    ends_at: datetime
    due_at: datetime


def period_of(template: ChecklistTemplate, moment: datetime) -> PeriodSpan:
    """The period of the template that `moment` falls into."""
    today = moment.astimezone(template.zone).date()
    first, after = _bounds(template.period, today)
    due_on = _due_day(template.due_on, first, after)
    if template.due_at is None:
        due_at = _at(due_on + _DAY, time(0), template.zone)
    else:
        due_at = _at(due_on, template.due_at, template.zone)
    return PeriodSpan(
        key=_key(template, first),
        starts_at=_at(first, time(0), template.zone),
        ends_at=_at(after, time(0), template.zone),
        due_at=due_at,
    )


def last_business_day(first: date, after: date) -> date:
    """The last day from Monday to Friday of those from `first` to before `after`."""
    day = after - _DAY
    while day.weekday() >= _SATURDAY and day > first:
        day -= _DAY
    return day


def _bounds(period: Period, today: date) -> tuple[date, date]:
    """The first day of the period that `today` lies in, and the first day after it."""
    match period:
        case Period.DAILY:
            return today, today + _DAY
        case Period.WEEKLY:
            monday = today - today.weekday() * _DAY
            return monday, monday + 7 * _DAY
        case Period.MONTHLY:
            first = today.replace(day=1)
            return first, (first + 31 * _DAY).replace(day=1)


def _due_day(due_on: DueDay, first: date, after: date) -> date:
    if due_on is DueDay.SAME_DAY:
        return first
    if due_on is DueDay.LAST_BUSINESS_DAY:
        return last_business_day(first, after)
    if due_on is DueDay.LAST_DAY:
        return after - _DAY
    return first + WEEKDAYS.index(due_on) * _DAY


def _key(template: ChecklistTemplate, first: date) -> str:
    match template.period:
        case Period.DAILY:
            key = first.isoformat()
        case Period.WEEKLY:
            year, week, _day = first.isocalendar()
            key = f"{year}-W{week:02}"
        case Period.MONTHLY:
            key = f"{first:%Y-%m}"
    return f"{key}/{template.slot}" if template.slot else key


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
