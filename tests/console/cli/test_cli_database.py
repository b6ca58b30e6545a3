"""`opsdeck db`, and what is said about a database that can't be used."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from console.exits import Exit
from core.store.store import Store

from .conftest import NOW, Desk, run


def pages_of(answer: str) -> str:
    return answer.splitlines()[0]


def test_a_backup_brings_back_what_was_there(desk: Desk) -> None:
    made = run("--now", NOW, "db", "backup")
    assert made.code == Exit.DONE
    copy = Path(made.out.strip())
    assert copy.parent == desk.home / "data" / "backups"
    run("--now", NOW, "select", "Vector 7 d")
    assert "Vector 7 d" in pages_of(run("--now", NOW, "status").out)

    restored = run("db", "restore", str(copy), "--yes")

    assert (restored.code, restored.out) == (Exit.DONE, "")
    assert "is kept as" in restored.err
    assert "Vector A" in pages_of(run("--now", NOW, "status").out)
    checked = run("db", "check")
    assert checked.code == Exit.DONE
    assert "The database is sound" in checked.out
    assert "The audit log is whole" in checked.out


def test_restore_lists_the_backups_there_are(desk: Desk) -> None:
    copy = run("--now", NOW, "db", "backup").out.strip()

    answer = run("db", "restore")

    assert answer.code == Exit.USAGE
    assert copy in answer.err


def test_restore_asks_before_it_replaces(desk: Desk) -> None:
    copy = run("--now", NOW, "db", "backup").out.strip()

    answer = run("db", "restore", copy)

    assert answer.code == Exit.USAGE
    assert "add --yes" in answer.err


def test_restore_goes_where_the_settings_say_the_database_is(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = run("--now", NOW, "db", "backup").out.strip()
    elsewhere = tmp_path / "elsewhere" / "deck.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{elsewhere}")

    assert run("db", "restore", copy, "--yes").code == Exit.DONE

    assert elsewhere.is_file()
    assert "Vector A" in pages_of(run("--now", NOW, "status").out)


def test_a_damaged_backup_is_not_restored(desk: Desk, tmp_path: Path) -> None:
    before = desk.database.read_bytes()
    copy = tmp_path / "copy.db"
    copy.write_bytes(b"not a database at all" * 500)

    answer = run("db", "restore", str(copy), "--yes")

    assert answer.code == Exit.STORE
    assert desk.database.read_bytes() == before


def test_check_finds_a_tampered_audit_log(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.database)) as database, database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE audit SET action = 'status' WHERE number = 1")

    answer = run("db", "check")

    assert answer.code == Exit.FAILED
    assert "Audit entry 1 was changed" in answer.out
    assert "is whole" not in answer.out


def test_check_finds_damage_inside_the_file(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.database)) as database:
        database.execute("PRAGMA journal_mode = DELETE").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sample'").fetchone()
    damaged = bytearray(desk.database.read_bytes())
    damaged[(page - 1) * size : page * size] = bytes(size)
    desk.database.write_bytes(damaged)

    answer = run("db", "check")

    assert answer.code in (Exit.FAILED, Exit.STORE)
    assert "sound" not in answer.out
    assert "Traceback" not in answer.err


def test_a_corrupt_database_is_said_to_be_damaged_and_left_alone(desk: Desk) -> None:
    garbage = b"SQLite format 3\x00" + b"\xff" * 8_000
    desk.database.write_bytes(garbage)

    answer = run("status")

    assert answer.code == Exit.STORE
    assert f"The database {desk.database} is damaged" in answer.err
    assert desk.database.read_bytes() == garbage


def test_a_database_of_another_program_is_refused_untouched(opsdeck_home: Path) -> None:
    file = opsdeck_home / "data" / "opsdeck.db"
    file.parent.mkdir(parents=True)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE invoices (id INTEGER)")
    before = file.read_bytes()

    answer = run("status")

    assert answer.code == Exit.STORE
    assert "isn't opsdeck's" in answer.err
    assert file.read_bytes() == before


def test_a_database_of_a_newer_opsdeck_is_refused(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.database)) as database, database:
        database.execute("UPDATE schema_mark SET revisions = revisions || char(10) || 'zzz9999'")

    answer = run("status")

    assert answer.code == Exit.STORE
    assert "was written by a newer opsdeck (it has zzz9999)" in answer.err


@pytest.mark.parametrize("place", ["file", "folder"])
def test_a_place_that_can_not_be_written_is_named(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocker = tmp_path / "blocker"
    blocker.write_text("a file where a folder is needed")
    if place == "file":
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{blocker}/opsdeck.db")
    else:
        (tmp_path / "home").mkdir()
        (tmp_path / "home" / "state").write_text("")
        monkeypatch.setenv("OPSDECK_HOME", str(tmp_path / "home"))

    answer = run("status")

    assert answer.code == Exit.STORE
    assert str(blocker if place == "file" else tmp_path / "home" / "state") in answer.err
    assert "Traceback" not in answer.err


def test_a_locked_database_is_busy_and_loses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    patience = Store.open.__func__.__kwdefaults__  # type: ignore[attr-defined]
    monkeypatch.setitem(patience, "busy_timeout", 0.2)
    with closing(sqlite3.connect(desk.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = run("--now", NOW, "select", "Vector 7 d")
        reading = run("--now", NOW, "status")
        other.execute("ROLLBACK")

    assert writing.code == Exit.STORE
    assert "is busy with another program. Nothing was changed" in writing.err
    assert reading.code == Exit.DONE
    assert "Vector A" in pages_of(reading.out)


def test_the_demo_has_no_database_to_keep() -> None:
    answer = run("--demo", "db", "backup")

    assert answer.code == Exit.USAGE
    assert "made anew each time" in answer.err
