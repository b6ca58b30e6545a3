"""A deck with the plant alone, its departments and people, and a clock that only the test moves."""

from __future__ import annotations

import asyncio
import atexit
import functools
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.areas.plant import AREA
from core.areas.plant.model.orders import Order, OrderItem, OrderSchedule, OrderState
from core.areas.plant.model.people import Department, Occupation, Operator
from core.areas.plant.store import orders as stored
from core.areas.plant.store.people import record_departments, record_operators
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
    "World",
    "block",
    "filled",
    "hours",
    "opened",
    "order",
    "table",
    "written",
]

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)

ADMIN = Principal("root", Role.ADMIN, "console")
OPERATOR = Principal("omar", Role.OPERATOR, "console")
VIEWER = Principal("vera", Role.VIEWER, "console")


def hours(count: float) -> datetime:
    """So many hours after the beginning."""
    return NOW + timedelta(hours=count)


def written(moment: datetime) -> str:
    """A moment as a person writes it."""
    return moment.isoformat()


def order(**more: Any) -> Order:
    """An order of a hundred pieces, due in two days, of which nothing is done."""
    fields: dict[str, Any] = {
        "number": "ORD-1",
        "product": "Canvas bag",
        "quantity": 100,
        "due": hours(48),
        "created_at": NOW,
        "updated_at": NOW,
        "since": NOW,
        "state": OrderState.PENDING,
    }
    return Order(**{**fields, **more})


@dataclass
class World:
    """Everything a test may touch."""

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

    async def add(self, number: str = "ORD-1", **more: str) -> str:
        """A new order of a hundred pieces, due in two days."""
        fields = {"product": "Canvas bag", "quantity": "100", "due": written(hours(48)), **more}
        await self.run("order add", order=number, **fields)
        return number

    async def plan(self, number: str = "ORD-1", **more: str) -> None:
        """A stretch of work from in one hour to in nine, in cutting."""
        fields = {"department": "CUT", "start": written(hours(1)), "end": written(hours(9)), **more}
        await self.run("order schedule", order=number, **fields)

    async def begun(self, number: str = "ORD-1", **more: str) -> str:
        """A new order that is being worked on."""
        await self.add(number, **more)
        await self.plan(number)
        await self.run("order move", order=number, state="in_progress")
        return number

    async def order(self, number: str = "ORD-1", moment: datetime = NEWEST) -> Order:
        async with self.deck.services.store.reading() as connection:
            return await stored.order_of(connection, number, moment)

    async def schedules(self, number: str = "ORD-1") -> list[OrderSchedule]:
        async with self.deck.services.store.reading() as connection:
            return await stored.schedules_of(connection, number, NEWEST)

    async def keep(self, *orders: Order, items: tuple[OrderItem, ...] = ()) -> None:
        """Record orders as they are."""
        async with self.deck.services.store.writing() as transaction:
            await stored.record_orders(transaction, orders)
            await stored.record_items(transaction, items)

    async def hold(self, number: str, reason: str) -> Order:
        """What a defect does to its order."""
        async with self.deck.services.store.writing() as transaction:
            return await stored.hold_order(transaction, number, transaction.recorded_at, reason)

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


async def filled(deck: Deck) -> None:
    """Two departments and three people."""
    async with deck.services.store.writing() as transaction:
        await record_departments(transaction, [Department("CUT", "Cutting"), Department("SEW", "Sewing")])
        people = [
            Operator("E-1", "Ada Nwosu", "CUT", phone="+255700000123", person="ada"),
            Operator("E-2", "Ben Moyo", "SEW"),
            Operator("E-3", "Cleo Faye", "SEW", Occupation.SUPERVISOR),
        ]
        await record_operators(transaction, people)


@functools.cache
def _home() -> Path:
    """A home with a filled store, made once: copying it costs less than making another."""
    home = Path(tempfile.mkdtemp(prefix="opsdeck-test-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)

    async def make() -> None:
        async with await _deck(home, FrozenClock(datetime(2020, 1, 1, tzinfo=UTC))) as deck:
            await filled(deck)

    asyncio.run(make())
    return home


async def _deck(home: Path, clock: FrozenClock) -> Deck:
    book = SettingsBook(Folders.below(home), flags={}, environment={}, dotenv=home / ".env")
    return await Deck.open(book, clock, areas=(AREA,))


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[World]:
    """A deck on a Monday at eight, with people and no orders in it."""
    home = folder / "plant-home"
    shutil.copytree(await asyncio.to_thread(_home), home)
    clock = FrozenClock(NOW)
    async with await _deck(home, clock) as deck:
        yield World(deck, clock)
