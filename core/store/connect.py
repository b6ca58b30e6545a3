"""From a database URL to an engine: drivers, private files, and how transactions begin."""

from __future__ import annotations

import math
import os
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, NullPool, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from core.errors import SettingsError, StoreError, StoreReadOnlyError
from core.message import _
from core.store.failures import cannot_write

__all__ = ["WRITING", "create_engine", "parse_url", "place_of", "prepare_file", "sqlite_path"]

WRITING = "opsdeck_writing"
"""The execution option of connections whose transactions take the write lock when they begin."""

_TRUSTED_FOR = 1.0
"""Seconds that a connection to a server counts as alive after it was used."""

_RETURNED = "opsdeck_returned"

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
    "postgresql+psycopg": "postgresql+asyncpg",
    "postgresql+psycopg2": "postgresql+asyncpg",
}


def parse_url(text: str) -> URL:
    """The database URL with the driver we use, whichever one it names.

    Raises:
        SettingsError: it is no URL, or of a database we don't know.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        url = None
    driver = _DRIVERS.get(url.drivername) if url is not None else None
    if url is None or driver is None or (driver.startswith("sqlite") and not _names_a_file(url)):
        raise SettingsError(
            _("DATABASE_URL is neither sqlite:////path/to/opsdeck.db nor postgresql://user@host/database.")
        )
    return url.set(drivername=driver)


def place_of(url: URL) -> str:
    """How to name the database to a person: its path, or its address without the password."""
    path = sqlite_path(url)
    return str(path) if path is not None else url.set(password=None, query={}).render_as_string()


def sqlite_path(url: URL) -> Path | None:
    """The file of an SQLite database; nothing for any other."""
    return Path(url.database or "") if url.drivername.startswith("sqlite") else None


def prepare_file(path: Path) -> None:
    """Make the database file and its folder, private before anything is in them (reliability.md S15).

    SQLite gives the files beside it (`-wal`, `-shm`) the mode of the database.

    Raises:
        StoreReadOnlyError: the folder or the file can't be made.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except IsADirectoryError as error:
        raise StoreError(_("{path} is a folder; the database needs a file.", path=str(path))) from error
    except OSError as error:
        raise StoreReadOnlyError(cannot_write(str(path))) from error


def create_engine(
    url: URL, *, busy_timeout: float, for_upgrade: bool = False, few: bool = False
) -> AsyncEngine:
    """An engine for the database; `busy_timeout` is how many seconds to wait for another's lock.

    `for_upgrade` leaves foreign keys unchecked, because SQLite changes a table by making it anew, and
    keeps no connection open. A `few` connections are enough for what is done one after the other.
    """
    pool: dict[str, Any] = {"pool_size": 5, "max_overflow": 10, "pool_timeout": 10}
    if for_upgrade:
        pool = {"poolclass": NullPool}
    elif few:
        pool |= {"pool_size": 1, "max_overflow": 2}
    if url.drivername.startswith("postgresql"):
        engine = create_async_engine(
            url,
            hide_parameters=True,
            connect_args={
                "timeout": 10,
                "server_settings": {
                    "application_name": "opsdeck",
                    "lock_timeout": f"{busy_timeout * 1000:.0f}",
                },
            },
            **pool,
        )
        _ask_whether_it_lives(engine)
        return engine
    engine = create_async_engine(url, hide_parameters=True, connect_args={"timeout": busy_timeout}, **pool)
    pragmas = (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        f"PRAGMA foreign_keys={'OFF' if for_upgrade else 'ON'}",
        "PRAGMA temp_store=MEMORY",
    )

    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    def on_begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    event.listen(engine.sync_engine, "connect", on_connect)
    event.listen(engine.sync_engine, "begin", on_begin)
    return engine


def _ask_whether_it_lives(engine: AsyncEngine) -> None:
    """Ask a connection that nobody used for a moment whether its server is still there.

    SQLAlchemy's own `pool_pre_ping` asks each time, in three trips: as many as a short page reads. One that
    was used a moment ago fails where the server went away since, which its user has to bear anyway.
    """
    dialect = engine.sync_engine.dialect

    def on_checkin(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_RETURNED] = time.monotonic()

    def on_checkout(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - record.info.get(_RETURNED, math.inf) < _TRUSTED_FOR:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise DisconnectionError("the server is gone") from error

    event.listen(engine.sync_engine, "checkin", on_checkin)
    event.listen(engine.sync_engine, "checkout", on_checkout)


def _names_a_file(url: URL) -> bool:
    return bool(url.database) and url.database != ":memory:"
