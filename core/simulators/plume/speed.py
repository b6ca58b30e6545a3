"""Speed tests of the provider's line: one each night, and those somebody asks for (plume.md 4.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.moment import from_epoch
from core.simulators.noise import chance, spread
from core.simulators.plume.world import Location

__all__ = ["DURATION", "SpeedTest", "measure", "nightly_tests"]

DURATION = 20.0
"""Seconds that a test takes when a person starts it."""

_FAILURE_CHANCE = 0.01


@dataclass(frozen=True, slots=True)
class SpeedTest:
    """One finished test: rates in Mbit/s, round trip in ms; a failed one has no numbers."""

    ended_at: datetime
    status: str
    download: float | None
    upload: float | None
    rtt: float | None


def nightly_tests(location: Location, start: float, end: float) -> list[SpeedTest]:
    """The tests that ended in [start, end) (epoch s), oldest first: about 03:12 local, every night."""
    zone = ZoneInfo(location.place.zone)
    day = from_epoch(start).astimezone(zone).date() - timedelta(days=1)
    last = from_epoch(end).astimezone(zone).date()
    found: list[SpeedTest] = []
    while day <= last:
        ended = datetime(day.year, day.month, day.day, 3, 12, tzinfo=zone)
        epoch = ended.timestamp() + round(spread(0, 59, location.id, day, "second"), 3)
        if start <= epoch < end:
            failed = chance(location.id, day, "failed") < _FAILURE_CHANCE
            found.append(measure(location, epoch, failed=failed))
        day += timedelta(days=1)
    return found


def measure(location: Location, epoch: float, *, failed: bool = False) -> SpeedTest:
    """The test of `location` that ended at `epoch`; a line gives a little less than was sold."""
    if failed:
        return SpeedTest(from_epoch(epoch), "failed", None, None, None)
    key = (location.id, int(epoch))
    return SpeedTest(
        ended_at=from_epoch(epoch),
        status="succeeded",
        download=round(location.wan.line.down * spread(0.89, 0.97, *key, "down"), 1),
        upload=round(location.wan.line.up * spread(0.92, 0.99, *key, "up"), 1),
        rtt=round(spread(8.0, 16.0, *key, "rtt"), 1),
    )
