"""The collector against the simulated system and A2E: what it asks, what it keeps, what follows."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.areas.production.collection.evaluation import evaluate
from core.areas.production.model import JobStatus, SystemState
from core.areas.production.store import ledger, reading, tables
from core.areas.production.store.snapshot import read_snapshot
from core.moment import Window
from core.page import Freshness
from core.store.series import latest
from tests.areas.production.simulated import START, Simulated, simulated

DAY = timedelta(days=1)
ROOT = Path(__file__).parents[3]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Simulated]:
    async with simulated(tmp_path) as found:
        yield found


async def snapshot(world: Simulated) -> Any:
    store = world.services.store
    async with store.reading() as connection:
        return await read_snapshot(connection, world.settings, store.present())


async def until_settled(world: Simulated) -> None:
    """Looks until the ledger of every job is known."""
    for _look in range(2):
        await world.after(61)


async def test_a_first_look_brings_everything(world: Simulated) -> None:
    await world.collector.collect()
    system = await world.read(reading.system)
    assert system.state is SystemState.RUNNING
    assert system.version == "0.0-fake"
    assert len(await world.read(reading.characters)) == 6
    assert len(await world.read(reading.platforms)) == 5
    assert len(await world.read(reading.budgets)) == 3
    assert (await world.read(reading.schedule)).entries
    assert (await world.read(reading.balance)).coins == 1395
    assert {name for name, each in (await world.polled()).items() if each.good} >= {
        "status",
        "jobs",
        "uploads",
        "balance",
        "tasks",
    }


async def test_the_contracts_snapshot_comes_out_of_the_ledger(world: Simulated) -> None:
    await until_settled(world)
    found = (await snapshot(world)).credits
    assert (found.monthly_used, found.total_available, found.drift) == (450, 1395, 0)
    async with world.services.store.reading() as connection:
        available = await latest(connection, tables.AVAILABLE, world.clock.now())
        balance = await latest(connection, tables.BALANCE, world.clock.now())
    assert (available or (0, 0))[1] == 1395
    assert (balance or (0, 0))[1] == 1395


async def test_nothing_is_counted_twice_however_often_it_is_looked_at(world: Simulated) -> None:
    await until_settled(world)
    before, entries = await world.counts(), len(await world.read(ledger.entries))
    world.restart()
    await world.collector.collect(everything=True)
    after = await world.counts()
    assert len(await world.read(ledger.entries)) == entries
    for name in ("production_job", "production_upload", "production_ledger", "event", "sample"):
        assert after[name] == before[name], name


async def test_each_part_has_its_own_turn(world: Simulated) -> None:
    await world.collector.collect()
    first = {end: world.asked(end) for end in ("/status", "/schedule", "/remainingCoins")}
    await world.after(15)
    assert world.asked("/status") == first["/status"] + 1
    assert world.asked("/schedule") == first["/schedule"]
    await world.after(46)
    assert world.asked("/schedule") == first["/schedule"] + 1
    assert world.asked("/remainingCoins") == first["/remainingCoins"]
    await world.after(540)
    assert world.asked("/remainingCoins") == first["/remainingCoins"] + 1


async def test_a_part_that_is_not_offered_greys_alone(world: Simulated) -> None:
    world.system.quirks.lacks = {"/budgets", "/characters"}
    await world.collector.collect()
    polled = await world.polled()
    assert not polled["budgets"].good
    assert not polled["characters"].good
    assert polled["jobs"].good
    assert "offer" in str(polled["budgets"].reason)


async def test_a_job_is_followed_to_its_end_and_its_ledger_is_asked_for_once(world: Simulated) -> None:
    await until_settled(world)
    opened = {job.id for job in await world.read(reading.open_jobs)}
    for _hour in range(7):
        await world.after(3600)
    ended = await world.read(reading.jobs, Window(START, START + DAY))
    assert {job.status for job in ended} >= {JobStatus.COMPLETED, JobStatus.FAILED}
    assert opened <= {job.id for job in ended}
    asked = [world.asked(f"/jobs/{job.id}") for job in ended]
    for _minute in range(2):
        await world.after(61)
    assert [world.asked(f"/jobs/{job.id}") for job in ended] == asked
    told = [event for event in await world.events() if event.startswith(("video", "upload"))]
    assert len(told) == len(set(told))
    found, books = (await snapshot(world)).credits, world.system.world._ledger.credits(world.clock.now())
    assert found.monthly_used == books.monthly_used
    assert found.drift == 0


async def test_the_balance_is_read_soon_after_a_job_ended(world: Simulated) -> None:
    await until_settled(world)
    while not await world.read(reading.jobs, Window(START, START + DAY)):
        await world.after(60)
    asked = world.asked("/remainingCoins")
    for _tick in range(8):
        await world.after(5)
    assert world.asked("/remainingCoins") == asked + 1


async def test_a_token_that_is_refused_stops_all_questions_until_a_person_asks(world: Simulated) -> None:
    world.a2e.faults.add("*", "401", None)
    await world.collector.collect()
    asked = len(world.a2e.log)
    for _round in range(5):
        await world.after(700)
    world.restart()
    await world.after(700)
    assert len(world.a2e.log) == asked
    polled = await world.polled()
    assert not polled["balance"].good
    assert not polled["tasks"].good
    assert polled["balance"].next_try is None
    assert "system_error system:provider" in await world.events()
    world.a2e.faults.clear()
    world.restart()
    await world.collector.collect(everything=True)
    assert (await world.polled())["balance"].good
    await world.after(700)
    assert len(world.a2e.log) > asked + 2


async def test_a_system_out_of_reach_is_told_after_three_looks_and_told_when_it_is_back(
    world: Simulated,
) -> None:
    await until_settled(world)
    world.system.faults.add("*", "503", None)
    for _look in range(2):
        await world.after(120)
    assert "system_error system:unreachable" not in await world.events()
    for _look in range(4):
        await world.after(300)
    assert (await world.events()).count("system_error system:unreachable") == 1
    state = await world.read(reading.system)
    assert state.state is SystemState.RUNNING
    world.restart()
    await world.after(300)
    assert (await world.events()).count("system_error system:unreachable") == 1
    world.system.faults.clear()
    await world.after(1000)
    assert (await world.facts("system_error"))[-1]["recovered"] is True


async def test_a_failing_health_is_told_once(world: Simulated) -> None:
    world.system.quirks.health = "fail"
    await world.collector.collect()
    for _look in range(4):
        await world.after(16)
    assert (await world.events()).count("system_error system:health") == 1


async def test_a_clock_that_is_off_is_kept_with_the_system(world: Simulated) -> None:
    world.system.quirks.skew = timedelta(seconds=95)
    await world.collector.collect()
    assert abs(await world.read(reading.skew) - timedelta(seconds=95)) <= timedelta(seconds=10)


async def test_cut_short_between_answer_and_commit_nothing_of_a_poll_is_left(
    world: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await world.counts()

    async def cut(*_arguments: object) -> None:
        polling.cancel()
        await asyncio.sleep(60)

    monkeypatch.setattr("core.areas.production.collection.collect.evaluate", cut)
    polling = asyncio.create_task(world.collector.collect())
    with pytest.raises(asyncio.CancelledError):
        await polling
    assert await world.counts() == before
    monkeypatch.setattr("core.areas.production.collection.collect.evaluate", evaluate)
    await world.collector.collect()
    assert (await world.polled())["jobs"].good


async def test_a_part_shows_stale_when_its_polls_stop(world: Simulated) -> None:
    await world.collector.collect()
    world.clock.advance(60)
    async with world.services.store.reading() as connection:
        assert (
            await reading.part_state(connection, "status", world.clock.now())
        ).freshness is Freshness.UNKNOWN
        assert (await reading.part_state(connection, "jobs", world.clock.now())).freshness is Freshness.LIVE


async def test_the_summary_is_told_once_a_day_and_the_report_once_a_week(tmp_path: Path) -> None:
    monday = START + timedelta(days=4)
    async with simulated(tmp_path, start=monday, PRODUCTION_SUMMARY_TIME="20:30") as world:
        await until_settled(world)
        await world.collector.every_minute()
        assert "daily_summary day:2026-01-26" not in await world.events()
        world.clock.advance(1800)
        for _minute in range(3):
            world.clock.advance(60)
            await world.collector.every_minute()
        told = await world.events()
        assert told.count("daily_summary day:2026-01-26") == 1
        assert told.count("weekly_report week:2026-W04") == 1
        assert (await world.facts("daily_summary"))[0]["target"] == 4
        assert Decimal(str((await world.facts("weekly_report"))[0]["credits_used"])) > 0


async def test_nothing_is_asked_where_nothing_is_set_up(tmp_path: Path) -> None:
    async with simulated(tmp_path, provider=False, PRODUCTION_URL="") as world:
        await world.collector.collect()
        await world.collector.every_minute()
        await world.follower.follow()
        assert await world.polled() == {}
        assert not world.system.log


KILLED_BEFORE_ITS_COMMIT = """
import asyncio, os, signal, sys
from dataclasses import replace
from pathlib import Path
from core.areas.production.collection.collect import Collector
from tests.areas.production.simulated import simulated

async def main():
    async with simulated(Path(sys.argv[1])) as world:
        async def die(transaction):
            if any(poll.subject == "jobs" for poll in transaction.pending.polls):
                print("jobs read", flush=True)
                os.kill(os.getpid(), signal.SIGKILL)

        await Collector(replace(world.services, store=world.services.store.guarded_by(die))).collect()

asyncio.run(main())
"""


def test_killed_between_poll_and_commit_there_is_no_half_poll(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED_BEFORE_ITS_COMMIT, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ)
    assert done.stdout.split("\n")[0] == "jobs read", done.stderr
    assert done.returncode == -signal.SIGKILL
    (path,) = tmp_path.rglob("opsdeck.db")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for table in ("production_job", "production_ledger"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
