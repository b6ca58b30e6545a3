"""A deck with the plant alone, two orders, three departments, and a clock that only the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from core.areas.plant.model.boms import BillOfMaterials, ChangeRequest
from core.areas.plant.model.defects import Defect
from core.areas.plant.model.orders import Order, OrderSchedule, OrderState, ScheduleState
from core.areas.plant.model.people import Department
from core.areas.plant.model.sops import SopTicket
from core.areas.plant.store import boms, defects, orders, sops
from core.areas.plant.store.people import record_departments
from core.deck import Deck
from core.moment import FrozenClock
from core.page import Page
from core.principal import Principal, Role
from core.store.versions import NEWEST
from core.units import Value
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
    "ADMIN_TWO",
    "HEAD",
    "NOW",
    "OPERATOR",
    "VIEWER",
    "World",
    "block",
    "deck_in",
    "facts",
    "filled",
    "hours",
    "opened",
    "order",
    "table",
]

ADMIN_TWO = Principal("amina", Role.ADMIN, "console")
HEAD = Principal("hana", Role.OPERATOR, "console")

_COMPONENTS = "FAB-01 2 5; THR-02 1 0.50"
"""What BOM-888 is made of: 10.50 a piece."""


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
class World(PlantDeck):
    """Everything a test may touch."""

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


@asynccontextmanager
async def opened(folder: Path, **flags: str) -> AsyncIterator[World]:
    """A deck on a Monday at eight."""
    home = folder / "plant-home"
    await copy_home(filled, home)
    clock = FrozenClock(NOW)
    async with await deck_in(home, clock, flags) as deck:
        yield World(deck, clock)
