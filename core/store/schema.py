"""Whether a database is ours and up to date, decided without loading Alembic.

The mark in `schema_mark` lists the migrations a database has been through; their ids are the file names
in the migration folders. Only when the two differ is the machinery that upgrades loaded.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core.errors import StoreCorruptError, StoreError, StoreForeignError
from core.message import _
from core.moment import Clock
from core.store.connect import place_of
from core.store.failures import cannot_write, sqlite_failure
from core.store.tables import SCHEMA_MARK

__all__ = [
    "bring_up_to_date",
    "known_revisions",
    "marked_revisions",
    "migration_folders",
    "needs_upgrade",
    "newer_than_known",
    "refuse_foreign_file",
]

_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": (
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
    ),
}
"""How to list the tables there are."""

_TAARA_MONITOR = {"data_usage_records", "api_logs"}
"""The tables of the program whose history the usage area can take over."""


def migration_folders() -> list[Path]:
    """The folders that hold migrations: the store's, then each area's that has any, by name."""
    import core.areas

    areas = (folder for place in core.areas.__path__ for folder in Path(place).glob("*/migrations"))
    return [
        Path(__file__).parent / "migrations" / "versions",
        *sorted(areas, key=lambda folder: folder.parent.name),
    ]


def known_revisions() -> list[str]:
    """The ids of every migration there is, sorted, read from the names of their files."""
    files = (file for folder in migration_folders() for file in folder.glob("*_*.py"))
    return sorted(file.name.split("_", 1)[0] for file in files if not file.name.startswith("_"))


async def bring_up_to_date(
    engine: AsyncEngine, url: URL, *, clock: Clock, backups: Path | None, busy_timeout: float
) -> None:
    """Make or upgrade the schema where it differs from what this version of opsdeck needs.

    Raises:
        StoreForeignError: the database is not ours.
        StoreError: it was written by a newer opsdeck, or the upgrade failed; nothing was changed then.
    """
    async with engine.connect() as connection, connection.begin():
        if not await needs_upgrade(connection, place_of(url)):
            return
    from core.store.upgrade import upgrade

    await upgrade(url, clock=clock, backups=backups, busy_timeout=busy_timeout)


async def needs_upgrade(connection: AsyncConnection, place: str) -> bool:
    """Whether migrations are missing from this database.

    Raises:
        StoreForeignError: it is not ours.
        StoreError: it has been through migrations that this version of opsdeck does not know.
    """
    revisions = await marked_revisions(connection, place)
    known = known_revisions()
    unknown = sorted(set(revisions) - set(known))
    if unknown:
        raise newer_than_known(place, unknown[0])
    return revisions != known


async def marked_revisions(connection: AsyncConnection, place: str) -> list[str]:
    """The migrations this database has been through, sorted; none when it is empty.

    Raises:
        StoreForeignError: it is not empty and carries no mark of ours.
    """
    names = _TABLES[connection.dialect.name]
    tables = set((await connection.execute(text(names))).scalars())
    if not tables:
        return []
    _refuse_if_foreign(tables, place)
    mark = (await connection.execute(select(SCHEMA_MARK.c.revisions))).scalar_one()
    return mark.split("\n")


def refuse_foreign_file(path: Path) -> None:
    """Look into an SQLite file before anything about it is changed, be it only its journal's mode.

    Raises:
        StoreForeignError: it is another program's database.
        StoreError: it can't be read; its kinds say why.
    """
    if not path.is_file() or path.stat().st_size == 0:
        return
    address = f"{path.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=5)) as connection:
            tables = {name for (name,) in connection.execute(_TABLES["sqlite"])}
    except sqlite3.Error as error:
        raise sqlite_failure(error, str(path)) or StoreCorruptError(cannot_write(str(path))) from error
    if tables:
        _refuse_if_foreign(tables, str(path))


def _refuse_if_foreign(tables: set[str], place: str) -> None:
    if {"schema_mark", "log_head"} <= tables:
        return
    if tables >= _TAARA_MONITOR:
        raise StoreForeignError(
            _(
                "{place} is the database of a Taara monitor. Name a new file in DATABASE_URL and take its"
                " history over with “opsdeck usage import FILE”; nothing in it was touched.",
                place=place,
            )
        )
    raise StoreForeignError(
        _(
            "The database {place} is not empty and isn't opsdeck's. Name a new file or an empty database"
            " in DATABASE_URL; nothing in this one was touched.",
            place=place,
        )
    )


def newer_than_known(place: str, revision: str) -> StoreError:
    """What to raise for a database that has been through a migration we don't know."""
    return StoreError(
        _(
            "The database {place} was written by a newer opsdeck (it has {revision}). Install that version,"
            " or restore a backup made before.",
            place=place,
            revision=revision,
        )
    )
