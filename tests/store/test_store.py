"""Transactions: what one writes, another reads; what fails is undone."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import RefusedError, SettingsError
from core.message import _
from core.moment import FrozenClock
from core.store.connect import parse_url, place_of
from core.store.preferences import preference, set_preference
from core.store.store import ChangeMark, Store, Transaction
from tests.store.conftest import write_and_fail


async def test_what_is_committed_is_read_by_another_store(store: Store, url: str, open_store, clock) -> None:
    async with store.writing() as transaction:
        await set_preference(transaction, "ana", "theme", "dark")
    other = await open_store(url)
    async with other.reading() as connection:
        assert await preference(connection, "ana", "theme", clock.now()) == "dark"


async def test_an_error_undoes_the_whole_transaction(store: Store, clock: FrozenClock) -> None:
    with pytest.raises(ZeroDivisionError):
        await write_and_fail(store, lambda transaction: set_preference(transaction, "ana", "theme", "dark"))
    async with store.reading() as connection:
        assert await preference(connection, "ana", "theme", clock.now()) is None
    async with store.writing() as transaction:
        await set_preference(transaction, "ana", "theme", "light")


async def test_a_cancelled_transaction_is_undone_and_leaves_the_line(
    store: Store, clock: FrozenClock
) -> None:
    begun = asyncio.Event()

    async def write_and_wait() -> None:
        async with store.writing() as transaction:
            await set_preference(transaction, "ana", "theme", "dark")
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_and_wait())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.writing() as transaction:
        await set_preference(transaction, "ben", "theme", "light")
    async with store.reading() as connection:
        assert await preference(connection, "ana", "theme", clock.now()) is None
        assert await preference(connection, "ben", "theme", clock.now()) == "light"


async def test_writers_of_one_process_take_turns(sqlite_store: Store, clock: FrozenClock) -> None:
    async def count_up() -> None:
        async with sqlite_store.writing() as transaction:
            current = await preference(transaction.connection, "ana", "count", transaction.recorded_at)
            await set_preference(transaction, "ana", "count", str(int(current or 0) + 1))

    await asyncio.gather(*(count_up() for _ in range(20)))
    async with sqlite_store.reading() as connection:
        assert await preference(connection, "ana", "count", clock.now()) == "20"


async def test_a_reading_keeps_its_snapshot_while_others_write(store: Store, clock: FrozenClock) -> None:
    async with store.reading() as connection:
        assert await preference(connection, "ana", "theme", clock.now()) is None
        async with store.writing() as transaction:
            await set_preference(transaction, "ana", "theme", "dark")
        assert await preference(connection, "ana", "theme", clock.now()) is None
    async with store.reading() as connection:
        assert await preference(connection, "ana", "theme", clock.now()) == "dark"


async def test_recorded_moments_never_go_back_when_the_clock_does(store: Store, clock: FrozenClock) -> None:
    async with store.writing() as transaction:
        await set_preference(transaction, "ana", "theme", "dark")
        before = transaction.recorded_at
    clock.step(-3600)
    async with store.writing() as transaction:
        await set_preference(transaction, "ana", "theme", "light")
        assert transaction.recorded_at == before
    assert store.present() == before
    async with store.reading() as connection:
        assert await preference(connection, "ana", "theme", store.present()) == "light"
    clock.step(+7200)
    assert store.present() == clock.now()


async def test_another_process_learns_of_the_newest_moment(store: Store, url: str, open_store, clock) -> None:
    ahead = FrozenClock(clock.now() + timedelta(hours=1))
    other = await open_store(url, ahead)
    async with other.writing() as transaction:
        await set_preference(transaction, "ana", "theme", "dark")
    assert store.present() == clock.now()
    await store.change_mark()
    assert store.present() == ahead.now()


async def test_sqlite_is_asked_for_what_the_promises_need(sqlite_store: Store) -> None:
    """That a commit survives a power cut can't be tried here, only that it is asked for (R18)."""
    asked = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5_000}
    for opened in (sqlite_store.reading, sqlite_store.writing):
        async with opened() as given:
            connection = given if isinstance(given, AsyncConnection) else given.connection
            for pragma, value in asked.items():
                assert await connection.scalar(text(f"PRAGMA {pragma}")) == value


async def test_a_new_store_has_an_empty_change_mark(store: Store) -> None:
    assert await store.change_mark() == ChangeMark(0, 0)


async def test_writing_inside_writing_is_refused_and_not_waited_for(sqlite_store: Store) -> None:
    async with sqlite_store.writing():
        with pytest.raises(RuntimeError, match="inside another"):
            async with sqlite_store.writing():
                pass
    async with sqlite_store.writing():
        pass


async def test_a_guard_that_raises_keeps_the_transaction_from_committing(store: Store, clock) -> None:
    allowed = True

    async def guard(transaction: Transaction) -> None:
        if not allowed:
            raise RefusedError(_("The lease is lost."))

    guarded = store.guarded_by(guard)
    async with guarded.writing() as transaction:
        await set_preference(transaction, "ana", "theme", "dark")
    allowed = False
    with pytest.raises(RefusedError):
        async with guarded.writing() as transaction:
            await set_preference(transaction, "ana", "theme", "light")
    async with store.writing() as transaction:
        await set_preference(transaction, "ben", "theme", "blue")
    async with guarded.reading() as connection:
        assert await preference(connection, "ana", "theme", clock.now()) == "dark"
        assert await preference(connection, "ben", "theme", clock.now()) == "blue"


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:////tmp/x.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:////tmp/x.db", "sqlite+aiosqlite"),
        ("postgres://u@h/d", "postgresql+asyncpg"),
        ("postgresql://u@h/d", "postgresql+asyncpg"),
        ("postgresql+psycopg://u@h/d", "postgresql+asyncpg"),
        ("postgresql+asyncpg://u@h/d", "postgresql+asyncpg"),
    ],
)
def test_every_usual_form_of_a_url_is_accepted(given: str, driver: str) -> None:
    assert parse_url(given).drivername == driver


@pytest.mark.parametrize("given", ["", "mysql://u@h/d", "opsdeck.db", "sqlite://", "sqlite:///:memory:"])
def test_a_url_we_cannot_use_is_refused_by_name(given: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        parse_url(given)


def test_a_password_in_the_url_is_never_shown() -> None:
    place = place_of(parse_url("postgresql://ana:canary@db.example/ops?password=canary"))
    assert "canary" not in place
    assert "db.example/ops" in place
