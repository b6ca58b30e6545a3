"""Bringing a database up to date with Alembic; loaded only when its schema mark says that it is behind.

The whole upgrade is one transaction on SQLite and PostgreSQL alike: cut short at any point, it leaves
the database as it was.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import os
import pkgutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, MetaData, delete, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import StoreCorruptError
from core.message import _
from core.moment import Clock
from core.store.connect import WRITING, create_engine, place_of, sqlite_path
from core.store.failures import translating
from core.store.schema import known_revisions, marked_revisions, migration_folders, needs_upgrade
from core.store.tables import METADATA, SCHEMA_MARK

__all__ = ["alembic_config", "all_metadata", "upgrade"]

log = logging.getLogger("opsdeck.store")

_UPGRADE_LOCK = 0x6F707364
"""The PostgreSQL advisory lock that lets one process upgrade at a time."""


async def upgrade(url: URL, *, clock: Clock, backups: Path | None, busy_timeout: float) -> None:
    """Run every migration the database is missing, after a backup where it holds anything.

    Raises:
        StoreError: it failed; the database is as it was.
    """
    place = place_of(url)
    engine = create_engine(url, busy_timeout=busy_timeout, for_upgrade=True)
    try:
        with translating(place):
            async with (
                engine.execution_options(**{WRITING: True}).connect() as connection,
                connection.begin(),
            ):
                if connection.dialect.name == "postgresql":
                    await connection.execute(
                        text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK}
                    )
                if not await needs_upgrade(connection, place):
                    return  # another process was faster
                if await marked_revisions(connection, place):
                    await _back_up(url, clock, backups)
                log.info("upgrading the schema of %s", place)
                await connection.run_sync(_run_migrations)
                await _check_references(connection, place)
                await connection.execute(delete(SCHEMA_MARK))
                await connection.execute(
                    insert(SCHEMA_MARK).values(id=1, revisions="\n".join(known_revisions()))
                )
    finally:
        await engine.dispose()


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration: the store's migrations and every area's, run on `connection`."""
    config = Config()
    folders = os.pathsep.join(str(folder) for folder in migration_folders())
    settings = {
        "script_location": str(Path(__file__).parent / "migrations"),
        "version_locations": folders,
        "path_separator": "os",
        "file_template": "%(rev)s_%(slug)s",
    }
    for name, value in settings.items():
        config.set_main_option(name, value.replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def all_metadata() -> list[MetaData]:
    """The declared tables: the store's and those in the `store.tables` of each area that has any."""
    import core.areas

    for module in (
        "core.store.leases",
        "core.store.schedule",
        "core.notify.delivery.tables",
        "core.notify.alerting.tables",
        "core.notify.people.tables",
    ):
        importlib.import_module(module)  # declares into METADATA
    found = [METADATA]
    for area in pkgutil.iter_modules(core.areas.__path__, "core.areas."):
        tables = f"{area.name}.store.tables"
        if area.ispkg and _exists(tables):
            declared = vars(importlib.import_module(tables)).values()
            found.extend(value for value in declared if isinstance(value, MetaData))
    return found


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # the package it would be in isn't there
        return False


def _run_migrations(connection: Connection) -> None:
    command.upgrade(alembic_config(connection), "heads")


async def _back_up(url: URL, clock: Clock, backups: Path | None) -> None:
    """Keep a copy of the database as it was before the upgrade."""
    path = sqlite_path(url)
    if path is None:
        log.warning("upgrading %s; a dump made before an upgrade is its operator's to make", place_of(url))
        return
    from core.store.backup import back_up_file

    copy = await back_up_file(path, backups or path.parent / "backups", clock=clock)
    log.info("kept a copy of the database from before the upgrade in %s", copy)


async def _check_references(connection: AsyncConnection, place: str) -> None:
    """See that no row refers to one that isn't there; they were left unchecked during the upgrade."""
    if connection.dialect.name != "sqlite":
        return
    broken = (await connection.execute(text("PRAGMA foreign_key_check"))).first()
    if broken is not None:
        raise StoreCorruptError(
            _(
                "Rows of {table} in {place} refer to rows that aren't there, so it was not upgraded. Restore"
                " a backup.",
                table=str(broken[0]),
                place=place,
            )
        )
