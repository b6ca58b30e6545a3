"""WAN analytics: what a line carried in a window of time (plume.md 8.2).

`analyse` works on 15-minute slots, `analyse_buckets` on the store's roll-ups for views too long for slots.
Each figure uses every slot that has the field it needs; a figure that nothing supports is `None`, never 0.
Rates are in Mbit/s, volumes in decimal megabytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import fsum

from core.areas.network.model import SLOT, WanSlot
from core.areas.network.rules.wan_peaks import PeakWindow, peak_windows
from core.moment import Window, from_epoch

__all__ = [
    "DirectionFigures",
    "Peak",
    "WanAnalysis",
    "WanBucket",
    "WanBuckets",
    "analyse",
    "analyse_buckets",
    "gigabytes_display",
]

_SLOT_SECONDS = int(SLOT.total_seconds())
_EPOCH = from_epoch(0)


@dataclass(frozen=True, slots=True)
class Peak:
    """The highest rate seen: somewhere in the stretch of length `within` that starts at `at`."""

    mbps: float
    at: datetime
    within: timedelta


@dataclass(frozen=True, slots=True)
class DirectionFigures:
    """What one direction carried.

    `mean_of_peaks_mbps` and `percentile95_mbps` (nearest rank; not a billing figure) are over the slots'
    highest rates; `mean_throughput_mbps` is the real mean flow, from volumes. `valid` counts the slots
    with both the rate and the volume of this direction, `quality` is their share of the expected ones.
    """

    peak: Peak | None
    mean_of_peaks_mbps: float | None
    mean_throughput_mbps: float | None
    percentile95_mbps: float | None
    total_mbytes: float | None
    valid: int
    quality: float | None


@dataclass(frozen=True, slots=True)
class WanAnalysis:
    """What the line carried in `window`; `rx` is download, `tx` upload.

    `expected` slots should be there, `received` are, and `complete` have all four numbers. `quality` is
    complete ÷ expected, `None` when no slot was received. `peak_windows` are the busiest hours of the
    download, highest mean first, at most three; `None` when they can't be told from the data.
    """

    window: Window
    rx: DirectionFigures
    tx: DirectionFigures
    expected: int
    received: int
    complete: int
    quality: float | None
    peak_windows: tuple[PeakWindow, ...] | None

    @property
    def has_data(self) -> bool:
        """Whether any figure at all could be had."""
        figures = (self.rx.peak, self.rx.total_mbytes, self.tx.peak, self.tx.total_mbytes)
        return any(figure is not None for figure in figures)


@dataclass(frozen=True, slots=True)
class WanBucket:
    """A roll-up of one series: lowest, highest, sum and number of its values from `start` (epoch seconds)."""

    start: int
    low: float
    high: float
    total: float
    count: int


@dataclass(frozen=True, slots=True)
class WanBuckets:
    """The four series as roll-ups of `step` each, a multiple of 15 minutes; empty buckets may be left out."""

    step: timedelta
    rx_mbytes: Sequence[WanBucket]
    tx_mbytes: Sequence[WanBucket]
    rx_max_mbps: Sequence[WanBucket]
    tx_max_mbps: Sequence[WanBucket]


def analyse(slots: Sequence[WanSlot], window: Window) -> WanAnalysis:
    """The figures of the slots that start in `window`, in whatever order they come.

    A slot is known by the quarter hour it starts in; of two for the same one the last wins. Values must be
    finite.
    """
    kept = _slots_by_quarter(slots, window)
    expected = _expected_slots(window)
    complete = sum(
        None not in (slot.rx_mbytes, slot.tx_mbytes, slot.rx_max_mbps, slot.tx_max_mbps)
        for slot in kept.values()
    )
    rx_rates = _present({quarter: slot.rx_max_mbps for quarter, slot in kept.items()})
    tx_rates = _present({quarter: slot.tx_max_mbps for quarter, slot in kept.items()})
    rx_volumes = _present({quarter: slot.rx_mbytes for quarter, slot in kept.items()})
    tx_volumes = _present({quarter: slot.tx_mbytes for quarter, slot in kept.items()})
    return WanAnalysis(
        window=window,
        rx=_slot_figures(rx_rates, rx_volumes, expected, len(kept)),
        tx=_slot_figures(tx_rates, tx_volumes, expected, len(kept)),
        expected=expected,
        received=len(kept),
        complete=complete,
        quality=_quality(complete, expected, len(kept)),
        peak_windows=peak_windows(rx_rates),
    )


def analyse_buckets(buckets: WanBuckets, window: Window) -> WanAnalysis:
    """The figures that roll-ups give exactly; the 95th percentile and the peak windows are `None`.

    Only buckets that start in `window` are used, so its start moves up to the first whole bucket. A peak is
    known only to its bucket. `received` and `complete` assume that a slot has all its numbers or none, as
    roll-ups don't say which slots they are of.
    """
    covered = _aligned(window, buckets.step)
    rx_rates = _buckets_by_start(buckets.rx_max_mbps, covered)
    tx_rates = _buckets_by_start(buckets.tx_max_mbps, covered)
    rx_volumes = _buckets_by_start(buckets.rx_mbytes, covered)
    tx_volumes = _buckets_by_start(buckets.tx_mbytes, covered)
    every = (rx_rates, tx_rates, rx_volumes, tx_volumes)
    expected = _expected_slots(covered)
    received = _slot_count(every, max)
    complete = _slot_count(every, min)
    return WanAnalysis(
        window=covered,
        rx=_bucket_figures(rx_rates, rx_volumes, buckets.step, expected, received),
        tx=_bucket_figures(tx_rates, tx_volumes, buckets.step, expected, received),
        expected=expected,
        received=received,
        complete=complete,
        quality=_quality(complete, expected, received),
        peak_windows=None,
    )


def gigabytes_display(mbytes: float) -> float:
    """Megabytes as the gigabytes shown beside them: ÷ 1024, as operators are used to (plume.md 8.4)."""
    return mbytes / 1024


def _slots_by_quarter(slots: Sequence[WanSlot], window: Window) -> dict[int, WanSlot]:
    """The slots of the window by quarter hours since 1970, earliest first."""
    first, end = _first_index(window.start), _first_index(window.end)
    kept = {slot.start // _SLOT_SECONDS: slot for slot in slots}
    return {quarter: kept[quarter] for quarter in sorted(kept) if first <= quarter < end}


def _first_index(moment: datetime, step: timedelta = SLOT) -> int:
    """The first step since 1970 that starts at `moment` or later."""
    # Negated floor division is rounding up, exact on whole microseconds.
    return -((_EPOCH - moment) // step)


def _expected_slots(window: Window) -> int:
    return max(0, _first_index(window.end) - _first_index(window.start))


def _present(values: Mapping[int, float | None]) -> dict[int, float]:
    return {quarter: value for quarter, value in values.items() if value is not None}


def _slot_figures(
    rates: Mapping[int, float], volumes: Mapping[int, float], expected: int, received: int
) -> DirectionFigures:
    """One direction's figures from its highest rates and its volumes by quarter, both earliest first."""
    peak = None
    if rates:
        busiest = max(rates, key=lambda quarter: rates[quarter])
        peak = Peak(rates[busiest], from_epoch(busiest * _SLOT_SECONDS), SLOT)
    total = fsum(volumes.values()) if volumes else None
    valid = len(rates.keys() & volumes.keys())
    return DirectionFigures(
        peak=peak,
        mean_of_peaks_mbps=_mean(list(rates.values())),
        mean_throughput_mbps=_throughput(total, len(volumes)),
        percentile95_mbps=_percentile95(list(rates.values())),
        total_mbytes=total,
        valid=valid,
        quality=_quality(valid, expected, received),
    )


def _mean(values: Sequence[float]) -> float | None:
    return fsum(values) / len(values) if values else None


def _throughput(mbytes: float | None, slots: int) -> float | None:
    return None if mbytes is None else mbytes * 8 / (_SLOT_SECONDS * slots)


def _percentile95(values: Sequence[float]) -> float | None:
    """The nearest rank: of n values in order the ⌈0.95 n⌉-th."""
    if not values:
        return None
    rank = -(-95 * len(values) // 100)
    return sorted(values)[rank - 1]


def _quality(valid: int, expected: int, received: int) -> float | None:
    return min(1.0, valid / expected) if expected and received else None


def _aligned(window: Window, step: timedelta) -> Window:
    start = _EPOCH + _first_index(window.start, step) * step
    return Window(min(start, window.end), window.end)


def _buckets_by_start(buckets: Sequence[WanBucket], window: Window) -> dict[int, WanBucket]:
    kept = {bucket.start: bucket for bucket in buckets if bucket.count}
    return {start: kept[start] for start in sorted(kept) if from_epoch(start) in window}


def _slot_count(series: Sequence[Mapping[int, WanBucket]], choose: Callable[[Iterable[int]], int]) -> int:
    """The slots of all buckets, taking of each bucket the smallest or largest count of the series."""
    starts = {start for each in series for start in each}
    return sum(choose(each[start].count if start in each else 0 for each in series) for start in starts)


def _bucket_figures(
    rates: Mapping[int, WanBucket],
    volumes: Mapping[int, WanBucket],
    step: timedelta,
    expected: int,
    received: int,
) -> DirectionFigures:
    peak = None
    if rates:
        busiest = max(rates.values(), key=lambda bucket: bucket.high)
        peak = Peak(busiest.high, from_epoch(busiest.start), step)
    slots_with_rate = sum(bucket.count for bucket in rates.values())
    slots_with_volume = sum(bucket.count for bucket in volumes.values())
    total = fsum(bucket.total for bucket in volumes.values()) if volumes else None
    peaks = fsum(bucket.total for bucket in rates.values())
    valid = _slot_count((rates, volumes), min)
    return DirectionFigures(
        peak=peak,
        mean_of_peaks_mbps=peaks / slots_with_rate if slots_with_rate else None,
        mean_throughput_mbps=_throughput(total, slots_with_volume),
        percentile95_mbps=None,
        total_mbytes=total,
        valid=valid,
        quality=_quality(valid, expected, received),
    )
