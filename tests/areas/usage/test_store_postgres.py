"""The usage area's store on a real PostgreSQL: recording, reading and importing as on SQLite."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from core.areas.usage.client.parsing import fingerprint
from core.areas.usage.importing.history import import_history
from core.areas.usage.importing.monitor_database import read_monitor_database
from core.areas.usage.model import GIGABYTE, Account, Bundle
from core.areas.usage.settings import UsageSettings
from core.areas.usage.store import reading, tables
from core.areas.usage.store.recording import PollAttempt, record_success
from core.moment import FrozenClock, Window, from_epoch
from core.store.store import Store
from tests.areas.usage.filled import monthly
from tests.areas.usage.test_importing import SUBSCRIBER, Monitor
from tests.areas.usage.vectors import NOW
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

EVER = Window(from_epoch(0), NOW + timedelta(days=400))
ATTEMPT = PollAttempt(
    Account("home", "…00"),
    NOW,
    NOW,
    timedelta(minutes=15),
    None,
    Decimal(1_000),
    Decimal(10),
    ZoneInfo("Africa/Nairobi"),
)


@pytest.fixture
async def store(postgres_url: str) -> AsyncGenerator[Store]:
    clock = FrozenClock(NOW)
    opened = await Store.open(postgres_url, clock=clock, audit_key=b"a fake audit key for tests only!")
    yield opened
    await opened.close()


async def record(store: Store, minutes: float, gigabytes: float) -> None:
    at = NOW + timedelta(minutes=minutes)
    bundle = Bundle(fingerprint(SUBSCRIBER), (monthly(gigabytes),))
    async with store.writing() as transaction:
        await record_success(transaction, replace(ATTEMPT, started=at, ended=at), bundle, "{}", [])


async def test_polls_and_an_older_history_make_one_counter(store: Store, tmp_path: Path) -> None:
    monitor = Monitor(tmp_path / "taara_monitoring.db")
    monitor.record(-90, 100.0)
    monitor.record(-75, 95.0)
    file = read_monitor_database(Path(monitor.close()))
    await record(store, -60, 90)
    await record(store, -45, 89)
    for _time in range(2):
        async with store.writing() as transaction:
            await import_history(transaction, file, None, "default", UsageSettings())  # type: ignore[call-arg]
    async with store.reading() as connection:
        found = await reading.readings(connection, "home", "p", EVER, NOW)
        instants = [NOW - timedelta(minutes=each) for each in (80, 50, 0)]
        points = await reading.counter_at(connection, "home", "p", instants, NOW)
        moment = await connection.scalar(select(func.min(tables.records.c.timestamp)))
    assert [each.balance for each in found] == [each * GIGABYTE for each in (100, 95, 90, 89)]
    assert [each.before and each.before[1] / GIGABYTE for each in points] == [-10, 0, 1]
    assert moment == (NOW - timedelta(minutes=90)).replace(tzinfo=None)


async def test_the_same_second_recorded_at_once_counts_once(store: Store) -> None:
    await record(store, -30, 100)
    await asyncio.gather(*(record(store, -15, 99) for _number in range(4)))
    async with store.reading() as connection:
        assert len(await reading.readings(connection, "home", "p", EVER, NOW)) == 2
        (held,) = await reading.plans(connection, "home", NOW)
    assert held.plan.balance == 99 * GIGABYTE
