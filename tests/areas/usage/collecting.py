"""A deck on a simulated Taara over real HTTP, with a clock that only the test moves."""

from __future__ import annotations

import asyncio
import atexit
import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select
from starlette.types import Receive, Scope, Send

from core.areas.usage import AREA
from core.areas.usage.collection.collect import Collector
from core.areas.usage.store import tables
from core.command import Invocation
from core.deck import Deck
from core.folders import Folders
from core.message import ENGLISH
from core.moment import FrozenClock
from core.page import Page, SourceState
from core.principal import Principal, Role
from core.render import render_as
from core.render.values import Formatter
from core.settings import SettingsBook
from core.simulators.server import LoopbackServer
from core.simulators.taara import TaaraSimulator
from core.store.events import follow
from core.store.polls import health
from core.store.tables import SAMPLE

__all__ = ["INTERVAL", "PERSON", "START", "Collecting", "opened"]

START = datetime(2031, 1, 26, 9, tzinfo=UTC)
INTERVAL = timedelta(minutes=15)
PERSON = Principal("amina", Role.ADMIN, "test")

_KEPT = (tables.polls, tables.records, tables.calls, tables.answers, tables.meters, SAMPLE)


@dataclass
class Collecting:
    """Everything a test may touch."""

    deck: Deck
    clock: FrozenClock
    simulator: TaaraSimulator
    _collectors: list[Collector] = field(default_factory=list[Collector])

    async def run(self, command: str, *, at: datetime | None = None, **arguments: str) -> Page:
        return await self.deck.run(Invocation(command, PERSON, arguments, at))

    async def setup(self, name: str = "home", account: str = "contract", **changes: str) -> Page:
        """Set up one of the simulator's accounts; `changes` are parts of its access to get wrong."""
        own = self.simulator.account(account)
        access = {
            "country": own.country_code,
            "phone": own.phone,
            "passcode": own.passcode,
            "partner": own.partner_id,
            "hotspot": own.hotspot_id,
        }
        return await self.run("usage setup", **{"name": name, **access, **changes})

    @property
    def collector(self) -> Collector:
        """The collector of this process, the same for as long as it runs."""
        if not self._collectors:
            self.restart()
        return self._collectors[-1]

    def restart(self) -> None:
        """A new collector on the same store, as after a restart."""
        self._collectors.append(Collector(self.deck.services, Random(3)))

    async def ticks(self, length: timedelta, every: float = 30.0) -> None:
        """Let time pass, and the job tick meanwhile."""
        until = self.clock.now() + length
        while self.clock.now() < until:
            self.clock.advance(every)
            await self.collector.collect()

    async def events(self) -> list[str]:
        """The kinds of the area's events, in the order of their numbers, without those of setting up."""
        async with self.deck.services.store.reading() as connection:
            found = await follow(connection, 0)
        own = (each.event for each in found if each.event.area == "usage")
        return [each.kind for each in own if not each.kind.startswith("usage.account.")]

    async def counts(self) -> dict[str, int]:
        """The rows of the tables that a poll writes."""
        async with self.deck.services.store.reading() as connection:
            return {
                table.name: await connection.scalar(select(func.count()).select_from(table)) or 0
                for table in _KEPT
            }

    async def state(self, account: str = "home") -> SourceState:
        store = self.deck.services.store
        async with store.reading() as connection:
            return await health(connection, "taara", account, store.present(), INTERVAL)

    def text(self, page: Page) -> str:
        formatter = Formatter(ENGLISH, PERSON.zone, self.deck.services.store.present())
        return render_as("text", page, formatter, width=160)


class _Stage:
    """An ASGI app that is whichever simulator is on."""

    def __init__(self) -> None:
        self.simulator: TaaraSimulator | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.simulator is not None
        await self.simulator.app(scope, receive, send)


@functools.cache
def _server() -> tuple[LoopbackServer, _Stage]:
    """One server for all tests: to start and stop one takes longer than most tests."""
    stage = _Stage()
    server = LoopbackServer(stage)
    server.start()
    atexit.register(server.stop)
    return server, stage


@asynccontextmanager
async def opened(
    tmp_path: Path, scenario: str = "contract", settings: dict[str, str] | None = None
) -> AsyncIterator[Collecting]:
    """A deck of the usage area alone beside a simulator, with no account set up."""
    server, stage = await asyncio.to_thread(_server)
    clock = FrozenClock(START)
    stage.simulator = TaaraSimulator(clock, scenario=scenario)
    home = tmp_path / "home"
    flags = {"TAARA_BASE_URL": server.url, "TAARA_REQUESTS_PER_SECOND": "1000", **(settings or {})}
    book = SettingsBook(Folders.below(home), flags=flags, environment={}, dotenv=home / ".env")
    async with await Deck.open(book, clock, areas=(AREA,)) as deck:
        yield Collecting(deck, clock, stage.simulator)
