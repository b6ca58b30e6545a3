"""The world a run of opsdeck stands in: its clock, its settings, its person, and the demo where asked for."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from console.flags import SEED, read_clock, read_flags
from core.deck import Deck
from core.folders import Folders
from core.message import Message
from core.moment import Clock
from core.principal import Principal, Role
from core.settings import CoreSettings, SettingsBook

__all__ = ["World", "local_person", "narrate", "open_world"]


@dataclass(frozen=True, slots=True)
class World:
    """An open deck with the person at it."""

    deck: Deck
    book: SettingsBook
    clock: Clock
    person: Principal
    demo: bool


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
    options: argparse.Namespace, channel: str, *, tell: Callable[[Message], None] = narrate
) -> AsyncGenerator[World]:
    """Open the deck that the options ask for, and close it in the end, the demo's world with it."""
    clock = read_clock(options)
    flags = read_flags(options)
    if not getattr(options, "demo", False):
        book = SettingsBook(Folders.default(), flags=flags)
        person = local_person(book.of(CoreSettings), channel, demo=False)
        async with await Deck.open(book, clock) as deck:
            yield World(deck, book, clock, person, demo=False)
        return
    from core.demo import Demo

    demo = await asyncio.to_thread(Demo.start, clock, seed=getattr(options, "seed", SEED), flags=flags)
    try:
        person = local_person(demo.book.of(CoreSettings), channel, demo=True)
        async with await Deck.open(demo.book, clock) as deck:
            await demo.fill(deck, replace(person, read_only=False), tell)
            yield World(deck, demo.book, clock, person, demo=True)
    finally:
        demo.stop()
