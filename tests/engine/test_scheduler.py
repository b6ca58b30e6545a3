from __future__ import annotations

import asyncio
import logging
import sqlite3
from datetime import timedelta

import pytest

from core.area import Every, Run
from core.engine.lease import LeaseLostError
from core.engine.scheduler import EngineMode
from core.errors import NotFoundError, RefusedError, UnreachableError
from core.message import _
from core.moment import FrozenClock
from core.store.store import Store

from .conftest import OpenStore
from .deck import DECK, TOWER, Work, ended, make_engine, pass_time, tick
from .virtual_clock import START

MINUTE = Every(timedelta(minutes=1))


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(START)


@pytest.fixture
async def store(open_store: OpenStore, clock: FrozenClock) -> Store:
    return await open_store(clock)


@pytest.fixture
def work(clock: FrozenClock) -> Work:
    return Work(clock)


async def test_a_job_runs_soon_after_start_and_then_at_its_interval(
    store: Store, clock: FrozenClock, work: Work
) -> None:
    engine = make_engine(store, clock, [work.job("poll", MINUTE)])
    await engine.start()
    await pass_time(engine, clock, 5)
    assert len(work.runs) == 1
    await pass_time(engine, clock, 180)
    assert len(work.runs) == 4
    assert work.runs[3] - work.runs[2] == timedelta(minutes=1)


async def test_a_job_on_schedule_waits_for_its_first_interval(
    store: Store, clock: FrozenClock, work: Work
) -> None:
    engine = make_engine(store, clock, [work.job("poll", MINUTE, Run.ON_SCHEDULE)])
    await engine.start()
    await pass_time(engine, clock, 55)
    assert work.runs == []
    await pass_time(engine, clock, 5)
    assert len(work.runs) == 1


async def test_jobs_that_start_together_are_spread(store: Store, clock: FrozenClock) -> None:
    works = [Work(clock) for _job in range(20)]
    engine = make_engine(store, clock, [each.job(f"poll {n}", MINUTE) for n, each in enumerate(works)])
    await engine.start()
    await pass_time(engine, clock, 5, step=0.5)
    assert all(len(each.runs) == 1 for each in works)
    assert len({each.runs[0] for each in works}) > 5


async def test_ten_lost_minutes_make_one_run_to_catch_up(
    store: Store, clock: FrozenClock, work: Work
) -> None:
    engine = make_engine(store, clock, [work.job("poll", Every(timedelta(minutes=3)))])
    await engine.start()
    await pass_time(engine, clock, 5)
    clock.advance(600)
    await tick(engine)
    await tick(engine)
    assert len(work.runs) == 2
    await pass_time(engine, clock, 175)
    assert len(work.runs) == 2
    await pass_time(engine, clock, 5)
    assert len(work.runs) == 3


@pytest.mark.parametrize("step", [3_600, -3_600, 86_400, -86_400])
async def test_setting_the_clock_changes_no_interval(
    store: Store, clock: FrozenClock, work: Work, step: float
) -> None:
    engine = make_engine(store, clock, [work.job("poll", MINUTE)])
    await engine.start()
    await pass_time(engine, clock, 30)
    clock.step(step)
    await pass_time(engine, clock, 30)
    assert len(work.runs) == 1
    await pass_time(engine, clock, 60)
    assert len(work.runs) == 2
    assert engine.state.mode is EngineMode.RUNNING


async def test_a_job_never_runs_twice_at_once(store: Store, clock: FrozenClock, work: Work) -> None:
    engine = make_engine(store, clock, [work.job("poll", MINUTE)])
    work.gate.clear()
    await engine.start()
    for _beat in range(30):
        clock.advance(10)
        await engine.tick()
        await asyncio.sleep(0)
    assert len(work.runs) == 1
    work.gate.set()
    await ended()
    await tick(engine)
    assert len(work.runs) == 2


@pytest.mark.parametrize("failure", [UnreachableError(_("no answer")), ZeroDivisionError("a bug")])
async def test_a_job_that_raises_stops_nothing(
    store: Store, clock: FrozenClock, work: Work, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    work.failure = failure
    failure.__cause__ = OSError("the cable is out")
    healthy = Work(clock)
    engine = make_engine(store, clock, [work.job("poll", MINUTE), healthy.job("other", MINUTE)])
    with caplog.at_level(logging.WARNING):
        await engine.start()
        await pass_time(engine, clock, 125)
    assert len(work.runs) == len(healthy.runs) == 3
    assert "job poll" in caplog.text
    assert "the cable is out" in caplog.text


async def test_run_now_runs_a_job_and_tells_how_it_ended(
    store: Store, clock: FrozenClock, work: Work
) -> None:
    engine = make_engine(store, clock, [work.job("poll", MINUTE, Run.ON_SCHEDULE)])
    await engine.start()
    await pass_time(engine, clock, 50)
    await engine.run_now("poll")
    await pass_time(engine, clock, 55)
    assert len(work.runs) == 1
    work.failure = UnreachableError(_("no answer"))
    with pytest.raises(UnreachableError):
        await engine.run_now("poll")
    with pytest.raises(NotFoundError):
        await engine.run_now("nothing")


async def test_run_now_joins_a_run_under_way(store: Store, clock: FrozenClock, work: Work) -> None:
    engine = make_engine(store, clock, [work.job("poll", MINUTE, Run.ON_SCHEDULE)])
    await engine.start()
    work.gate.clear()
    both = [asyncio.create_task(engine.run_now("poll")) for _caller in range(2)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    work.gate.set()
    await asyncio.gather(*both)
    assert len(work.runs) == 1


async def test_stop_cancels_jobs_and_hands_the_lease_over(
    store: Store, clock: FrozenClock, work: Work, open_store: OpenStore
) -> None:
    engine = make_engine(store, clock, [work.job("poll", MINUTE)])
    work.gate.clear()
    await engine.start()
    clock.advance(5)
    await engine.tick()
    waiting = asyncio.create_task(engine.run_now("poll"))
    await asyncio.sleep(0)
    await engine.stop()
    assert work.cancelled == 1
    assert engine.state.mode is EngineMode.STOPPED
    with pytest.raises(RefusedError, match="stopped"):
        await waiting
    other = make_engine(await open_store(clock), clock, [], identity=TOWER)
    await other.start()
    assert other.state.mode is EngineMode.RUNNING
    await engine.tick()
    assert engine.state.mode is EngineMode.STOPPED


async def test_the_second_engine_stands_by_says_who_runs_and_takes_over(
    store: Store, clock: FrozenClock, work: Work, open_store: OpenStore
) -> None:
    first = make_engine(store, clock, [work.job("poll", MINUTE)])
    mine = Work(clock)
    second = make_engine(await open_store(clock), clock, [mine.job("poll", MINUTE)], identity=TOWER)
    await first.start()
    await second.start()
    assert second.state.mode is EngineMode.STANDBY
    assert second.state.holder is not None
    assert second.state.holder.identity == DECK
    with pytest.raises(RefusedError, match="console on deck, process 100"):
        await second.run_now("poll")
    for _beat in range(8):
        await pass_time(first, clock, 5)
        await tick(second)
    assert mine.runs == []

    await pass_time(second, clock, 45)  # the first is frozen meanwhile
    assert second.state.mode is EngineMode.RUNNING
    assert len(mine.runs) == 1
    before = len(work.runs)
    for _beat in range(13):
        await pass_time(first, clock, 5)
        await tick(second)
    assert len(mine.runs) == 2
    assert first.state.mode is EngineMode.STANDBY
    assert len(work.runs) == before


async def test_a_lost_lease_stops_the_job_that_waits(
    store: Store, clock: FrozenClock, work: Work, open_store: OpenStore
) -> None:
    first = make_engine(store, clock, [work.job("poll", MINUTE)])
    second = make_engine(await open_store(clock), clock, [], identity=TOWER)
    work.gate.clear()
    await first.start()
    clock.advance(5)
    await first.tick()
    await asyncio.sleep(0)
    clock.advance(60)
    await second.start()
    assert second.state.mode is EngineMode.RUNNING
    await first.tick()
    assert work.cancelled == 1
    assert first.state.mode is EngineMode.STANDBY


async def test_a_commit_refused_for_the_lease_makes_the_engine_stand_by(
    store: Store, clock: FrozenClock, work: Work
) -> None:
    engine = make_engine(store, clock, [work.job("poll", MINUTE)])
    await engine.start()
    async with store.writing() as transaction:
        await transaction.connection.exec_driver_sql(
            "UPDATE lease SET fence = 9, expires_at = expires_at + 99000000"
        )
    with pytest.raises(LeaseLostError):
        async with store.writing() as transaction:
            await engine.lease.check(transaction)
    await engine.tick()
    assert engine.state.mode is EngineMode.STANDBY


async def test_a_locked_database_is_waited_out_and_for_long_means_standing_by(
    clock: FrozenClock, work: Work, open_store: OpenStore, caplog: pytest.LogCaptureFixture
) -> None:
    store = await open_store(clock, busy_timeout=0.01)
    engine = make_engine(store, clock, [work.job("poll", MINUTE)])
    await engine.start()
    assert store.path is not None
    locker = sqlite3.connect(store.path, isolation_level=None)
    try:
        locker.execute("BEGIN IMMEDIATE")
        with caplog.at_level(logging.WARNING):
            await pass_time(engine, clock, 20, step=10)
        assert engine.state.mode is EngineMode.RUNNING
        assert "can't reach its store" in caplog.text
        await pass_time(engine, clock, 20, step=10)
        assert engine.state.mode is EngineMode.STANDBY
    finally:
        locker.close()
    await pass_time(engine, clock, 40, step=10)
    assert engine.state.mode is EngineMode.RUNNING


async def test_two_jobs_of_one_name_are_a_mistake(store: Store, clock: FrozenClock, work: Work) -> None:
    with pytest.raises(ValueError, match="same name"):
        make_engine(store, clock, [work.job("poll", MINUTE), work.job("poll", MINUTE)])
