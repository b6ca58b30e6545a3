"""Thresholds with a minimum duration and hysteresis (operations.md 3.2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.operations.rules.thresholds import Line, Standing, Threshold, step, thresholds_of
from core.notify.rules import load_rules
from core.units import Severity

START = datetime(2026, 1, 14, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
THRESHOLDS = thresholds_of(load_rules(None))
CPU = THRESHOLDS["cpu_percent"]
WARNING, CRITICAL = CPU.lines


def stood(values: list[float | None], line: Line = WARNING, threshold: Threshold = CPU) -> list[bool]:
    """Whether the line counts as crossed after each of the values, measured a minute apart."""
    standing, found = Standing(), list[bool]()
    for index, value in enumerate(values):
        standing = step(standing, line, threshold, value, START + index * MINUTE)
        found.append(standing.active)
    return found


@pytest.mark.parametrize(
    ("series", "warning", "critical", "minutes"),
    [
        ("error_rate", 1, 5, 5),
        ("api_latency_p95", 200, 1_000, 5),
        ("cpu_percent", 85, 95, 10),
        ("database_cpu_percent", None, 90, 5),
        ("memory_percent", 80, 90, 10),
        ("disk_percent", 85, 95, 5),
        ("ai_accuracy", 95, 90, 60),
        ("ai_inference_p95", 100, 500, 10),
    ],
)
def test_vector_3_2_lines(series: str, warning: float | None, critical: float, minutes: int) -> None:
    threshold = THRESHOLDS[series]
    values = {each.severity: each.value for each in threshold.lines}

    assert values.get(Severity.WARNING) == warning
    assert values[Severity.CRITICAL] == critical
    assert threshold.lasting == minutes * MINUTE
    assert threshold.below is (series == "ai_accuracy")


def test_a_line_must_be_crossed_for_the_whole_time() -> None:
    assert stood([86.0] * 11) == [False] * 10 + [True]
    assert not any(stood([85.0] * 30))


def test_a_moment_below_starts_the_time_anew() -> None:
    assert not any(stood([*[90.0] * 9, 84.0, *[90.0] * 9]))


def test_it_clears_five_percent_further_and_as_long() -> None:
    crossed = [86.0] * 11

    assert all(stood([*crossed, *[80.8] * 30])[10:])  # 85 less 5 % is 80.75
    assert stood([*crossed, *[80.7] * 11])[-2:] == [True, False]


def test_each_level_has_its_own_time() -> None:
    values: list[float | None] = [*[86.0] * 5, *[96.0] * 11]

    assert stood(values, WARNING).index(True) == 10
    assert stood(values, CRITICAL).index(True) == 15


def test_accuracy_is_crossed_from_above() -> None:
    accuracy = THRESHOLDS["ai_accuracy"]

    assert stood([94.0] * 61, accuracy.lines[0], accuracy)[-1]
    assert not stood([94.0] * 61, accuracy.lines[1], accuracy)[-1]


def test_time_that_was_not_measured_does_not_count() -> None:
    assert not any(stood([*[90.0] * 6, None, *[90.0] * 6]))
    before = Standing(False, START)
    later = step(before, WARNING, CPU, 90.0, START + timedelta(hours=3), gap=True)
    assert later == Standing(False, START + timedelta(hours=3))


@given(st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=60))
def test_a_crossing_always_follows_ten_minutes_above(values: list[float | None]) -> None:
    found = stood(values)
    for index in range(1, len(found)):
        if found[index] and not found[index - 1]:
            assert all(value is not None and value > 85 for value in values[index - 10 : index + 1])
        if found[index - 1] and not found[index]:
            assert all(value is not None and value < 80.75 for value in values[index - 10 : index + 1])
