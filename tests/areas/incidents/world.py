"""A deck with the incidents area alone, and a clock that only the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.area import Area
from core.areas.incidents import AREA
from core.areas.incidents.collection.watch import Watcher
from core.areas.incidents.model import Entry, Incident
from core.areas.incidents.store import reading
from core.command import Invocation
from core.deck import Deck
from core.event import Event, RecordedEvent
from core.folders import Folders
from core.message import ENGLISH, _
from core.moment import FrozenClock
from core.page import Block, Page
from core.principal import Principal, Role
from core.render import render_as
from core.render.values import Formatter
from core.settings import SettingsBook
from core.store.events import follow
from core.store.versions import NEWEST
from core.units import Severity

__all__ = ["ADMIN", "NOW", "OPERATOR", "World", "alert", "block", "opened"]

NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)
"""When the tests' incidents begin: 10:00, as in the vectors of operations.md 4.4."""

ADMIN = Principal("amina", Role.ADMIN, "test")
OPERATOR = Principal("omar", Role.OPERATOR, "test")


def alert(
    kind: str = "alert.raised",
    *,
    rule: str = "network.outage",
    subject: str = "location:L1",
    severity: Severity = Severity.CRITICAL,
    title: str = "Harbour Office has no connection",
    at: datetime = NOW,
    **facts: str,
) -> Event:
    """What alerting says of one of its alerts."""
    return Event(
        kind=kind,
        area="alerts",
        subject="alert:1",
        severity=Severity.GOOD if kind == "alert.resolved" else severity,
        title=_("{title}", title=title),
        at=at,
        facts={
            "rule": rule,
            "subject": subject,
            "severity": severity.name.lower(),
            "title": title,
            **facts,
        },
    )


@dataclass
class World:
    """Everything a test may touch."""

    deck: Deck
    clock: FrozenClock

    async def run(
        self, command: str, *, by: Principal = ADMIN, at: datetime | None = None, **arguments: str
    ) -> Page:
        return await self.deck.run(Invocation(command, by, arguments, at))

    async def open(self, title: str = "Uploads fail", **arguments: str) -> str:
        """Open an incident; its id."""
        given = {"title": title, **arguments}
        page = await self.deck.run(Invocation("incident open", ADMIN, given))
        return str(page.crumb)

    async def acknowledged(self, **arguments: str) -> str:
        """An incident in hand."""
        id_ = await self.open(**arguments)
        await self.run("incident ack", id=id_)
        return id_

    async def incident(self, id_: str) -> Incident:
        async with self.deck.services.store.reading() as connection:
            return await reading.incident_named(connection, id_, NEWEST)

    async def incidents(self) -> Sequence[Incident]:
        async with self.deck.services.store.reading() as connection:
            return await reading.all_incidents(connection, NEWEST)

    async def timeline(self, id_: str) -> Sequence[Entry]:
        async with self.deck.services.store.reading() as connection:
            return await reading.timeline(connection, id_, NEWEST)

    async def events(self, prefix: str = "incident.") -> Sequence[RecordedEvent]:
        async with self.deck.services.store.reading() as connection:
            every = await follow(connection, 0, 10_000)
        return [each for each in every if each.event.kind.startswith(prefix)]

    async def kinds(self) -> Sequence[str]:
        """The kinds of the area's own events, in their order."""
        return [each.event.kind.removeprefix("incident.") for each in await self.events()]

    async def emit(self, *events: Event) -> None:
        """Let events happen as some other part of opsdeck would."""
        async with self.deck.services.store.writing() as transaction:
            await transaction.emit(*events)

    def pass_time(self, **length: float) -> None:
        self.clock.advance(timedelta(**length).total_seconds())

    async def look(self) -> None:
        """One round of the job, as a process that was just started would do it."""
        await Watcher(self.deck.services).look()

    def text(self, page: Page, width: int = 160) -> str:
        return render_as("text", page, Formatter(ENGLISH, ADMIN.zone, self.clock.now()), width=width)


def block(page: Page, key: str) -> Block:
    """The page's block of that key."""
    return next(each for each in page.blocks if each.key == key)


async def _deck(home: Path, clock: FrozenClock, settings: Mapping[str, str], areas: tuple[Area, ...]) -> Deck:
    book = SettingsBook(Folders.below(home), flags=settings, environment={}, dotenv=home / ".env")
    return await Deck.open(book, clock, areas=areas)


@asynccontextmanager
async def opened(tmp_path: Path, settings: Mapping[str, str] | None = None) -> AsyncIterator[World]:
    """A deck at NOW with nothing in it."""
    home = tmp_path / "home"
    clock = FrozenClock(NOW)
    async with await _deck(home, clock, settings or {}, (AREA,)) as deck:
        yield World(deck, clock)
