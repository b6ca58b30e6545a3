"""The demo's mesh network: twenty-five sites, two of them with 400 days of history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

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

_LONG = 2
_SLOT = 900


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
        tell(_("Making 400 days of history"))
        await self._history(deck)
        tell(_("Looking at every location"))
        collector = Collector(deck.services)
        await collector.collect(
            everything=True, parts=[part for part in POLLED_PARTS if part.name == "status"]
        )
        first = self.simulator.locations[0][1]
        await deck.run(Invocation("select", person, {"location": first}))
        await collector.collect(everything=True, only=first)

    def stop(self) -> None:
        self.server.stop()

    async def _history(self, deck: Deck) -> None:
        """Write what the simulator would have answered all along, up to the last finished slot."""
        end = self.clock.now()
        end -= timedelta(seconds=end.timestamp() % _SLOT)
        batch: list[SeriesSamples] = []
        for index, (_customer, location, _name) in enumerate(self.simulator.locations):
            start = end - (LONG_HISTORY if index < _LONG else SHORT_HISTORY)
            slots = self.simulator.wan_slots(location, start, end)
            for place, field in enumerate(WAN_FIELDS, 1):
                samples = [(slot[0], slot[place]) for slot in slots]
                batch.append(SeriesSamples(tables.wan_key(location, field), samples, _SLOT, WAN_UNITS[field]))
            words = {word.value: value for word, value in ONLINE_VALUES.items()}
            rows = self.simulator.online_rows(location, start, end)
            online = [(t, words.get(word or "")) for t, word in rows]
            batch.append(SeriesSamples(tables.online_key(location), online, _SLOT))
        async with deck.services.store.writing() as transaction:
            await load_history(transaction, batch)
