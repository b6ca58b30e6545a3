"""A database comes to its present form step by step, keeps its data, and is never left half-way."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

import core.areas
from core.errors import InputError, StoreError
from core.store.migrations.new import write_migration
from core.store.schema import known_revisions
from core.store.store import Store
from core.store.upgrade import alembic_config, all_metadata
from tests.store.conftest import REAL_AREAS

ROOT = Path(__file__).parents[2]

HEADER = """
import os, signal
import sqlalchemy as sa
from alembic import op

revision = "toy{number:04}"
down_revision = {before!r}
branch_labels = {labels!r}
depends_on = {depends!r}


def upgrade():
"""
FIRST = """
    identity = sa.Column("id", sa.Integer(), primary_key=True)
    op.create_table("toy_thing", identity, sa.Column("name", sa.Text()))
"""
SECOND = """
    with op.batch_alter_table("toy_thing") as table:
        table.add_column(sa.Column("size", sa.Integer(), nullable=False, server_default="7"))
        table.alter_column("name", new_column_name="title")
"""
HALF_WAY = """
    op.create_table("toy_half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("DELETE FROM toy_thing")
"""
TABLES = """
from sqlalchemy import Column, Integer, String
from core.store.metadata import new_metadata
from core.store.versions import versioned_table

metadata = new_metadata()
pods = versioned_table("toy_pod", metadata, [Column("place", String(40)), Column("id", String(40))], [
    Column("devices", Integer)
])
"""


def add_migration(areas: Path, number: int, body: str) -> Path:
    folder = areas / "toy" / "migrations"
    folder.mkdir(parents=True, exist_ok=True)
    before = None if number == 1 else f"toy{number - 1:04}"
    first = number == 1
    labels, depends = (("toy",), "store0001") if first else (None, None)
    file = folder / f"toy{number:04}_step.py"
    file.write_text(HEADER.format(number=number, before=before, labels=labels, depends=depends) + body)
    return file


async def query(store: Store, statement: str) -> list[tuple[object, ...]]:
    async with store.reading() as connection:
        return [tuple(row) for row in await connection.execute(text(statement))]


async def execute(store: Store, statement: str) -> None:
    async with store.writing() as transaction:
        await transaction.connection.execute(text(statement))


def differences(connection: Connection) -> list[object]:
    """What the declared tables and the migrated ones do not have in common."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, all_metadata()))  # type: ignore[arg-type]


@pytest.fixture
def toy_tables(no_areas: Path) -> Iterator[Path]:
    """An area with declared tables and no migrations yet."""
    folder = no_areas / "toy"
    (folder / "store").mkdir(parents=True)
    for package in (folder, folder / "store"):
        (package / "__init__.py").touch()
    (folder / "store" / "tables.py").write_text(TABLES)
    yield folder
    for module in [name for name in sys.modules if name.startswith("core.areas.toy")]:
        del sys.modules[module]


async def test_the_migrated_schema_is_the_declared_one(url: str, open_store, monkeypatch) -> None:
    monkeypatch.setattr(core.areas, "__path__", REAL_AREAS)
    store = await open_store(url)
    async with store.reading() as connection:
        assert await connection.run_sync(differences) == []


async def test_an_areas_tables_are_upgraded_and_keep_their_data(
    no_areas: Path, url: str, open_store, clock
) -> None:
    add_migration(no_areas, 1, FIRST)
    store = await open_store(url)
    await execute(store, "INSERT INTO toy_thing (id, name) VALUES (1, 'one')")
    await store.close()
    add_migration(no_areas, 2, SECOND)
    store = await open_store(url)
    assert await query(store, "SELECT id, title, size FROM toy_thing") == [(1, "one", 7)]
    if store.path is not None:
        (copy,) = (store.path.parent / "backups").iterdir()
        assert copy.name == f"opsdeck-{clock.now():%Y%m%d-%H%M%S}.db"
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("SELECT id, name FROM toy_thing").fetchall() == [(1, "one")]


async def test_an_area_may_be_added_to_a_database_that_is_there(no_areas: Path, url: str, open_store) -> None:
    await (await open_store(url)).close()
    add_migration(no_areas, 1, FIRST)
    store = await open_store(url)
    assert await query(store, "SELECT * FROM toy_thing") == []


async def test_a_new_database_is_made_without_a_backup(open_store, tmp_path: Path) -> None:
    await open_store(f"sqlite:///{tmp_path / 'opsdeck.db'}", backups=tmp_path / "backups")
    assert not (tmp_path / "backups").exists()


async def test_a_failing_upgrade_leaves_the_database_as_it_was(no_areas: Path, url: str, open_store) -> None:
    add_migration(no_areas, 1, FIRST)
    store = await open_store(url)
    await execute(store, "INSERT INTO toy_thing (id, name) VALUES (1, 'one')")
    await store.close()
    broken = add_migration(no_areas, 2, HALF_WAY + "    raise ZeroDivisionError\n")
    with pytest.raises(ZeroDivisionError):
        await open_store(url)
    broken.unlink()
    store = await open_store(url)
    assert await query(store, "SELECT id, name FROM toy_thing") == [(1, "one")]
    add_migration(no_areas, 2, HALF_WAY)
    store = await open_store(url)
    assert await query(store, "SELECT * FROM toy_half") == []


OPEN = """
import asyncio, sys
from datetime import UTC, datetime
import core.areas
from core.moment import FrozenClock
from core.store.store import Store

core.areas.__path__ = [sys.argv[2]]

async def main():
    clock = FrozenClock(datetime(2026, 3, 1, tzinfo=UTC))
    store = await Store.open(sys.argv[1], clock=clock, audit_key=b"fake")
    await store.close()
    print(*[name for name in ("alembic", "mako") if name in sys.modules])

asyncio.run(main())
"""


def open_in_child(url: str, areas: Path) -> subprocess.CompletedProcess[str]:
    command_line = [sys.executable, "-c", OPEN, url, str(areas)]
    return subprocess.run(command_line, capture_output=True, text=True, check=False, cwd=ROOT)


async def test_an_upgrade_that_is_killed_leaves_the_database_as_it_was(
    no_areas, url: str, open_store
) -> None:
    add_migration(no_areas, 1, FIRST)
    store = await open_store(url)
    await execute(store, "INSERT INTO toy_thing (id, name) VALUES (1, 'one')")
    await store.close()
    deadly = add_migration(no_areas, 2, HALF_WAY + "    os.kill(os.getpid(), signal.SIGKILL)\n")
    assert open_in_child(url, no_areas).returncode == -9
    deadly.unlink()
    store = await open_store(url)
    assert await query(store, "SELECT id, name FROM toy_thing") == [(1, "one")]


async def test_alembic_is_loaded_only_when_something_is_to_be_done(url: str, no_areas: Path) -> None:
    first, second = open_in_child(url, no_areas), open_in_child(url, no_areas)
    assert "alembic" in first.stdout, first.stderr
    assert second.stdout == "\n", second.stderr


async def test_a_database_of_a_newer_opsdeck_is_refused(no_areas: Path, url: str, open_store) -> None:
    newer = add_migration(no_areas, 1, FIRST)
    await (await open_store(url)).close()
    newer.unlink()
    with pytest.raises(StoreError, match="newer opsdeck") as caught:
        await open_store(url)
    assert "toy0001" in str(caught.value)


async def test_several_may_open_a_new_database_at_once(url: str, open_store) -> None:
    stores = await asyncio.gather(*(open_store(url) for _ in range(3)))
    for store in stores:
        assert await query(store, "SELECT count(*) FROM log_head") == [(1,)]


async def test_an_upgrade_on_postgresql_says_whose_affair_a_dump_is(
    no_areas: Path, postgres_url: str, open_store, caplog: pytest.LogCaptureFixture
) -> None:
    await (await open_store(postgres_url)).close()
    add_migration(no_areas, 1, FIRST)
    with caplog.at_level(logging.WARNING, "opsdeck.store"):
        await open_store(postgres_url)
    assert "dump" in caplog.text


async def test_the_first_migration_can_be_undone_and_done_again(store: Store) -> None:
    def there_and_back(connection: Connection) -> list[object]:
        config = alembic_config(connection)
        command.downgrade(config, "base")
        command.upgrade(config, "heads")
        return differences(connection)

    async with store._writers.begin() as connection:
        assert await connection.run_sync(there_and_back) == []


async def test_a_migration_is_written_from_what_was_declared(toy_tables: Path, url: str, open_store) -> None:
    path = write_migration("toy", "add_pods")
    assert path == toy_tables / "migrations" / "toy0001_add_pods.py"
    assert [each for each in known_revisions() if not each.startswith("store")] == ["toy0001"]
    store = await open_store(url)
    async with store.reading() as connection:
        assert await connection.run_sync(differences) == []
    await store.close()
    tables = toy_tables / "store" / "tables.py"
    tables.write_text(tables.read_text().replace("[\n", '[\n    Column("note", String(9)),\n'))
    del sys.modules["core.areas.toy.store.tables"]
    assert write_migration("toy", "add_note").name == "toy0002_add_note.py"
    store = await open_store(url)
    async with store.reading() as connection:
        assert await connection.run_sync(differences) == []
    for written in (toy_tables / "migrations").glob("*.py"):
        assert "opsdeck.keys" not in written.read_text()


@pytest.mark.parametrize(("area", "slug"), [("absent", "add_pods"), ("store", "Add pods"), ("store", "../x")])
def test_a_migration_of_nothing_is_refused(area: str, slug: str) -> None:
    with pytest.raises(InputError):
        write_migration(area, slug)
