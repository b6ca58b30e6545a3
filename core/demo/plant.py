"""The demo's plant: orders in every state, machines of which one is down, defects and what they cost.

Everything is written by the commands' own writes, in the order and at the moments of the stories, so that the
pages can be wound back through them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from core.areas.plant.store.orders import record_items
from core.areas.plant.store.people import record_departments, record_operators
from core.deck import Deck
from core.demo.part import Tell
from core.demo.plant_maintenance import maintenance_steps
from core.demo.plant_orders import DEPARTMENTS, ITEMS, OPERATORS, order_steps
from core.demo.plant_quality import quality_steps
from core.demo.plant_steps import PlantPast
from core.message import _
from core.moment import Clock
from core.principal import Principal

__all__ = ["PlantPart"]

_LONG_AGO = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class PlantPart:
    """A plant with a past."""

    clock: Clock

    @classmethod
    def start(cls, clock: Clock, seed: int, scenario: str) -> PlantPart:
        """The plant; there is no upstream to serve, and its stories are the same for every seed."""
        return cls(clock)

    @property
    def settings(self) -> Mapping[str, str]:
        return {}

    async def fill(self, deck: Deck, person: Principal, tell: Tell) -> None:
        tell(_("Letting the plant work on its orders"))
        now = self.clock.now()
        async with deck.services.store.writing() as transaction:
            past = PlantPast(deck.services, transaction)
            before = past.at(now - _LONG_AGO)
            await record_departments(before, DEPARTMENTS)
            await record_operators(before, OPERATORS)
            await record_items(before, ITEMS)
            await past.live([*order_steps(now), *maintenance_steps(now), *quality_steps(now)])

    async def fill_past(self, deck: Deck, tell: Tell) -> None:
        """The plant is all there: its present is the end of its stories."""

    def stop(self) -> None:
        """There is nothing to stop."""
