"""The figures of operations.md 4.9."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.areas.incidents.model import Incident, IncidentSeverity, Status
from core.areas.incidents.rules import lifecycle
from core.areas.incidents.rules.figures import figures_of, percentile, times_of
from core.moment import Window
from tests.areas.incidents.sample import AMINA, incident
from tests.areas.incidents.world import NOW

WINDOW = Window(NOW - timedelta(days=30), NOW + timedelta(days=1))


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def done(severity: IncidentSeverity, acknowledged: float, resolved: float) -> Incident:
    held = lifecycle.acknowledge(incident(severity), AMINA, after(acknowledged)).after
    return lifecycle.resolve(held, AMINA, after(resolved), "done").after


def minutes(value: timedelta | None) -> float:
    assert value is not None
    return value / timedelta(minutes=1)


def test_4_9_mean_time_to_acknowledge_and_to_resolve() -> None:
    incidents = [done(IncidentSeverity.HIGH, m, m * 10) for m in (10, 20, 60)]
    row = figures_of(incidents, WINDOW).rows[1]
    assert (minutes(row.acknowledge.mean), minutes(row.acknowledge.median), row.acknowledge.count) == (
        30,
        20,
        3,
    )
    assert (minutes(row.resolve.mean), minutes(row.resolve.p90)) == (300, 600)


def test_4_9_attainment_is_of_all_that_stopped_by_severity() -> None:
    incidents = [
        done(IncidentSeverity.CRITICAL, 15, 240),
        done(IncidentSeverity.CRITICAL, 16, 241),
        incident(IncidentSeverity.CRITICAL),
    ]
    row = figures_of(incidents, WINDOW).rows[0]
    assert (row.response.met, row.response.stopped) == (1, 2)
    assert row.resolution.share == 0.5
    assert row.count == 3


def test_4_9_cancelled_and_merged_ones_count_nowhere() -> None:
    held = lifecycle.acknowledge(incident(), AMINA, after(5)).after
    over = [lifecycle.cancel(held, AMINA, after(6), "x").after, replace(held, status=Status.MERGED)]
    figures = figures_of(over, WINDOW)
    assert (figures.total.count, figures.total.acknowledge.mean) == (0, None)
    assert figures.total.response.share is None


def test_4_9_only_incidents_created_in_the_window_count() -> None:
    old = replace(done(IncidentSeverity.HIGH, 5, 50), created_at=NOW - timedelta(days=31))
    assert figures_of([old], WINDOW).total.count == 0


def test_4_6_the_share_of_overrides_is_a_figure() -> None:
    overridden = replace(incident(), severity=IncidentSeverity.CRITICAL)
    figures = figures_of([incident(), overridden], WINDOW)
    assert (figures.overridden, figures.classified) == (1, 2)


def test_4_9_a_low_one_without_a_day_has_no_resolution_to_attain() -> None:
    row = figures_of([done(IncidentSeverity.LOW, 5, 50)], WINDOW).rows[3]
    assert (row.resolution.stopped, row.response.stopped) == (0, 1)


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (5, 5), (10, 9), (20, 18)])
def test_4_9_the_90th_percentile_is_the_nearest_rank(count: int, expected: int) -> None:
    lengths = [timedelta(minutes=each) for each in range(1, count + 1)]
    assert percentile(lengths, 0.9) == timedelta(minutes=expected)


def test_4_9_the_median_of_an_even_number_is_between_the_two() -> None:
    assert times_of([timedelta(minutes=each) for each in (1, 2, 4, 100)]).median == timedelta(minutes=3)
    assert times_of([]).count == 0
