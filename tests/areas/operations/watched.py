"""A deck on simulated systems over real HTTP, with a clock that only the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from starlette.types import ASGIApp

from core.area import Area
from core.areas.operations import AREA
from core.areas.operations.collection.jobs import Prober
from core.areas.operations.collection.monitor import Monitor
from core.areas.operations.model import CheckResult, HealthReport
from core.areas.operations.store.reading import health_report
from core.command import Invocation
from core.deck import Deck
from core.event import RecordedEvent
from core.folders import Folders
from core.moment import FrozenClock
from core.page import Page
from core.principal import Principal, Role
from core.settings import SettingsBook
from core.simulators.server import LoopbackServer
from core.store.events import follow

START = datetime(2031, 1, 27, 10, tzinfo=UTC)
PERSON = Principal("amina", Role.OPERATOR, "test")


@dataclass
class Watched:
    """Everything a test may touch."""

    deck: Deck
    clock: FrozenClock
    prober: Prober = field(default_factory=Prober)

    async def probe(self, rounds: int = 1) -> HealthReport:
        """So many rounds of health checks, a minute apart; the report after the last."""
        for _round in range(rounds):
            self.clock.advance(60)
            await self.prober.probe(self.deck.services)
        return await self.report()

    async def report(self) -> HealthReport:
        async with self.deck.services.store.reading() as connection:
            return await health_report(connection, self.deck.services.store.present())

    async def result(self, name: str) -> CheckResult:
        return next(each for each in (await self.report()).results if each.check.name == name)

    async def measure(self, times: int = 1) -> None:
        """So many looks of the monitor, a minute apart."""
        monitor = Monitor(self.deck.services)
        for _look in range(times):
            self.clock.advance(60)
            await monitor.measure()

    async def run(self, command: str, *, at: datetime | None = None, **arguments: str) -> Page:
        return await self.deck.run(Invocation(command, PERSON, arguments, at))

    async def events(self, kind: str) -> list[RecordedEvent]:
        async with self.deck.services.store.reading() as connection:
            found = await follow(connection, 0)
        return [each for each in found if each.event.kind == kind]


@asynccontextmanager
async def watching(home: Path, *, areas: Sequence[Area] = (AREA,), **settings: str) -> AsyncIterator[Watched]:
    clock = FrozenClock(START)
    book = SettingsBook(Folders.below(home), flags=settings, environment={}, dotenv=home / ".env")
    async with await Deck.open(book, clock, areas=tuple(areas)) as deck:
        yield Watched(deck, clock)


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """The address of the app, served on loopback."""
    with LoopbackServer(app) as server:
        yield server.url
