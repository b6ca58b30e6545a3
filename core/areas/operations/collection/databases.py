"""Looking at databases: our own, and any that `checks.toml` names."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import NullPool, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from core.areas.operations.model import Finding, HealthStatus, Reason
from core.areas.operations.rules.check_targets import SqlTarget
from core.errors import SettingsError, StoreError
from core.message import Message, _
from core.moment import Clock
from core.store.connect import parse_url, sqlite_path
from core.store.schema import needs_upgrade
from core.store.store import Store
from core.text import clean, redact
from core.units import Quantity, Unit

__all__ = ["LEAST_FREE", "look_at_database", "look_at_own_database"]

LEAST_FREE = 1_000_000_000
"""Free bytes on the database's disk below which there is a warning (operations.md 2.2)."""

_LOOKS = 3
"""Our database is timed so often, and the best counts: the other probes of the round share our process."""


async def look_at_own_database(store: Store, clock: Clock) -> Finding:
    """Whether our database answers, has the schema we need, and room to grow."""
    try:
        async with store.reading() as connection:
            latency = min([await _timed(connection, clock) for _look in range(_LOOKS)])
            outdated = await needs_upgrade(connection, store.place)
    except StoreError as error:
        return _failed(Reason.DATABASE_ERROR, error.message)
    if outdated:
        output = _("Its schema isn’t the one this version needs. Restart opsdeck, which upgrades it.")
        return _failed(Reason.WRONG_SCHEMA, output)
    free = None if store.path is None else await asyncio.to_thread(_free, store.path)
    if free is not None and free < LEAST_FREE:
        output = _(
            "Only {free} are free on its disk. Make room.", free=Quantity(free / 1e6, Unit.MEGABYTE, 0)
        )
        return Finding(HealthStatus.WARN, Reason.LOW_DISK, output, latency_ms=latency)
    return Finding(HealthStatus.PASS, latency_ms=latency)


async def _timed(connection: AsyncConnection, clock: Clock) -> float:
    """The milliseconds that the least of queries takes on an open connection."""
    began = clock.monotonic()
    await connection.execute(text("SELECT 1"))
    return (clock.monotonic() - began) * 1_000


async def look_at_database(target: SqlTarget) -> Finding:
    """Whether the database answers the query, asked so that it can change nothing."""
    try:
        url = parse_url(target.url)
    except SettingsError:
        return _failed(Reason.PROBE_FAULT, _("“url” is no address of a database that can be asked."))
    path = sqlite_path(url)
    try:
        if path is not None:
            await asyncio.to_thread(_ask_sqlite, path, target.query)
            return Finding(HealthStatus.PASS)
        engine = create_async_engine(
            url,
            hide_parameters=True,
            poolclass=NullPool,
            connect_args={"server_settings": {"default_transaction_read_only": "on"}},
        )
        try:
            async with engine.connect() as connection:
                await connection.execute(text(target.query))
        finally:
            await engine.dispose()
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        said = redact(clean(str(getattr(error, "orig", None) or error), 160))
        return _failed(Reason.DATABASE_ERROR, _("The query failed: {reason}.", reason=said.rstrip(".")))
    return Finding(HealthStatus.PASS)


def _ask_sqlite(path: Path, query: str) -> None:
    """Ask a file for reading only, so that a missing one isn't made."""
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=2)) as connection:
        connection.execute(query).fetchone()


def _free(path: Path) -> int:
    return shutil.disk_usage(path.parent).free


def _failed(reason: Reason, output: Message) -> Finding:
    return Finding(HealthStatus.FAIL, reason, output)
