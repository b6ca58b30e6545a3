"""What a poll leaves in the store: records, counters, alerts, purchases; all of it or nothing."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.areas.usage.model import GIGABYTE, Purchase
from core.areas.usage.settings import UsageSettings
from core.areas.usage.store import reading, tables
from core.areas.usage.store.retention import forget_old
from core.errors import UnreachableError
from core.message import _
from core.moment import Window, from_epoch, to_epoch
from core.store.events import follow
from core.store.series import read_raw
from tests.areas.usage.filled import Filled, bought, monthly, opened, trial
from tests.areas.usage.vectors import NOW

ROOT = Path(__file__).parents[3]
EVER = Window(from_epoch(0), NOW + timedelta(days=400))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Filled]:
    async with opened(tmp_path) as world:
        yield world


async def counter(world: Filled, lineage: str = "p", at: datetime | None = None) -> list[float]:
    """The counter of a plan at each of its readings, in GB."""
    store = world.deck.services.store
    async with store.reading() as connection:
        key = tables.consumed_key("home", lineage)
        found = await read_raw(connection, key, EVER, at or store.present())
    return [round((value or 0) / GIGABYTE, 3) for _time, value in found]


async def kinds(world: Filled) -> list[str]:
    async with world.deck.services.store.reading() as connection:
        return [each.event.kind for each in await follow(connection, 0)]


async def count(world: Filled, table: object) -> int:
    async with world.deck.services.store.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


async def test_a_record_has_the_columns_existing_tools_read(world: Filled) -> None:
    await world.poll(-60, monthly(412.683, stated_bytes=412_683_000_000))
    path = world.deck.services.store.path
    assert path is not None
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        row = dict(connection.execute("SELECT * FROM data_usage_records").fetchone())
        call = dict(connection.execute("SELECT * FROM api_logs").fetchone())
    at = (NOW - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S")
    assert row["timestamp"] == row["created_at"] == call["timestamp"] == at
    assert (row["plan_id"], row["plan_name"], row["is_active"], row["is_home_plan"]) == (
        *("p", "1 Month Unlimited"),
        *(1, 1),
    )
    assert row["remaining_balance_gb"] == pytest.approx(412.683)
    assert row["remaining_balance_bytes"] == row["total_data_usage_bytes"] == 412_683_000_000
    assert (row["raw_response"], row["expires_in_days"]) == (None, 20)
    assert (call["operation"], call["success"], call["response_time_ms"]) == ("data", 1, 653)
    assert (call["method"], call["status_code"], call["error_message"]) == ("GET", 200, None)


async def test_the_counter_adds_consumption_alone(world: Filled) -> None:
    balances = (100.0, 99.0, 99.0, 97.5, 576.0, 575.0)
    for hour, balance in enumerate(balances):
        await world.poll(-600 + 60 * hour, monthly(balance))
    assert await counter(world) == [0, 1, 1, 2.5, 2.5, 3.5]


async def test_a_rise_within_the_tolerance_is_not_counted_twice(world: Filled) -> None:
    for hour, balance in enumerate((100.0, 99.0, 99.005, 98.0)):
        await world.poll(-600 + 60 * hour, monthly(balance))
    assert await counter(world) == [0, 1, 1, 2]


async def test_an_unknown_balance_is_no_zero_and_loses_no_consumption(world: Filled) -> None:
    for hour, balance in enumerate((100.0, None, 98.0)):
        await world.poll(-600 + 60 * hour, monthly(balance))
    assert await counter(world) == [0, 2]
    async with world.deck.services.store.reading() as connection:
        lying = await read_raw(connection, tables.balance_key("home", "p"), EVER, world.clock.now())
    assert [value for _time, value in lying] == [100e9, None, 98e9]


async def test_gaps_and_top_ups_are_kept_with_their_lengths(world: Filled) -> None:
    for minutes, balance in ((-900, 100.0), (-600, 95.0), (-540, 94.0), (-480, 500.0)):
        await world.poll(minutes, monthly(balance))
    window = Window(NOW - timedelta(minutes=700), NOW)
    async with world.deck.services.store.reading() as connection:
        found = await reading.gaps(connection, "home", "p", window, world.clock.now())
    assert found == [
        (NOW - timedelta(minutes=600), timedelta(minutes=300)),
        (NOW - timedelta(minutes=480), timedelta(minutes=60)),
    ]


async def test_plans_of_one_account_have_counters_of_their_own(world: Filled) -> None:
    second = {"plan_id": "p", "purchase_id": "b9"}
    await world.poll(-120, monthly(100), monthly(50, **second), trial())
    await world.poll(-60, monthly(99), monthly(50, **second), trial())
    assert await counter(world, "p") == [0, 1]
    assert await counter(world, "p#2") == [0, 0]
    assert await counter(world, "t") == [0, 0]


async def test_another_subscriber_never_continues_a_plan(world: Filled) -> None:
    await world.poll(-180, monthly(100))
    async with world.deck.services.store.writing() as transaction:
        statement = tables.accounts.update().values(subscriber="someone else")
        await transaction.connection.execute(statement)
    await world.poll(-120, monthly(40))
    await world.poll(-60, monthly(39))
    assert await counter(world, "p") == [0]
    assert await counter(world, "p@subscrib") == [0, 1]


async def test_a_poll_recorded_twice_counts_once(world: Filled) -> None:
    await world.poll(-120, monthly(100))
    await world.poll(-60, monthly(99))
    await world.poll(-60, monthly(99))
    await world.poll(-60, monthly(42))
    assert (await count(world, tables.records), await count(world, tables.polls)) == (2, 2)
    assert await counter(world) == [0, 1]
    async with world.deck.services.store.reading() as connection:
        held = await reading.plans(connection, "home", world.clock.now())
    assert [each.plan.balance for each in held] == [99 * GIGABYTE]


async def test_a_clock_set_back_derives_the_counter_anew(world: Filled) -> None:
    await world.poll(-120, monthly(100))
    await world.poll(-60, monthly(98))
    await world.poll(-90, monthly(99))
    assert await counter(world) == [0, 1, 2]


async def test_the_past_is_read_as_it_was_known(world: Filled) -> None:
    await world.poll(-120, monthly(100), trial())
    await world.poll(-60, monthly(99))
    store = world.deck.services.store
    async with store.reading() as connection:
        then = NOW - timedelta(minutes=90)
        assert len(await reading.plans(connection, "home", then)) == 2
        assert len(await reading.plans(connection, "home", store.present())) == 1
        assert await reading.plans(connection, "home", NOW - timedelta(minutes=121)) == []
        assert len(await reading.readings(connection, "home", "p", EVER, then)) == 1
        assert len(await reading.readings(connection, "home", "t", EVER, store.present())) == 1


async def test_a_poll_that_shows_no_plan_is_a_good_one(world: Filled) -> None:
    await world.poll(-120, monthly(100))
    await world.poll(-60)
    async with world.deck.services.store.reading() as connection:
        assert await reading.plans(connection, "home", world.clock.now()) == []
        bundle = await reading.bundle_at(connection, "home", world.clock.now())
    assert bundle is not None
    assert bundle.plans == ()


async def test_the_counter_is_known_on_either_side_of_any_moment(world: Filled) -> None:
    for hour, balance in enumerate((100.0, 99.0, 97.0)):
        await world.poll(-600 + 60 * hour, monthly(balance))
    instants = [NOW - timedelta(minutes=each) for each in (700, 600, 570, 0)]
    async with world.deck.services.store.reading() as connection:
        found = await reading.counter_at(connection, "home", "p", instants, world.clock.now())
        early = await reading.counter_at(connection, "home", "p", instants, NOW - timedelta(minutes=545))
    assert [(each.before and each.before[1], each.after and each.after[1]) for each in found] == [
        *((None, 0.0), (0.0, 1e9), (0.0, 1e9), (3e9, None)),
    ]
    assert [each.after and each.after[1] for each in early] == [0.0, None, None, None]


async def test_readings_come_with_the_one_before_the_window(world: Filled) -> None:
    await world.hourly(-600, 100, 1, 6)
    window = Window(NOW - timedelta(minutes=480), NOW - timedelta(minutes=360))
    async with world.deck.services.store.reading() as connection:
        found = await reading.readings(connection, "home", "p", window, world.clock.now())
    assert [to_epoch(each.at) - to_epoch(NOW) for each in found] == [-540 * 60, -480 * 60, -420 * 60]


async def test_purchases_are_kept_longer_than_taara_lists_them(world: Filled) -> None:
    old = Purchase("b0", "1 Month Unlimited", None, None, 7)
    await world.poll(
        -120, monthly(100, stated_bytes=5), purchases=[old, bought("b1", "1 Month Unlimited", "2031-01-15")]
    )
    for minutes in (-90, -60, -30):
        await world.poll(
            minutes, monthly(99, stated_bytes=4), purchases=[bought("b1", "1 Month Unlimited", "2031-01-15")]
        )
    async with world.deck.services.store.reading() as connection:
        found = await reading.purchases(connection, "home", world.clock.now())
        versions = await connection.scalar(select(func.count()).select_from(tables.purchases))
    assert [(each.id, each.remaining_bytes) for each in found] == [("b1", 4), ("b0", 7)]
    assert versions == 2


async def test_alarms_are_told_once_however_often_the_poll_is_repeated(world: Filled) -> None:
    await world.poll(-180, monthly(260))
    for minutes in (-120, -60, -59, -58):
        await world.poll(minutes, monthly(240))
    assert (await kinds(world)).count("usage.remaining_low") == 1


async def test_a_failed_poll_is_logged_and_leaves_the_plans(world: Filled) -> None:
    await world.poll(-120, monthly(100))
    await world.poll(-60, error=UnreachableError(_("Taara does not answer.")))
    async with world.deck.services.store.reading() as connection:
        calls = await reading.calls(connection, "home", world.clock.now(), 10)
        held = await reading.plans(connection, "home", world.clock.now())
        state = await reading.source(connection, "home", world.clock.now(), timedelta(hours=1))
    assert [(call.success, str(call.error)) for call in calls] == [
        (False, "Taara does not answer."),
        (True, "None"),
    ]
    assert len(held) == 1
    assert str(state.reason) == "Taara does not answer."


async def test_answers_and_calls_are_forgotten_in_time_and_readings_never(world: Filled) -> None:
    await world.poll(-60, monthly(100))
    services = world.deck.services
    settings = services.settings.of(UsageSettings)
    world.clock.advance(timedelta(days=settings.raw_days + 1).total_seconds())
    assert await forget_old(services.store, settings) == {"answers": 1, "calls": 0}
    world.clock.advance(timedelta(days=settings.call_days).total_seconds())
    assert await forget_old(services.store, settings) == {"answers": 0, "calls": 1}
    assert await count(world, tables.records) == 1


KILLED_BEFORE_ITS_COMMIT = """
import asyncio, os, signal, sys
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo
from core.areas.usage.model import Account, Bundle
from core.areas.usage.store.recording import PollAttempt, record_success
from tests.areas.usage.filled import monthly, opened

async def main():
    async with opened(Path(sys.argv[1])) as world:
        await world.poll(-120, monthly(100))
        print("first", flush=True)

        async def die(transaction):
            print("second", flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

        store = world.deck.services.store.guarded_by(die)
        at = world.clock.now() + timedelta(minutes=15)
        world.clock.advance(900)
        interval = timedelta(minutes=15)
        nairobi = ZoneInfo("Africa/Nairobi")
        attempt = PollAttempt(Account("home", "00"), at, at, interval, at, 1000, 10, nairobi)
        async with store.writing() as transaction:
            bundle = Bundle("subscriber of home", (monthly(90),))
            await record_success(transaction, attempt, bundle, "{}", [])

asyncio.run(main())
"""


def test_killed_between_poll_and_commit_there_is_no_half_poll(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED_BEFORE_ITS_COMMIT, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ)
    assert done.stdout.split() == ["first", "second"], done.stderr
    assert done.returncode == -signal.SIGKILL
    (path,) = tmp_path.rglob("opsdeck.db")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for table in ("usage_poll", "data_usage_records", "usage_answer", "poll", "api_logs"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,), table
        samples = connection.execute("SELECT count(*) FROM sample").fetchone()
        assert samples == (2,)
        assert connection.execute("SELECT balance FROM usage_meter").fetchone() == (100 * GIGABYTE,)
