"""A deck whose operations area is filled through its own writes, with a clock that only the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.areas.operations import AREA
from core.areas.operations.collection.routine import advance_routine
from core.areas.operations.writes.burn_rate import watch_burn_rates
from core.command import Invocation
from core.deck import Deck
from core.event import Event, RecordedEvent
from core.folders import Folders
from core.message import ENGLISH, _
from core.moment import FrozenClock
from core.page import Page
from core.principal import Principal, Role
from core.render import render_as
from core.render.values import Formatter
from core.settings import SettingsBook
from core.store.events import recent
from core.units import Severity

__all__ = ["CUSTOMER", "NOW", "OPERATOR", "PUBLIC", "World", "block", "cells", "opened", "words"]

NOW = datetime(2026, 1, 22, 6, 0, tzinfo=UTC)
"""A Thursday."""

OPERATOR = Principal("amina", Role.OPERATOR, "test")
CUSTOMER = Principal("zawadi", Role.CUSTOMER, "test", tier="ultra_premium")
PUBLIC = Principal("anybody", Role.PUBLIC, "test")


def words(value: object, now: datetime = NOW) -> str:
    """A value as a person reads it in a table's cell."""
    return Formatter(ENGLISH, OPERATOR.zone, now).value(value)  # type: ignore[arg-type]


def block(page: Page, key: str) -> Any:
    """The page's block of that key."""
    found = [each for each in page.blocks if each.key == key]
    assert found, f"no block {key!r} among {[each.key for each in page.blocks]}"
    return found[0]


def cells(page: Page, key: str) -> dict[str, dict[str, str]]:
    """A block's rows by their keys, each what a person reads in its cells by column."""
    lowered = block(page, key).lower()
    names = [column.key for column in lowered.columns]
    return {
        row.key: dict(zip(names, (words(cell, page.as_of or NOW) for cell in row.cells), strict=True))
        for row in lowered.rows
    }


@dataclass
class World:
    """Everything a test may touch."""

    deck: Deck
    clock: FrozenClock
    home: Path

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def run(
        self, command: str, *, by: Principal = OPERATOR, at: datetime | None = None, **arguments: str
    ) -> Page:
        return await self.deck.run(Invocation(command, by, arguments, at))

    def advance(self, **length: float) -> None:
        self.clock.advance(timedelta(**length).total_seconds())

    def until(self, moment: datetime) -> None:
        self.clock.advance((moment - self.clock.now()).total_seconds())

    async def tick(self) -> None:
        """One round of the routine's job."""
        await advance_routine(self.deck.services)

    async def watch(self) -> None:
        await watch_burn_rates(self.deck.services)

    async def emit(self, *events: Event) -> None:
        async with self.deck.services.store.writing() as transaction:
            await transaction.emit(*events)

    async def health(self, component: str, status: str, **more: Any) -> None:
        """A change of health, as the health checks tell it."""
        facts = {"component": component, "status": status, "raw": status, "reason": "", "critical": True}
        title = _("{component} is {status}", component=component, status=status)
        event = Event(
            "health.changed",
            "operations",
            f"check:{component}",
            Severity.NOTICE,
            title,
            self.now,
            facts | more,
        )
        await self.emit(event)

    async def events(self, *kinds: str) -> list[RecordedEvent]:
        """The events of these kinds, oldest first."""
        async with self.deck.services.store.reading() as connection:
            found = await recent(connection, at=self.now, kinds=kinds, limit=1_000)
        return sorted(found, key=lambda each: each.number)

    def render(self, page: Page, form: str = "text") -> str:
        return render_as(form, page, Formatter(ENGLISH, OPERATOR.zone, self.now), width=200)

    def write(self, name: str, text: str) -> None:
        """Put a file into the config folder."""
        path = self.home / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


async def _deck(home: Path, clock: FrozenClock, settings: Mapping[str, str]) -> Deck:
    flags = {"OPSDECK_TIMEZONE": "UTC", **settings}
    book = SettingsBook(Folders.below(home), flags=flags, environment={}, dotenv=home / ".env")
    return await Deck.open(book, clock, areas=(AREA,))


@asynccontextmanager
async def opened(
    tmp_path: Path, *, start: datetime = NOW, settings: Mapping[str, str] | None = None
) -> AsyncIterator[World]:
    """A deck of the operations area alone, with nothing in it."""
    home = tmp_path / "home"
    clock = FrozenClock(start)
    async with await _deck(home, clock, settings or {}) as deck:
        yield World(deck, clock, home)
