"""The demo's mesh network: twenty-five sites, two of them with 400 days of history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.areas.network.collection.collect import Collector
from core.areas.network.collection.polled_parts import POLLED_PARTS
from core.areas.network.store import tables
from core.areas.network.store.rows import ONLINE_VALUES, WAN_FIELDS, WAN_UNITS
from core.command import Invocation
from core.deck import Deck
from core.demo.part import Tell
from core.message import _
from core.moment import Clock
from core.principal import Principal
from core.simulators.plume import PlumeSimulator
from core.simulators.server import LoopbackServer
from core.store.series import SeriesSamples, load_history

__all__ = ["NetworkPart"]

LONG_HISTORY = timedelta(days=400)
"""How far back the first locations’ history goes."""

SHORT_HISTORY = timedelta(days=7)
"""How far back everybody else's goes."""

_FIRST_HISTORY = timedelta(days=1)
"""How much of it is made before the first look at the locations."""

_LONG = 2
_AT_ONCE = timedelta(days=10)
"""How much of a location’s history is made in one transaction."""

_SLOT = 900
_ONLINE_WORDS = {word.value: value for word, value in ONLINE_VALUES.items()}


@dataclass(frozen=True, slots=True)
class NetworkPart:
    """A simulated Plume."""

    clock: Clock
    simulator: PlumeSimulator
    server: LoopbackServer

    @classmethod
    def start(cls, clock: Clock, seed: int, scenario: str) -> NetworkPart:
        """Serve the scenario."""
        simulator = PlumeSimulator(clock, seed=seed, scenario=scenario)
        server = LoopbackServer(simulator.app)
        server.start()
        return cls(clock, simulator, server)

    @property
    def settings(self) -> Mapping[str, str]:
        return {
            "PLUME_API_BASE": f"{self.server.url}/api",
            "PLUME_REPORTS_BASE": f"{self.server.url}/reports",
            "PLUME_TOKEN_URL": f"{self.server.url}/oauth2/demo/v1/token",
            "PLUME_POLL_SECONDS": "15",
            "PLUME_FLEET_POLL_SECONDS": "300",
            "PLUME_REQUESTS_PER_SECOND": "500",
        }

    async def fill(self, deck: Deck, person: Principal, tell: Tell) -> None:
        tell(_("Signing in to the simulated Plume"))
        arguments = {"authorization": self.simulator.authorization, "partner": self.simulator.partner_id}
        await deck.run(Invocation("setup", person, arguments))
        tell(_("Looking at every location"))
        end = self._last_slot()
        async with deck.services.store.writing() as transaction:
            await load_history(
                transaction,
                [
                    samples
                    for index, (_customer, location, _name) in enumerate(self.simulator.locations)
                    for samples in self._history(location, end - _before_first_look(index), end)
                ],
            )
        collector = Collector(deck.services)
        await collector.collect(
            everything=True, parts=[part for part in POLLED_PARTS if part.name == "status"]
        )
        first = self.simulator.locations[0][1]
        await deck.run(Invocation("select", person, {"location": first}))
        await collector.collect(everything=True, only=first)

    async def fill_past(self, deck: Deck, tell: Tell) -> None:
        tell(_("Making 400 days of history"))
        end = self._last_slot()
        for index, (_customer, location, _name) in enumerate(self.simulator.locations):
            start = end - (LONG_HISTORY if index < _LONG else SHORT_HISTORY)
            known = end - _before_first_look(index)
            while start < known:
                stop = min(start + _AT_ONCE, known)
                async with deck.services.store.writing() as transaction:
                    await load_history(transaction, self._history(location, start, stop))
                start = stop

    def stop(self) -> None:
        self.server.stop()

    def _last_slot(self) -> datetime:
        """The end of the last finished slot."""
        now = self.clock.now()
        return now - timedelta(seconds=now.timestamp() % _SLOT)

    def _history(self, location: str, start: datetime, end: datetime) -> Iterator[SeriesSamples]:
        """What the simulator would have answered about a location all along, from `start` to before `end`."""
        slots = self.simulator.wan_slots(location, start, end)
        for place, field in enumerate(WAN_FIELDS, 1):
            samples = [(slot[0], slot[place]) for slot in slots]
            yield SeriesSamples(tables.wan_key(location, field), samples, _SLOT, WAN_UNITS[field])
        rows = self.simulator.online_rows(location, start, end)
        online = [(time, _ONLINE_WORDS.get(word or "")) for time, word in rows]
        yield SeriesSamples(tables.online_key(location), online, _SLOT)


def _before_first_look(index: int) -> timedelta:
    """How much of a location’s history is made before the first look, which must find nothing new in it.

    The first location is looked at as a whole, its connection history of a week with it.
    """
    return SHORT_HISTORY if index == 0 else _FIRST_HISTORY
