"""The demo world as a whole: its parts, its settings and its folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from core.deck import Deck
from core.demo.delivered import deliver_past_notices
from core.demo.incidents import IncidentsPart
from core.demo.network import NetworkPart
from core.demo.operations import OperationsPart
from core.demo.part import Part, Tell
from core.demo.plant import PlantPart
from core.demo.production import ProductionPart
from core.demo.relay import RelayPart
from core.demo.tickets import TicketsPart
from core.demo.usage import UsagePart
from core.folders import Folders
from core.moment import Clock
from core.principal import Principal
from core.settings import SettingsBook

__all__ = ["SCENARIOS", "Demo", "Start"]

Start = Callable[[Clock, int, str], Part]
"""Starts a part for a clock, a seed and a scenario."""

SCENARIOS: Mapping[str, tuple[Start, ...]] = MappingProxyType(
    {
        "demo": (
            IncidentsPart.start,  # first: it winds the clock back, before anything newer is recorded
            NetworkPart.start,
            UsagePart.start,
            ProductionPart.start,
            TicketsPart.start,
            PlantPart.start,
            OperationsPart.start,
            RelayPart.start,
        ),
        "vectors": (UsagePart.start, ProductionPart.start),
    }
)
"""The parts of each world: the demo's own story, and the data that the contracts' vectors are of."""


@dataclass(slots=True)
class Demo:
    """A demo world that runs."""

    book: SettingsBook
    clock: Clock
    parts: tuple[Part, ...]
    home: Path

    @classmethod
    def start(
        cls,
        clock: Clock,
        *,
        seed: int,
        flags: Mapping[str, str],
        scenario: str = "demo",
        more: Sequence[Start] = (),
    ) -> Demo:
        """Start the simulators on free loopback ports, with an empty store in a temporary folder.

        `more` starts parts that the scenario doesn't have.
        """
        with ExitStack() as undo:
            parts: list[Part] = []
            for start in (*SCENARIOS[scenario], *more):
                part = start(clock, seed, scenario)
                undo.callback(part.stop)
                parts.append(part)
            home = Path(tempfile.mkdtemp(prefix="opsdeck-demo-"))
            settings = {name: value for part in parts for name, value in part.settings.items()}
            below = Folders.below(home)
            folders = Folders(below.config, below.data, below.state, Folders.default().exports)
            book = SettingsBook(folders, flags={**settings, **flags}, environment={}, dotenv=home / ".env")
            undo.pop_all()
        return cls(book, clock, tuple(parts), home)

    async def fill(self, deck: Deck, principal: Principal, tell: Tell) -> None:
        """Let each part fill the store with all of its world, up to the present."""
        await self.fill_present(deck, principal, tell)
        await self.fill_past(deck, tell)

    async def fill_present(self, deck: Deck, principal: Principal, tell: Tell) -> None:
        """What a first screen needs: how everything stands now, and the days just before it."""
        for part in self.parts:
            await part.fill(deck, principal, tell)
        await deliver_past_notices(deck.services.store)

    async def fill_past(self, deck: Deck, tell: Tell) -> None:
        """The rest of the history, behind a console that is in use already; jobs run only after it."""
        for part in self.parts:
            await part.fill_past(deck, tell)

    async def write_to_bot(self) -> None:
        """Let the people of the demo ask the bot something now and then, until cancelled."""
        relay = next(part for part in self.parts if isinstance(part, RelayPart))
        await relay.write_to_bot()

    def stop(self) -> None:
        """Stop the simulators and remove the folder."""
        for part in self.parts:
            part.stop()
        shutil.rmtree(self.home, ignore_errors=True)
