"""Levels and their hysteresis (production.md 4)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.production.rules.thresholds import Level, budget_level, held, level, percent_of

PERCENTS = st.decimals(0, 130, places=3)


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        (None, Level.UNKNOWN),
        (Decimal(0), Level.HEALTHY),
        (Decimal("79.999"), Level.HEALTHY),
        (Decimal(80), Level.WARNING),
        (Decimal("94.999"), Level.WARNING),
        (Decimal(95), Level.CRITICAL),
        (Decimal(250), Level.CRITICAL),
    ],
)
def test_80_is_a_warning_and_95_critical_on_the_unrounded_value(
    percent: Decimal | None, expected: Level
) -> None:
    assert level(percent) is expected


def test_a_budget_is_exceeded_only_above_100_percent() -> None:
    assert budget_level(Decimal(100)) is Level.CRITICAL
    assert budget_level(Decimal("100.001")) is Level.EXCEEDED


def test_nothing_is_a_percentage_of_nothing() -> None:
    assert percent_of(Decimal(5), Decimal(0)) is None
    assert percent_of(None, Decimal(5)) is None
    assert percent_of(Decimal(1440), Decimal(1800)) == 80


def test_a_warning_clears_below_78_and_critical_below_93() -> None:
    assert held(Level.WARNING, Decimal(78)) is Level.WARNING
    assert held(Level.WARNING, Decimal("77.999")) is Level.HEALTHY
    assert held(Level.CRITICAL, Decimal(93)) is Level.CRITICAL
    assert held(Level.CRITICAL, Decimal("92.999")) is Level.WARNING


def test_from_critical_it_may_fall_to_the_band_of_the_warning() -> None:
    assert held(Level.CRITICAL, Decimal(79)) is Level.WARNING
    assert held(Level.CRITICAL, Decimal(77)) is Level.HEALTHY


def test_what_is_not_known_leaves_the_level_as_it_was() -> None:
    assert held(Level.CRITICAL, None) is Level.CRITICAL
    assert held(Level.HEALTHY, None) is Level.HEALTHY


@given(before=st.sampled_from([Level.HEALTHY, Level.WARNING, Level.CRITICAL]), percent=PERCENTS)
def test_a_held_level_is_never_below_the_plain_one_and_at_most_two_points_late(
    before: Level, percent: Decimal
) -> None:
    after = held(before, percent)
    assert level(percent) <= after
    assert after <= max(before, level(percent))
    assert after == level(percent) or after <= level(percent + 2)
    assert held(after, percent) is after
