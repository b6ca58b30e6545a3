"""Quiet hours: when a person's notices wait for their morning. Pure.

They hold notices and never drop any, and critical ones pass (reliability.md R12). A night is the stretch
from the first instant at which clocks show its start to the first at which they show its end, so a shift
of local time makes it shorter or longer and never splits it (section 6).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.engine.calendar import first_instant
from core.errors import InputError
from core.message import _

__all__ = ["QuietHours", "read_quiet"]

_FORM = re.compile(r"(\d{1,2}):(\d{2})\s*(?:-|–|to)\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to `end` on the clocks of `zone`, over midnight where `end` comes first."""

    start: time
    end: time
    zone: ZoneInfo

    def until(self, now: datetime) -> datetime | None:
        """When the quiet hours that `now` lies in are over, in UTC; nothing outside of them."""
        today = now.astimezone(self.zone).date()
        for days in (-2, -1, 0, 1):
            day = today + timedelta(days=days)
            begins = first_instant(day, self.start, self.zone)
            last = day if self.start < self.end else day + timedelta(days=1)
            ends = first_instant(last, self.end, self.zone)
            if begins <= now < ends:
                return ends
        return None

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def read_quiet(text: str, zone: ZoneInfo) -> QuietHours | None:
    """What a person wrote: `22:00-06:00`, or nothing at all for none.

    Raises:
        InputError: it isn't of that form, or both times are the same.
    """
    if not text.strip() or text.strip().lower() in ("none", "off"):
        return None
    found = _FORM.fullmatch(text.strip())
    times = _times(found) if found is not None else None
    if times is None or times[0] == times[1]:
        raise InputError(
            _("“{text}” isn’t a stretch of the day; write it as 22:00-06:00.", text=text.strip()[:60])
        )
    return QuietHours(*times, zone)


def _times(found: re.Match[str]) -> tuple[time, time] | None:
    try:
        return time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    except ValueError:
        return None
