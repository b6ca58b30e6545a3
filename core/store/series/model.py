"""What series are made of, and how their time is divided into buckets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.moment import Window

__all__ = [
    "LEVELS",
    "STEPS_PER_LEVEL",
    "Bucket",
    "Sample",
    "SeriesKey",
    "SeriesSamples",
    "bucket_for",
    "levels_of",
]

Sample = tuple[int, float | None]
"""When, in seconds since 1970 UTC, and the value; `None` where the source said that there is none."""

LEVELS = (900, 3_600, 21_600, 86_400)
"""The lengths of roll-ups in seconds; each divides the next."""

STEPS_PER_LEVEL = 8
"""A series has the roll-ups that are at least this many of its steps long."""

_BUCKETS = (900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400)


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """Which series: ("network", "<location id>", "wan.rx_mbytes")."""

    area: str
    subject: str
    name: str


@dataclass(frozen=True, slots=True)
class SeriesSamples:
    """Samples of one series, `step` seconds apart where none is missing, in a unit of measure."""

    key: SeriesKey
    samples: Iterable[Sample]
    step: int
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Bucket:
    """The samples with a value that are of the bucket beginning at `start`, summed up."""

    start: int
    low: float
    high: float
    total: float
    count: int

    @property
    def mean(self) -> float:
        return self.total / self.count


def levels_of(step: int) -> tuple[int, ...]:
    """The roll-ups that a series of this step has, finest first."""
    return tuple(level for level in LEVELS if level >= step * STEPS_PER_LEVEL)


def bucket_for(window: Window, points: int) -> int:
    """The shortest customary bucket, in seconds, that divides the window into at most `points` of them."""
    least = window.length.total_seconds() / max(points, 1)
    fitting = (bucket for bucket in _BUCKETS if bucket >= least)
    days = -int(-least // 86_400)
    return next(fitting, days * 86_400)
