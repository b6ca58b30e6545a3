"""The readings of taara.md 8.3, and readings as short as the document writes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from core.areas.usage.model import GIGABYTE, Reading

NOW = datetime(2026, 1, 14, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)


def reading(minutes: float, gigabytes: float | None, expires: int | None = 20, purchase: str = "") -> Reading:
    """A reading `minutes` from NOW (negative: before), in GB."""
    balance = None if gigabytes is None else round(gigabytes * GIGABYTE)
    return Reading(NOW + timedelta(minutes=minutes), balance, expires, purchase)


def readings(*pairs: tuple[float, float | None], expires: int | None = 20) -> list[Reading]:
    return [reading(minutes, gigabytes, expires) for minutes, gigabytes in pairs]


def falling(start: float, end: float, step: float, first: float, by: float) -> Iterable[tuple[float, float]]:
    """(minutes, GB) from `start` to `end` every `step` minutes, from `first` falling by `by` each."""
    count = round((end - start) / step) + 1
    return [(start + step * index, first - by * index) for index in range(count)]


VECTORS = {
    "A": readings(*falling(-1440, 0, 15, 500.0, 0.1)),
    "B": readings(*falling(-1440, 0, 60, 500.0, 0.4)),
    "C": readings(*falling(-2880, -1500, 60, 100, 1), *falling(-1440, 0, 60, 576, 1)),
    "D2": readings(*falling(-1440, 0, 60, 50.0, 0)),
    "E": readings(*falling(-2880, -2580, 60, 300, 1), (-120, 254), (-60, 253), (0, 252)),
    "F": readings(*falling(-1440, 0, 60, 300, 0)),
    "G": readings((0, 300)),
    "H": [],
    "J": readings((-60, 1500), (0, 1499)),
    "K": readings((-1440, 300), (-1425, 290), *falling(-1365, -45, 60, 290, 0)),
    "L": readings((-9 * 1440 - 60, 300), (-9 * 1440, 299)),
    "M": readings((-120, 1.0), (-60, 0.5), (0, 0.0), expires=5),
    "P": readings((-11520, 200), (-8640, 180), (0, 120)),
}
