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
from datetime import datetime

from core.deck import Deck
from core.errors import InputError
from core.folders import Folders
from core.message import Message, _
from core.moment import Clock, ShiftedClock, SystemClock, parse_moment
from core.principal import Principal, Role
from core.settings import CoreSettings, SettingsBook

__all__ = ["World", "local_person", "narrate", "open_world", "read_flags", "read_moment"]

SEED = 7


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


def read_moment(text: str | None, option: str) -> datetime | None:
    """The moment an option gives, if it was given.

    Raises:
        InputError: it isn't a moment.
    """
    if text is None:
        return None
    try:
        return parse_moment(text)
    except ValueError:
        raise InputError(
            _("{option} isn't a moment: “{text}”. Write it as 2026-01-31T17:00Z.", option=option, text=text[:60])
        ) from None


def read_flags(options: argparse.Namespace) -> dict[str, str]:
    """The settings given by `--set`.

    Raises:
        InputError: one isn't of the form NAME=VALUE.
    """
    flags: dict[str, str] = {}
    for text in getattr(options, "set", None) or ():
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise InputError(_("--set takes NAME=VALUE, not “{text}”.", text=text[:60]))
        flags[name.strip()] = value
    return flags


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
    now = read_moment(getattr(options, "now", None), "--now")
    clock = SystemClock() if now is None else ShiftedClock(now)
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
