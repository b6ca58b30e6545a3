"""The busy hours of a line: peak windows (plume.md 8.2)."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from math import fsum

from core.areas.network.model import SLOT
from core.message import Message, _
from core.moment import from_epoch

__all__ = ["PeakKind", "PeakWindow", "peak_windows"]

_HOUR = timedelta(hours=1)
_SLOTS_PER_HOUR = _HOUR // SLOT
_EPOCH = from_epoch(0)
_MODERATE = 1.5
_HIGH = 2.0
_SLOTS_FOR_AN_HOUR = 2
_MOST_PEAK_WINDOWS = 3
_ROUNDING = 1e-9


class PeakKind(enum.Enum):
    """How far a peak window stands out: above 1.5 or above 2 times the mean of the 15-minute peaks."""

    MODERATE = "moderate"
    HIGH = "high"

    @property
    def label(self) -> Message:
        """The word shown for it."""
        return _("High") if self is PeakKind.HIGH else _("Moderate")


@dataclass(frozen=True, slots=True)
class PeakWindow:
    """A run of busy clock hours (UTC), joined; `mean_mbps` is the mean of its hours' means."""

    start: datetime
    end: datetime
    mean_mbps: float
    kind: PeakKind


def peak_windows(rates: Mapping[int, float]) -> tuple[PeakWindow, ...] | None:
    """The hours that stand out from the mean of all peaks, neighbours joined, the busiest first.

    `rates` are the slots' highest rates by quarter hours since 1970, earliest first. An hour needs two of
    them to be listed. At most three windows; `None` when there are no rates.
    """
    if not rates:
        return None
    mean = _mean(list(rates.values()))
    busy = {hour: level for hour, level in _hour_means(rates).items() if _exceeds(level, _MODERATE * mean)}
    windows: list[PeakWindow] = []
    # Neighbouring hours keep the same distance from their place in the list.
    for _distance, run in groupby(enumerate(busy), key=lambda place: place[1] - place[0]):
        hours = [hour for _place, hour in run]
        level = _mean([busy[hour] for hour in hours])
        kind = PeakKind.HIGH if _exceeds(level, _HIGH * mean) else PeakKind.MODERATE
        windows.append(PeakWindow(_EPOCH + hours[0] * _HOUR, _EPOCH + (hours[-1] + 1) * _HOUR, level, kind))
    windows.sort(key=lambda found: (-found.mean_mbps, found.start))
    return tuple(windows[:_MOST_PEAK_WINDOWS])


def _hour_means(rates: Mapping[int, float]) -> dict[int, float]:
    """The mean peak of each UTC hour (since 1970) that has enough slots, earliest first."""
    by_hour: defaultdict[int, list[float]] = defaultdict(list)
    for quarter, rate in rates.items():
        by_hour[quarter // _SLOTS_PER_HOUR].append(rate)
    return {
        hour: fsum(values) / len(values)
        for hour, values in by_hour.items()
        if len(values) >= _SLOTS_FOR_AN_HOUR
    }


def _exceeds(value: float, threshold: float) -> bool:
    """Strictly more, beyond what rounding can make of equal numbers."""
    return value > threshold * (1 + _ROUNDING)


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values)
