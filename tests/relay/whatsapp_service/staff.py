"""People at the plant who are told things on WhatsApp: some wrote lately, the others never did."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from core.areas.plant.collection.watch import watch
from core.areas.plant.model.people import Shift
from core.areas.plant.store.maintenance import all_tickets
from core.areas.plant.store.people import record_shifts
from core.command import Invocation
from core.demo.plant_steps import NIA, OMAR, PlantPast, Step
from core.notify.people.person import Address, Person
from core.notify.people.phones import Phones, save_phones
from core.notify.people.rows import save_person
from core.principal import Group
from core.simulators.phone.transcript import transcript_lines
from core.store.versions import NEWEST
from tests.relay.whatsapp_service.running import World, world

__all__ = ["Staff", "staffed"]

_GROUPS: dict[str, frozenset[Group]] = {
    "grace": frozenset(),
    "fatuma": frozenset(),
    "joseph": frozenset({Group.TECHNICIANS}),
    "halima": frozenset({Group.TECHNICIANS}),
    "omar": frozenset({Group.SUPERVISORS}),
    "sara": frozenset({Group.SUPERVISORS}),
    "nia": frozenset({Group.QUALITY}),
    "amina": frozenset({Group.QUALITY}),
}
"""In the demo’s plant grace is operator E-1001, and fatuma E-1003."""

_WROTE = ("grace", "joseph", "omar", "nia")
_PHONES = {name: f"1555010010{number}" for number, name in enumerate(_GROUPS)}


@dataclass
class Staff:
    """What happens at the plant, and what the staff are told of it."""

    plant: World

    async def ticket_reported(self, *, hours_ago: float) -> str:
        """Somebody reported something of medium urgency about MACH-003 a while ago; the ticket’s number."""
        now = self.plant.deck.services.clock.now()
        reported = {"machine": "MACH-003", "issue": "bearing", "urgency": "medium", "down": "no"}
        before = await self._tickets()
        async with self.plant.deck.services.store.writing() as transaction:
            step = Step(now - timedelta(hours=hours_ago), NIA, "maintenance", reported)
            await PlantPast(self.plant.deck.services, transaction).live([step])
        (number,) = await self._tickets() - before
        return number

    async def order_completed(self, number: str, *, operator: str) -> None:
        """An order was made by an operator, and is done."""
        now = self.plant.deck.services.clock.now()
        due = (now + timedelta(days=2)).isoformat()
        await self._run("order add", order=number, product="Bag", quantity="1", due=due)
        times = {"start": now.isoformat(), "end": (now + timedelta(hours=1)).isoformat()}
        await self._run("order schedule", order=number, department="CUT", operator=operator, **times)
        await self._run("order move", order=number, state="in_progress")
        await self._run("order move", order=number, state="completed", reason="Enough")

    async def shift_added(self, number: str, name: str, *, minutes: int, operators: Sequence[str]) -> None:
        """A shift begins in so many minutes."""
        begins = self.plant.deck.services.clock.now() + timedelta(minutes=minutes)
        ends = begins + timedelta(hours=8)
        shift = Shift(number, name, begins, ends, tuple(operators), "CUT", "MACH-003")
        async with self.plant.deck.services.store.writing() as transaction:
            await record_shifts(transaction, [shift])

    async def watch_twice(self) -> None:
        """Look for what is due twice, as the engine does every half minute."""
        for _time in range(2):
            await watch(self.plant.deck.services)

    async def told_once(self, words: str, *, text: Sequence[str], template: Sequence[str]) -> None:
        """That these and nobody else were told with these words, each once, in free text or by a template."""
        await self.plant.quiet(self.plant.deck)
        entries = [each for each in self.plant.simulator.entries if each.own]
        told = sorted((str(each.chat), bool(each.template)) for each in entries if words in each.text)
        expected = dict.fromkeys(text, False) | dict.fromkeys(template, True)
        wanted = sorted((_PHONES[name], by_template) for name, by_template in expected.items())
        assert told == wanted, "\n".join(transcript_lines(entries))

    async def _run(self, command: str, **arguments: str) -> None:
        await self.plant.deck.run(Invocation(command, OMAR, arguments))

    async def _tickets(self) -> set[str]:
        async with self.plant.deck.services.store.reading() as connection:
            return {each.number for each in await all_tickets(connection, NEWEST)}


@asynccontextmanager
async def staffed(home: Path) -> AsyncIterator[Staff]:
    """A relay, and the staff, of whom some have written to it."""
    async with world(home) as plant, plant.relay():
        async with plant.deck.services.store.writing() as transaction:
            for name, groups in _GROUPS.items():
                phone = Phones(plant.deck.services.vault).kept(f"+{_PHONES[name]}")
                await save_phones(transaction, [phone])
                await save_person(transaction, Person(name, groups, (Address("whatsapp", phone.user),)))
        for name, number in _PHONES.items():
            plant.simulator.people.add(number, name.title())
            if name in _WROTE:
                plant.simulator.people.write(number, "hi")
        await plant.quiet(plant.deck)
        yield Staff(plant)
