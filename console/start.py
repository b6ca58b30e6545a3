"""`opsdeck` and `opsdeck demo`: the console, from the first paint to the last."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from console.exits import Exit
from console.flags import read_clock, read_flags
from console.options import ConsoleOptions
from core.area import discover
from core.folders import Folders
from core.message import Message
from core.principal import Principal, Role

if TYPE_CHECKING:
    from console.app import OpsdeckApp
    from console.world import World
    from core.settings import SettingsBook

__all__ = ["run_console"]


def run_console(options: argparse.Namespace) -> int:
    """Run consoles until the person leaves: the demo may be chosen on the welcome screen of the first."""
    if not sys.stdout.isatty() or not sys.stdin.isatty():
        _tell("opsdeck: the console needs a terminal; “opsdeck --help” lists what works without one.")
        return Exit.USAGE
    from console.screens.welcome import DEMO

    while asyncio.run(_demo(options) if options.demo else _console(options)) == DEMO:
        options.demo = True
    return Exit.DONE


async def _console(options: argparse.Namespace) -> str | None:
    """The person's own deck: painted from the last pages at once, opened after that.

    Raises:
        SettingsError: a setting is wrong; nothing was started.
    """
    from console.app import OpsdeckApp
    from console.deck_backend import DeckBackend
    from console.first_paint import recall
    from core.store.page_cache import PageCache

    folders = Folders.default()
    flags = read_flags(options)
    facts = recall(folders, flags, os.environ) or _settle(folders, flags)
    clock = read_clock(options)
    person = _person(facts)

    @asynccontextmanager
    async def opened() -> AsyncGenerator[World]:
        await _painted(app)
        # In a thread, so that keys are answered while the libraries are loaded.
        open_world = (await asyncio.to_thread(import_module, "console.world")).open_world
        from core.logs import start_log

        handler = start_log(folders.log, facts["log_level"])
        try:
            async with open_world(options, "console") as world:
                yield world
        finally:
            handler.close()

    app = OpsdeckApp(
        DeckBackend(discover(), person, opened),
        clock=clock,
        principal=person,
        options=_options(facts, folders, demo=False),
        page_cache=PageCache(folders.page_cache, clock),
    )
    return await app.run_async()


async def _demo(options: argparse.Namespace) -> str | None:
    """The demo world: its present is made before the console opens on it, with its progress told."""
    from console.app import OpsdeckApp
    from console.deck_backend import DeckBackend
    from console.world import open_world
    from core.logs import start_log

    def tell(message: Message) -> None:
        _tell(f"  {message} …")

    _tell("opsdeck demo: a simulated world in a temporary folder; nothing here is real.")
    async with open_world(options, "console", tell=tell, past_later=True) as world:
        handler = start_log(world.book.folders.log, "INFO")

        @asynccontextmanager
        async def opened() -> AsyncGenerator[World]:
            yield world

        app = OpsdeckApp(
            DeckBackend(discover(), world.person, opened),
            clock=world.clock,
            principal=world.person,
            options=_options(_facts(world.book, world.person), world.book.folders, demo=True),
        )
        try:
            return await app.run_async()
        finally:
            handler.close()


async def _painted(app: OpsdeckApp) -> None:
    """Wait until what is stored is on the screen."""
    painted = asyncio.Event()
    app.call_after_refresh(painted.set)
    await painted.wait()


def _settle(folders: Folders, flags: Mapping[str, str]) -> dict[str, Any]:
    """Read every setting, complain if one is wrong, and remember what the first screen needs."""
    from console.configuration import check_settings, groups
    from console.first_paint import remember
    from console.world import local_person
    from core.settings import CoreSettings, SettingsBook

    book = SettingsBook(folders, flags=flags)
    check_settings(book, flags)
    facts = _facts(book, local_person(book.of(CoreSettings), "console", demo=False))
    names = [setting.name for group in groups() for setting in book.settings(group)]
    remember(folders, flags, os.environ, names=names, values=facts)
    return facts


def _facts(book: SettingsBook, person: Principal) -> dict[str, Any]:
    """What the first screen needs of the settings, as JSON values."""
    from core.settings import CoreSettings

    settings = book.of(CoreSettings)
    return {
        "name": person.name,
        "address": person.address,
        "zone": person.zone.key,
        "language": person.language,
        "read_only": person.read_only,
        "theme": settings.theme,
        "keys": settings.keys,
        "exports": str(settings.exports or book.folders.exports),
        "log_level": "DEBUG" if settings.debug else settings.log_level,
    }


def _person(facts: Mapping[str, Any]) -> Principal:
    return Principal(
        name=facts["name"],
        role=Role.ADMIN,
        channel="console",
        address=facts["address"],
        language=facts["language"],
        zone=ZoneInfo(facts["zone"]),
        read_only=facts["read_only"],
    )


def _options(facts: Mapping[str, Any], folders: Folders, *, demo: bool) -> ConsoleOptions:
    return ConsoleOptions(
        exports=Path(facts["exports"]),
        theme=facts["theme"],
        keymap=facts["keys"],
        read_only=facts["read_only"],
        demo=demo,
        zone=ZoneInfo(facts["zone"]),
        config_folder=folders.config,
    )


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201
