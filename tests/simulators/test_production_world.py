"""The worlds: jobs move only as they may, the past stays as it was, and each scenario holds its figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.moment import FrozenClock
from core.simulators.production import ProductionSimulator
from core.simulators.production.reports import iso_week
from core.simulators.production.scenarios import SCENARIOS
from core.simulators.production.timelines import Hold, job_timeline
from core.simulators.production.vectors import VECTOR_NOW, VECTOR_WEEK

NOW = datetime(2026, 1, 22, 11, tzinfo=UTC)
MOVES = {
    "pending": {"queued", "cancelled"},
    "queued": {"processing", "failed", "cancelled"},
    "processing": {"completed", "failed", "cancelled", "queued"},
}
COMPANY = SCENARIOS["contract"](7, NOW)


@given(
    gaps=st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, 20_000)), max_size=4),
    endless=st.booleans(),
)
def test_whatever_is_held_back_a_job_moves_only_as_it_may(gaps, endless):
    holds: list[Hold] = []
    moment = NOW
    for wait, length in gaps:
        start = moment + timedelta(seconds=wait)
        moment = start + timedelta(seconds=length)
        holds.append(Hold(start, moment))
    if endless and holds:
        holds[-1] = Hold(holds[-1].start, None)
    for script in COMPANY.jobs:
        timeline = job_timeline(script, holds)
        for before, after in zip(timeline.steps, timeline.steps[1:], strict=False):
            assert after.status in MOVES[before.status]
            assert before.at <= after.at
        submitted = timeline.steps[1].at if len(timeline.steps) > 1 else None
        assert submitted is None or not any(
            hold.start < submitted and (hold.end is None or submitted < hold.end) for hold in holds
        )


@pytest.mark.parametrize("scenario", ["contract", "demo"])
def test_the_same_seed_and_moment_give_the_same_world(scenario):
    worlds = [ProductionSimulator(FrozenClock(NOW), seed=3, scenario=scenario).world for _ in range(2)]
    start = NOW - timedelta(days=60)
    assert worlds[0].jobs_between(start, NOW) == worlds[1].jobs_between(start, NOW)
    assert worlds[0].ledger_between(start, NOW) == worlds[1].ledger_between(start, NOW)
    assert worlds[0].events_between(start, NOW) == worlds[1].events_between(start, NOW)


def test_what_has_happened_stays_whatever_is_held_back_later():
    clock = FrozenClock(NOW)
    world = ProductionSimulator(clock, scenario="demo").world
    clock.advance(3600)
    start = NOW - timedelta(days=60)
    before = world.ledger_between(start, NOW), world.events_between(start, clock.now())
    assert world.pause(reason="a look at the books", by="tui:op-fake-1", until=None)
    clock.advance(7200)
    assert world.resume(reason="all is well")
    clock.advance(7200)
    assert world.ledger_between(start, NOW) == before[0]
    told = world.events_between(start, clock.now())
    assert told[: len(before[1])] == before[1]
    assert [event["seq"] for event in told] == list(range(1, len(told) + 1))


def test_a_retry_a_failure_a_cancellation_and_an_upload_that_fails():
    clock = FrozenClock(NOW)
    world = ProductionSimulator(clock).world
    clock.advance(10 * 3600)
    jobs = {job.id[-1]: job for job in world.jobs() if job.id.startswith("prod_00000000000")}
    assert (jobs["2"].status, jobs["2"].attempt, jobs["2"].credits_charged) == ("completed", 2, 26)
    assert (jobs["3"].status, jobs["3"].attempt, jobs["3"].error_code) == ("failed", 3, "face_not_found")
    assert jobs["3"].credits_charged == 36
    assert (jobs["4"].status, jobs["4"].credits_charged) == ("cancelled", None)
    upload = next(row for row in world.uploads() if row.job_id.endswith("5"))
    assert (upload.status, upload.attempt) == ("failed", 2)
    assert upload.error_message == "The platform refused the video."
    kinds = [event["type"] for event in world.events_between(NOW, clock.now())]
    assert kinds.count("video_started") == 3
    assert kinds.count("video_failed") == kinds.count("upload_failed") == 1
    assert kinds.count("budget_warning") == 1


def test_vectors_of_section_4_and_5():
    world = ProductionSimulator(FrozenClock(VECTOR_NOW), scenario="vectors").world
    figures = world.credits()
    assert (figures.monthly_used, figures.daily_used, figures.monthly_remaining) == (450, 15, 1350)
    assert (figures.total_available, figures.usage_percent, figures.status) == (1395, 25.0, "healthy")
    monday = date.fromisocalendar(2026, 2, 1)
    assert iso_week(monday) == VECTOR_WEEK
    days = [(day.successful, day.failed) for day in world.week(monday)]
    assert days == [(1, 0), (0, 3), *[(0, 0)] * 5]


@pytest.mark.parametrize("seed", [1, 7])
@pytest.mark.parametrize(
    "begins",
    [
        datetime(2026, 11, 21, 12, 5, tzinfo=UTC),
        datetime(2026, 3, 1, 15, 20, tzinfo=UTC),  # Monday, twenty minutes after midnight in Tokyo.
        datetime(2027, 1, 1, 3, tzinfo=UTC),
    ],
)
def test_the_demo_begins_with_its_figures(begins, seed):
    clock = FrozenClock(begins)
    world = ProductionSimulator(clock, seed=seed, scenario="demo").world
    figures = world.credits()
    assert (figures.usage_percent, figures.status) == (82.0, "warning")
    assert figures.runway_days == pytest.approx(5, abs=0.7)
    assert figures.daily_remaining > 10
    assert sum(day.failed for day in world.week(world.today - timedelta(days=world.today.weekday()))) == 1
    failed = [row for row in world.uploads() if row.failed_at and row.failed_at >= world.midnight]
    assert len(failed) == 1
    assert len(world.company.characters) == 6
    assert len(world.company.platforms) == 5
    assert world.company.target == 6
    assert len(world.in_flight()) == 1
    clock.advance(300)
    kinds = {event["type"] for event in world.events_between(begins, clock.now())}
    assert {"video_started", "video_completed", "upload_started", "upload_completed"} <= kinds


def test_two_months_of_the_demo_can_be_asked_for():
    world = ProductionSimulator(FrozenClock(NOW), scenario="demo").world
    start = NOW - timedelta(days=60)
    jobs, uploads = world.jobs_between(start, NOW), world.uploads_between(start, NOW)
    assert 330 < len(jobs) < 380
    assert {job["status"] for job in jobs} >= {"completed", "failed", "processing"}
    assert {upload["status"] for upload in uploads} >= {"published", "failed"}
    assert "youtube_shorts" in {upload["platform"] for upload in uploads}
    kinds = {entry["kind"] for entry in world.ledger_between(start, NOW)}
    assert kinds >= {"debit", "refund", "grant_daily", "grant_monthly"}
