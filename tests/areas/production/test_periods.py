"""Local days, weeks and months, over changes of the clocks too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.production.rules.periods import (
    Days,
    billing_month,
    day_of,
    iso_week,
    midnight,
    month,
    parse_week,
    week_name,
)

BERLIN = ZoneInfo("Europe/Berlin")
HAVANA = ZoneInfo("America/Havana")
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def test_a_day_is_23_or_25_hours_long_when_the_clocks_change() -> None:
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert Days(spring, spring + timedelta(days=1)).window(BERLIN).length == timedelta(hours=23)
    assert Days(autumn, autumn + timedelta(days=1)).window(BERLIN).length == timedelta(hours=25)


def test_a_day_without_a_midnight_begins_when_the_clocks_jump() -> None:
    assert midnight(date(2026, 3, 8), HAVANA) == datetime(2026, 3, 8, 5, tzinfo=UTC)


@pytest.mark.parametrize("zone", [BERLIN, HAVANA, ZoneInfo("Asia/Tokyo"), ZoneInfo("Asia/Beirut")])
@given(day=DAYS)
def test_every_moment_belongs_to_one_day(zone: ZoneInfo, day: date) -> None:
    start, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    assert day_of(start, zone) == day
    assert day_of(end - timedelta(seconds=1), zone) == day


def test_tokyos_day_begins_at_15_utc() -> None:
    assert day_of(datetime(2026, 1, 21, 15, tzinfo=UTC), ZoneInfo("Asia/Tokyo")) == date(2026, 1, 22)


@given(day=DAYS, first=st.integers(1, 28))
def test_billing_months_follow_on_one_another(day: date, first: int) -> None:
    here = billing_month(day, first)
    assert day in here
    assert 28 <= len(here) <= 31
    assert billing_month(here.end, first).first == here.end


def test_months_and_weeks() -> None:
    assert month(date(2024, 2, 29)) == Days(date(2024, 2, 1), date(2024, 3, 1))
    assert iso_week(date(2026, 1, 1)) == Days(date(2025, 12, 29), date(2026, 1, 5))
    assert week_name(date(2025, 12, 29)) == "2026-W01"
    assert parse_week("2026-w04").first == date(2026, 1, 19)


@pytest.mark.parametrize("text", ["2026-W54", "2026-04", "W04", "2025-W53", ""])
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"week|Invalid"):
        parse_week(text)
