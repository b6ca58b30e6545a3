"""The world a run of opsdeck stands in: its clock, its settings, its person, and the demo where asked for."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import logging
import os
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from functools import partial

from console.configuration import check_settings, read_settings
from console.flags import SEED, read_clock, read_flags
from core.deck import Deck
from core.errors import StoreReadOnlyError
from core.folders import Folders
from core.logs import start_log
from core.message import Message, _
from core.moment import Clock
from core.principal import Principal, Role
from core.settings import CoreSettings, SettingsBook

__all__ = ["World", "local_person", "narrate", "open_world"]

_log = logging.getLogger("opsdeck.console")


@dataclass(frozen=True, slots=True)
class World:
    """An open deck with the person at it.

    `unfinished` is what is still to be done in it, behind a console that shows it already: the demo’s past.
    `phones` are the people who write to the demo’s bot meanwhile.
    """

    deck: Deck
    book: SettingsBook
    clock: Clock
    person: Principal
    demo: bool
    unfinished: Callable[[], Awaitable[None]] | None = None
    phones: Callable[[], Awaitable[None]] | None = None


def narrate(message: Message | str) -> None:
    """Tell the person what is going on, on standard error."""
    print(str(message), file=sys.stderr, flush=True)  # noqa: T201


def local_person(settings: CoreSettings, channel: str, *, demo: bool) -> Principal:
    """Whoever sits at this machine: it is their store, so they may do everything."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = f"user {os.getuid()}" if hasattr(os, "getuid") else "operator"
    return Principal(
        name="demo" if demo else name,
        role=Role.ADMIN,
        channel=channel,
        address=os.environ.get("SSH_CLIENT", "").partition(" ")[0],
        language=settings.language,
        zone=settings.zone,
        read_only=settings.read_only,
    )


@asynccontextmanager
async def open_world(
    options: argparse.Namespace,
    channel: str,
    *,
    tell: Callable[[Message], None] = narrate,
    once: bool = False,
    past_later: bool = False,
) -> AsyncGenerator[World]:
    """Open the deck that the options ask for, and close it in the end, the demo's world with it.

    `once` is for a run that gives one answer and ends: its clock stands still at `--now`, and it keeps
    the log itself. `past_later` leaves the demo’s past to `World.unfinished`.

    Raises:
        SettingsError: a setting is wrong; nothing was started.
        StoreError: the database can't be used.
    """
    clock = read_clock(options, still=once)
    async with AsyncExitStack() as stack:
        demo = None
        vectors: bool = getattr(options, "vectors", False)
        if vectors or getattr(options, "demo", False):
            from core.demo import Demo

            flags = read_flags(options)
            seed = getattr(options, "seed", SEED)
            scenario = "vectors" if vectors else "demo"
            demo = await asyncio.to_thread(Demo.start, clock, seed=seed, flags=flags, scenario=scenario)
            stack.callback(demo.stop)
            check_settings(demo.book, flags)
        book = read_settings(options) if demo is None else demo.book
        _make_folders(book.folders)
        if once:
            stack.enter_context(_log_kept(book))
        person = local_person(book.of(CoreSettings), channel, demo=demo is not None)
        deck = await stack.enter_async_context(await Deck.open(book, clock))
        unfinished = None
        if demo is not None:
            await demo.fill_present(deck, replace(person, read_only=False), tell)
            if past_later:
                unfinished = partial(demo.fill_past, deck, _log_that)
            else:
                await demo.fill_past(deck, tell)
        phones = demo.write_to_bot if demo is not None and past_later and not vectors else None
        yield World(deck, book, clock, person, demo=demo is not None, unfinished=unfinished, phones=phones)


def _log_that(message: Message) -> None:
    """Tell the log, while the screen is the console’s."""
    _log.info("%s", message)


@contextmanager
def _log_kept(book: SettingsBook) -> Generator[None]:
    """Send what is logged to the file in the state folder, and nowhere else."""
    settings = book.of(CoreSettings)
    handler = start_log(book.folders.log, "DEBUG" if settings.debug else settings.log_level)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


def _make_folders(folders: Folders) -> None:
    try:
        folders.make()
    except OSError as error:
        raise StoreReadOnlyError(
            _(
                "The folder {path} can't be made ({reason}). OPSDECK_HOME names another one.",
                path=str(error.filename),
                reason=error.strerror or type(error).__name__,
            )
        ) from error
