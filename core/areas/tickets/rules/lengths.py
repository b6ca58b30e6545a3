"""Lengths of time and business hours, as settings and rows write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from core.moment import zone_names
from core.sla import BusinessHours

__all__ = ["read_hours", "read_length", "written_hours"]

_LENGTH = re.compile(r"(\d{1,5}) ?(m|min|h|d)")
_UNITS: Mapping[str, timedelta] = {
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_HOURS = re.compile(r"(\S+) ([0-6])-([0-6]) (\d\d):(\d\d)-(\d\d):(\d\d)")


def read_length(text: str) -> timedelta:
    """The length of time that `15min`, `4h` or `2d` means; raises `ValueError` for anything else."""
    found = _LENGTH.fullmatch(text.strip())
    if found is None:
        raise ValueError("write a length of time like 15min, 4h or 2d")
    return int(found[1]) * _UNITS[found[2]]


def read_hours(text: str) -> BusinessHours:
    """The hours that `Africa/Nairobi 0-4 09:00-17:00` means; raises `ValueError` for anything else."""
    found = _HOURS.fullmatch(text.strip())
    if found is None or found[1] not in zone_names():
        raise ValueError("write hours like Africa/Nairobi 0-4 09:00-17:00")
    first, last = int(found[2]), int(found[3])
    opens, closes = time(int(found[4]), int(found[5])), time(int(found[6]), int(found[7]))
    if first > last or opens >= closes:
        raise ValueError("the first day and hour come before the last ones")
    return BusinessHours(ZoneInfo(found[1]), opens, closes, frozenset(range(first, last + 1)))


def written_hours(hours: BusinessHours) -> str:
    """The hours as `read_hours` reads them."""
    days = f"{min(hours.days)}-{max(hours.days)}"
    return f"{hours.zone.key} {days} {hours.opens:%H:%M}-{hours.closes:%H:%M}"
