"""A deck with the plant alone, two orders, three departments, and a clock that only the test moves."""

from __future__ import annotations

import asyncio
import atexit
import functools
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.areas.plant import AREA
from core.areas.plant.model.boms import BillOfMaterials, ChangeRequest
from core.areas.plant.model.defects import Defect
from core.areas.plant.model.orders import Order, OrderSchedule, OrderState, ScheduleState
from core.areas.plant.model.people import Department
from core.areas.plant.model.sops import SopTicket
from core.areas.plant.store import boms, defects, orders, sops
from core.areas.plant.store.people import record_departments
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
    "ADMIN_TWO",
    "HEAD",
    "NOW",
    "OPERATOR",
    "VIEWER",
    "World",
    "block",
    "deck_at",
    "facts",
    "filled",
    "hours",
    "opened",
    "order",
    "table",
]

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)

ADMIN = Principal("root", Role.ADMIN, "console")
ADMIN_TWO = Principal("amina", Role.ADMIN, "console")
OPERATOR = Principal("omar", Role.OPERATOR, "console")
HEAD = Principal("hana", Role.OPERATOR, "console")
VIEWER = Principal("vera", Role.VIEWER, "console")

_COMPONENTS = "FAB-01 2 5; THR-02 1 0.50"
"""What BOM-888 is made of: 10.50 a piece."""


def hours(count: float) -> datetime:
    """So many hours after the beginning."""
    return NOW + timedelta(hours=count)


def order(number: str = "ORD-12345", state: OrderState = OrderState.IN_PROGRESS, **more: Any) -> Order:
    """An order of a hundred canvas bags that cutting answers for."""
    fields: dict[str, Any] = {
        "number": number,
        "product": "Canvas bag",
        "quantity": 100,
        "due": hours(48),
        "created_at": NOW,
        "updated_at": NOW,
        "since": NOW,
        "state": state,
        "customer": "Harbour Traders",
        "department": "CUT",
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

    async def report(self, person: Principal = VIEWER, **more: str) -> str:
        """A new defect, an internal reject of three pieces of low severity; its number."""
        fields = {
            "order": "ORD-12345",
            "type": "internal_reject",
            "severity": "low",
            "quantity": "3",
            "description": "The seam opens at the handle.",
            **more,
        }
        return str((await self.run("defect", person, **fields)).crumb)

    async def fail(self, person: Principal = VIEWER, **more: str) -> str:
        """A new failure of a procedure that sewing is charged with; its ticket's number."""
        fields = {
            "reference": "SOP-001-2025",
            "department": "SEW",
            "charging": "CUT",
            "description": "Needles were not changed at noon.",
            **more,
        }
        return str((await self.run("sop report", person, **fields)).crumb)

    async def bill(self, number: str = "BOM-888", components: str = _COMPONENTS) -> str:
        """A new bill of materials; its number."""
        page = await self.run("bom add", ADMIN, product="Canvas bag", bom=number, components=components)
        return str(page.crumb)

    async def ask(self, person: Principal = VIEWER, **more: str) -> str:
        """A request to change a bill; its number."""
        fields = {
            "bom": "BOM-888",
            "component": "FAB-01",
            "quantity": "2",
            "unit_cost": "6",
            "reason": "The mill raised its price.",
            **more,
        }
        page = await self.run("bom", person, **fields)
        return str(facts(page, "bom")["Request"])

    async def order(self, number: str = "ORD-12345") -> Order:
        async with self.deck.services.store.reading() as connection:
            return await orders.order_of(connection, number, NEWEST)

    async def defect(self, number: str, moment: datetime = NEWEST) -> Defect:
        async with self.deck.services.store.reading() as connection:
            return await defects.defect_of(connection, number, moment)

    async def sop(self, number: str) -> SopTicket:
        async with self.deck.services.store.reading() as connection:
            return await sops.sop_of(connection, number, NEWEST)

    async def versions(self, number: str = "BOM-888") -> list[BillOfMaterials]:
        async with self.deck.services.store.reading() as connection:
            return await boms.versions_of(connection, number, NEWEST)

    async def request(self, number: str) -> ChangeRequest:
        async with self.deck.services.store.reading() as connection:
            return await boms.request_of(connection, number, NEWEST)

    async def keep(self, *changed: Order) -> None:
        """Record orders as they are."""
        async with self.deck.services.store.writing() as transaction:
            await orders.record_orders(transaction, changed)

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


def facts(page: Page, key: str) -> dict[str, Value]:
    """A block's facts by their labels."""
    return {str(fact.label): fact.value for fact in block(page, key).facts}


async def filled(deck: Deck) -> None:
    """Three departments, an order that is sewn at present, and one that was delivered."""
    async with deck.services.store.writing() as transaction:
        departments = [
            Department("CUT", "Cutting"),
            Department("SEW", "Sewing"),
            Department("PRN", "Printing"),
        ]
        await record_departments(transaction, departments)
        await orders.record_orders(transaction, [order(), order("ORD-777", OrderState.COMPLETED)])
        done = OrderSchedule("ORD-12345", 1, hours(-9), hours(-1), "CUT", state=ScheduleState.COMPLETED)
        at_work = OrderSchedule("ORD-12345", 2, hours(-1), hours(8), "SEW", state=ScheduleState.IN_PROGRESS)
        await orders.record_schedules(transaction, [done, at_work])


@functools.cache
def _home() -> Path:
    """A home with a filled store, made once: copying it costs less than making another."""
    home = Path(tempfile.mkdtemp(prefix="opsdeck-test-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)

    async def make() -> None:
        async with await deck_at(home, FrozenClock(datetime(2020, 1, 1, tzinfo=UTC)), {}) as deck:
            await filled(deck)

    asyncio.run(make())
    return home


async def deck_at(home: Path, clock: FrozenClock, flags: Mapping[str, str]) -> Deck:
    """A deck with the plant alone."""
    book = SettingsBook(Folders.below(home), flags=flags, environment={}, dotenv=home / ".env")
    return await Deck.open(book, clock, areas=(AREA,))


@asynccontextmanager
async def opened(folder: Path, **flags: str) -> AsyncIterator[World]:
    """A deck on a Monday at eight."""
    home = folder / "plant-home"
    shutil.copytree(await asyncio.to_thread(_home), home)
    clock = FrozenClock(NOW)
    async with await deck_at(home, clock, flags) as deck:
        yield World(deck, clock)
