"""A deck with the tickets area alone, people of every kind, and a clock that only the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.areas.tickets import AREA
from core.areas.tickets.collection.watch import watch
from core.areas.tickets.model import Case, Entry
from core.areas.tickets.store import reading
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
    "AGENT",
    "BASIC",
    "DAY",
    "ELITE",
    "OPERATOR",
    "OTHER",
    "PREMIUM",
    "STRANGER",
    "VIEWER",
    "World",
    "at",
    "block",
    "opened",
    "table",
    "words",
]

DAY = datetime(2026, 1, 22, tzinfo=UTC)

ADMIN = Principal("root", Role.ADMIN, "console")
AGENT = Principal("amina", Role.VIEWER, "console")
OPERATOR = Principal("joao", Role.OPERATOR, "console")
VIEWER = Principal("vera", Role.VIEWER, "console")
PREMIUM = Principal("Otieno", Role.CUSTOMER, "telegram", "1001", tier="Ultra Premium")
ELITE = Principal("Lucia", Role.CUSTOMER, "telegram", "1002", tier="elite")
OTHER = Principal("Mallory", Role.CUSTOMER, "telegram", "1003", tier="elite")
BASIC = Principal("Wanjiru", Role.CUSTOMER, "e-mail", "wanjiru@example.com")
STRANGER = Principal("visitor", Role.PUBLIC, "telegram", "1999")


def at(text: str) -> datetime:
    """A moment of the day, by its hour and minute."""
    hours, minutes = text.split(":")
    return DAY + timedelta(hours=int(hours), minutes=int(minutes))


def words(value: object) -> str:
    """A value as a person reads it."""
    return Formatter(ENGLISH, ADMIN.zone, DAY).value(value)  # type: ignore[arg-type]


@dataclass
class World:
    """Everything a test may touch."""

    deck: Deck
    clock: FrozenClock

    def go(self, moment: datetime | str) -> None:
        """Let it become this moment."""
        when = at(moment) if isinstance(moment, str) else moment
        self.clock.advance((when - self.clock.now()).total_seconds())

    async def run(
        self,
        person: Principal,
        command: str,
        *,
        back_to: datetime | None = None,
        query: TableQuery | None = None,
        confirmed: bool = False,
        **arguments: str,
    ) -> Page:
        asked = Invocation(command, person, arguments, back_to, query or TableQuery(), confirmed)
        return await self.deck.run(asked)

    async def open(self, person: Principal = ELITE, **more: str) -> str:
        """A new ticket of theirs; its number."""
        fields = {"subject": "Signals stopped", "text": "Nothing since this morning.", **more}
        page = await self.run(person, "support open", **fields)
        return str(page.crumb)

    async def watch(self) -> None:
        """What the engine does every half minute."""
        await watch(self.deck.services)

    async def case(self, ticket: str, moment: datetime | None = None) -> Case:
        async with self.deck.services.store.reading() as connection:
            return await reading.case(connection, ticket, moment or NEWEST)

    async def said(self, ticket: str, *, internal: bool = True) -> list[Entry]:
        async with self.deck.services.store.reading() as connection:
            return await reading.conversation(connection, ticket, NEWEST, internal=internal)

    async def events(self, *kinds: str) -> list[RecordedEvent]:
        """What was logged, oldest first."""
        async with self.deck.services.store.reading() as connection:
            found = await events.recent(connection, at=NEWEST, kinds=kinds, limit=500)
        return sorted(found, key=lambda each: each.number)

    def text(self, page: Page) -> str:
        return render_as("text", page, Formatter(ENGLISH, ADMIN.zone, self.clock.now()), width=220)


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


async def _deck(home: Path, clock: FrozenClock, settings: Mapping[str, str]) -> Deck:
    flags = {"TICKETS_AGENTS": '["amina", "ben"]', **settings}
    book = SettingsBook(Folders.below(home), flags=flags, environment={}, dotenv=home / ".env")
    return await Deck.open(book, clock, areas=(AREA,))


@asynccontextmanager
async def opened(folder: Path, settings: Mapping[str, str] | None = None) -> AsyncIterator[World]:
    """A deck at ten o'clock, with no tickets in it."""
    home = folder / "tickets-home"
    clock = FrozenClock(at("10:00"))
    async with await _deck(home, clock, settings or {}) as deck:
        yield World(deck, clock)
