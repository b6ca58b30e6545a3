"""Use by local day: split at midnight, days of 23 and 25 hours, gaps, and two weeks side by side."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.areas.usage.rules.days import CounterPoint, Day, compare_weeks, day_edges, days, week_instants
from core.moment import Window

NAIROBI = ZoneInfo("Africa/Nairobi")
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
Counter = Sequence[tuple[datetime, float]]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def around(counter: Counter, instants: Sequence[datetime]) -> list[CounterPoint]:
    """The counter's neighbours of each instant, as the store gives them."""
    times = [moment for moment, _value in counter]
    found: list[CounterPoint] = []
    for instant in instants:
        index = bisect_right(times, instant)
        before = counter[index - 1] if index else None
        after = counter[index] if index < len(counter) else None
        found.append(CounterPoint(instant, before, after))
    return found


def by_day(
    counter: Counter, now: datetime, count: int, zone: ZoneInfo, gaps: Sequence[Window] = ()
) -> list[Day]:
    return days(around(counter, day_edges(now, count, zone)), gaps, now, zone)


def hourly(start: datetime, count: int, each: float) -> list[tuple[datetime, float]]:
    return [(start + HOUR * index, each * index) for index in range(count)]


def test_a_pair_across_midnight_is_split_in_proportion_to_time() -> None:
    counter = [(at("2026-01-13T20:00"), 0.0), (at("2026-01-14T00:00"), 40.0)]
    yesterday, today = by_day(counter, at("2026-01-14T00:30"), 2, NAIROBI)
    assert (yesterday.day, yesterday.used) == (date(2026, 1, 13), 10.0)  # midnight there is 21:00 UTC
    assert (today.day, today.used, today.partial) == (date(2026, 1, 14), 30.0, True)


def test_a_day_without_a_reading_is_a_gap_and_its_neighbours_are_estimated() -> None:
    counter = [(at("2026-01-10T12:00"), 0.0), (at("2026-01-12T12:00"), 48.0), (at("2026-01-12T13:00"), 49.0)]
    gap = Window(counter[0][0], counter[1][0])
    found = by_day(counter, at("2026-01-12T14:00"), 4, ZoneInfo("UTC"), [gap])
    assert [day.used for day in found] == [None, 12.0, None, 13.0]
    assert [day.estimated for day in found] == [False, True, False, True]
    assert [day.partial for day in found] == [True, True, False, True]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_days_on_which_clocks_change_have_23_or_25_hours(day: date, hours: int) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC)
    counter = hourly(start - timedelta(days=1), 80, 1.0)
    now = start + timedelta(days=1, hours=10)
    found = {each.day: each for each in by_day(counter, now, 3, BERLIN)}
    assert found[day].length == hours * HOUR
    assert found[day].used == hours
    assert found[day - timedelta(days=1)].used == 24


def test_the_same_readings_make_other_days_in_another_zone() -> None:
    counter = hourly(at("2026-01-13T00:00"), 48, 1.0)
    now = at("2026-01-14T23:00")
    assert [day.used for day in by_day(counter, now, 2, ZoneInfo("UTC"))] == [24.0, 23.0]
    assert [day.used for day in by_day(counter, now, 3, NAIROBI)] == [21.0, 24.0, 2.0]


def test_this_week_is_compared_with_the_same_part_of_the_last() -> None:
    now = at("2026-01-14T09:00")  # Wednesday noon in Nairobi
    instants = week_instants(now, NAIROBI)
    assert instants == (at("2026-01-04T21:00"), at("2026-01-07T09:00"), at("2026-01-11T21:00"), now)
    counter = [*hourly(at("2026-01-01T00:00"), 261, 1.0)]  # 1 an hour up to the week's beginning
    top = counter[-1][1]
    counter += [(at("2026-01-11T21:00") + HOUR * index, top + 2.0 * index) for index in range(1, 61)]
    week = compare_weeks(around(counter, instants))
    assert (week.so_far, week.last_by_now, week.last_whole) == (pytest.approx(120, abs=3), 60, 168)
    assert week.change == pytest.approx(1.0, abs=0.06)


def test_a_week_that_began_before_the_readings_is_not_compared() -> None:
    now = at("2026-01-14T09:00")
    week = compare_weeks(around(hourly(at("2026-01-08T00:00"), 150, 1.0), week_instants(now, NAIROBI)))
    assert week.so_far is not None
    assert (week.last_by_now, week.last_whole, week.change) == (None, None, None)


def test_the_week_of_a_clock_change_is_compared_by_the_local_time() -> None:
    now = at("2026-04-01T10:00")  # Wednesday noon in summer
    last_start, last_now, start, _now = week_instants(now, BERLIN)
    assert (last_start, last_now) == (at("2026-03-22T23:00"), at("2026-03-25T11:00"))
    assert start == at("2026-03-29T22:00")
