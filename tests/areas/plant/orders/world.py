"""A deck with the plant alone, its departments and people, and a clock that only the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from core.areas.plant.model.orders import Order, OrderItem, OrderSchedule, OrderState
from core.areas.plant.model.people import Department, Occupation, Operator
from core.areas.plant.store import orders as stored
from core.areas.plant.store.people import record_departments, record_operators
from core.deck import Deck
from core.moment import FrozenClock
from core.store.versions import NEWEST
from tests.areas.plant.world import (
    ADMIN,
    NOW,
    OPERATOR,
    VIEWER,
    PlantDeck,
    block,
    copy_home,
    deck_in,
    hours,
    table,
)

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
class World(PlantDeck):
    """Everything a test may touch."""

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


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[World]:
    """A deck on a Monday at eight, with people and no orders in it."""
    home = folder / "plant-home"
    await copy_home(filled, home)
    clock = FrozenClock(NOW)
    async with await deck_in(home, clock) as deck:
        yield World(deck, clock)
