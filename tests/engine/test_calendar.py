from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.area import AtLocalTime
from core.engine.calendar import Occurrence, due, first_instant, latest
from core.moment import from_epoch

NEW_YORK = ZoneInfo("America/New_York")
HELSINKI = ZoneInfo("Europe/Helsinki")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
NAIROBI = ZoneInfo("Africa/Nairobi")
APIA = ZoneInfo("Pacific/Apia")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        pytest.param(
            NEW_YORK, date(2026, 3, 8), time(2, 30), "2026-03-08T07:00", id="skipped: first valid instant"
        ),
        pytest.param(
            NEW_YORK, date(2026, 3, 8), time(2, 0), "2026-03-08T07:00", id="skipped: at the shift itself"
        ),
        pytest.param(NEW_YORK, date(2026, 3, 8), time(3, 0), "2026-03-08T07:00", id="just after the shift"),
        pytest.param(NEW_YORK, date(2026, 11, 1), time(1, 30), "2026-11-01T05:30", id="twice: the first"),
        pytest.param(HELSINKI, date(2026, 3, 29), time(3, 30), "2026-03-29T01:00", id="Helsinki, spring"),
        pytest.param(HELSINKI, date(2026, 10, 25), time(3, 30), "2026-10-25T00:30", id="Helsinki, autumn"),
        pytest.param(
            LORD_HOWE, date(2026, 10, 4), time(2, 15), "2026-10-03T15:30", id="half an hour skipped"
        ),
        pytest.param(LORD_HOWE, date(2026, 4, 5), time(1, 45), "2026-04-04T14:45", id="half an hour twice"),
        pytest.param(LORD_HOWE, date(2026, 10, 4), time(6, 0), "2026-10-03T19:00", id="after the half hour"),
        pytest.param(KATHMANDU, date(2026, 1, 1), time(0, 0), "2025-12-31T18:15", id="odd offset"),
        pytest.param(NAIROBI, date(2026, 3, 29), time(2, 30), "2026-03-28T23:30", id="no shifts"),
        pytest.param(
            APIA, date(2011, 12, 30), time(12, 0), "2011-12-30T10:00", id="a day that did not exist"
        ),
        pytest.param(NEW_YORK, date(2028, 2, 29), time(12, 0), "2028-02-29T17:00", id="leap day"),
    ],
)
def test_the_instant_of_a_local_time(zone: ZoneInfo, day: date, at: time, expected: str) -> None:
    assert first_instant(day, at, zone) == utc(expected)


@pytest.mark.parametrize(
    ("zone", "day", "at"),
    [
        (NEW_YORK, date(2026, 3, 8), time(2, 30)),
        (NEW_YORK, date(2026, 11, 1), time(1, 30)),
        (HELSINKI, date(2026, 3, 29), time(3, 30)),
        (HELSINKI, date(2026, 10, 25), time(3, 30)),
        (LORD_HOWE, date(2026, 10, 4), time(2, 15)),
        (LORD_HOWE, date(2026, 4, 5), time(1, 45)),
    ],
)
def test_a_daily_job_is_due_once_on_the_day_of_a_shift(zone: ZoneInfo, day: date, at: time) -> None:
    schedule = AtLocalTime(at)
    moment = datetime.combine(day - timedelta(days=2), time(12), zone).astimezone(UTC)
    dates: list[date] = []
    for _day in range(4):
        occurrence = due(schedule, moment, zone)
        dates.append(occurrence.local_date)
        moment = occurrence.instant
    assert dates == [day + timedelta(days=offset) for offset in (-1, 0, 1, 2)]


def test_a_weekly_job_is_due_on_its_weekday_over_the_new_year() -> None:
    mondays = AtLocalTime(time(6, 0), weekday=0)
    first = due(mondays, utc("2026-12-29T00:00"), KATHMANDU)
    assert first == Occurrence(date(2027, 1, 4), utc("2027-01-04T00:15"))
    assert latest(mondays, utc("2026-12-29T00:00"), KATHMANDU).local_date == date(2026, 12, 28)


def test_due_is_later_than_the_moment_and_latest_is_not() -> None:
    daily = AtLocalTime(time(3, 30))
    exactly = utc("2026-05-04T03:30")
    assert latest(daily, exactly, ZoneInfo("UTC")).instant == exactly
    assert due(daily, exactly, ZoneInfo("UTC")).instant == exactly + timedelta(days=1)


@given(
    moment=st.integers(10**9, 22 * 10**8).map(from_epoch),
    at=st.times().map(lambda each: each.replace(microsecond=0)),
    weekday=st.none() | st.integers(0, 6),
    zone=st.sampled_from([NEW_YORK, HELSINKI, LORD_HOWE, KATHMANDU, NAIROBI, ZoneInfo("UTC")]),
)
def test_nothing_lies_between_the_latest_and_the_next(
    moment: datetime, at: time, weekday: int | None, zone: ZoneInfo
) -> None:
    schedule = AtLocalTime(at, weekday)
    before, after = latest(schedule, moment, zone), due(schedule, moment, zone)
    assert before.instant <= moment < after.instant
    assert after.local_date - before.local_date == timedelta(days=1 if weekday is None else 7)
    shown = after.instant.astimezone(zone)
    assert shown.date() == after.local_date
    assert shown.time() >= at
    assert shown.fold == 0
