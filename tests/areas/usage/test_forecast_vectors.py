"""The golden vectors of taara.md 8.3, each to the “right” column."""

# ruff: noqa: N802  the vectors are called by their capital letters

from __future__ import annotations

from datetime import timedelta

import pytest

from core.areas.usage.model import GIGABYTE, LimitedBy
from core.areas.usage.rules.forecast import Confidence, Forecast, forecast
from core.moment import Window
from tests.areas.usage.vectors import HOUR, NOW, QUARTER, VECTORS


def found(vector: str, interval: timedelta = HOUR) -> Forecast:
    return forecast(VECTORS[vector], NOW, interval=interval)


def per_day(result: Forecast) -> float:
    assert result.average is not None
    return result.average / GIGABYTE


def test_vector_A_a_poll_every_quarter_hour() -> None:
    result = found("A", QUARTER)
    assert per_day(result) == pytest.approx(9.6)
    assert result.confidence is Confidence.NORMAL
    assert result.data_days == pytest.approx(51.083, abs=0.001)
    assert (result.days_left, result.limited_by) == (20, LimitedBy.EXPIRY)
    assert result.over_pace is False
    assert not result.stale


def test_vector_B_the_interval_does_not_change_the_average() -> None:
    result = found("B")
    assert per_day(result) == pytest.approx(9.6)
    assert (result.days_left, result.limited_by) == (20, LimitedBy.EXPIRY)


def test_vector_C_a_top_up_leaves_the_average_alone() -> None:
    result = found("C")
    assert per_day(result) == pytest.approx(24.0)
    assert result.data_days == pytest.approx(23.0)
    assert (result.days_left, result.limited_by) == (20, LimitedBy.EXPIRY)
    (top_up,) = result.top_ups
    assert top_up.topped_up == 499 * GIGABYTE
    assert top_up.after.at == NOW - timedelta(minutes=1440)


def test_vector_D_each_plan_is_reckoned_alone() -> None:
    first, second = found("B"), found("D2")
    assert (per_day(first), first.days_left) == (pytest.approx(9.6), 20)
    assert (per_day(second), second.days_left, second.limited_by) == (0, 20, LimitedBy.EXPIRY)


def test_vector_E_a_gap_counts_for_its_whole_time_and_is_flagged() -> None:
    result = found("E")
    assert per_day(result) == pytest.approx(24.0)
    assert result.days_left == pytest.approx(10.5)
    assert result.limited_by is LimitedBy.DATA
    assert result.exhaustion_at == NOW + timedelta(days=10.5)
    assert result.days_short == pytest.approx(9.5)
    assert result.over_pace is True
    assert result.gaps == (Window(NOW - timedelta(minutes=2580), NOW - timedelta(minutes=120)),)


def test_vector_F_idle_days_are_a_pace_of_nothing() -> None:
    result = found("F")
    assert (result.average, result.days_left, result.limited_by) == (0, 20, LimitedBy.EXPIRY)
    assert result.exhaustion_at is None


def test_vector_G_one_reading_is_not_enough() -> None:
    result = found("G")
    assert (result.average, result.days_left, result.limited_by) == (None, None, LimitedBy.UNKNOWN)
    assert str(result.reason) == "not enough data"
    assert result.balance == 300 * GIGABYTE


def test_vector_H_no_reading_is_no_data() -> None:
    result = found("H")
    assert (result.average, result.days_left, result.balance) == (None, None, None)
    assert str(result.reason) == "no data"


def test_vector_J_an_hour_gives_a_value_of_low_confidence() -> None:
    result = found("J")
    assert per_day(result) == pytest.approx(24.0)
    assert result.confidence is Confidence.LOW
    assert (result.days_left, result.limited_by) == (20, LimitedBy.EXPIRY)


def test_vector_K_idle_intervals_count() -> None:
    result = found("K")
    assert per_day(result) == pytest.approx(10.3226, abs=0.0001)
    assert result.data_days == pytest.approx(28.094, abs=0.001)
    assert (result.days_left, result.limited_by) == (20, LimitedBy.EXPIRY)


def test_vector_L_readings_of_nine_days_ago_are_stale_and_no_pace() -> None:
    result = found("L")
    assert (result.average, result.days_left) == (None, None)
    assert result.stale
    assert "7 days" in str(result.reason)


def test_vector_M_an_empty_plan_is_exhausted() -> None:
    result = found("M")
    assert per_day(result) == pytest.approx(12.0)
    assert result.confidence is Confidence.LOW
    assert (result.days_left, result.limited_by, result.exhausted) == (0, LimitedBy.DATA, True)


def test_vector_P_a_pair_across_the_window_start_counts_in_part() -> None:
    result = found("P", timedelta(days=3))
    assert per_day(result) == pytest.approx(10.0)
    assert result.days_left == pytest.approx(12.0)
    assert result.limited_by is LimitedBy.DATA
