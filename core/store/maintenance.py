"""What keeps a store quick and small over years; the engine runs these at night, each in small steps."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import (
    ColumnElement,
    Connection,
    MetaData,
    Table,
    and_,
    bindparam,
    delete,
    func,
    inspect,
    or_,
    select,
    text,
    update,
)

from core.errors import StoreError
from core.message import Message, _
from core.moment import to_epoch
from core.store.audit import prune
from core.store.failures import cannot_write, sqlite_failure
from core.store.metadata import to_microseconds
from core.store.series.model import LEVELS, STEPS_PER_LEVEL
from core.store.store import Store
from core.store.tables import EVENT, POLL, SAMPLE, SAMPLE_VERSION, SERIES, WRITTEN_ONCE
from core.units import Quantity, Unit

__all__ = ["Retention", "optimise", "retention", "room"]

_ROWS_AT_A_TIME = 2_000
_SERIES_AT_A_TIME = 50
_DAY = 86_400
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each kind of row is kept; roll-ups, and the newest version and poll of anything, for good."""

    samples: timedelta = timedelta(days=400)
    versions: timedelta = timedelta(days=400)
    events: timedelta = timedelta(days=400)
    polls: timedelta = timedelta(days=30)
    audit: timedelta = timedelta(days=366)
    answers: timedelta = timedelta(days=7)


async def retention(store: Store, keep: Retention) -> dict[str, int]:
    """Remove what is older than it is to be kept; how many rows of each kind went.

    Each step is a short transaction of its own, so that nobody waits long for the database.
    """
    now = store.present()
    removed = {"samples": await _remove_samples(store, now - keep.samples), "versions": 0}
    async with store.reading() as connection:
        versioned = await connection.run_sync(_versioned_tables)
    for table in versioned:
        cut = to_microseconds(now - keep.versions)
        ended = or_(table.c.superseded_at < cut, and_(table.c.gone, table.c.recorded_at < cut))
        removed["versions"] += await _remove(store, table, ended)
    newest_polls = select(func.max(POLL.c.number)).group_by(POLL.c.source, POLL.c.good)
    old_poll = and_(_older(POLL, now - keep.polls), POLL.c.number.not_in(newest_polls))
    removed["polls"] = await _remove(store, POLL, old_poll)
    removed["events"] = await _remove(store, EVENT, _older(EVENT, now - keep.events))
    removed["answers"] = await _remove(store, WRITTEN_ONCE, _older(WRITTEN_ONCE, now - keep.answers))
    async with store.writing() as transaction:
        removed["audit"] = await prune(transaction, now - keep.audit, store.audit_key)
    return removed


async def optimise(store: Store) -> None:
    """Let the database look at its own statistics, and on SQLite take the write-ahead log back to nothing."""
    if store.path is not None:
        await asyncio.to_thread(_optimise, store.path)
        return
    async with store.writing() as transaction:
        await transaction.connection.execute(text("ANALYZE"))


async def room(store: Store, *, database_mb: int = 20_000, disk_mb: int = 1_000) -> list[Message]:
    """What to tell a person about the room the database takes: nothing while there is enough.

    `database_mb` is the megabytes it should not outgrow, `disk_mb` those that should be free on its disk.
    """
    warnings: list[Message] = []
    if store.path is None:
        async with store.reading() as connection:
            size = int(await connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    else:
        size = await asyncio.to_thread(_size, store.path)
        free = (await asyncio.to_thread(shutil.disk_usage, store.path.parent)).free
        if free < disk_mb * _MEGABYTE:
            warnings.append(
                _("Only {free} are free on the disk of {place}.", free=_megabytes(free), place=store.place)
            )
    if size > database_mb * _MEGABYTE:
        warnings.append(
            _(
                "{place} has grown to {size}; keep less in the settings.",
                place=store.place,
                size=_megabytes(size),
            )
        )
    return warnings


async def _remove_samples(store: Store, before: datetime) -> int:
    """Remove samples of whole UTC days before that moment, of series that have roll-ups to live on in."""
    cut = to_epoch(before) // _DAY * _DAY
    removed = 0
    has_rollups = SERIES.c.step * STEPS_PER_LEVEL <= LEVELS[-1]
    due = select(SERIES.c.id).where(SERIES.c.raw_since < cut, has_rollups).limit(_SERIES_AT_A_TIME)
    while True:
        async with store.writing() as transaction:
            series = (await transaction.connection.execute(due)).scalars().all()
            if not series:
                return removed
            for table in (SAMPLE, SAMPLE_VERSION):
                old = delete(table).where(table.c.series.in_(series), table.c.time < cut)
                removed += (await transaction.connection.execute(old)).rowcount
            since = update(SERIES).where(SERIES.c.id.in_(series)).values(raw_since=cut)
            await transaction.connection.execute(since)


async def _remove(store: Store, table: Table, condition: ColumnElement[bool]) -> int:
    """Remove the rows that meet the condition, a few at a time."""
    keys = list(table.primary_key)
    removed = 0
    while True:
        async with store.writing() as transaction:
            found = await transaction.connection.execute(
                select(*keys).where(condition).limit(_ROWS_AT_A_TIME)
            )
            rows = [tuple(row) for row in found]
            if rows:
                matching = and_(*(column == bindparam(f"of_{column.name}") for column in keys))
                names = [f"of_{column.name}" for column in keys]
                values = [dict(zip(names, row, strict=True)) for row in rows]
                await transaction.connection.execute(delete(table).where(matching), values)
        removed += len(rows)
        if len(rows) < _ROWS_AT_A_TIME:
            return removed


def _versioned_tables(connection: Connection) -> list[Table]:
    """The tables of versions there are, whichever area declared them."""
    wanted = {"recorded_at", "superseded_at", "gone"}
    found = inspect(connection)
    names = [
        name
        for name in found.get_table_names()
        if wanted <= {column["name"] for column in found.get_columns(name)}
    ]
    metadata = MetaData()
    return [Table(name, metadata, autoload_with=connection) for name in names]


def _older(table: Table, moment: datetime) -> ColumnElement[bool]:
    return table.c.recorded_at < to_microseconds(moment)


def _optimise(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as connection:
            connection.execute("PRAGMA analysis_limit = 1000")
            connection.execute("PRAGMA optimize")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise sqlite_failure(error, str(path)) or StoreError(cannot_write(str(path))) from error


def _size(path: Path) -> int:
    """The bytes of the database and its write-ahead log."""
    files = (path, path.with_name(path.name + "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def _megabytes(count: int) -> Quantity:
    return Quantity(count / _MEGABYTE, Unit.MEGABYTE, 0)
