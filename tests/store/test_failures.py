"""What the database fails at reaches the person as one of our errors, which says what to do."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from core.errors import (
    StoreBusyError,
    StoreCorruptError,
    StoreError,
    StoreForeignError,
    StoreFullError,
)
from core.store.failures import translate
from core.store.preferences import preference, set_preference
from core.store.store import Store

ROOT = Path(__file__).parents[2]

HOLD_THE_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.readline()
"""

WRITE_WHERE_WE_MAY_NOT = """
import asyncio, concurrent.futures.thread, os, sys
from datetime import UTC, datetime
from core.errors import StoreReadOnlyError
from core.moment import FrozenClock
from core.store.store import Store

async def main():
    clock = FrozenClock(datetime(2026, 3, 1, tzinfo=UTC))
    try:
        store = await Store.open(sys.argv[1], clock=clock, audit_key=b"fake")
    except StoreReadOnlyError as error:
        print("refused:", error)

if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
asyncio.run(main())
"""


async def put(store: Store, value: str) -> None:
    async with store.writing() as transaction:
        await set_preference(transaction, "ana", "theme", value)


async def test_a_lock_held_by_another_process_is_told_and_survived(open_store, tmp_path: Path, clock) -> None:
    path = tmp_path / "opsdeck.db"
    store = await open_store(f"sqlite:///{path}", busy_timeout=0.1)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"locked\n"
        with pytest.raises(StoreBusyError, match="try again"):
            await put(store, "dark")
        async with store.reading() as connection:
            assert await preference(connection, "ana", "theme", clock.now()) is None
        holder.stdin.close()
    await put(store, "dark")
    async with store.reading() as connection:
        assert await preference(connection, "ana", "theme", clock.now()) == "dark"


async def test_a_lock_on_postgresql_is_told_too(open_store, postgres_url: str) -> None:
    holder = await open_store(postgres_url)
    store = await open_store(postgres_url, busy_timeout=0.1)
    async with holder.writing() as transaction:
        await transaction.connection.execute(text("SELECT * FROM log_head FOR UPDATE"))
        with pytest.raises(StoreBusyError):
            await put(store, "dark")
    await put(store, "dark")


async def put_with_no_room(store: Store) -> None:
    async with store.writing() as transaction:
        pages = await transaction.connection.scalar(text("PRAGMA page_count"))
        await transaction.connection.execute(text(f"PRAGMA max_page_count = {pages + 2}"))
        await set_preference(transaction, "ana", "theme", "x" * 100_000)


async def test_a_full_database_refuses_and_keeps_what_was_there(sqlite_store: Store, clock) -> None:
    await put(sqlite_store, "dark")
    with pytest.raises(StoreFullError, match="free some space"):
        await put_with_no_room(sqlite_store)
    async with sqlite_store.reading() as connection:
        assert await preference(connection, "ana", "theme", clock.now()) == "dark"


@pytest.mark.parametrize("content", [b"garbage" * 1_000, b"SQLite format 3\0" + b"\xff" * 4_096])
async def test_a_damaged_file_is_told_and_left_as_it_is(open_store, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "opsdeck.db"
    path.write_bytes(content)
    with pytest.raises(StoreCorruptError, match="backup"):
        await open_store(f"sqlite:///{path}")
    assert path.read_bytes() == content


async def test_a_file_cut_short_is_told(sqlite_store: Store, open_store, tmp_path: Path) -> None:
    await put(sqlite_store, "x" * 50_000)
    await sqlite_store.close()
    path = sqlite_store.path
    assert path is not None
    with path.open("r+b") as stream:
        stream.truncate(path.stat().st_size // 2 // 4_096 * 4_096)
    with pytest.raises(StoreCorruptError):
        await put(await open_store(f"sqlite:///{path}"), "dark")


async def test_another_programs_database_is_left_alone(open_store, tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE theirs (x)")
    path.chmod(0o644)
    before = path.read_bytes()
    with pytest.raises(StoreForeignError, match="DATABASE_URL"):
        await open_store(f"sqlite:///{path}")
    assert path.read_bytes() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [file.name for file in tmp_path.glob("theirs*")] == ["theirs.db"]


async def test_another_programs_postgresql_database_is_left_alone(open_store, postgres_url: str) -> None:
    engine = create_async_engine(postgres_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE theirs (x int)"))
    await engine.dispose()
    with pytest.raises(StoreForeignError):
        await open_store(postgres_url)


@pytest.mark.parametrize("port", ["1", "65000"])
async def test_a_server_that_is_not_there_is_told_without_the_password(open_store, port: str) -> None:
    with pytest.raises(StoreError, match="can't be reached") as caught:
        await open_store(f"postgresql://ana:canary@127.0.0.1:{port}/ops")
    assert "canary" not in str(caught.value)


async def test_a_database_that_is_not_there_is_told(open_store, postgres_url: str) -> None:
    with pytest.raises(StoreError, match="DATABASE_URL"):
        await open_store(postgres_url.replace("/test", "/absent"))


def test_a_folder_that_may_not_be_written_is_told() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "data").mkdir()
        place.chmod(0o555)
        (place / "data").chmod(0o555)
        ran = subprocess.run(
            [sys.executable, "-c", WRITE_WHERE_WE_MAY_NOT, f"sqlite:///{place / 'data' / 'opsdeck.db'}"],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        place.chmod(0o755)
    assert ran.stdout.startswith("refused:"), ran.stderr
    assert "permissions" in ran.stdout


async def test_a_failing_statement_does_not_show_its_values(store: Store) -> None:
    statement = text("INSERT INTO absent VALUES (:secret)").bindparams(secret="canary")
    with pytest.raises(SQLAlchemyError, match="absent") as caught:
        async with store.writing() as transaction:
            await transaction.connection.execute(statement)
    assert "canary" not in str(caught.value) + repr(caught.value.__cause__)


async def test_an_error_of_the_caller_passes_through_unchanged(sqlite_store: Store) -> None:
    with pytest.raises(BrokenPipeError):
        async with sqlite_store.reading():
            raise BrokenPipeError


@pytest.mark.parametrize("umask", [0o000, 0o022])
async def test_every_file_is_private_whatever_the_umask(open_store, tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        store = await open_store(f"sqlite:///{tmp_path / 'deep' / 'data' / 'opsdeck.db'}")
        await put(store, "dark")
        modes = {
            file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "deep" / "data").iterdir()
        }
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(("opsdeck.db", "opsdeck.db-wal", "opsdeck.db-shm"), 0o600)
    assert stat.S_IMODE((tmp_path / "deep" / "data").stat().st_mode) == 0o700


async def test_a_database_others_could_read_is_made_private(open_store, tmp_path: Path) -> None:
    path = tmp_path / "opsdeck.db"
    path.touch(0o666)
    path.chmod(0o666)
    await open_store(f"sqlite:///{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_connection_that_was_lost_is_a_server_out_of_reach_and_no_fault_of_ours() -> None:
    lost = DBAPIError("SELECT 1", None, Exception("connection is closed"), connection_invalidated=True)
    failure = translate(lost, "postgresql://db/ops")
    assert failure is not None
    assert "can't be reached" in str(failure)


async def hang_up(url: str) -> None:
    """Let the server end every other connection, as it does when it is restarted."""
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )
    await engine.dispose()


async def test_a_connection_that_was_lost_while_nobody_used_it_is_replaced_unseen(
    open_store, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.store.connect._TRUSTED_FOR", 0.0)
    store = await open_store(postgres_url)
    await hang_up(postgres_url)
    assert await store.change_mark()


async def test_one_that_is_lost_in_use_fails_once(
    open_store, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.store.connect._TRUSTED_FOR", 3_600.0)
    store = await open_store(postgres_url)
    await hang_up(postgres_url)
    with pytest.raises(StoreError, match="can't be reached"):
        await store.change_mark()
    assert await store.change_mark()
