"""WAN analytics (plume.md 8)."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.network.model import WanSlot
from core.areas.network.rules.wan import (
    WanAnalysis,
    WanBucket,
    WanBuckets,
    analyse,
    analyse_buckets,
    gigabytes_display,
)
from core.areas.network.rules.wan_peaks import PeakKind
from core.moment import Window, to_epoch

DAY = datetime(2026, 1, 14, tzinfo=UTC)
WHOLE_DAY = Window(DAY, DAY + timedelta(days=1))
QUARTER = timedelta(minutes=15)


def slot(index: int, rx_max: float | None = 10.0, **fields: float | None) -> WanSlot:
    plain = WanSlot(to_epoch(DAY + index * QUARTER), 60.0, 15.0, rx_max, 2.0)
    return replace(plain, **fields)


def empty(index: int) -> WanSlot:
    return WanSlot(to_epoch(DAY + index * QUARTER), None, None, None, None)


def conformance_slots() -> list[WanSlot]:
    """The vector of plume.md 8.3, newest first."""
    slots = [slot(index, 80.0 if 68 <= index < 72 else 10.0) for index in range(96)]
    slots[3], slots[4] = empty(3), empty(4)
    return slots[::-1]


def rx_peaks(*peaks: float) -> WanAnalysis:
    """A day of slots with these highest download rates from midnight."""
    return analyse([slot(index, peak) for index, peak in enumerate(peaks)], WHOLE_DAY)


def test_the_conformance_vector() -> None:
    result = analyse(conformance_slots(), WHOLE_DAY)
    assert result.rx.peak is not None
    assert (result.rx.peak.mbps, result.rx.peak.at) == (80.0, DAY + timedelta(hours=17))
    assert result.rx.mean_of_peaks_mbps == pytest.approx(12.9787, abs=5e-5)
    assert result.tx.mean_of_peaks_mbps == 2.0
    assert result.rx.mean_throughput_mbps == pytest.approx(0.5333, abs=5e-5)
    assert result.tx.mean_throughput_mbps == pytest.approx(0.1333, abs=5e-5)
    assert result.rx.percentile95_mbps == 10.0
    assert (result.rx.total_mbytes, result.tx.total_mbytes) == (5640, 1410)
    assert (result.expected, result.received, result.complete) == (96, 96, 94)
    assert result.quality is not None
    assert result.quality * 100 == pytest.approx(97.9167, abs=5e-5)
    assert result.peak_windows is not None
    (window,) = result.peak_windows
    assert (window.start, window.end) == (DAY + timedelta(hours=17), DAY + timedelta(hours=18))
    assert (window.kind, window.mean_mbps) == (PeakKind.HIGH, 80.0)


@pytest.mark.parametrize(
    ("count", "rank"),
    [(1, 1), (19, 19), (20, 19), (21, 20), (40, 38), (94, 90), (95, 91), (96, 92), (100, 95), (672, 639)],
)
def test_the_95th_percentile_is_the_nearest_rank(count: int, rank: int) -> None:
    window = Window(DAY, DAY + 672 * QUARTER)
    slots = [slot(index, float(index + 1)) for index in range(count)]
    assert analyse(slots, window).rx.percentile95_mbps == rank


def test_a_slot_without_its_peak_keeps_its_volume() -> None:
    result = analyse([slot(0), slot(1, tx_max_mbps=None)], WHOLE_DAY)
    assert result.tx.total_mbytes == 30
    assert (result.rx.valid, result.tx.valid, result.complete) == (2, 1, 1)
    assert (result.rx.quality, result.tx.quality) == (2 / 96, 1 / 96)


def test_a_slot_without_its_volume_does_not_lower_the_mean_throughput() -> None:
    result = analyse([slot(0), slot(1, rx_mbytes=None)], WHOLE_DAY)
    assert result.rx.mean_throughput_mbps == pytest.approx(60 * 8 / 900)
    assert result.rx.mean_of_peaks_mbps == 10.0


def test_absent_rows_lower_the_quality() -> None:
    result = analyse([slot(index) for index in range(48)], WHOLE_DAY)
    assert (result.received, result.quality) == (48, 0.5)


def test_of_two_rows_for_one_slot_the_last_wins() -> None:
    result = analyse([slot(0, 99.0), slot(1), slot(0, 20.0)], WHOLE_DAY)
    assert result.received == 2
    assert result.rx.peak is not None
    assert result.rx.peak.mbps == 20.0
    assert result.rx.total_mbytes == 120


def test_slots_outside_the_window_are_ignored() -> None:
    result = analyse([slot(-1, 99.0), slot(0), slot(95), slot(96, 99.0)], WHOLE_DAY)
    assert result.received == 2
    assert result.rx.peak is not None
    assert result.rx.peak.mbps == 10.0


@pytest.mark.parametrize("offset", [timedelta(), timedelta(minutes=7, microseconds=1)])
def test_any_24_hours_expect_96_slots(offset: timedelta) -> None:
    assert analyse([], Window(DAY + offset, DAY + offset + timedelta(days=1))).expected == 96


def test_no_data_gives_no_figures() -> None:
    result = analyse([], WHOLE_DAY)
    assert not result.has_data
    assert result.quality is None
    assert result.peak_windows is None
    for figures in (result.rx, result.tx):
        assert figures.peak is None
        assert figures.mean_of_peaks_mbps is None
        assert figures.mean_throughput_mbps is None
        assert figures.percentile95_mbps is None
        assert figures.total_mbytes is None


def test_rows_without_values_are_received_but_give_no_figures() -> None:
    result = analyse([empty(0), empty(1)], WHOLE_DAY)
    assert not result.has_data
    assert (result.received, result.quality, result.rx.quality) == (2, 0.0, 0.0)
    assert result.rx.total_mbytes is None


def test_a_silent_line_is_zero_and_has_a_peak_time() -> None:
    result = rx_peaks(0.0, 0.0, 0.0, 0.0)
    assert result.has_data
    assert result.rx.peak is not None
    assert (result.rx.peak.mbps, result.rx.peak.at) == (0.0, DAY)
    assert result.peak_windows == ()


def test_exactly_one_and_a_half_times_the_mean_is_no_peak_window() -> None:
    # Three hours with mean 0.6; in binary the threshold comes out a rounding step below 0.9.
    assert rx_peaks(*[0.6] * 4, *[0.9] * 4, *[0.3] * 4).peak_windows == ()


def test_a_peak_window_at_exactly_twice_the_mean_is_moderate() -> None:
    result = rx_peaks(*[20.0] * 4, *[5.0] * 8, *[10.0] * 4)
    assert result.rx.mean_of_peaks_mbps == 10.0
    assert result.peak_windows is not None
    assert [window.kind for window in result.peak_windows] == [PeakKind.MODERATE]


def test_neighbouring_hours_are_one_window_weighed_by_hour() -> None:
    # The second busy hour has only two slots; each hour counts the same in the mean.
    slots = [slot(index, 1.0) for index in range(32)]
    slots += [slot(index, 40.0) for index in range(32, 36)]
    slots += [slot(index, 20.0) for index in range(36, 38)]
    result = analyse(slots, WHOLE_DAY)
    assert result.peak_windows is not None
    (window,) = result.peak_windows
    assert (window.start, window.end) == (DAY + timedelta(hours=8), DAY + timedelta(hours=10))
    assert window.mean_mbps == 30.0


def test_an_hour_with_one_slot_is_no_peak_window() -> None:
    assert rx_peaks(*[1.0] * 4, 90.0).peak_windows == ()


def test_the_same_hour_of_two_dates_is_not_mixed() -> None:
    slots = [slot(index, 50.0 if 164 <= index < 168 else 1.0) for index in range(192)]
    result = analyse(slots, Window(DAY, DAY + timedelta(days=2)))
    assert result.peak_windows is not None
    assert [window.start for window in result.peak_windows] == [DAY + timedelta(days=1, hours=17)]


def test_the_three_highest_windows_are_kept_ties_earliest() -> None:
    busy = {2: 50.0, 5: 40.0, 8: 50.0, 11: 40.0}
    result = rx_peaks(*(busy.get(index // 4, 1.0) for index in range(96)))
    assert result.peak_windows is not None
    assert [(window.start - DAY) // timedelta(hours=1) for window in result.peak_windows] == [2, 8, 5]


def test_megabytes_are_shown_as_gigabytes_by_1024() -> None:
    assert round(gigabytes_display(6847), 1) == 6.7
    assert round(gigabytes_display(2156), 1) == 2.1


rates = st.one_of(st.none(), st.floats(0, 1_000, allow_nan=False))
slots_of_a_day = st.lists(
    st.builds(
        lambda index, rx, tx, rx_max, tx_max: WanSlot(to_epoch(DAY) + 900 * index, rx, tx, rx_max, tx_max),
        st.integers(-4, 99),
        rates,
        rates,
        rates,
        rates,
    ),
    max_size=60,
    unique_by=lambda each: each.start,
)


@given(slots_of_a_day, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(slots: list[WanSlot], shuffle: random.Random) -> None:
    shuffled = list(slots)
    shuffle.shuffle(shuffled)
    assert analyse(shuffled, WHOLE_DAY) == analyse(slots, WHOLE_DAY)


@given(slots_of_a_day)
def test_figures_keep_their_bounds(slots: list[WanSlot]) -> None:
    result = analyse(slots, WHOLE_DAY)
    assert result.complete <= min(result.rx.valid, result.tx.valid) <= result.received <= result.expected
    for figures in (result.rx, result.tx):
        if figures.peak is not None:
            assert figures.mean_of_peaks_mbps is not None
            assert figures.percentile95_mbps is not None
            assert figures.mean_of_peaks_mbps <= figures.peak.mbps
            assert figures.percentile95_mbps <= figures.peak.mbps


@given(slots_of_a_day, st.integers(0, 96))
def test_totals_of_two_parts_add_up_to_the_whole(slots: list[WanSlot], cut: int) -> None:
    middle = DAY + cut * QUARTER
    parts = [analyse(slots, Window(DAY, middle)), analyse(slots, Window(middle, WHOLE_DAY.end))]
    whole = analyse(slots, WHOLE_DAY)
    assert sum(part.expected for part in parts) == whole.expected
    assert sum(part.complete for part in parts) == whole.complete
    assert sum(part.rx.total_mbytes or 0 for part in parts) == pytest.approx(whole.rx.total_mbytes or 0)


def rolled(slots: list[WanSlot], field: str, step: timedelta) -> list[WanBucket]:
    """The roll-up of one field, made the long way."""
    seconds = int(step.total_seconds())
    groups: dict[int, list[float]] = {}
    for each in slots:
        value = getattr(each, field)
        if value is not None:
            groups.setdefault(each.start // seconds * seconds, []).append(value)
    return [WanBucket(start, min(all_), max(all_), sum(all_), len(all_)) for start, all_ in groups.items()]


def buckets_of(slots: list[WanSlot], step: timedelta) -> WanBuckets:
    return WanBuckets(
        step,
        rx_mbytes=rolled(slots, "rx_mbytes", step),
        tx_mbytes=rolled(slots, "tx_mbytes", step),
        rx_max_mbps=rolled(slots, "rx_max_mbps", step),
        tx_max_mbps=rolled(slots, "tx_max_mbps", step),
    )


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(days=1)])
def test_buckets_give_the_same_figures_as_slots(step: timedelta) -> None:
    slots = conformance_slots()
    exact, result = analyse(slots, WHOLE_DAY), analyse_buckets(buckets_of(slots, step), WHOLE_DAY)
    assert result.rx.peak is not None
    assert (result.rx.peak.mbps, result.rx.peak.within) == (80.0, step)
    assert result.rx.peak.at <= DAY + timedelta(hours=17) < result.rx.peak.at + step
    for mine, theirs in ((result.rx, exact.rx), (result.tx, exact.tx)):
        assert mine.mean_of_peaks_mbps == pytest.approx(theirs.mean_of_peaks_mbps)
        assert mine.mean_throughput_mbps == pytest.approx(theirs.mean_throughput_mbps)
        assert mine.total_mbytes == theirs.total_mbytes
        assert mine.valid == 94
        assert mine.percentile95_mbps is None
    assert (result.expected, result.complete, result.quality) == (96, 94, 94 / 96)
    assert result.peak_windows is None


def test_buckets_that_begin_before_the_window_are_left_out() -> None:
    slots = [slot(index, 99.0 if index < 4 else 10.0) for index in range(8)]
    window = Window(DAY + QUARTER, DAY + timedelta(hours=2))
    result = analyse_buckets(buckets_of(slots, timedelta(hours=1)), window)
    assert result.window.start == DAY + timedelta(hours=1)
    assert result.rx.peak is not None
    assert (result.rx.peak.mbps, result.expected, result.quality) == (10.0, 4, 1.0)


def test_no_buckets_give_no_figures() -> None:
    result = analyse_buckets(buckets_of([], timedelta(hours=1)), WHOLE_DAY)
    assert not result.has_data
    assert result.quality is None
    assert result.rx.mean_of_peaks_mbps is None
    assert result.rx.total_mbytes is None


def test_a_peak_of_equal_buckets_is_the_earliest() -> None:
    slots = [slot(index, 10.0) for index in range(8)]
    result = analyse_buckets(buckets_of(slots[::-1], timedelta(hours=1)), WHOLE_DAY)
    assert result.rx.peak is not None
    assert result.rx.peak.at == DAY
