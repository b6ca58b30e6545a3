from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from core.area import AtLocalTime, Job
from core.engine import housekeeping
from core.engine.lease import LeaseLostError
from core.message import ENGLISH
from core.moment import FrozenClock
from core.store.maintenance import Retention
from core.store.store import Store

from .conftest import OpenStore
from .deck import events, make_engine, pass_time
from .virtual_clock import START

HOUR = 3_600.0
EVERYTHING = 10**9
"""Megabytes no disk has."""


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(START)


@pytest.fixture
async def store(open_store: OpenStore, clock: FrozenClock) -> Store:
    return await open_store(clock)


def jobs_of(store: Store, folder: Path, **limits: int) -> dict[str, Job]:
    made = housekeeping.jobs(store, backups=folder, keep=Retention(), **limits)
    return {job.name: job for job in made}


async def test_a_week_leaves_a_copy_of_every_night(store: Store, clock: FrozenClock, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    jobs = list(jobs_of(store, folder, backups_kept=3).values())
    engine = make_engine(store, clock, jobs)
    await engine.start()
    await pass_time(engine, clock, 24 * 7 * HOUR, step=1_800)
    assert [file.name for file in sorted(folder.glob("opsdeck-*"))] == [
        "opsdeck-20260509-033000.db",
        "opsdeck-20260510-033000.db",
        "opsdeck-20260511-033000.db",
    ]
    assert await events(store, "engine.job.failed") == []
    assert await events(store, "engine.job.late") == []


async def test_the_copy_comes_before_the_forgetting(store: Store, tmp_path: Path) -> None:
    def hour(name: str) -> time:
        schedule = jobs_of(store, tmp_path)[name].schedule
        assert isinstance(schedule, AtLocalTime)
        return schedule.time

    assert hour("store.backup") < hour("store.retention") < hour("store.optimise")


async def test_a_database_that_is_no_file_is_not_copied(store: Store, tmp_path: Path) -> None:
    store.path = None
    assert "store.backup" not in jobs_of(store, tmp_path)
    assert "store.retention" in jobs_of(store, tmp_path)


async def test_little_room_is_told_once_a_day_and_its_end_once(
    store: Store, clock: FrozenClock, tmp_path: Path
) -> None:
    low = jobs_of(store, tmp_path, disk_mb=EVERYTHING)["store.room"]
    enough = jobs_of(store, tmp_path, disk_mb=0)["store.room"]
    await enough.run()
    assert await events(store, housekeeping.ROOM_GOOD) == []
    for _hour in range(25):
        await low.run()
        clock.advance(HOUR)
    told = await events(store, housekeeping.ROOM_LOW)
    assert len(told) == 2
    assert "Make room" in ENGLISH.text(told[0].event.title)
    for _hour in range(3):
        await enough.run()
    assert len(await events(store, housekeeping.ROOM_GOOD)) == 1
    await low.run()
    assert len(await events(store, housekeeping.ROOM_LOW)) == 3


async def test_nothing_is_forgotten_by_a_process_that_lost_the_lease(
    store: Store, clock: FrozenClock, tmp_path: Path
) -> None:
    engine = make_engine(store, clock, [])
    guarded = store.guarded_by(engine.lease.check)
    with pytest.raises(LeaseLostError):
        await jobs_of(guarded, tmp_path)["store.retention"].run()
    await engine.start()
    await jobs_of(guarded, tmp_path)["store.retention"].run()
