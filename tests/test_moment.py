"""Clocks that tests move, moments that people write, and windows."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.moment import FrozenClock, ShiftedClock, SystemClock, Window, from_epoch, parse_moment, to_epoch

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
NAIROBI = ZoneInfo("Africa/Nairobi")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-07-01T12:00:00Z", NOON),
        ("2026-07-01T12:00:00.000Z", NOON),
        ("2026-07-01T12:00:00.250000Z", NOON + timedelta(milliseconds=250)),
        ("2026-07-01T15:00:00+03:00", NOON),
        ("2026-07-01T15:00+0300", NOON),
        ("2026-07-01T17:45+05:45", NOON),
        ("2026-07-01 12:00", NOON),
        ("  2026-07-01T12:00\n", NOON),
        ("20260701T120000Z", NOON),
        ("2026-07-01", datetime(2026, 7, 1, tzinfo=UTC)),
    ],
)
def test_forms_in_which_a_moment_is_written(text: str, moment: datetime) -> None:
    parsed = parse_moment(text)
    assert parsed == moment
    assert parsed.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    ["", " ", "yesterday", "12:00", "2026-13-01", "2026-02-30", "1751371200", "2026-07-01T25:00", "\ud800"],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the standard library's own words
        parse_moment(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00+03:00", "9999-12-31T23:59-03:00"])
def test_a_moment_that_utc_has_no_year_for_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="years"):
        parse_moment(text)


def test_without_an_offset_the_zone_decides() -> None:
    assert parse_moment("2026-07-01T15:00", zone=NAIROBI) == NOON
    assert parse_moment("2026-07-01T15:00Z", zone=NAIROBI) == NOON + timedelta(hours=3)


@given(st.text(max_size=40))
def test_any_text_is_a_moment_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert parse_moment(text).tzinfo is UTC


@given(st.integers(0, 4_000_000_000_000_000), st.integers(-14 * 60, 14 * 60))
def test_what_isoformat_writes_is_read_back(microseconds: int, minutes: int) -> None:
    zone = timezone(timedelta(minutes=minutes))
    moment = (from_epoch(0) + timedelta(microseconds=microseconds)).astimezone(zone)
    assert parse_moment(moment.isoformat()) == moment


def test_stored_seconds_and_moments_are_the_same_thing() -> None:
    assert to_epoch(datetime(2026, 7, 1, 15, 0, tzinfo=NAIROBI)) == to_epoch(NOON) == 1_782_907_200
    assert from_epoch(1_782_907_200) == NOON
    assert from_epoch(0).tzinfo is UTC


async def test_a_frozen_clock_moves_only_when_told_to() -> None:
    clock = FrozenClock(datetime(2026, 7, 1, 15, 0, tzinfo=NAIROBI))
    assert (clock.now(), clock.monotonic()) == (NOON, 0.0)
    clock.advance(90)
    assert (clock.now(), clock.monotonic()) == (NOON + timedelta(seconds=90), 90.0)
    await clock.sleep(30)
    assert (clock.now(), clock.monotonic()) == (NOON + timedelta(minutes=2), 120.0)


def test_stepping_the_wall_clock_leaves_durations_alone() -> None:
    clock = FrozenClock(NOON)
    clock.step(-3600)
    assert (clock.now(), clock.monotonic()) == (NOON - timedelta(hours=1), 0.0)


def test_a_shifted_clock_starts_where_it_is_told_and_runs_at_the_usual_speed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = 1_000.0
    monkeypatch.setattr("core.moment.time.monotonic", lambda: seconds)
    clock = ShiftedClock(datetime(2026, 7, 1, 15, 0, tzinfo=NAIROBI))
    assert clock.now() == NOON
    seconds += 61.5
    assert clock.now() == NOON + timedelta(seconds=61.5)
    assert clock.now().tzinfo is UTC
    assert clock.monotonic() == seconds


async def test_the_system_clock_is_aware_and_does_not_go_back() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    before = clock.monotonic()
    await clock.sleep(0)
    assert clock.monotonic() >= before


def test_a_window_is_half_open() -> None:
    window = Window.last(timedelta(hours=1), NOON)
    assert window.length == timedelta(hours=1)
    assert NOON - timedelta(hours=1) in window
    assert NOON - timedelta(microseconds=1) in window
    assert NOON not in window
    assert NOON - timedelta(hours=1, microseconds=1) not in window
