"""R12: quiet hours hold and never drop, and what is critical passes, in every zone and on every day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.message import _
from core.notify.notice import Notice, NoticeClass
from core.notify.people.person import Address, Person
from core.notify.people.quiet_hours import QuietHours
from core.notify.people.routes import Decision, Outcome, route
from core.principal import Group
from core.units import Severity

ZONES = [
    ZoneInfo(name)
    for name in (
        *("UTC", "America/New_York", "Europe/Helsinki", "Australia/Lord_Howe"),
        *("Asia/Kathmandu", "Africa/Nairobi", "Pacific/Apia"),
    )
]
SHIFTS = [
    datetime(2026, 3, 8, 7, tzinfo=UTC),  # New York, forward
    datetime(2026, 11, 1, 6, tzinfo=UTC),  # New York, back
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # Helsinki, forward
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # Helsinki, back
    datetime(2026, 4, 4, 15, tzinfo=UTC),  # Lord Howe, back by half an hour
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),  # Lord Howe, forward by half an hour
]

times = st.times().map(lambda each: each.replace(second=0, microsecond=0))
minutes = st.integers(-36 * 60, 36 * 60)
near_shifts = st.builds(lambda shift, by: shift + timedelta(minutes=by), st.sampled_from(SHIFTS), minutes)
any_time = st.builds(lambda by: SHIFTS[0] + timedelta(minutes=by), st.integers(-1_000_000, 1_000_000))
moments = st.one_of(near_shifts, any_time)
nights = st.builds(QuietHours, times, times, st.sampled_from(ZONES)).filter(
    lambda each: each.start != each.end
)


def decide(cls: NoticeClass, quiet: QuietHours, now: datetime) -> Decision:
    notice = Notice("k", cls, "x.y", "x", "s", Severity.WARNING, _("x"), (), _("because"), now)
    groups = frozenset({Group.ON_CALL})
    person = Person("ann", groups, (Address("email", "ann@example.org"),), zone=quiet.zone, quiet=quiet)
    (decision,) = route(notice, groups, [person], now)
    return decision


@given(nights, moments)
def test_r12_what_comes_in_the_night_is_held_until_its_end_and_never_dropped(
    quiet: QuietHours, now: datetime
) -> None:
    for cls in (NoticeClass.NORMAL, NoticeClass.INFO):
        decision = decide(cls, quiet, now)
        until = quiet.until(now)
        assert decision.recipient is not None
        assert decision.outcome is (Outcome.TOLD if until is None else Outcome.HELD)
        assert decision.not_before == until


@given(nights, moments)
def test_r12_what_is_critical_or_answers_somebody_passes(quiet: QuietHours, now: datetime) -> None:
    for cls in (NoticeClass.CRITICAL, NoticeClass.REPLY):
        decision = decide(cls, quiet, now)
        assert (decision.outcome, decision.not_before) == (Outcome.TOLD, None)


@given(nights, moments)
def test_r12_a_night_is_one_stretch_that_ends_where_clocks_show_its_end(
    quiet: QuietHours, now: datetime
) -> None:
    until = quiet.until(now)
    if until is None:
        return
    assert now < until <= now + timedelta(hours=26)
    for part in (0.25, 0.5, 0.75):
        assert quiet.until(now + (until - now) * part) == until
    assert quiet.until(until) is None
    shown, before = (each.astimezone(quiet.zone) for each in (until, until - timedelta(minutes=1)))
    skipped = before.utcoffset() != shown.utcoffset()
    assert skipped or shown.time() == quiet.end


@given(nights, moments)
def test_r12_away_from_any_shift_the_clock_on_the_wall_decides(quiet: QuietHours, now: datetime) -> None:
    around = {(now + timedelta(hours=each)).astimezone(quiet.zone).utcoffset() for each in range(-50, 51, 2)}
    if len(around) > 1:
        return
    wall = now.astimezone(quiet.zone).time()
    if quiet.start < quiet.end:
        night = quiet.start <= wall < quiet.end
    else:
        night = wall >= quiet.start or wall < quiet.end
    assert (quiet.until(now) is not None) is night


@pytest.mark.parametrize(
    ("zone", "now", "until"),
    [
        ("Australia/Lord_Howe", "2026-04-05T01:00+11:00", "2026-04-05T06:00+10:30"),
        ("Australia/Lord_Howe", "2026-10-04T01:00+10:30", "2026-10-04T06:00+11:00"),
        ("America/New_York", "2026-03-08T01:00-05:00", "2026-03-08T06:00-04:00"),
        ("America/New_York", "2026-11-01T01:30-05:00", "2026-11-01T06:00-05:00"),
        ("Asia/Kathmandu", "2026-01-01T23:00+05:45", "2026-01-02T06:00+05:45"),
    ],
)
def test_r12_a_night_over_a_shift_ends_at_six_local_time(zone: str, now: str, until: str) -> None:
    quiet = QuietHours(time(22), time(6), ZoneInfo(zone))
    assert quiet.until(datetime.fromisoformat(now)) == datetime.fromisoformat(until)
