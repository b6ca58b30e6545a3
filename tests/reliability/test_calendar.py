"""Scheduled jobs on days that are odd, and after a stop (reliability.md R23, R24 and section 6).

How an occurrence is found is tested in `tests/engine/test_calendar.py`; here is the engine that runs it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import core.areas
from core.area import AtLocalTime, Every, Run
from core.moment import FrozenClock
from core.store.store import Store
from tests.engine.deck import Work, make_engine, pass_time, tick

ODD_DAYS = [
    pytest.param("America/New_York", (2026, 3, 8), time(2, 30), id="an hour that does not exist"),
    pytest.param("America/New_York", (2026, 11, 1), time(1, 30), id="an hour that comes twice"),
    pytest.param("Europe/Helsinki", (2026, 3, 29), time(3, 30), id="Helsinki in March"),
    pytest.param("Europe/Helsinki", (2026, 10, 25), time(3, 30), id="Helsinki in October"),
    pytest.param("Australia/Lord_Howe", (2026, 4, 5), time(1, 45), id="half an hour that comes twice"),
    pytest.param("Asia/Kathmandu", (2026, 12, 31), time(0, 10), id="an odd offset at the end of the year"),
    pytest.param("Africa/Nairobi", (2028, 2, 29), time(6, 0), id="a day that leap years have"),
]


@pytest.fixture(autouse=True)
def no_areas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.areas, "__path__", [str(tmp_path / "areas")])


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[Store]:
    clock = FrozenClock(datetime(2020, 1, 1, tzinfo=UTC))
    opened = await Store.open(
        f"sqlite:///{tmp_path / 'opsdeck.db'}", clock=clock, audit_key=b"not a real key"
    )
    yield opened
    await opened.close()


@pytest.mark.parametrize(("name", "day", "at"), ODD_DAYS)
async def test_r23_a_daily_job_runs_once_on_an_odd_day(
    store: Store, name: str, day: tuple[int, int, int], at: time
) -> None:
    zone = ZoneInfo(name)
    midnight = datetime(*day, tzinfo=zone)
    clock = FrozenClock(midnight.astimezone(UTC) - timedelta(minutes=30))
    work = Work(clock)
    engine = make_engine(store, clock, [work.job("daily", AtLocalTime(at), Run.ON_SCHEDULE)], zone=zone)
    await engine.start()
    await tick(engine)
    work.runs.clear()

    end = datetime.combine(midnight.date() + timedelta(days=1), time(), zone).astimezone(UTC)
    await pass_time(engine, clock, (end - clock.now()).total_seconds() - 60, step=600)
    await engine.stop()

    ran = [run for run in work.runs if run.astimezone(zone).date() == midnight.date()]
    assert len(ran) == 1
    assert ran[0].astimezone(zone).replace(tzinfo=None) >= datetime.combine(midnight.date(), at)


async def test_r24_a_stop_over_three_due_times_ends_in_one_catch_up_run(store: Store) -> None:
    clock = FrozenClock(datetime(2026, 5, 4, 12, tzinfo=UTC))
    before, after = Work(clock), Work(clock)
    every = Every(timedelta(minutes=3))
    engine = make_engine(store, clock, [before.job("poll", every)])
    await engine.start()
    await pass_time(engine, clock, 200)
    assert before.runs
    await engine.stop()

    clock.advance(600)
    again = make_engine(store, clock, [after.job("poll", every)])
    await again.start()
    await pass_time(again, clock, 120)
    await again.stop()

    assert len(after.runs) == 1


async def test_r24_a_daily_job_missed_while_stopped_runs_once_at_the_start(store: Store) -> None:
    clock = FrozenClock(datetime(2026, 5, 4, 12, tzinfo=UTC))
    first, second = Work(clock), Work(clock)
    daily = AtLocalTime(time(3, 30))
    engine = make_engine(store, clock, [first.job("backup", daily, Run.ON_SCHEDULE)])
    await engine.start()
    await pass_time(engine, clock, 60)
    await engine.stop()

    clock.advance(3 * 86_400)
    again = make_engine(store, clock, [second.job("backup", daily, Run.ON_SCHEDULE)])
    await again.start()
    await pass_time(again, clock, 600, step=60)
    await again.stop()

    assert len(second.runs) == 1
