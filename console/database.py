"""`opsdeck db`: upgrade, back up, restore and check the database."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from console.configuration import read_settings
from console.exits import Exit
from console.world import World, narrate, open_world
from core.errors import InputError, RefusedError
from core.message import _
from core.moment import SystemClock
from core.settings import CoreSettings, SettingsBook
from core.store.backup import back_up, check, restore
from core.store.connect import parse_url, sqlite_path

__all__ = ["run_database"]


def run_database(options: argparse.Namespace) -> int:
    """Do what the options ask for and say what was done."""
    action = getattr(options, "action", None)
    if action is None:
        raise InputError(_("“opsdeck db” is followed by upgrade, backup, restore or check."))
    if getattr(options, "demo", False) and action in ("backup", "restore"):
        raise InputError(_("The demo's database is made anew each time and is not kept."))
    if action == "restore":
        return _restore(read_settings(options), options)
    return asyncio.run(_on_open_store(options, action))


async def _on_open_store(options: argparse.Namespace, action: str) -> int:
    async with open_world(options, "command line", once=True) as world:
        if action == "check":
            return await _check(world)
        store = world.deck.services.store
        if action == "backup":
            folder = world.book.folders.backups
            made = await back_up(store, folder, keep=world.book.of(CoreSettings).backups_kept)
            print(made)  # noqa: T201
        else:
            narrate(_("The database {place} is up to date.", place=store.place))
        return Exit.DONE


async def _check(world: World) -> int:
    report = await check(world.deck.services.store)
    for line in report.lines:
        print(line)  # noqa: T201
    return Exit.DONE if report.good else Exit.FAILED


def _restore(book: SettingsBook, options: argparse.Namespace) -> int:
    """Put a backup in the place of the database, which is kept aside."""
    target = _file_of(book)
    file = getattr(options, "file", None)
    if file is None:
        backups = sorted(book.folders.backups.glob("*.db"), reverse=True)
        known = "".join(f"\n  {each}" for each in backups) or " -"
        raise InputError(_("Name the backup to restore, newest first:{known}", known=known))
    if not hasattr(options, "yes"):
        _confirm(target)
    aside = asyncio.run(restore(Path(file), target, clock=SystemClock()))
    narrate(_("Restored {path}.", path=str(target)))
    if aside is not None:
        narrate(_("The database it replaced is kept as {path}.", path=str(aside)))
    return Exit.DONE


def _confirm(target: Path) -> None:
    if not sys.stdin.isatty():
        raise InputError(_("Restoring replaces the database {path}: add --yes.", path=str(target)))
    question = _("Replace the database {path} by this backup? [y/N]", path=str(target))
    print(f"{question} ", end="", file=sys.stderr, flush=True)  # noqa: T201
    if sys.stdin.readline().strip().casefold() not in ("y", "yes"):
        raise RefusedError(_("Nothing was done."))


def _file_of(book: SettingsBook) -> Path:
    """The file that the database is in.

    Raises:
        InputError: it isn't in a file.
    """
    url = book.of(CoreSettings).database_url
    file = sqlite_path(parse_url(url)) if url else book.folders.database
    if file is None:
        raise InputError(_("This database is on PostgreSQL: restore it there, with pg_restore."))
    return file
