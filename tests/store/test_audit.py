"""The audit log (S18): append-only, and every kind of tampering shows."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.moment import FrozenClock
from core.principal import Principal, Role
from core.store.audit import AuditEntry, AuditReport, entries, head, prune, verify
from core.store.store import Store
from tests.store.conftest import KEY, write_and_fail

ANA = Principal("ana", Role.OPERATOR, "console", "pts/3")


async def note(store: Store, *targets: str) -> None:
    for target in targets:
        async with store.writing() as transaction:
            await transaction.audit(
                AuditEntry.of(
                    ANA, "wifi rename", target=target, before={"ssid": "Gäste"}, after={"ssid": "x\ny"}
                )
            )


async def report(store: Store, noted=None, key: bytes = KEY) -> AuditReport:
    async with store.reading() as connection:
        return await verify(connection, key, noted)


async def test_an_entry_says_who_did_what_where_and_how_it_ended(store: Store, clock: FrozenClock) -> None:
    await note(store, "network:1")
    async with store.writing() as transaction:
        await transaction.audit(AuditEntry.of(ANA, "pod reboot", target="pod:1", result="refused: not now"))
    async with store.reading() as connection:
        refused, done = await entries(connection, at=clock.now())
        (only,) = await entries(connection, at=clock.now(), target="network:1")
    assert only == done
    assert (done.number, done.recorded_at) == (1, clock.now())
    assert done.entry == AuditEntry(
        "ana", "operator", "console", "pts/3", "wifi rename", "network:1", {"ssid": "Gäste"}, {"ssid": "x\ny"}
    )
    assert refused.entry.result == "refused: not now"


async def test_a_whole_log_is_found_whole(store: Store, url: str, open_store) -> None:
    await note(store, "a", "b")
    other = await open_store(url)
    await note(other, "c")
    found = await report(store)
    assert (found.good, found.rows, found.head.number) == (True, 3, 3)


async def test_rows_can_be_neither_changed_nor_removed(store: Store) -> None:
    await note(store, "a")
    for statement in ("UPDATE audit SET who = 'eve'", "DELETE FROM audit"):
        with pytest.raises(DBAPIError, match="append-only"):
            async with store.writing() as transaction:
                await transaction.connection.execute(text(statement))
    assert (await report(store)).rows == 1


async def test_a_rolled_back_entry_leaves_no_hole(store: Store) -> None:
    await note(store, "a")
    with pytest.raises(ZeroDivisionError):
        await write_and_fail(store, lambda transaction: transaction.audit(AuditEntry.of(ANA, "x")))
    await note(store, "b")
    assert (await report(store)).good


FORGERIES = {
    "a changed word": "UPDATE audit SET who = 'eve' WHERE number = 3",
    "a changed moment": "UPDATE audit SET recorded_at = recorded_at + 1 WHERE number = 3",
    "a changed tag": "UPDATE audit SET tag = replace(tag, substr(tag, 1, 1), 'g') WHERE number = 3",
    "a removed row": "DELETE FROM audit WHERE number = 3",
    "the first row removed": "DELETE FROM audit WHERE number = 1",
    "two rows exchanged": (
        "UPDATE audit SET number = 99 WHERE number = 2; UPDATE audit SET number = 2 WHERE number = 3;"
        "UPDATE audit SET number = 3 WHERE number = 99"
    ),
    "the end cut off": "DELETE FROM audit WHERE number > 3",
    "everything removed": "DELETE FROM audit",
    "a forged checkpoint": (
        "INSERT INTO audit_checkpoint SELECT number, recorded_at, tag, tag FROM audit WHERE number = 2;"
        "DELETE FROM audit WHERE number <= 2"
    ),
}


async def forge(store: Store, statements: str) -> None:
    """Do what somebody with the database file in hand could."""
    assert store.path is not None
    with sqlite3.connect(store.path) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.executescript(statements)
    connection.close()


@pytest.mark.parametrize("name", FORGERIES)
async def test_tampering_shows(sqlite_store: Store, name: str) -> None:
    await note(sqlite_store, "a", "b", "c", "d", "e")
    assert (await report(sqlite_store)).good
    await forge(sqlite_store, FORGERIES[name])
    found = await report(sqlite_store)
    assert not found.good
    assert found.problem is not None


async def test_a_cut_with_a_forged_end_shows_against_a_noted_head(sqlite_store: Store) -> None:
    await note(sqlite_store, "a", "b", "c")
    async with sqlite_store.reading() as connection:
        noted = await head(connection)
    assert (await report(sqlite_store, noted)).good
    await forge(
        sqlite_store,
        "DELETE FROM audit WHERE number = 3;"
        "UPDATE log_head SET audit = 2, audit_tag = (SELECT tag FROM audit WHERE number = 2)",
    )
    assert (await report(sqlite_store)).good
    assert not (await report(sqlite_store, noted)).good


async def test_an_old_copy_that_grew_again_shows_against_a_noted_head(
    store: Store, tmp_path: Path, open_store
) -> None:
    await note(store, "a", "b", "c")
    async with store.reading() as connection:
        noted = await head(connection)
    other = await open_store(f"sqlite:///{tmp_path / 'other' / 'opsdeck.db'}")
    await note(other, "a", "x", "y", "z")
    assert (await report(other)).good
    found = await report(other, noted)
    assert "not the one that was noted" in str(found.problem)


async def test_another_key_finds_nothing_sound(store: Store) -> None:
    await note(store, "a")
    assert not (await report(store, key=b"another fake key")).good


async def test_pruning_leaves_a_sealed_beginning(store: Store, clock: FrozenClock) -> None:
    await note(store, "a", "b")
    clock.advance(60)
    await note(store, "c")
    async with store.reading() as connection:
        noted = await head(connection)
    async with store.writing() as transaction:
        assert await prune(transaction, clock.now(), KEY) == 2
    await note(store, "d")
    found = await report(store, noted)
    assert (found.good, found.rows, found.head.number) == (True, 2, 4)
    clock.advance(60)
    async with store.writing() as transaction:
        assert await prune(transaction, clock.now() + timedelta(1), KEY) == 2
    assert (await report(store, noted)).good
    await note(store, "e")
    assert (await report(store)).head.number == 5
    with pytest.raises(DBAPIError, match="append-only"):
        async with store.writing() as transaction:
            await transaction.connection.execute(text("DELETE FROM audit"))
