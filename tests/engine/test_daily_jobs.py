from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.area import AtLocalTime, Run
from core.errors import UnreachableError
from core.message import _
from core.moment import FrozenClock
from core.units import Instant, Severity

from .conftest import OpenStore
from .deck import TOWER, Work, events, make_engine, pass_time, tick
from .virtual_clock import START

NIGHTLY = AtLocalTime(time(3, 30))
HOUR = 3_600.0
DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("America/New_York", date(2026, 3, 8), time(2, 30), "2026-03-08T07:00"),
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01T05:30"),
        ("Europe/Helsinki", date(2026, 3, 29), time(3, 30), "2026-03-29T01:00"),
        ("Europe/Helsinki", date(2026, 10, 25), time(3, 30), "2026-10-25T00:30"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-03T15:30"),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), "2026-04-04T14:45"),
        ("Asia/Kathmandu", date(2026, 12, 31), time(0, 0), "2026-12-30T18:15"),
        ("Africa/Nairobi", date(2028, 2, 29), time(2, 30), "2028-02-28T23:30"),
    ],
)
@pytest.mark.parametrize("restarting", [False, True], ids=["one process", "restarted every hour"])
async def test_a_daily_job_runs_once_on_each_local_date(
    open_store: OpenStore, zone: str, day: date, at: time, expected: str, restarting: bool
) -> None:
    """Three days around a shift, a beat every quarter of an hour."""
    local = ZoneInfo(zone)
    clock = FrozenClock(datetime.combine(day - timedelta(days=1), time(12), local))
    store = await open_store(clock)
    work = Work(clock)
    jobs = [work.job("report", AtLocalTime(at), Run.ON_SCHEDULE)]
    engine = make_engine(store, clock, jobs, zone=local)
    await engine.start()
    while clock.now() < datetime.combine(day + timedelta(days=1), time(12), local):
        clock.advance(900)
        if restarting and clock.now().minute == 45:
            await engine.stop()
            engine = make_engine(store, clock, jobs, zone=local)
            await engine.start()
        await tick(engine)
    assert [run.astimezone(local).date() for run in work.runs] == [day, day + timedelta(days=1)]
    assert work.runs[0] == datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert await events(store, "engine.job.late") == []


async def test_a_missed_run_is_made_up_for_once_and_says_so(open_store: OpenStore) -> None:
    clock = FrozenClock(START)
    store = await open_store(clock)
    work = Work(clock)
    engine = make_engine(store, clock, [work.job("backup", NIGHTLY, Run.ON_SCHEDULE)])
    await engine.start()
    assert work.runs == []
    clock.advance(3 * DAY)  # asleep with the lid closed
    await pass_time(engine, clock, HOUR, step=600)
    assert len(work.runs) == 1
    (late,) = await events(store, "engine.job.late")
    assert late.event.subject == "job:backup"
    assert ("due", Instant(datetime(2026, 5, 7, 3, 30, tzinfo=UTC))) in late.event.title.arguments
    await pass_time(engine, clock, DAY, step=900)
    assert len(work.runs) == 2
    assert len(await events(store, "engine.job.late")) == 1


async def test_a_run_missed_while_nothing_ran_is_made_up_for_at_the_next_start(open_store: OpenStore) -> None:
    clock = FrozenClock(START)
    store = await open_store(clock)
    work = Work(clock)
    jobs = [work.job("backup", NIGHTLY, Run.ON_SCHEDULE)]
    for _office_day in range(3):
        engine = make_engine(store, clock, jobs)
        await engine.start()
        await pass_time(engine, clock, 4 * HOUR, step=1800)
        await engine.stop()
        clock.advance(20 * HOUR)
    assert [run.date() for run in work.runs] == [date(2026, 5, 5), date(2026, 5, 6)]


async def test_a_job_to_run_at_start_runs_at_its_very_first_start_only(open_store: OpenStore) -> None:
    clock = FrozenClock(START)
    store = await open_store(clock)
    work = Work(clock)
    for _start in range(3):
        engine = make_engine(store, clock, [work.job("backup", NIGHTLY)])
        await engine.start()
        await tick(engine)
        await engine.stop()
    assert work.runs == [START]
    assert await events(store, "engine.job.late") == []


async def test_a_run_that_was_cut_off_is_made_up_for(open_store: OpenStore) -> None:
    clock = FrozenClock(START)
    store = await open_store(clock)
    work = Work(clock)
    work.gate.clear()
    engine = make_engine(store, clock, [work.job("backup", NIGHTLY)])
    await engine.start()
    await asyncio.sleep(0)
    await engine.stop()
    assert work.cancelled == 1
    work.gate.set()
    for _start in range(2):
        engine = make_engine(store, clock, [work.job("backup", NIGHTLY)])
        await engine.start()
        await tick(engine)
        await engine.stop()
    assert len(work.runs) == 2


async def test_a_run_cut_off_by_a_lost_lease_is_made_up_for_when_it_is_back(open_store: OpenStore) -> None:
    clock = FrozenClock(START)
    store = await open_store(clock)
    work = Work(clock)
    work.gate.clear()
    engine = make_engine(store, clock, [work.job("backup", NIGHTLY)])
    other = make_engine(await open_store(clock), clock, [], identity=TOWER)
    await engine.start()
    await asyncio.sleep(0)
    clock.advance(60)
    await other.start()
    await engine.tick()
    assert work.cancelled == 1
    await other.stop()
    work.gate.set()
    clock.advance(10)
    await tick(engine)
    assert len(work.runs) == 2


async def test_a_failed_run_is_told_and_waits_for_the_next_day(open_store: OpenStore) -> None:
    clock = FrozenClock(START)
    store = await open_store(clock)
    work = Work(clock)
    work.failure = UnreachableError(_("no room on the backup disk"))
    engine = make_engine(store, clock, [work.job("backup", NIGHTLY)])
    await engine.start()
    await pass_time(engine, clock, HOUR, step=600)
    assert len(work.runs) == 1
    (failed,) = await events(store, "engine.job.failed")
    assert failed.event.severity is Severity.WARNING
    assert "no room on the backup disk" in str(failed.event.title)
    await pass_time(engine, clock, DAY, step=900)
    assert len(work.runs) == 2


@pytest.mark.parametrize("step", [HOUR, -HOUR, DAY, -DAY])
@pytest.mark.parametrize("first", list(Run))
@pytest.mark.parametrize("hour", [3, 5], ids=["before it is due", "after it was due"])
async def test_setting_the_clock_runs_no_day_twice(
    open_store: OpenStore, step: float, first: Run, hour: int
) -> None:
    clock = FrozenClock(datetime(2026, 5, 4, hour, 0, tzinfo=UTC))
    store = await open_store(clock)
    work = Work(clock)
    engine = make_engine(store, clock, [work.job("backup", NIGHTLY, first)])
    await engine.start()
    await pass_time(engine, clock, HOUR, step=600)
    before = len(work.runs)
    clock.step(step)
    await pass_time(engine, clock, HOUR, step=600)
    clock.step(-step)
    await pass_time(engine, clock, HOUR, step=600)
    extra = 1 if step == DAY else 0  # the following day's run, done when the clock said it was that day
    assert len(work.runs) == before + extra
    await pass_time(engine, clock, DAY, step=900)
    assert len(work.runs) == before + 1


async def test_a_weekly_job_runs_on_its_weekday(open_store: OpenStore) -> None:
    clock = FrozenClock(START)
    store = await open_store(clock)
    work = Work(clock)
    engine = make_engine(
        store, clock, [work.job("optimise", AtLocalTime(time(4), weekday=6), Run.ON_SCHEDULE)]
    )
    await engine.start()
    await pass_time(engine, clock, 14 * DAY, step=2 * HOUR)
    assert [run.weekday() for run in work.runs] == [6, 6]
