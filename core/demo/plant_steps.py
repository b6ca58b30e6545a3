"""What happens in the demo's plant: steps of its stories, and running them as they were run then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.area import Request, Services, Write
from core.areas.plant import AREA
from core.command import validate
from core.principal import Principal, Role
from core.store.store import Transaction

__all__ = ["AMINA", "NIA", "OMAR", "PlantPast", "Step"]

AMINA = Principal("amina", Role.ADMIN, "demo")
OMAR = Principal("omar", Role.OPERATOR, "demo")
NIA = Principal("nia", Role.VIEWER, "demo")


@dataclass(frozen=True, slots=True)
class Step:
    """A command that somebody gave at a moment.

    `saves` names what it made, so that later steps can say `#name` where they need its number.
    """

    at: datetime
    who: Principal
    command: str
    arguments: Mapping[str, str] = field(default_factory=dict[str, str])
    saves: str = ""


class PlantPast:
    """Runs the plant's commands at past moments, each recorded at its moment, in one real transaction."""

    def __init__(self, services: Services, transaction: Transaction) -> None:
        self._services = services
        self._transaction = transaction
        self._numbers: dict[str, str] = {}
        self._verbs = {verb.command.name: verb for verb in AREA.verbs}

    def at(self, moment: datetime) -> Transaction:
        """The transaction as one that began then: what it records, it records as of that moment."""
        return Transaction(self._transaction.connection, moment)

    async def live(self, steps: Iterable[Step]) -> None:
        """Let everything happen, in its order, whoever's story it is of."""
        for step in sorted(steps, key=lambda each: each.at):
            await self._take(step)

    async def _take(self, step: Step) -> None:
        verb = self._verbs[step.command]
        assert isinstance(verb.does, Write)
        known = {f"#{name}": number for name, number in self._numbers.items()}
        given = {name: known.get(value, value) for name, value in step.arguments.items()}
        past = self.at(step.at)
        request = Request(self._services, step.who, step.at, validate(verb.command, given))
        outcome = await verb.does.apply(request, None, past)
        await self._transaction.emit(*past.pending.events)
        if step.saves:
            self._numbers[step.saves] = outcome.target.partition(":")[2]
