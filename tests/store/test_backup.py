"""Copies are whole, private and few; putting one back never loses what was there."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from core.errors import StoreBusyError, StoreCorruptError, StoreError, StoreForeignError
from core.event import Event
from core.message import _
from core.moment import FrozenClock, to_epoch
from core.principal import ENGINE
from core.store.audit import AuditEntry
from core.store.backup import back_up, check, restore
from core.store.preferences import preference, set_preference
from core.store.series import SeriesKey, write_samples
from core.store.store import Store
from core.units import Severity


async def put(store: Store, value: str) -> None:
    async with store.writing() as transaction:
        await set_preference(transaction, "ana", "theme", value)
        await transaction.audit(AuditEntry.of(ENGINE, "theme", target=value))


async def theme(store: Store) -> str | None:
    async with store.reading() as connection:
        return await preference(connection, "ana", "theme", store.present())


async def test_a_copy_holds_everything_while_the_store_is_in_use(
    sqlite_store: Store, tmp_path: Path, open_store
) -> None:
    await put(sqlite_store, "dark")
    async with sqlite_store.writing() as transaction:
        await set_preference(transaction, "ana", "theme", "not committed")
        copy = await back_up(sqlite_store, tmp_path / "backups")
    assert copy.name == "opsdeck-20260301-120000.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    assert [file.name for file in copy.parent.iterdir()] == [copy.name]
    opened = await open_store(f"sqlite:///{copy}")
    assert await theme(opened) == "dark"
    assert (await check(opened)).good


async def test_the_newest_copies_are_kept(sqlite_store: Store, tmp_path: Path, clock: FrozenClock) -> None:
    folder = tmp_path / "backups"
    for _day in range(9):
        await back_up(sqlite_store, folder)
        clock.advance(86_400)
    kept = sorted(file.name for file in folder.iterdir())
    assert len(kept) == 7
    assert kept[0] == "opsdeck-20260303-120000.db"
    await back_up(sqlite_store, folder, keep=2)
    assert len(list(folder.iterdir())) == 2


async def test_a_damaged_database_makes_no_copy_and_costs_no_older_one(
    sqlite_store: Store, tmp_path: Path, clock: FrozenClock
) -> None:
    await put(sqlite_store, "x" * 100_000)
    for _day in range(7):
        await back_up(sqlite_store, tmp_path / "backups")
        clock.advance(86_400)
    kept = sorted((tmp_path / "backups").iterdir())
    await sqlite_store.close()
    assert sqlite_store.path is not None
    with sqlite_store.path.open("r+b") as stream:
        stream.seek(-60_000, 2)
        stream.write(b"\xff" * 30_000)
    with pytest.raises(StoreCorruptError):
        await back_up(sqlite_store, tmp_path / "backups")
    assert sorted((tmp_path / "backups").iterdir()) == kept


async def test_on_postgresql_a_backup_points_to_pg_dump(
    open_store, postgres_url: str, tmp_path: Path
) -> None:
    store = await open_store(postgres_url)
    with pytest.raises(StoreError, match="pg_dump"):
        await back_up(store, tmp_path)


async def test_a_copy_is_put_back_and_the_replaced_database_kept(
    sqlite_store: Store, tmp_path: Path, open_store, clock: FrozenClock
) -> None:
    await put(sqlite_store, "dark")
    copy = await back_up(sqlite_store, tmp_path / "backups")
    await put(sqlite_store, "light")
    await sqlite_store.close()
    target = sqlite_store.path
    assert target is not None
    clock.advance(60)
    aside = await restore(copy, target, clock=clock)
    assert aside is not None
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert await theme(await open_store(f"sqlite:///{target}")) == "dark"
    assert await theme(await open_store(f"sqlite:///{aside}")) == "light"
    assert copy.exists()


async def test_a_copy_is_put_where_there_was_nothing(
    sqlite_store: Store, tmp_path: Path, open_store, clock: FrozenClock
) -> None:
    await put(sqlite_store, "dark")
    copy = await back_up(sqlite_store, tmp_path / "backups")
    assert await restore(copy, tmp_path / "new" / "opsdeck.db", clock=clock) is None
    assert await theme(await open_store(f"sqlite:///{tmp_path / 'new' / 'opsdeck.db'}")) == "dark"


async def test_a_copy_is_put_in_the_place_of_a_damaged_database(
    sqlite_store: Store, tmp_path: Path, open_store, clock: FrozenClock
) -> None:
    await put(sqlite_store, "dark")
    copy = await back_up(sqlite_store, tmp_path / "backups")
    await sqlite_store.close()
    target = sqlite_store.path
    assert target is not None
    target.write_bytes(b"garbage" * 1_000)
    aside = await restore(copy, target, clock=clock)
    assert aside is not None
    assert aside.read_bytes() == b"garbage" * 1_000
    assert await theme(await open_store(f"sqlite:///{target}")) == "dark"


async def test_a_database_in_use_is_not_replaced(
    sqlite_store: Store, tmp_path: Path, clock: FrozenClock
) -> None:
    await put(sqlite_store, "dark")
    copy = await back_up(sqlite_store, tmp_path / "backups")
    await put(sqlite_store, "light")
    assert sqlite_store.path is not None
    with pytest.raises(StoreBusyError, match="Stop opsdeck"):
        await restore(copy, sqlite_store.path, clock=clock)
    assert await theme(sqlite_store) == "light"
    names = {file.name.removeprefix("opsdeck.db") for file in sqlite_store.path.parent.iterdir()}
    assert names <= {"", "-wal", "-shm"}


async def test_what_is_no_backup_of_ours_is_refused(tmp_path: Path, clock: FrozenClock) -> None:
    target = tmp_path / "opsdeck.db"
    garbage, theirs, newer = (tmp_path / name for name in ("garbage.db", "theirs.db", "newer.db"))
    garbage.write_bytes(b"garbage" * 1_000)
    for path, statement in (
        (theirs, "CREATE TABLE theirs (x)"),
        (newer, "CREATE TABLE schema_mark AS SELECT 1 AS id, 'store0001\nstore9999' AS revisions"),
    ):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(statement)
    with pytest.raises(StoreError, match="no backup"):
        await restore(tmp_path / "absent.db", target, clock=clock)
    with pytest.raises(StoreCorruptError):
        await restore(garbage, target, clock=clock)
    with pytest.raises(StoreForeignError):
        await restore(theirs, target, clock=clock)
    with pytest.raises(StoreError, match="newer opsdeck"):
        await restore(newer, target, clock=clock)
    assert not target.exists()


async def test_a_check_counts_and_finds_a_whole_store_good(store: Store, clock: FrozenClock) -> None:
    await put(store, "dark")
    async with store.writing() as transaction:
        samples = [(to_epoch(clock.now()) - i * 900, 1.0) for i in range(5)]
        await write_samples(transaction, SeriesKey("toy", "x", "n"), samples, step=900)
    report = await check(store)
    assert report.good
    assert (report.rows["sample"], report.rows["audit"], report.rows["preference"]) == (5, 1, 1)
    assert "5 samples" in " ".join(str(line) for line in report.lines)


async def test_a_check_tells_of_a_broken_audit_log(sqlite_store: Store) -> None:
    await put(sqlite_store, "dark")
    async with sqlite_store.writing() as transaction:
        await transaction.connection.execute(text("DROP TRIGGER audit_is_not_changed"))
        await transaction.connection.execute(text("UPDATE audit SET who = 'eve'"))
    report = await check(sqlite_store)
    assert not report.good
    assert [str(line) for line in report.lines] == [
        "Audit entry 1 was changed, or was sealed with another key."
    ]


async def test_a_check_tells_of_damage(sqlite_store: Store, open_store, clock: FrozenClock) -> None:
    async with sqlite_store.writing() as transaction:
        await transaction.emit(Event("k", "toy", "x", Severity.NOTICE, _("x"), clock.now()))
    path = sqlite_store.path
    await sqlite_store.close()
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        wrong = "CREATE INDEX ix_event_at ON event (severity)"
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'ix_event_at'", (wrong,))
    report = await check(await open_store(f"sqlite:///{path}"))
    assert not report.good
    assert "ix_event_at" in str(report.lines[0])


async def test_a_restored_copy_shows_against_a_head_noted_since(
    sqlite_store: Store, tmp_path: Path, open_store, clock: FrozenClock
) -> None:
    await put(sqlite_store, "dark")
    copy = await back_up(sqlite_store, tmp_path / "backups")
    await put(sqlite_store, "light")
    noted = (await check(sqlite_store)).audit.head
    await restore(copy, tmp_path / "new.db", clock=clock)
    restored = await open_store(f"sqlite:///{tmp_path / 'new.db'}")
    assert (await check(restored)).good
    assert not (await check(restored, noted)).good
    assert noted.number == 2
