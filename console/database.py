"""`opsdeck db`: upgrade, back up, restore and check the database."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from console.exits import Exit
from console.flags import read_flags
from console.world import narrate
from core.deck import Deck
from core.errors import InputError, RefusedError
from core.folders import Folders
from core.message import _
from core.moment import SystemClock
from core.settings import CoreSettings, SettingsBook
from core.store.backup import back_up, check, restore

__all__ = ["run_database"]


def run_database(options: argparse.Namespace) -> int:
    """Do what the options ask for and say what was done."""
    book = SettingsBook(Folders.default(), flags=read_flags(options))
    if options.action == "restore":
        return _restore(book, options)
    return asyncio.run(_on_open_store(book, options.action))


async def _on_open_store(book: SettingsBook, action: str) -> int:
    clock = SystemClock()
    async with await Deck.open(book, clock) as deck:
        store = deck.services.store
        if action == "backup":
            made = await back_up(store, book.folders.backups)
            print(made)  # noqa: T201
            return Exit.DONE
        if action == "upgrade":
            narrate(_("The schema of {place} is up to date.", place=store.place))
            return Exit.DONE
        report = await check(store)
        for problem in report.all_problems:
            print(problem)  # noqa: T201
        for table, rows in report.rows.items():
            print(f"{table}\t{rows}")  # noqa: T201
        return Exit.DONE if report.good else Exit.FAILED


def _restore(book: SettingsBook, options: argparse.Namespace) -> int:
    """Put a backup in the place of the database, which is kept aside."""
    if not options.file:
        folder = book.folders.backups
        known = "\n".join(f"  {each}" for each in sorted(folder.glob("*.db"), reverse=True)) or "  -"
        raise InputError(_("Name the backup to restore. There are:\n{known}", known=known))
    if book.of(CoreSettings).database_url.startswith("postgres"):
        raise InputError(_("This database is PostgreSQL: restore it with pg_restore."))
    if not options.yes:
        if not sys.stdin.isatty():
            raise InputError(_("Restoring replaces the database: add --yes."))
        if input("Replace the database by this backup? [y/N] ").strip().casefold() not in ("y", "yes"):
            raise RefusedError(_("Nothing was done."))
    aside = asyncio.run(restore(Path(options.file), book.folders.database, clock=SystemClock()))
    narrate(_("Restored."))
    if aside is not None:
        narrate(_("The database it replaced is kept as {path}.", path=str(aside)))
    return Exit.DONE
