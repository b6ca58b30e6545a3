"""The clocks of service-level agreements: operations.md 5.3 and 4.4, each worked example by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sla import (
    BusinessHours,
    Clock,
    ClockState,
    Pause,
    moment_of,
    pause,
    reopen,
    resume,
    retarget,
    standing,
    stop,
)

DAY = datetime(2026, 1, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


def at(text: str) -> datetime:
    """A moment of the day, by its hour and minute."""
    hours, minutes = text.split(":")
    return DAY + timedelta(hours=int(hours), minutes=int(minutes))


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def clock(target: timedelta | None = HOUR, **fields: object) -> Clock:
    return replace(Clock("resolution", at("10:00"), target), **fields)  # type: ignore[arg-type]


# operations.md 5.3, the vectors


def test_vector_no_pause_warns_at_10_45_00() -> None:
    assert not standing(clock(), at("10:45") - INSTANT).warn
    assert standing(clock(), at("10:45")).warn


def test_vector_no_pause_breaches_just_after_11_00_00() -> None:
    assert not standing(clock(), at("11:00")).breach
    assert standing(clock(), at("11:00") + INSTANT).breach


def test_vector_pending_10_30_to_12_00_has_used_30_and_left_30_at_12_00() -> None:
    paused = resume(pause(clock(), at("10:30")), at("12:00"))
    found = standing(paused, at("12:00"))
    assert (found.elapsed, found.remaining, found.due) == (minutes(30), minutes(30), at("12:30"))


def test_vector_pending_10_30_to_12_00_warns_at_12_15() -> None:
    paused = resume(pause(clock(), at("10:30")), at("12:00"))
    assert not standing(paused, at("12:15") - INSTANT).warn
    assert standing(paused, at("12:15")).warn


def test_vector_paused_at_10_50_after_the_warning_is_due_at_13_10_without_a_second_one() -> None:
    warned = clock(warned_at=at("10:45"))
    paused = pause(warned, at("10:50"))
    while_paused = standing(paused, at("12:00"))
    assert while_paused.ratio == pytest.approx(1 / 6)
    assert while_paused.due is None
    resumed = resume(paused, at("13:00"))
    assert standing(resumed, at("13:00")).due == at("13:10")
    assert not any(standing(resumed, at("13:00") + minutes(step)).warn for step in range(15))


def test_vector_first_response_ignores_pending_and_breaches_after_11_00() -> None:
    unanswered = Clock(
        "first response", at("10:00"), HOUR
    )  # an internal note stops nothing and nothing pauses
    assert standing(unanswered, at("11:00") + INSTANT).breach


# operations.md 4.4, the vector


def test_vector_incident_of_high_severity_warns_and_is_due() -> None:
    response, resolution = clock(HOUR), clock(8 * HOUR)
    assert standing(response, at("10:00")).due == at("11:00")
    assert standing(response, at("10:45")).warn
    assert standing(resolution, at("10:00")).due == at("18:00")
    assert not standing(resolution, at("16:00") - INSTANT).warn
    assert standing(resolution, at("16:00")).warn


def test_vector_incident_raised_to_critical_at_10_20_is_breached_by_the_change() -> None:
    response = retarget(clock(HOUR), minutes(15), at("10:20"))
    resolution = retarget(clock(8 * HOUR), 4 * HOUR, at("10:20"))
    assert response.breached_at == at("10:20")
    assert standing(response, at("10:20")).due == at("10:15")
    assert resolution.breached_at is None
    assert standing(resolution, at("10:20")).due == at("14:00")


# the rules


def test_an_internal_pause_shows_what_is_left_but_no_due_time() -> None:
    found = standing(pause(clock(), at("10:23")), at("15:00"))
    assert (found.state, found.remaining, found.due) == (ClockState.PAUSED, minutes(37), None)


@pytest.mark.parametrize("target", [None, timedelta(0)])
def test_no_target_is_no_promise(target: timedelta | None) -> None:
    found = standing(clock(target), at("23:00"))
    assert (found.remaining, found.due, found.ratio) == (None, None, None)
    assert not (found.warn)
    assert not (found.breach)
    assert not found.breached
    assert standing(stop(clock(target), at("12:00")), at("13:00")).state is ClockState.MET


def test_a_stop_in_time_is_met_and_a_late_one_completes_flagged_breached() -> None:
    assert standing(stop(clock(), at("11:00")), at("20:00")).state is ClockState.MET
    late = stop(clock(), at("11:30"))
    assert late.breached_at == at("11:00")
    found = standing(late, at("20:00"))
    assert (found.state, found.elapsed, found.remaining) == (ClockState.BREACHED, minutes(90), minutes(-30))


def test_a_breach_is_for_good_and_told_once() -> None:
    breached = clock(breached_at=at("11:00"))
    assert not standing(breached, at("12:00")).breach
    longer = retarget(breached, 8 * HOUR, at("12:00"))
    assert standing(longer, at("12:00")).breached
    assert standing(stop(longer, at("12:30")), at("12:30")).state is ClockState.BREACHED


def test_a_breach_that_nobody_saw_before_a_pause_is_still_told() -> None:
    assert standing(pause(clock(), at("11:10")), at("14:00")).breach


def test_a_paused_clock_does_not_warn_until_it_resumes() -> None:
    paused = pause(clock(), at("10:50"))
    assert not standing(paused, at("12:00")).warn
    assert standing(resume(paused, at("12:00")), at("12:00")).warn


def test_a_new_target_counts_from_the_original_start_and_keeps_the_pauses() -> None:
    paused = resume(pause(clock(4 * HOUR), at("10:10")), at("12:00"))
    shorter = retarget(paused, HOUR, at("12:20"))
    assert shorter.breached_at is None  # only half an hour counts: no false breach
    assert standing(shorter, at("12:20")).due == at("12:50")


def test_a_longer_target_does_not_hide_a_breach_that_nobody_had_looked_at() -> None:
    longer = retarget(clock(HOUR), 4 * HOUR, at("11:30"))
    assert longer.breached_at == at("11:00")


def test_a_stopped_clock_keeps_the_target_it_was_held_to() -> None:
    done = stop(clock(), at("10:40"))
    assert retarget(done, minutes(15), at("12:00")) == done


def test_a_reopened_clock_does_not_count_the_gap() -> None:
    again = reopen(stop(clock(), at("10:20")), at("14:00"))
    found = standing(again, at("14:05"))
    assert (found.elapsed, found.due) == (minutes(25), at("14:40"))


def test_stopping_a_paused_clock_ends_the_pause() -> None:
    done = stop(pause(clock(), at("10:30")), at("15:00"))
    assert done.pauses == (Pause(at("10:30"), at("15:00")),)
    assert standing(done, at("20:00")).elapsed == minutes(30)


def test_the_past_is_read_as_it_was() -> None:
    done = replace(stop(pause(clock(), at("10:30")), at("15:00")), breached_at=None)
    assert standing(done, at("10:20")).state is ClockState.RUNNING
    assert standing(done, at("12:00")).state is ClockState.PAUSED
    late = stop(clock(), at("12:00"))
    assert not standing(late, at("10:30")).breached


def test_before_its_start_nothing_has_elapsed() -> None:
    assert standing(clock(), at("09:00")).elapsed == timedelta(0)


# business hours

OFFICE = BusinessHours(ZoneInfo("America/Sao_Paulo"), time(9), time(17))
"""12:00 to 20:00 UTC, from Monday to Friday; 22 January 2026 is a Thursday."""


def test_only_working_time_counts_where_hours_are_set() -> None:
    four_hours = Clock("first response", at("18:00"), 4 * HOUR, hours=OFFICE)
    friday = DAY + timedelta(days=1)
    assert standing(four_hours, friday).elapsed == 2 * HOUR
    assert standing(four_hours, friday).due == friday + 14 * HOUR


def test_a_weekend_is_no_working_time() -> None:
    friday = DAY + timedelta(days=1)
    late = Clock("first response", friday + 19 * HOUR, 2 * HOUR, hours=OFFICE)
    monday = friday + timedelta(days=3)
    assert standing(late, monday).due == monday + 13 * HOUR


def test_hours_without_a_day_never_come_due() -> None:
    never = BusinessHours(ZoneInfo("UTC"), days=frozenset())
    assert standing(clock(hours=never), at("23:00")).due is None


# properties

_OFFSETS = st.integers(0, 600)
_PAUSES = st.lists(st.tuples(_OFFSETS, st.integers(0, 200)), max_size=5)


def _paused(pairs: list[tuple[int, int]]) -> Clock:
    made = tuple(Pause(at("10:00") + minutes(s), at("10:00") + minutes(s + n)) for s, n in pairs)
    return clock(pauses=made)


@given(_PAUSES, _OFFSETS, _OFFSETS)
def test_elapsed_never_falls_and_never_outruns_time(pairs: list[tuple[int, int]], a: int, b: int) -> None:
    earlier, later = sorted((at("10:00") + minutes(a), at("10:00") + minutes(b)))
    before, after = standing(_paused(pairs), earlier), standing(_paused(pairs), later)
    assert timedelta(0) <= after.elapsed - before.elapsed <= later - earlier


@given(_PAUSES, st.integers(0, 60))
def test_the_moment_of_an_elapsed_time_shows_that_time(pairs: list[tuple[int, int]], shown: int) -> None:
    moment = moment_of(_paused(pairs), minutes(shown))
    assert moment is not None
    assert standing(_paused(pairs), moment).elapsed == minutes(shown)


@given(_PAUSES, _OFFSETS)
def test_looking_twice_never_tells_twice(pairs: list[tuple[int, int]], offset: int) -> None:
    now = at("10:00") + minutes(offset)
    found = standing(_paused(pairs), now)
    marked = replace(
        _paused(pairs), warned_at=now if found.warn else None, breached_at=now if found.breach else None
    )
    again = standing(marked, now)
    assert not (again.warn and found.warn)
    assert not again.breach


@given(_PAUSES, _OFFSETS)
def test_stopping_agrees_with_looking(pairs: list[tuple[int, int]], offset: int) -> None:
    now = at("10:00") + minutes(offset)
    live, done = standing(_paused(pairs), now), standing(stop(_paused(pairs), now), now)
    assert (done.elapsed, done.breached) == (live.elapsed, live.breached)
