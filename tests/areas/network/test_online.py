"""Connection history (plume.md 9)."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.network.model import OnlineRow, OnlineWord
from core.areas.network.rules.online import OnlineAnalysis, Rating, Trend, analyse, bar_cells
from core.moment import Window, to_epoch
from core.units import Severity

START = datetime(2026, 1, 7, 10, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
NOTHING = timedelta()
WORDS = {
    "O": OnlineWord.ONLINE,
    "x": OnlineWord.OFFLINE,
    "~": OnlineWord.INTERMITTENT,
    "?": OnlineWord.UNKNOWN,
}


def rows_of(pattern: str, spacing: timedelta = QUARTER) -> list[OnlineRow]:
    """A row for each letter: O online, x offline, ~ intermittent, ? no value; a space leaves the row out."""
    return [
        OnlineRow(to_epoch(START + index * spacing), WORDS[letter])
        for index, letter in enumerate(pattern)
        if letter != " "
    ]


def history(pattern: str, window: Window | None = None) -> OnlineAnalysis:
    return analyse(rows_of(pattern), window or Window(START, START + len(pattern) * QUARTER))


@pytest.mark.parametrize(
    ("rows", "percent", "trend", "rating"),
    [
        (12, 83.33, Trend.DECLINING, Rating.CRITICAL),
        (96, 97.9167, Trend.STABLE, Rating.FAIR),
        (672, 99.7024, Trend.STABLE, Rating.EXCELLENT),
    ],
)
def test_the_vectors_with_rows_10_and_11_offline(
    rows: int, percent: float, trend: Trend, rating: Rating
) -> None:
    result = history(("O" * 10 + "xx").ljust(rows, "O"))
    assert result.uptime is not None
    assert result.uptime * 100 == pytest.approx(percent, abs=0.005)
    assert len(result.incidents) == 1
    assert (result.trend, result.rating) == (trend, rating)
    assert (result.coverage, result.rows.online, result.rows.offline) == (1.0, rows - 2, 2)


def test_both_ends_counted_give_the_same_week() -> None:
    pattern = ("O" * 10 + "xx").ljust(673, "O")
    result = history(pattern, Window(START, START + timedelta(days=7)))
    assert result.uptime == 670 / 672


def test_no_rows_is_no_data_without_a_percentage() -> None:
    result = history("", Window(START, START + 24 * HOUR))
    assert result.uptime is None
    assert result.rating is Rating.NO_DATA
    assert (str(result.rating.state.word), result.rating.state.severity) == ("No data", Severity.UNKNOWN)
    assert (result.coverage, result.time.unknown, result.trend) == (0.0, 24 * HOUR, Trend.STABLE)
    assert (result.incidents, result.bar_cells) == ((), 0)


def test_rows_without_a_value_are_unknown_and_no_downtime() -> None:
    result = history("OO??")
    assert result.uptime == 1.0
    assert (result.coverage, result.rows.unknown) == (0.5, 2)


def test_a_single_row_is_taken_for_a_quarter_hour_row() -> None:
    result = analyse(rows_of("x"), Window(START, START + HOUR))
    assert result.time.offline == QUARTER * 1.5
    assert (result.uptime, result.trend) == (0.0, Trend.STABLE)


def test_a_row_holds_at_most_one_and_a_half_spacings() -> None:
    result = history("OOO    OOO")
    assert result.time.unknown == QUARTER * 3.5
    assert result.time.online == QUARTER * 6.5


def test_uneven_rows_are_weighed_by_their_time() -> None:
    # Rows at 0, 15, 30, 45 min and then 50 min: the last two share one quarter hour.
    rows = [*rows_of("OOOO"), OnlineRow(to_epoch(START + timedelta(minutes=50)), OnlineWord.OFFLINE)]
    result = analyse(rows, Window(START, START + HOUR))
    assert result.time.offline == timedelta(minutes=10)
    assert result.uptime == 50 / 60


def test_intermittent_lowers_the_uptime() -> None:
    result = history("OO~~")
    assert (result.uptime, result.time.intermittent, result.incidents) == (0.5, 2 * QUARTER, ())


def test_the_last_row_at_one_start_wins() -> None:
    rows = [*rows_of("xO"), OnlineRow(to_epoch(START), OnlineWord.ONLINE)]
    result = analyse(rows, Window(START, START + 2 * QUARTER))
    assert (result.uptime, result.rows.online, result.rows.offline) == (1.0, 2, 0)


def test_time_outside_the_window_is_clipped() -> None:
    window = Window(START + QUARTER / 3, START + 2 * QUARTER)
    result = history("xOO", window)
    assert result.time.offline == QUARTER * 2 / 3
    assert result.time.online == QUARTER
    assert (result.rows.offline, result.rows.online) == (0, 1)


def test_an_incident_has_its_start_end_and_length() -> None:
    (incident,) = history("OOxxxOO").incidents
    assert (incident.start, incident.end) == (START + 2 * QUARTER, START + 5 * QUARTER)
    assert incident.length == 3 * QUARTER
    assert [incident.open_at_start, incident.still_open, incident.ended_in_gap] == [False, False, False]


def test_offline_intermittent_offline_is_one_incident() -> None:
    (incident,) = history("OOx~x~OO").incidents
    assert incident.length == 4 * QUARTER


def test_two_offline_times_with_online_between_are_two_incidents() -> None:
    assert len(history("OxOxO").incidents) == 2


def test_offline_at_the_windows_start_was_already_open() -> None:
    (incident,) = history("xxOO").incidents
    assert incident.open_at_start
    assert (incident.start, incident.end) == (START, START + 2 * QUARTER)


def test_an_incident_that_began_before_the_window_is_cut_at_its_start() -> None:
    window = Window(START + 3 * QUARTER, START + 6 * QUARTER)
    (incident,) = history("OOxxOO", window).incidents
    assert incident.open_at_start
    assert (incident.start, incident.length) == (window.start, QUARTER)


def test_a_row_before_the_window_tells_that_an_incident_is_new() -> None:
    (incident,) = history("OxxO", Window(START + QUARTER, START + 4 * QUARTER)).incidents
    assert not incident.open_at_start


def test_an_incident_before_the_window_is_left_out() -> None:
    assert history("OxOOO", Window(START + 2 * QUARTER, START + 5 * QUARTER)).incidents == ()


def test_an_incident_at_the_end_is_still_open() -> None:
    (incident,) = history("OOxx").incidents
    assert incident.still_open
    assert (incident.end, incident.length) == (None, 2 * QUARTER)


def test_a_long_gap_ends_an_incident_and_another_may_follow() -> None:
    # Four rows missing: 3.5 spacings unknown.
    first, second = history("OOOx    xxOOO").incidents
    assert first.ended_in_gap
    assert (first.end, first.length) == (START + QUARTER * 4.5, QUARTER * 1.5)
    assert (second.open_at_start, second.ended_in_gap) == (False, False)


def test_a_short_gap_does_not_end_an_incident() -> None:
    # Two rows missing: 1.5 spacings unknown.
    (incident,) = history("OOOx  xxOOO").incidents
    assert incident.length == 5 * QUARTER


@pytest.mark.parametrize(("pattern", "incidents"), [("OOx??xOO", 1), ("OOx???xOO", 2)])
def test_rows_without_a_value_are_a_gap_too(pattern: str, incidents: int) -> None:
    assert len(history(pattern).incidents) == incidents


@pytest.mark.parametrize(
    ("pattern", "trend"),
    [
        ("xxOO", Trend.IMPROVING),
        ("OOxx", Trend.DECLINING),
        ("OxOx", Trend.STABLE),
        ("O", Trend.STABLE),
        ("O" * 20 + "x" + "O" * 19, Trend.STABLE),
        ("O" * 19 + "x" + "O" * 18, Trend.DECLINING),
        ("OOxx".ljust(96), Trend.DECLINING),
    ],
)
def test_the_trend_compares_the_halves_of_what_is_known(pattern: str, trend: Trend) -> None:
    assert history(pattern).trend is trend


@pytest.mark.parametrize(
    ("online", "rating"),
    [
        (1000, Rating.EXCELLENT),
        (995, Rating.EXCELLENT),
        (994, Rating.GOOD),
        (980, Rating.GOOD),
        (979, Rating.FAIR),
        (950, Rating.FAIR),
        (949, Rating.POOR),
        (900, Rating.POOR),
        (899, Rating.CRITICAL),
    ],
)
def test_the_rating_by_uptime(online: int, rating: Rating) -> None:
    assert history("O" * online + "x" * (1000 - online)).rating is rating


def test_the_ratings_marks_are_those_of_the_contract() -> None:
    marks = [rating.state.severity for rating in Rating if rating is not Rating.NO_DATA]
    assert marks == [Severity.GOOD, Severity.GOOD, Severity.WARNING, Severity.SERIOUS, Severity.CRITICAL]


@pytest.mark.parametrize(
    ("uptime", "cells"),
    [
        (1.0, 8),
        (0.9995, 8),
        (0.99949, 7),
        (0.997, 7),
        (0.8125, 7),
        (0.8124, 6),
        (0.0625, 1),
        (0.06, 0),
        (0.0, 0),
        (None, 0),
    ],
)
def test_the_bar_rounds_half_up_and_is_full_only_at_the_top(uptime: float | None, cells: int) -> None:
    assert bar_cells(uptime) == cells


def test_an_empty_window_has_no_time_and_no_incidents() -> None:
    result = history("xx", Window(START + QUARTER, START + QUARTER))
    assert (result.uptime, result.coverage, result.incidents) == (None, 0.0, ())


uneven_rows = st.lists(
    st.builds(
        OnlineRow,
        st.integers(-20_000, 100_000).map(lambda offset: to_epoch(START) + offset),
        st.sampled_from(OnlineWord),
    ),
    max_size=40,
    unique_by=lambda row: row.start,
)
DAY = Window(START, START + 24 * HOUR)


def total_time(result: OnlineAnalysis) -> timedelta:
    time = result.time
    return time.online + time.offline + time.intermittent + time.unknown


@given(uneven_rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[OnlineRow], shuffle: random.Random) -> None:
    shuffled = list(rows)
    shuffle.shuffle(shuffled)
    assert analyse(shuffled, DAY) == analyse(rows, DAY)


@given(uneven_rows)
def test_figures_keep_their_bounds_and_the_time_adds_up(rows: list[OnlineRow]) -> None:
    result = analyse(rows, DAY)
    assert total_time(result) == DAY.length
    assert 0 <= result.coverage <= 1
    assert result.uptime is None or 0 <= result.uptime <= 1
    assert (result.uptime is None) == (result.coverage == 0)
    assert 0 <= result.bar_cells <= 8


@given(uneven_rows)
def test_the_stretches_cover_the_window_without_holes(rows: list[OnlineRow]) -> None:
    stretches = analyse(rows, DAY).stretches
    assert [stretches[0].start, *(each.end for each in stretches)] == [
        *(each.start for each in stretches),
        DAY.end,
    ]
    assert stretches[0].start == DAY.start
    assert all(one.word is not other.word for one, other in pairwise(stretches))


@given(uneven_rows)
def test_incidents_lie_in_the_window_one_after_another(rows: list[OnlineRow]) -> None:
    result = analyse(rows, DAY)
    reached = DAY.start
    for incident in result.incidents:
        end = incident.end or DAY.end
        assert reached <= incident.start < end <= DAY.end
        assert incident.length == end - incident.start
        reached = end
    assert all(not incident.still_open for incident in result.incidents[:-1])
    assert sum((incident.length for incident in result.incidents), NOTHING) >= result.time.offline


@given(uneven_rows, st.integers(0, 24 * 3600))
def test_two_parts_of_a_window_add_up_to_the_whole(rows: list[OnlineRow], cut: int) -> None:
    middle = START + timedelta(seconds=cut)
    first, second = analyse(rows, Window(START, middle)), analyse(rows, Window(middle, DAY.end))
    whole = analyse(rows, DAY)
    assert first.time.online + second.time.online == whole.time.online
    assert first.time.offline + second.time.offline == whole.time.offline
    assert first.time.intermittent + second.time.intermittent == whole.time.intermittent
