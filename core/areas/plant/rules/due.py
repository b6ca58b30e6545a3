"""By when something is promised: a moment, or a day, all of which may still be used."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from core.moment import parse_moment

__all__ = ["due_at", "read_due"]

_LAST_SECOND = time(23, 59, 59)
_YEARS = range(2, 9_999)
"""The years that are the same in every zone's calendar and in UTC's."""


def read_due(text: str) -> datetime | date:
    """What somebody wrote: a moment, in UTC where it says no offset, or a day alone.

    Raises:
        ValueError: it is neither.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return parse_moment(text)
    if day.year not in _YEARS:
        raise ValueError("outside the years that have a last moment in UTC")
    return day


def due_at(said: datetime | date, zone: ZoneInfo) -> datetime:
    """The last moment at which what was promised is kept; a day ends where those are who read it."""
    if isinstance(said, datetime):
        return said
    return datetime.combine(said, _LAST_SECOND, zone).astimezone(UTC)
