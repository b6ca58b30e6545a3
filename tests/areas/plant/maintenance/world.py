"""A deck with the plant alone, eight machines, people who are told things, and a clock of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from core.areas.plant.collection.watch import watch
from core.areas.plant.model.machines import Machine, MachineState
from core.areas.plant.model.maintenance import MaintenanceTicket
from core.areas.plant.model.people import Department, Operator, Shift
from core.areas.plant.store.machines import machine_of, record_machines
from core.areas.plant.store.maintenance import ticket_of
from core.areas.plant.store.people import record_departments, record_operators, record_shifts
from core.deck import Deck
from core.encoding import decode
from core.message import ENGLISH
from core.moment import FrozenClock
from core.notify.delivery.tables import OUTBOX
from core.notify.people.person import Address, Person
from core.notify.people.rows import save_person
from core.principal import Group, Principal, Role
from core.render.values import Formatter
from core.store.versions import NEWEST
from tests.areas.plant.world import ADMIN, NOW, OPERATOR, VIEWER, PlantDeck, copy_home, deck_in, hours

__all__ = [
    "ADMIN",
    "NOW",
    "OPERATOR",
    "TECHNICIAN",
    "VIEWER",
    "World",
    "deck_in",
    "filled",
    "hours",
    "opened",
]

TECHNICIAN = Principal("tariq", Role.OPERATOR, "telegram", "77")


@dataclass
class World(PlantDeck):
    """Everything a test may touch."""

    home: Path

    async def report(self, machine: str = "MACH-001", **more: str) -> str:
        """A new ticket of medium urgency about a bearing; its number."""
        fields = {"issue": "bearing", "urgency": "medium", **more}
        page = await self.run("maintenance", VIEWER, machine=machine, **fields)
        return str(page.crumb)

    async def watch(self) -> None:
        """What the engine does every half minute."""
        await watch(self.deck.services)

    async def ticket(self, number: str, moment: datetime = NEWEST) -> MaintenanceTicket:
        async with self.deck.services.store.reading() as connection:
            return await ticket_of(connection, number, moment)

    async def machine(self, number: str = "MACH-001", moment: datetime = NEWEST) -> Machine:
        async with self.deck.services.store.reading() as connection:
            return await machine_of(connection, number, moment)

    async def shift(self, *shifts: Shift) -> None:
        async with self.deck.services.store.writing() as transaction:
            await record_shifts(transaction, shifts)

    async def told(self, kind: str, channel: str = "telegram") -> list[tuple[str, str]]:
        """Who was told what by notices of that kind, on a channel of their own; in the order of telling."""
        statement = select(OUTBOX).where(OUTBOX.c.channel == channel).order_by(OUTBOX.c.id)
        async with self.deck.services.store.reading() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        shown = Formatter(ENGLISH, ADMIN.zone, self.clock.now())
        return [
            (row["person"], shown.value(decode(row["payload"])["title"]))  # type: ignore[index]
            for row in rows
            if row["kind"] == kind
        ]


async def filled(deck: Deck) -> None:
    """Departments, machines, operators, and the people who are told things."""
    people = (
        ("tariq", {Group.TECHNICIANS}),
        ("teresa", {Group.TECHNICIANS}),
        ("sami", {Group.SUPERVISORS}),
        ("quentin", {Group.QUALITY}),
        ("ada", set[Group]()),
    )
    async with deck.services.store.writing() as transaction:
        await record_departments(transaction, [Department("CUT", "Cutting"), Department("SEW", "Sewing")])
        await record_operators(
            transaction,
            [Operator("E-1", "Ada Nwosu", "CUT", person="ada"), Operator("E-2", "Ben Moyo", "SEW")],
        )
        await record_machines(
            transaction,
            [
                Machine(f"MACH-{n:03}", f"Machine {n}", "CUT", MachineState.OPERATIONAL, NOW)
                for n in range(1, 9)
            ],
        )
        for number, (name, groups) in enumerate(people):
            address = Address("telegram", f"10{number}")
            await save_person(transaction, Person(name, frozenset(groups), (address,)))


@asynccontextmanager
async def opened(folder: Path, settings: Mapping[str, str] | None = None) -> AsyncIterator[World]:
    """A deck on a Monday at eight, with machines and people; in the same folder the same one again."""
    home = folder / "plant-home"
    clock = FrozenClock(NOW)
    if not home.exists():
        await copy_home(filled, home)
    async with await deck_in(home, clock, settings) as deck:
        yield World(deck, clock, home)
