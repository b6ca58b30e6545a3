"""A store stays small and quick: old rows go, what is the newest and what is summed up stays."""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import Table, func, select

from core.event import Event
from core.message import _
from core.moment import FrozenClock, Window, from_epoch, to_epoch
from core.page import Freshness
from core.principal import ENGINE
from core.store import maintenance
from core.store.audit import AuditEntry, verify
from core.store.idempotency import answer, save_answer
from core.store.maintenance import Retention, optimise, retention, room
from core.store.polls import Poll, health, record_poll
from core.store.preferences import preference, set_preference
from core.store.series import SeriesKey, load_history, raw_since, read_buckets, read_raw, write_samples
from core.store.series.model import SeriesSamples
from core.store.store import Store
from core.store.tables import EVENT, PREFERENCE, SAMPLE
from core.units import Severity
from tests.store.conftest import KEY

DAY = 86_400
SERIES = SeriesKey("network", "L1", "rx")


async def rows(store: Store, table: Table) -> int:
    async with store.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def test_old_samples_live_on_in_their_rollups(store: Store, clock: FrozenClock) -> None:
    start = to_epoch(clock.now()) // DAY * DAY - 20 * DAY
    samples = [(start + i * 900, 1.0) for i in range(20 * 96)]
    daily = SeriesKey("network", "L1", "score")
    async with store.writing() as transaction:
        await load_history(transaction, [SeriesSamples(SERIES, samples, 900)])
        await load_history(transaction, [SeriesSamples(daily, [(start, 5.0)], DAY)])
    removed = await retention(store, Retention(samples=timedelta(days=5)))
    assert removed["samples"] == 15 * 96
    window = Window(from_epoch(start), clock.now())
    async with store.reading() as connection:
        assert len(await read_raw(connection, SERIES, window, clock.now())) == 5 * 96
        days = await read_buckets(connection, SERIES, window, DAY, clock.now())
        assert [b.count for b in days] == [96] * 20
        assert await read_raw(connection, daily, window, clock.now()) == [(start, 5.0)]
        assert await raw_since(connection, SERIES) == start + 15 * DAY
        assert await raw_since(connection, daily) == 0
    assert (await retention(store, Retention(samples=timedelta(days=5))))["samples"] == 0


async def test_a_sample_older_than_the_kept_ones_does_not_spoil_their_rollup(store: Store, clock) -> None:
    start = to_epoch(clock.now()) // DAY * DAY - 20 * DAY
    async with store.writing() as transaction:
        samples = [(start + i * 900, 1.0) for i in range(20 * 96)]
        await load_history(transaction, [SeriesSamples(SERIES, samples, 900)])
    await retention(store, Retention(samples=timedelta(days=5)))
    async with store.writing() as transaction:
        await write_samples(transaction, SERIES, [(start, 99.0), (start + 19 * DAY, 3.0)], step=900)
        await load_history(transaction, [SeriesSamples(SERIES, [(start + 900, 99.0)], 900)])
    async with store.reading() as connection:
        window = Window(from_epoch(start), clock.now())
        days = await read_buckets(connection, SERIES, window, DAY, clock.now())
    assert (days[0].total, days[0].high) == (96.0, 1.0)
    assert (days[19].total, days[19].high) == (98.0, 3.0)


async def test_only_versions_that_ended_are_removed(store: Store, clock: FrozenClock) -> None:
    for value in ("a", "b", "c"):
        async with store.writing() as transaction:
            await set_preference(transaction, "ana", "theme", value)
            await set_preference(transaction, "ben", value, value)
        clock.advance(10 * DAY)
    async with store.writing() as transaction:
        await set_preference(transaction, "ben", "a", None)
    clock.advance(60 * DAY)
    removed = await retention(store, Retention(versions=timedelta(days=30)))
    assert removed["versions"] == 4
    assert await rows(store, PREFERENCE) == 3
    async with store.reading() as connection:
        assert await preference(connection, "ana", "theme", clock.now()) == "c"
        assert await preference(connection, "ben", "a", clock.now()) is None
        assert await preference(connection, "ben", "b", clock.now()) == "b"


async def test_old_logs_go_and_the_last_poll_of_each_source_stays(
    store: Store, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "_ROWS_AT_A_TIME", 2)
    for number in range(5):
        async with store.writing() as transaction:
            await record_poll(
                transaction, Poll("plume", "L1", clock.now(), good=number < 3, reason=_("down"))
            )
            await transaction.emit(
                Event("k", "network", "x", Severity.NOTICE, _("x"), clock.now(), key=str(number))
            )
            await transaction.audit(AuditEntry.of(ENGINE, "x"))
            await save_answer(transaction, str(number), "{}")
        clock.advance(DAY)
    week = timedelta(days=7)
    clock.advance(40 * DAY)
    removed = await retention(store, Retention(events=week, polls=week, audit=week, answers=week))
    assert {k: removed[k] for k in ("events", "polls", "audit", "answers")} == {
        "events": 5,
        "polls": 3,
        "audit": 5,
        "answers": 5,
    }
    async with store.reading() as connection:
        state = await health(connection, "plume", "L1", clock.now(), timedelta(minutes=1))
        assert (state.freshness, str(state.reason)) == (Freshness.UNKNOWN, "down")
        assert await answer(connection, "1") is None
        assert (await verify(connection, KEY)).good
    async with store.writing() as transaction:
        await transaction.emit(Event("k", "network", "x", Severity.NOTICE, _("x"), clock.now()))
    assert (await store.change_mark()).event == 6
    assert await rows(store, EVENT) == 1


async def test_optimising_takes_the_write_ahead_log_back(sqlite_store: Store, clock: FrozenClock) -> None:
    start = to_epoch(clock.now()) - 2_000 * 900
    async with sqlite_store.writing() as transaction:
        samples = [(start + i * 900, 1.0) for i in range(2_000)]
        await load_history(transaction, [SeriesSamples(SERIES, samples, 900)])
    assert sqlite_store.path is not None
    log = sqlite_store.path.with_name("opsdeck.db-wal")
    assert log.stat().st_size > 0
    await optimise(sqlite_store)
    assert log.stat().st_size == 0
    with closing(sqlite3.connect(sqlite_store.path)) as connection:
        assert connection.execute("SELECT count(*) FROM sample").fetchone() == (2_000,)


async def test_optimising_is_known_on_postgresql_too(open_store, postgres_url: str) -> None:
    await optimise(await open_store(postgres_url))


async def test_room_is_told_of_only_when_it_is_short(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage(0, 0, 400_000_000))
    assert await room(sqlite_store, database_mb=100, disk_mb=300) == []
    (low,) = await room(sqlite_store, database_mb=100, disk_mb=500)
    assert "free on the disk" in low.id
    _low, grown = await room(sqlite_store, database_mb=0, disk_mb=500)
    assert "has grown" in grown.id


async def test_the_size_on_postgresql_is_known(open_store, postgres_url: str) -> None:
    store = await open_store(postgres_url)
    assert await room(store) == []
    assert len(await room(store, database_mb=1)) == 1


async def test_raw_samples_may_be_removed_while_nobody_reads_them(store: Store) -> None:
    assert await rows(store, SAMPLE) == 0
    assert (await retention(store, Retention()))["samples"] == 0
