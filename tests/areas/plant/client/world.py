"""A deck whose plant is read from a simulated backend, over HTTP on loopback."""

from __future__ import annotations

import random
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from core.areas.plant import AREA
from core.areas.plant.collection.backend import BackendCollector
from core.areas.plant.importing.kinds import KINDS
from core.areas.plant.importing.world import Entity
from core.areas.plant.store.importing import fill
from core.deck import Deck
from core.folders import Folders
from core.moment import FrozenClock
from core.settings import SettingsBook
from core.simulators.plant import PlantSimulator
from core.simulators.server import LoopbackServer
from core.store.versions import NEWEST
from tests.areas.plant.importing.world import empty_world
from tests.areas.plant.orders.world import NOW, World

__all__ = ["BackendWorld", "opened"]


@dataclass
class BackendWorld:
    """The deck, the backend, and what reads the one into the other."""

    plant: World
    backend: PlantSimulator
    collector: BackendCollector

    async def round(self) -> list[str]:
        """One round of polls, a minute after the last; why parts of it couldn't be read."""
        self.plant.clock.advance(60)
        return [str(each) for each in await self.collector.collect_now()]

    async def known(self, kind: str) -> dict[str, Entity]:
        """What is on record of a kind, by number."""
        world = empty_world()
        async with self.plant.deck.services.store.reading() as connection:
            await fill(world, connection, NEWEST)
        return {str(key[0]): thing for key, thing in KINDS[kind].known(world).items()}


@asynccontextmanager
async def opened(folder: Path, *, token: str | None = None, **more: str) -> AsyncIterator[BackendWorld]:
    """A deck with an empty store on a Monday at eight, and a backend with a story."""
    clock = FrozenClock(NOW)
    backend = PlantSimulator(clock)
    home = folder / "backend-home"
    shutil.rmtree(home, ignore_errors=True)
    with LoopbackServer(backend.app) as server:
        environment = {"PLANT_BASE_URL": server.url, "PLANT_TOKEN": token or backend.token, **more}
        book = SettingsBook(Folders.below(home), flags={}, environment=environment, dotenv=home / ".env")
        async with await Deck.open(book, clock, areas=(AREA,)) as deck:
            collector = BackendCollector(deck.services, random.Random(1))
            yield BackendWorld(World(deck, clock), backend, collector)
        assert not server.errors
