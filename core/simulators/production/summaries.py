"""The two reports that the system tells by itself: each evening's summary and each Monday's week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Protocol

from core.simulators.production.calendar import instant, local_date
from core.simulators.production.records import Event, JsonObject
from core.simulators.production.reports import Day, daily_body, iso_week, weekly_body
from core.simulators.production.scripts import Company

__all__ = ["Records", "summary_events"]

_SUMMARY_MINUTE = 20 * 60
"""When both are told, in minutes after local midnight (production.md 3)."""


class Records(Protocol):
    """Where the days come from."""

    @property
    def company(self) -> Company: ...

    def day(self, day: date, at: datetime | None = None) -> Day:
        """What had ended on a local day by then."""
        ...

    def week(self, monday: date, at: datetime | None = None) -> list[Day]:
        """The days of an ISO week that had begun by then."""
        ...


def summary_events(records: Records, start: datetime, end: datetime) -> Iterator[Event]:
    """The summaries due in (start, end]: the day so far, and on Mondays the ISO week before."""
    company = records.company
    day = local_date(start, company.zone)
    while (at := instant(day, _SUMMARY_MINUTE, company.zone)) <= end:
        if at > start:
            yield _daily(records, day, at)
            if day.weekday() == 0:
                yield _weekly(records, day - timedelta(days=7), at)
        day += timedelta(days=1)


def _daily(records: Records, day: date, at: datetime) -> Event:
    body = daily_body(records.day(day, at), records.company.target, None)
    text = f"{body['successful']} of {records.company.target} videos, {body['failed']} failed"
    name = day.isoformat()
    return _summary("daily_summary", at, ("report", name), f"summary:{name}", "Daily summary", text, body)


def _weekly(records: Records, monday: date, at: datetime) -> Event:
    week, before = records.week(monday, at), records.week(monday - timedelta(days=7), at)
    name = iso_week(monday)
    body = weekly_body(name, week, before, records.company.target)
    text = f"{body['successful']} videos, {body['failed']} failed"
    return _summary("weekly_report", at, ("report", name), f"week:{name}", "Weekly report", text, body)


def _summary(
    kind: str, at: datetime, subject: tuple[str, str], key: str, title: str, text: str, body: JsonObject
) -> Event:
    return Event(kind, "info", at, subject, key, title, text, body)
