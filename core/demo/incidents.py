"""The demo's incidents: five weeks of them, made by the real commands on a clock that was set back.

What is recorded can only be followed by what is recorded later, so this part fills the store before every
other one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.areas.incidents.collection.watch import Watcher
from core.areas.incidents.store.reading import all_incidents
from core.command import Invocation
from core.deck import Deck
from core.demo.incidents_stories import BUSY, OUT, Act, outage_now, stories
from core.demo.part import Tell
from core.event import Event
from core.message import _
from core.moment import Clock, FrozenClock, from_epoch
from core.principal import Principal
from core.simulators.plume import PlumeSimulator
from core.store.versions import NEWEST

__all__ = ["IncidentsPart"]

_BACK = timedelta(days=36)
_LOOKS_AFTER = timedelta(minutes=6)
"""How long nothing must have happened for the engine to have a look: for a past it need not be every 30 s."""


@dataclass(frozen=True, slots=True)
class IncidentsPart:
    """Incidents that were, and one that is."""

    clock: Clock
    seed: int
    scenario: str

    @classmethod
    def start(cls, clock: Clock, seed: int, scenario: str) -> IncidentsPart:
        """Nothing is served: the incidents come from opsdeck itself."""
        return cls(clock, seed, scenario)

    @property
    def settings(self) -> Mapping[str, str]:
        return {}

    async def fill(self, deck: Deck, person: Principal, tell: Tell) -> None:
        tell(_("Living through five weeks of incidents"))
        now = self.clock.now()
        network = PlumeSimulator(FrozenClock(now), seed=self.seed, scenario=self.scenario)
        locations = {name: location for _customer, location, name in network.locations}
        past = FrozenClock(now - _BACK)
        async with await Deck.open(deck.services.settings, past, areas=deck.areas) as then:
            for begins, acts in stories(now, locations[BUSY]):
                await _live(then, past, begins, acts, now)
            begins = _offline_since(network, locations[OUT], now)
            if begins is not None:
                await _live(then, past, begins, outage_now(locations[OUT], begins), now)

    async def fill_past(self, deck: Deck, tell: Tell) -> None:
        """All of it had to be told first: what is recorded can only be followed by what is recorded later."""

    def stop(self) -> None:
        """There is nothing to stop."""


async def _live(deck: Deck, clock: FrozenClock, begins: datetime, acts: Sequence[Act], now: datetime) -> None:
    """Let a story happen, and the engine look after each step; what would lie in the future does not."""
    before = await _ids(deck)
    for act in acts:
        at = begins + timedelta(minutes=act.minute)
        if at >= now:
            return
        waited = at - clock.now()
        clock.advance(max(0.0, waited.total_seconds()))
        if waited > _LOOKS_AFTER:
            await Watcher(deck.services).look()
        if isinstance(act.does, Event):
            async with deck.services.store.writing() as transaction:
                await transaction.emit(act.does)
            continue
        who, command, arguments = act.does
        own = [id_ for id_ in await _ids(deck) if id_ not in before]
        names = {f"#{number}": id_ for number, id_ in enumerate(own, 1)}
        known = {} if command == "incident open" else {"id": "#1"}
        given = {name: names.get(value, value) for name, value in {**known, **arguments}.items()}
        await deck.run(Invocation(command, who, given))


async def _ids(deck: Deck) -> list[str]:
    """Every incident's id, in the order in which they were opened."""
    async with deck.services.store.reading() as connection:
        return [each.id for each in await all_incidents(connection, NEWEST)]


def _offline_since(network: PlumeSimulator, location: str, now: datetime) -> datetime | None:
    """When the network last began to show the location offline; nothing where it is online."""
    rows = network.online_rows(location, now - timedelta(hours=12), now)
    since: datetime | None = None
    for time, word in rows:
        offline = word == "offline"
        since = (since or from_epoch(time)) if offline else None
    return since
