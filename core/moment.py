"""Clocks, moments and windows of time.

No code of opsdeck reads the wall clock except through a `Clock`, so that tests and the demo world
decide what time it is. Stored times are aware and in UTC; durations come from the monotonic clock.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones

__all__ = [
    "Clock",
    "FrozenClock",
    "ShiftedClock",
    "SystemClock",
    "Window",
    "from_epoch",
    "parse_moment",
    "to_epoch",
    "zone_names",
]


class Clock(Protocol):
    """What opsdeck asks of time."""

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump; only differences mean anything."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait until `seconds` of this clock have passed."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ShiftedClock(SystemClock):
    """A clock that showed `start` when it was made and runs at the usual speed from there."""

    def __init__(self, start: datetime) -> None:
        self._start = start.astimezone(UTC)
        self._origin = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._origin)


class FrozenClock:
    """A clock that moves only when told to; sleeping moves it."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._monotonic = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def step(self, seconds: float) -> None:
        """Set the wall clock forward or back, as a person or NTP would; durations are untouched."""
        self._now += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Window:
    """The half-open stretch of time from `start` up to, not including, `end`."""

    start: datetime
    end: datetime

    @classmethod
    def last(cls, length: timedelta, end: datetime) -> Window:
        """The `length` of time that ends at `end`."""
        return cls(end - length, end)

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def to_epoch(moment: datetime) -> int:
    """Whole seconds since 1970 UTC, the form in which moments are stored."""
    return int(moment.timestamp())


def from_epoch(seconds: float) -> datetime:
    """The moment, aware and in UTC, that is `seconds` after 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def parse_moment(text: str, *, zone: ZoneInfo | None = None) -> datetime:
    """Read a moment a person or a program wrote: ISO 8601, with a fraction or not, `Z` or an offset.

    A moment without an offset is taken in `zone` (UTC when none is given).

    Raises:
        ValueError: the text is no ISO 8601 moment, or one that UTC has no year for.
    """
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone or UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside the years 1 to 9999 in UTC") from error


@cache
def zone_names() -> frozenset[str]:
    """The names of all time zones, looked up once: hundreds of files are opened to tell them."""
    return frozenset(available_timezones())
