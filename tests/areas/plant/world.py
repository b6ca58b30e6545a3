"""A deck with the plant alone on a Monday at eight, and a clock that only the test moves."""

from __future__ import annotations

import asyncio
import atexit
import functools
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.areas.plant import AREA
from core.command import Invocation
from core.deck import Deck
from core.event import RecordedEvent
from core.folders import Folders
from core.message import ENGLISH
from core.moment import FrozenClock
from core.page import Page
from core.principal import Principal, Role
from core.query import TableQuery
from core.render import render_as
from core.render.values import Formatter
from core.settings import SettingsBook
from core.store import events
from core.store.versions import NEWEST
from core.units import Value

__all__ = [
    "ADMIN",
    "NOW",
    "OPERATOR",
    "VIEWER",
    "PlantDeck",
    "block",
    "copy_home",
    "deck_in",
    "hours",
    "table",
]

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)

ADMIN = Principal("root", Role.ADMIN, "console")
OPERATOR = Principal("omar", Role.OPERATOR, "console")
VIEWER = Principal("vera", Role.VIEWER, "console")


def hours(count: float) -> datetime:
    """So many hours after the beginning."""
    return NOW + timedelta(hours=count)


@dataclass
class PlantDeck:
    """The deck and its clock, and what every test of the plant does with them."""

    deck: Deck
    clock: FrozenClock

    def go(self, moment: datetime) -> None:
        """Let it become this moment."""
        self.clock.advance((moment - self.clock.now()).total_seconds())

    async def run(
        self,
        command: str,
        person: Principal = OPERATOR,
        *,
        back_to: datetime | None = None,
        query: TableQuery | None = None,
        **arguments: str,
    ) -> Page:
        return await self.deck.run(Invocation(command, person, arguments, back_to, query or TableQuery()))

    async def events(self, *kinds: str) -> list[RecordedEvent]:
        """What was logged, oldest first."""
        async with self.deck.services.store.reading() as connection:
            found = await events.recent(connection, at=NEWEST, kinds=kinds, limit=500)
        return sorted(found, key=lambda each: each.number)

    def text(self, page: Page, style: str = "text") -> str:
        return render_as(style, page, Formatter(ENGLISH, ADMIN.zone, self.clock.now()), width=200)


def block(page: Page, key: str) -> Any:
    """The page's block of that key."""
    found = [each for each in page.blocks if each.key == key]
    assert found, f"no block {key!r} among {[each.key for each in page.blocks]}"
    return found[0]


def table(page: Page, key: str) -> dict[str, dict[str, Value]]:
    """A block's rows by their keys, each a cell by its column's key."""
    lowered = block(page, key).lower()
    names = [column.key for column in lowered.columns]
    return {row.key: dict(zip(names, row.cells, strict=True)) for row in lowered.rows}


async def deck_in(home: Path, clock: FrozenClock, settings: Mapping[str, str] | None = None) -> Deck:
    """A deck on what is stored in that folder."""
    book = SettingsBook(Folders.below(home), flags=settings or {}, environment={}, dotenv=home / ".env")
    return await Deck.open(book, clock, areas=(AREA,))


async def copy_home(filled: Callable[[Deck], Awaitable[None]], home: Path) -> None:
    """Make a home with a store that was `filled` so: once, as copying it costs less than making another."""
    shutil.copytree(await asyncio.to_thread(_home, filled), home)


@functools.cache
def _home(filled: Callable[[Deck], Awaitable[None]]) -> Path:
    home = Path(tempfile.mkdtemp(prefix="opsdeck-test-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)

    async def make() -> None:
        async with await deck_in(home, FrozenClock(datetime(2020, 1, 1, tzinfo=UTC))) as deck:
            await filled(deck)

    asyncio.run(make())
    return home
