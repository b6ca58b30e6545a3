from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.message import _
from core.moment import to_epoch
from core.page import ChartSeries, Threshold
from core.render.charting import clean, figures, plan, sparkline, thin, value_range
from core.render.ticks import time_ticks, value_ticks

from .sample import START, STEP, chart, formatter, points

FIRST = to_epoch(START)


def series(
    values: list[float | None], low: tuple[float | None, ...] = (), high: tuple[float | None, ...] = ()
) -> ChartSeries:
    return ChartSeries("x", points(values), low, high)


def test_what_is_not_finite_becomes_a_gap_and_missing_steps_are_marked() -> None:
    given_points = [
        (FIRST, 1.0),
        (FIRST + STEP, math.nan),
        (FIRST + 2 * STEP, math.inf),
        (FIRST + 5 * STEP, 2.0),
    ]
    assert clean(given_points, STEP, FIRST, FIRST + 6 * STEP) == [
        (FIRST, 1.0),
        (FIRST + STEP, None),
        (FIRST + 2 * STEP, None),
        (FIRST + 3 * STEP, None),
        (FIRST + 5 * STEP, 2.0),
    ]


def test_points_outside_the_range_are_left_out() -> None:
    assert clean([(FIRST - 1, 1.0), (FIRST, 2.0), (FIRST + STEP, 3.0)], STEP, FIRST, FIRST + STEP) == [
        (FIRST, 2.0)
    ]


def test_thinning_keeps_each_column_s_extremes() -> None:
    values: list[float | None] = [float(index % 7) for index in range(3_500)]
    values[1_234], values[2_345] = 999.0, -999.0
    kept = [value for _moment, value in thin(series(values), STEP, FIRST, FIRST + 3_500 * STEP, 50)]
    assert len(kept) <= 100
    assert 999.0 in kept
    assert -999.0 in kept


def test_thinning_keeps_the_extremes_within_buckets() -> None:
    made = series([5.0] * 10, tuple([1.0] * 10), tuple([9.0] * 10))
    kept = {value for _moment, value in thin(made, STEP, FIRST, FIRST + 10 * STEP, 50)}
    assert {1.0, 9.0} <= kept


@given(
    st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1, max_size=400),
    st.sets(st.integers(0, 399)),
    st.integers(1, 60),
)
def test_thinning_never_draws_over_a_gap_of_two_columns(
    values: list[float | None], gone: set[int], width: int
) -> None:
    """Any two values drawn as neighbours have no gap between them that is wider than two columns."""
    kept_points = tuple(point for index, point in enumerate(points(values)) if index not in gone)
    end = FIRST + len(values) * STEP
    thinned = thin(ChartSeries("x", kept_points), STEP, FIRST, end, width)
    assert [moment for moment, _value in thinned] == sorted(moment for moment, _value in thinned)
    there = {moment for moment, value in kept_points if value is not None}
    column = (end - FIRST) / width
    for (left, left_value), (right, right_value) in pairwise(thinned):
        if left_value is None or right_value is None:
            continue
        known = [left, *sorted(moment for moment in there if left < moment < right), right]
        longest = max(second - first for first, second in pairwise(known))
        assert longest <= max(STEP * 1.5, 2 * column + STEP)


def test_figures_by_nearest_rank_over_what_is_there() -> None:
    found = figures(series([None, *[float(index) for index in range(1, 21)], None]))
    assert found is not None
    assert (found.last, found.lowest, found.highest, found.mean, found.percentile, found.count) == (
        20,
        1,
        20,
        10.5,
        19,
        20,
    )


def test_no_value_has_no_figures() -> None:
    assert figures(series([None, math.nan])) is None


def test_a_flat_or_empty_chart_still_has_a_range() -> None:
    assert value_range(chart(series=(series([0.0, 0.0]),), thresholds=())) == (0.0, 1.0)
    assert value_range(chart(series=(), thresholds=())) == (0.0, 1.0)


def test_signal_strengths_are_not_pressed_flat_by_zero() -> None:
    assert value_range(chart(series=(series([-70.0, -50.0]),), thresholds=())) == (-70.0, -50.0)


def test_a_threshold_far_above_does_not_press_the_lines_flat() -> None:
    near, far = Threshold(15.0, _("near")), Threshold(1_000.0, _("far"))
    made = chart(series=(series([1.0, 10.0]),), thresholds=(near, far))
    assert value_range(made) == (0.0, 15.0)
    assert [level.label for level in plan(made, formatter(), 80, 20).thresholds] == ["near"]


def test_a_sparkline_keeps_gaps_and_shows_zero() -> None:
    assert sparkline(points([0.0, None, 5.0, 10.0]), FIRST, FIRST + 4 * STEP, 4, 0.0, 10.0) in (
        "▁ ▄█",
        "▁ ▅█",
    )
    assert sparkline([], FIRST, FIRST + STEP, 3, 0.0, 1.0) == "   "


def test_a_sparkline_shows_the_peak_of_each_column() -> None:
    values: list[float | None] = [0.0] * 100
    values[55] = 10.0
    assert sparkline(points(values), FIRST, FIRST + 100 * STEP, 10, 0.0, 10.0) == "▁▁▁▁▁█▁▁▁▁"


@pytest.mark.parametrize(
    ("length", "labels"),
    [
        (timedelta(hours=3), ["17:30", "18:00", "18:30", "19:00", "19:30", "20:00"]),
        (timedelta(hours=24), ["18:00", "01-15", "06:00", "12:00"]),
        (timedelta(days=7), ["01-15", "01-17", "01-19", "01-21"]),
        (timedelta(days=30), ["01-16", "01-21", "01-26", "01-31", "02-05", "02-10"]),
        (timedelta(days=365), ["2026-03", "2026-05", "2026-07", "2026-09", "2026-11", "2027-01"]),
        (timedelta(days=3_650), ["2028", "2030", "2032", "2034", "2036"]),
    ],
)
def test_time_ticks_are_round_for_every_range(length: timedelta, labels: list[str]) -> None:
    start = datetime(2026, 1, 14, 17, 15, tzinfo=UTC)
    found = time_ticks(to_epoch(start), to_epoch(start + length), ZoneInfo("UTC"))
    assert [tick.label for tick in found] == labels


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Europe/Helsinki", "Australia/Lord_Howe", "Asia/Kathmandu"]
)
def test_hours_stay_those_on_the_wall_when_clocks_change(zone: str) -> None:
    for month, day in ((3, 8), (3, 29), (4, 5), (10, 4), (10, 25), (11, 1)):
        start = datetime(2026, month, day, 12, tzinfo=ZoneInfo(zone)) - timedelta(days=1)
        ticks = time_ticks(to_epoch(start), to_epoch(start) + 48 * 3_600, ZoneInfo(zone))
        assert 3 <= len(ticks) <= 6
        for tick in ticks:
            local = datetime.fromtimestamp(tick.at, ZoneInfo(zone))
            assert (local.hour % 12, local.minute) == (0, 0)


@given(
    st.integers(0, 4_000_000_000),
    st.integers(60, 400_000_000),
    st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu"]),
)
def test_ticks_are_few_inside_and_in_order(start: int, length: int, zone: str) -> None:
    ticks = time_ticks(start, start + length, ZoneInfo(zone))
    assert len(ticks) <= 7
    moments = [tick.at for tick in ticks]
    assert moments == sorted(set(moments))
    assert all(start <= moment < start + length for moment in moments)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0.0, 80.0, ["0", "20", "40", "60", "80"]),
        (0.0, 1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0.0, 12_431.0, ["0", "5,000", "10,000", "15,000"]),
        (
            -72.0,
            -48.0,
            ["-80", "-70", "-60", "-50", "-40"],
        ),
        (0.0, 0.003, ["0.000", "0.001", "0.002", "0.003"]),
    ],
)
def test_value_ticks_are_round(low: float, high: float, labels: list[str]) -> None:
    assert [tick.label for tick in value_ticks(low, high, formatter())] == labels


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e9), st.integers(2, 6))
def test_value_ticks_enclose_the_values(low: float, span: float, most: int) -> None:
    ticks = value_ticks(low, low + span, formatter(), most=most)
    step = ticks[1].at - ticks[0].at
    assert 2 <= len(ticks) <= max(most, 3)
    assert ticks[0].at <= low + step * 1e-3
    assert ticks[-1].at >= low + span - step * 1e-3
