"""A store of the production area, with a clock that only the test moves, and simulators where asked for."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from core.area import Services
from core.areas.production.collection.collect import Collector
from core.areas.production.collection.event_feed import EventFeed
from core.areas.production.settings import ProductionSettings
from core.areas.production.store.recording import Recorder
from core.deck import Deck
from core.folders import Folders
from core.moment import FrozenClock
from core.settings import SettingsBook
from core.store.events import follow
from core.store.metadata import new_metadata
from core.store.polls import SourceHealth, sources
from core.store.store import Transaction

START = datetime(2026, 1, 22, 3, tzinfo=UTC)
"""Noon in Tokyo, the production zone of the tests."""


@dataclass
class Stored:
    """Everything a test may touch."""

    services: Services
    clock: FrozenClock
    _collectors: list[Collector] = field(default_factory=list[Collector])

    @property
    def settings(self) -> ProductionSettings:
        return self.services.settings.of(ProductionSettings)

    @property
    def collector(self) -> Collector:
        """The collector of this process, the same for as long as it runs."""
        if not self._collectors:
            self.restart()
        return self._collectors[-1]

    @property
    def follower(self) -> EventFeed:
        return EventFeed(self.services, self.collector)

    def restart(self) -> None:
        """A new collector on the same store, as after a restart."""
        self._collectors.append(Collector(self.services))

    def recorder(self, transaction: Transaction) -> Recorder:
        return Recorder(transaction, self.settings, transaction.recorded_at)

    async def after(self, seconds: float) -> None:
        """Let time pass, and do what is due then."""
        self.clock.advance(seconds)
        await self.collector.collect()

    async def events(self) -> list[str]:
        """The kind and subject of every event of production, in the log's order, without the area's name."""
        async with self.services.store.reading() as connection:
            found = await follow(connection, 0)
        own = (each.event for each in found if each.event.area == "production")
        return [f"{each.kind.removeprefix('production.')} {each.subject}" for each in own]

    async def facts(self, kind: str) -> list[Mapping[str, Any]]:
        async with self.services.store.reading() as connection:
            found = await follow(connection, 0)
        return [each.event.facts for each in found if each.event.kind == f"production.{kind}"]

    async def polled(self) -> dict[str, SourceHealth]:
        store = self.services.store
        async with store.reading() as connection:
            return {each.subject: each for each in await sources(connection, store.present())}

    async def read(self, read: Any, *more: Any) -> Any:
        """What a function of `reading` finds now."""
        store = self.services.store
        async with store.reading() as connection:
            return await read(connection, *more, store.present())

    async def counts(self) -> dict[str, int]:
        """The rows of every table that keeps anything of production."""
        metadata = new_metadata()
        async with self.services.store.reading() as connection:
            await connection.run_sync(metadata.reflect)
            return {
                name: await connection.scalar(select(func.count()).select_from(table)) or 0
                for name, table in metadata.tables.items()
                if name.startswith("production_") or name in ("sample", "event", "poll")
            }


@asynccontextmanager
async def opened(
    tmp_path: Path, *, start: datetime = START, clock: FrozenClock | None = None, **settings: str
) -> AsyncIterator[Stored]:
    """A store with these settings; nothing is set up unless they say so."""
    clock = clock or FrozenClock(start)
    home = tmp_path / "home"
    flags = {"PRODUCTION_EVENTS_OFF": "", **settings}
    book = SettingsBook(Folders.below(home), flags=flags, environment={}, dotenv=home / ".env")
    async with await Deck.open(book, clock, areas=()) as deck:
        deck.services.politeness.allow("127.0.0.1", 1_000.0)
        clock.advance(10)
        clock.step(-10)
        yield Stored(deck.services, clock)


def plain(value: object) -> str:
    """Anything as JSON, to compare by."""
    return json.dumps(value, default=str, sort_keys=True)
