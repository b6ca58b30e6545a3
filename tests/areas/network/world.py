"""A deck on a simulated Plume over real HTTP, with a clock that only the test moves."""

from __future__ import annotations

import atexit
import functools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from starlette.types import Receive, Scope, Send

from core.area import Area, discover
from core.areas.network.collection.collect import Collector
from core.areas.network.collection.polled_parts import POLLED_PARTS, PolledPart
from core.areas.network.store.polling import SOURCE
from core.command import Invocation
from core.deck import Deck
from core.folders import Folders
from core.message import ENGLISH
from core.moment import FrozenClock
from core.page import Block, Page, Row, Table
from core.principal import Principal, Role
from core.query import TableQuery
from core.render import render_as
from core.render.values import Formatter
from core.settings import SettingsBook
from core.simulators.plume import PlumeSimulator
from core.simulators.plume.world import World as SimulatedWorld
from core.simulators.server import LoopbackServer
from core.store.events import follow
from core.store.metadata import new_metadata
from core.store.polls import sources
from core.units import Quantity, Value

__all__ = [
    "PERSON",
    "START",
    "World",
    "block",
    "facts",
    "number",
    "opened",
    "part",
    "rows",
    "table",
    "verdict",
    "words",
]

START = datetime(2026, 1, 14, 12, tzinfo=UTC)
PERSON = Principal("amina", Role.ADMIN, "test")
AREAS = tuple(area for area in discover() if area.name in ("overview", "network", "usage", "production"))
"""The areas that watch other systems, and the one that sums them up."""


def part(name: str) -> PolledPart:
    return next(each for each in POLLED_PARTS if each.name == name)


def words(value: object) -> str:
    """A value as a person reads it in a table's cell."""
    formatter = Formatter(ENGLISH, PERSON.zone, START)
    return formatter.value(value)  # type: ignore[arg-type]


@dataclass
class World:
    """Everything a test may touch."""

    deck: Deck
    clock: FrozenClock
    simulator: PlumeSimulator
    server: LoopbackServer
    home: Path
    person: Principal = PERSON
    _collectors: list[Collector] = field(default_factory=list[Collector])

    async def run(
        self,
        command: str,
        *,
        at: datetime | None = None,
        query: TableQuery | None = None,
        person: Principal | None = None,
        **arguments: str,
    ) -> Page:
        invocation = Invocation(command, person or self.person, arguments, at, query or TableQuery())
        return await self.deck.run(invocation)

    async def setup(self, customer: str = "", **more: str) -> Page:
        """Set up the simulated partner, for one of its customers by name, for ids, or for all."""
        ids = {each.name: each.id for each in self.simulator.world.customers}
        given = {
            "authorization": self.simulator.authorization,
            "partner": self.simulator.partner_id,
            "customer": ids.get(customer, customer),
        }
        return await self.run("setup", **{**given, **more})

    @property
    def collector(self) -> Collector:
        """The collector of this process, the same for as long as it runs."""
        if not self._collectors:
            self._collectors.append(Collector(self.deck.services))
        return self._collectors[-1]

    def restart(self) -> None:
        """A new collector on the same store, as after a restart."""
        self._collectors.append(Collector(self.deck.services))

    async def look(self, *parts: str, only: str | None = None) -> None:
        """Look at everything now, whatever is due."""
        chosen = [part(name) for name in parts] or POLLED_PARTS
        await Collector(self.deck.services).collect(everything=True, only=only, parts=chosen)

    async def after(self, seconds: float, *parts: str) -> None:
        """Let time pass, and do what is due then, of all parts or some."""
        self.clock.advance(seconds)
        await self.collector.collect(parts=[part(name) for name in parts] or POLLED_PARTS)

    def customer(self, name: str) -> str:
        return next(each.id for each in self.simulator.world.customers if each.name == name)

    def location(self, name: str) -> str:
        return next(id_ for _customer, id_, own in self.simulator.locations if own == name)

    def asked(self, end: str) -> int:
        """How many requests there were so far for paths with this end."""
        return sum(entry.path.endswith(end) for entry in self.simulator.log)

    def change(self, name: str, **fields: Any) -> None:
        """Change a location of the simulated cloud."""
        here, world = self.location(name), self.simulator.world
        changed = (replace(each, **fields) if each.id == here else each for each in world.locations)
        self.put_back(replace(world, locations=tuple(changed)))

    def remove(self, name: str) -> None:
        """Take a location out of the simulated cloud."""
        here, world = self.location(name), self.simulator.world
        self.put_back(replace(world, locations=tuple(each for each in world.locations if each.id != here)))

    def put_back(self, world: SimulatedWorld) -> None:
        """Let the simulated cloud be of this world from now on."""
        cloud = self.simulator._cloud
        cloud.world = self.simulator.world = world
        cloud.locations = {each.id: each for each in world.locations}

    async def events(self) -> list[tuple[str, str]]:
        """Kind and title of every event, in the order of their numbers.

        The credentials' are left out, and what alerting made of the others.
        """
        async with self.deck.services.store.reading() as connection:
            found = await follow(connection, 0)
        assert [each.number for each in found] == list(range(1, len(found) + 1))
        return [
            (each.event.kind.removeprefix("network."), words(each.event.title))
            for each in found
            if each.event.kind != "network.credentials.set" and each.event.area != "alerts"
        ]

    async def polled(self) -> dict[str, int]:
        """How many seconds ago each part of a single location was last polled well, by its name."""
        store = self.deck.services.store
        async with store.reading() as connection:
            found = await sources(connection, store.present())
        return {
            each.subject.rpartition("/")[2]: int((self.clock.now() - each.last_good).total_seconds())
            for each in found
            if each.source == SOURCE and "/" in each.subject and each.last_good is not None
        }

    async def counts(self) -> dict[str, int]:
        """The rows of every table that keeps what the cloud said."""
        tables = ("network_location", "network_node", "network_wifi", "network_device", "network_speed_test")
        metadata = new_metadata()
        async with self.deck.services.store.reading() as connection:
            await connection.run_sync(
                lambda sync: metadata.reflect(sync, only=[*tables, "sample", "sample_version", "event"])
            )
            return {
                table.name: await connection.scalar(select(func.count()).select_from(table)) or 0
                for table in metadata.sorted_tables
            }

    def json(self, page: Page) -> dict[str, Any]:
        text = render_as("json", page, Formatter(ENGLISH, self.person.zone, self.clock.now()))
        found: dict[str, Any] = json.loads(text)
        return found

    def text(self, page: Page) -> str:
        formatter = Formatter(ENGLISH, self.person.zone, self.deck.services.store.present())
        return render_as("text", page, formatter, width=200)


def block(page: Page, key: str) -> Any:
    """The page's block of that key."""
    found: list[Block] = [each for each in page.blocks if each.key == key]
    assert found, f"no block {key!r} among {[each.key for each in page.blocks]}"
    return found[0]


def table(page: Page, key: str) -> dict[str, dict[str, Value]]:
    """A block's rows by their keys, each a cell by its column's key."""
    lowered: Table = block(page, key).lower()
    names = [column.key for column in lowered.columns]
    return {row.key: dict(zip(names, row.cells, strict=True)) for row in lowered.rows}


def rows(page: Page, key: str) -> tuple[Row, ...]:
    lowered: Table = block(page, key).lower()
    return lowered.rows


def facts(page: Page, key: str) -> dict[str, Value]:
    """A block's facts by their English labels."""
    return {words(fact.label): fact.value for fact in block(page, key).lower().facts}


def verdict(page: Page) -> str:
    return words(page.verdict.word)


def number(value: Value) -> float:
    assert isinstance(value, Quantity)
    return value.value


class _Stage:
    """An ASGI app that is whichever simulator is on."""

    def __init__(self) -> None:
        self.simulator: PlumeSimulator | None = None

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
    tmp_path: Path,
    *,
    clock: FrozenClock | None = None,
    scenario: str = "contract",
    settings: Mapping[str, str] | None = None,
    areas: tuple[Area, ...] = AREAS,
    **simulator: Any,
) -> AsyncIterator[World]:
    """A world that nobody has set up yet."""
    clock = clock or FrozenClock(START)
    home = tmp_path / "home"
    server, stage = _server()
    server.errors.clear()
    stage.simulator = cloud = PlumeSimulator(clock, scenario=scenario, **simulator)
    flags = {
        "PLUME_API_BASE": f"{server.url}/api",
        "PLUME_REPORTS_BASE": f"{server.url}/reports",
        "PLUME_TOKEN_URL": f"{server.url}/oauth2/test/v1/token",
        "PLUME_REQUESTS_PER_SECOND": "1000",
        **(settings or {}),
    }
    book = SettingsBook(Folders.below(home), flags=flags, environment={}, dotenv=home / ".env")
    async with await Deck.open(book, clock, areas=areas) as deck:
        # A full bucket from the start, so that no request has to wait and thereby move the clock.
        deck.services.politeness.allow("127.0.0.1", 1_000.0)
        clock.advance(10)
        clock.step(-10)
        yield World(deck, clock, cloud, server, home)
    assert not server.errors, "the simulator failed"
