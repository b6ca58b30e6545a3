"""Uptime and error budget out of the state log; every vector of operations.md 7.3 and 8 by its name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.operations.model_components import ComponentState, Standing, StateSpan
from core.areas.operations.pages.status_page_uptime import uptime_value
from core.areas.operations.rules.burn_rate import BURN_ALERTS, burning
from core.areas.operations.rules.uptime import (
    Uptime,
    budget_left,
    budget_of,
    burn_rate,
    mean_uptime,
    truncated,
    uptime_of,
)
from core.moment import Window
from core.units import Absent, Quantity, State

from .routine import words

END = datetime(2026, 1, 31, tzinfo=UTC)
DAYS_30 = Window.last(timedelta(days=30), END)
MAJOR, PARTIAL = ComponentState.MAJOR_OUTAGE, ComponentState.PARTIAL_OUTAGE
UP, DEGRADED = ComponentState.OPERATIONAL, ComponentState.DEGRADED_PERFORMANCE
MAINTENANCE = ComponentState.UNDER_MAINTENANCE


def log(*parts: tuple[float, ComponentState | None], window: Window = DAYS_30) -> list[StateSpan]:
    """Stretches of so many minutes from the window's start, then operational to its end."""
    spans: list[StateSpan] = []
    at = window.start
    for minutes, state in parts:
        end = at + timedelta(minutes=minutes)
        spans.append(StateSpan(at, end, Standing(state, state, state is not None)))
        at = end
    spans.append(StateSpan(at, None, Standing(UP, UP, True)))
    return spans


def test_vector_20_major_and_40_partial_minutes_of_30_days_show_99_92() -> None:
    found = uptime_of(log((20, MAJOR), (40, PARTIAL)), DAYS_30)
    assert found.downtime == timedelta(minutes=32)
    assert found.share == 1 - Fraction(32, 43_200)
    assert found.percent == 99.92
    assert isinstance(uptime_value(found), Quantity)


def test_vector_error_budget_of_30_days_at_99_9_leaves_11_2_minutes() -> None:
    found = uptime_of(log((20, MAJOR), (40, PARTIAL)), DAYS_30)
    assert budget_of(timedelta(days=30), 99.9) == timedelta(minutes=43.2)
    assert budget_left(found, 99.9) == timedelta(minutes=11.2)


def test_vector_99_996_is_truncated_to_99_99() -> None:
    assert truncated(Fraction(99_996, 1000)) == 99.99
    assert truncated(Fraction(100)) == 100.0


def test_vector_partial_outages_weigh_30_percent_unless_set_otherwise() -> None:
    assert uptime_of(log((100, PARTIAL)), DAYS_30).downtime == timedelta(minutes=30)
    assert uptime_of(log((100, PARTIAL)), DAYS_30, Fraction(1)).downtime == timedelta(minutes=100)


def test_vector_degraded_performance_and_maintenance_do_not_count() -> None:
    assert uptime_of(log((600, DEGRADED), (600, MAINTENANCE)), DAYS_30).percent == 100.0


def test_vector_unknown_minutes_leave_the_window_and_are_told() -> None:
    half = DAYS_30.length / timedelta(minutes=1) / 2
    found = uptime_of(log((half, None), (21.6, MAJOR)), DAYS_30)
    assert found.unmeasured == Fraction(1, 2)
    assert found.share == 1 - Fraction(1, 1000)  # of the measured half
    assert found.percent == 99.9


def test_vector_above_5_percent_unmeasured_the_figure_is_greyed() -> None:
    five = DAYS_30.length / timedelta(minutes=1) * 0.05
    assert not uptime_of(log((five, None)), DAYS_30).greyed
    more = uptime_of(log((five + 1, None)), DAYS_30)
    assert more.greyed
    assert isinstance(uptime_value(more), State)


def test_of_a_window_of_which_nearly_nothing_was_measured_nothing_is_said() -> None:
    known = DAYS_30.length / timedelta(minutes=1) / 100
    for minutes, shown in ((known, 0.0), (known - 1, None)):
        down = StateSpan(END - timedelta(minutes=minutes), END, Standing(MAJOR, MAJOR, True))
        found = uptime_of([down], DAYS_30)
        assert found.percent == shown
        assert (budget_left(found, 99.9) is None) is (shown is None)
        assert (burn_rate(found, 99.9) is None) is (shown is None)
    value = uptime_value(found)
    assert isinstance(value, Absent)
    assert words(value.reason) == "only 7 h 11 min of this time were measured"
    other = mean_uptime([found, uptime_of(log((432, MAJOR)), DAYS_30)])
    assert other is not None
    assert other.percent == 99.0


def test_vector_a_group_is_the_unweighted_mean_of_its_components() -> None:
    bad, good = uptime_of(log((432, MAJOR)), DAYS_30), uptime_of(log(), DAYS_30)
    mean = mean_uptime([bad, good])
    assert mean is not None
    assert mean.share == 1 - Fraction(5, 1000)
    assert mean.downtime == timedelta(minutes=216)


def test_a_component_that_was_never_measured_has_no_say_in_the_mean() -> None:
    never = uptime_of([], DAYS_30)
    assert never.share is None
    assert isinstance(uptime_value(never), Absent)
    mean = mean_uptime([uptime_of(log((432, MAJOR)), DAYS_30), never])
    assert mean is not None
    assert mean.percent == 99.0
    assert mean.unmeasured == Fraction(1, 2)


def test_only_what_lies_inside_the_window_counts() -> None:
    before = DAYS_30.start - timedelta(days=3)
    spans = [
        StateSpan(before, DAYS_30.start + timedelta(minutes=5), Standing(MAJOR, MAJOR, True)),
        StateSpan(DAYS_30.start + timedelta(minutes=5), END + timedelta(days=1), Standing(UP, UP, True)),
    ]
    found = uptime_of(spans, DAYS_30)
    assert found.downtime == timedelta(minutes=5)
    assert found.unmeasured == 0


def test_a_state_that_nobody_verifies_is_unmeasured_though_it_is_shown() -> None:
    spans = [StateSpan(DAYS_30.start, None, Standing(UP, UP, verified=False))]
    assert uptime_of(spans, DAYS_30).share is None


@pytest.mark.parametrize(
    ("name", "rate", "long", "short"),
    [
        ("fast", 14.4, timedelta(hours=1), timedelta(minutes=5)),
        ("medium", 6.0, timedelta(hours=6), timedelta(minutes=30)),
        ("slow", 1.0, timedelta(days=3), timedelta(hours=6)),
    ],
)
def test_vector_burn_rate_alerts_of_the_workbook(
    name: str, rate: float, long: timedelta, short: timedelta
) -> None:
    alert = next(each for each in BURN_ALERTS if each.name == name)
    assert (alert.rate, alert.long, alert.short) == (rate, long, short)
    assert burning(alert, rate, rate) is True
    assert burning(alert, rate, rate - 0.1) is False
    assert burning(alert, rate - 0.1, rate) is False
    assert burning(alert, None, rate) is None


def test_vector_burn_rate_1_spends_the_budget_within_its_window() -> None:
    assert burn_rate(uptime_of(log((43.2, MAJOR)), DAYS_30), 99.9) == pytest.approx(1)
    assert burn_rate(uptime_of(log(), DAYS_30), 99.9) == 0
    hour = Window.last(timedelta(hours=1), END)
    assert burn_rate(uptime_of(log((60, MAJOR), window=hour), hour), 99.9) == pytest.approx(1000)


STATES = st.sampled_from([*ComponentState, None])


@given(st.lists(st.tuples(st.integers(0, 5_000), STATES), max_size=12))
def test_no_log_makes_an_uptime_outside_0_to_100(parts: list[tuple[int, ComponentState | None]]) -> None:
    found = uptime_of(log(*parts), DAYS_30)
    assert 0 <= found.unmeasured <= 1
    assert found.share is None or 0 <= found.share <= 1
    assert found.downtime <= found.measured


@given(st.fractions(min_value=0, max_value=100))
def test_truncation_never_flatters(percent: Fraction) -> None:
    shown = truncated(percent)
    assert Fraction(str(shown)) <= percent
    assert percent - Fraction(str(shown)) < Fraction(1, 100)


def test_an_empty_window_has_no_uptime() -> None:
    nothing = Window(END, END)
    assert uptime_of(log(), nothing) == Uptime(timedelta(0), timedelta(0), timedelta(0), None)
