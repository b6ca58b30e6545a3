"""Copies of the database: made while it is in use, checked, kept a week, put back (reliability.md R21).

A copy is made by SQLite's own online backup, never by copying the file, which would tear it. PostgreSQL
has tools of its own for this (`pg_dump`), and its operator runs them.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select, text

from core.errors import StoreBusyError, StoreCorruptError, StoreError, StoreForeignError
from core.message import Message, _
from core.moment import Clock
from core.store.audit import AuditHead, AuditReport, verify
from core.store.connect import prepare_file
from core.store.failures import cannot_write, sqlite_failure
from core.store.schema import known_revisions, newer_than_known
from core.store.store import Store
from core.store.tables import METADATA

__all__ = ["BACKUPS_KEPT", "CheckReport", "back_up", "back_up_file", "check", "restore"]

log = logging.getLogger("opsdeck.store")

BACKUPS_KEPT = 7
"""How many copies are kept where nothing else is said; the oldest goes when a new one is made."""

_PAGES_AT_A_TIME = 2_000


@dataclass(frozen=True, slots=True)
class CheckReport:
    """How sound a database is: what is wrong with it, its audit log's state, and how much is in it."""

    problems: tuple[Message, ...]
    audit: AuditReport
    rows: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems and self.audit.good

    @property
    def all_problems(self) -> tuple[Message, ...]:
        """Everything wrong, the audit log's problem last."""
        return self.problems if self.audit.problem is None else (*self.problems, self.audit.problem)

    @property
    def lines(self) -> tuple[Message, ...]:
        """What a person should read of it: everything wrong, or what was found sound."""
        if not self.good:
            return (*self.problems, *([self.audit.problem] if self.audit.problem else []))
        events, samples = self.rows["event"], self.rows["sample"]
        return (
            _("The database is sound: {events} events, {samples} samples.", events=events, samples=samples),
            _("The audit log is whole: {count} entries.", count=self.audit.rows),
        )


async def back_up(store: Store, folder: Path, *, keep: int = BACKUPS_KEPT) -> Path:
    """Copy the database, as it is at this moment, into `folder`, where the newest `keep` stay; its path.

    Raises:
        StoreError: it is on PostgreSQL, or the copy failed or is not sound; no older copy is removed then.
    """
    if store.path is None:
        raise StoreError(
            _(
                "{place} is on PostgreSQL; back it up there with pg_dump, from cron or a timer.",
                place=store.place,
            )
        )
    return await back_up_file(store.path, folder, clock=store.clock, keep=keep)


async def back_up_file(path: Path, folder: Path, *, clock: Clock, keep: int = BACKUPS_KEPT) -> Path:
    """Copy the SQLite database at `path`, in use or not, to `opsdeck-YYYYMMDD-HHMMSS.db` in `folder`."""
    name = f"opsdeck-{clock.now():%Y%m%d-%H%M%S}.db"
    return await asyncio.to_thread(_back_up, path, folder / name, keep)


async def restore(path: Path, target: Path, *, clock: Clock) -> Path | None:
    """Put the copy at `path` in the place of the database at `target`, which no process may have open.

    The copy is checked first: sound, ours, and not newer than this opsdeck. The database it replaces is
    kept beside it; its new path, or nothing where there was none.

    Raises:
        StoreError: the copy won't do (its kinds say why), or the database is in use; nothing was changed.
    """
    aside = target.with_name(f"{target.name}.replaced-{clock.now():%Y%m%d-%H%M%S}")
    return await asyncio.to_thread(_restore, path, target, aside)


async def check(store: Store, noted: AuditHead | None = None) -> CheckReport:
    """Look for damage, verify the audit log against a head noted elsewhere, and count what there is."""
    problems: list[Message] = []
    async with store.reading() as connection:
        if store.dialect == "sqlite":
            found = (await connection.execute(text("PRAGMA integrity_check(20)"))).scalars().all()
            problems = [_("SQLite says: {problem}.", problem=str(each)) for each in found if each != "ok"]
        audit = await verify(connection, store.audit_key, noted)
        rows = {
            table.name: await connection.scalar(select(func.count()).select_from(table)) or 0
            for table in METADATA.sorted_tables
        }
    return CheckReport(tuple(problems), audit, rows)


def _back_up(path: Path, copy: Path, keep: int) -> Path:
    part = copy.with_suffix(".part")
    prepare_file(part)
    with _explaining(path):
        try:
            _copy(path, part)
            _refuse_if_damaged(part)
            part.replace(copy)
        finally:
            part.unlink(missing_ok=True)
    for old in sorted(copy.parent.glob("opsdeck-*.db"))[: -max(keep, 1)]:
        old.unlink()
    log.info("backed up %s to %s", path, copy)
    return copy


def _copy(source: Path, target: Path) -> None:
    """Copy a database into an empty file, as one file without a log beside it."""
    with closing(_open(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new, pages=_PAGES_AT_A_TIME)
        new.execute("PRAGMA journal_mode = DELETE").fetchone()
    descriptor = os.open(target, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _restore(path: Path, target: Path, aside: Path) -> Path | None:
    if not path.is_file():
        raise StoreError(_("There is no backup at {path}.", path=str(path)))
    with _explaining(path):
        _refuse_if_damaged(path)
        _refuse_if_not_ours(path)
        part = target.with_name(target.name + ".restoring")
        part.unlink(missing_ok=True)
        prepare_file(part)
        try:
            _copy(path, part)
            kept = _set_aside(target, aside) if target.exists() else None
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    log.info("restored %s from %s", target, path)
    return kept


def _set_aside(target: Path, aside: Path) -> Path:
    """Move a database that nobody has open, with the files beside it, out of the way.

    Leaving the write-ahead log needs every other connection closed, so that doing it shows whether any is.
    """
    try:
        with closing(_open(target)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError as error:
        raise StoreBusyError(
            _("The database {place} is in use. Stop opsdeck everywhere and try again.", place=str(target))
        ) from error
    except sqlite3.DatabaseError:
        log.info("the database %s that is being replaced is damaged", target)
    for suffix in ("-wal", "-shm", ""):
        beside = target.with_name(target.name + suffix)
        with contextlib.suppress(FileNotFoundError):
            beside.replace(aside.with_name(aside.name + suffix))
    return aside


def _refuse_if_damaged(path: Path) -> None:
    with closing(_open(path)) as connection:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreCorruptError(_("The copy {path} is damaged: {reason}.", path=str(path), reason=str(found)))


def _refuse_if_not_ours(path: Path) -> None:
    with closing(_open(path)) as connection:
        try:
            mark = connection.execute("SELECT revisions FROM schema_mark").fetchone()
        except sqlite3.OperationalError:
            mark = None
    if mark is None:
        raise StoreForeignError(_("{path} is not a backup of opsdeck.", path=str(path)))
    unknown = set(mark[0].split("\n")) - set(known_revisions())
    if unknown:
        raise newer_than_known(str(path), min(unknown))


def _open(path: Path) -> sqlite3.Connection:
    """A connection to a database that is there; one that isn't is never made."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=5)


@contextmanager
def _explaining(path: Path) -> Generator[None]:
    """Turn what SQLite and the file system raise into a `StoreError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise sqlite_failure(error, str(path)) or StoreError(
            _("The database {place} can't be copied: {reason}.", place=str(path), reason=str(error))
        ) from error
    except OSError as error:
        raise StoreError(cannot_write(error.filename or str(path))) from error
