"""A deck with the relay's area alone, and a clock that only the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from core.area import Area, Request
from core.areas.relay import AREA
from core.areas.relay.model import PRIVATE, TELEGRAM, Identity, PairingCode, Worker
from core.areas.relay.store.identities import find_identity
from core.areas.relay.store.workers import save_worker
from core.areas.relay.writes.pairing import Paired, make_code, redeem
from core.command import Invocation
from core.deck import Deck
from core.engine.identity import Identity as Process
from core.errors import NotFoundError
from core.folders import Folders
from core.message import ENGLISH, Message
from core.moment import FrozenClock
from core.notify.delivery.claims import holder_text
from core.notify.people.person import Person
from core.notify.people.rows import find_person
from core.page import Page
from core.principal import Principal, Role
from core.render.text import render
from core.render.values import Formatter
from core.settings import SettingsBook
from core.store.audit import RecordedEntry, entries

__all__ = ["ADMIN", "BOT", "LINE", "NOON", "TOKEN", "World", "opened", "process", "worker"]

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TOKEN = "42:FAKE-token-of-no-bot-anywhere-0000"
BOT = {"TELEGRAM_BOT_TOKEN": TOKEN, "OPSDECK_TIMEZONE": "Africa/Nairobi"}
LINE = "telegram:42"
ADMIN = Principal("amina", Role.ADMIN, "console", "tty1")


@dataclass
class World:
    deck: Deck
    clock: FrozenClock

    async def run(
        self, command: str, who: Principal = ADMIN, at: datetime | None = None, **given: str
    ) -> str:
        """What a command answers, as text."""
        return self.text(await self.page(command, who, at, **given))

    async def page(
        self, command: str, who: Principal = ADMIN, at: datetime | None = None, **given: str
    ) -> Page:
        return await self.deck.run(Invocation(command, who, given, at=at))

    def text(self, page: Page) -> str:
        return render(page, Formatter(ENGLISH, ZoneInfo("UTC"), self.clock.now()), width=200)

    def request(self, who: Principal = ADMIN, at: datetime | None = None) -> Request:
        return self.deck.dispatcher.request(Invocation("", who, at=at))

    async def code(
        self,
        person: str = "Ana",
        role: Role = Role.ADMIN,
        *,
        tier: str = "",
        group: bool = False,
        seed: int = 1,
    ) -> PairingCode:
        async with self.deck.services.store.writing() as transaction:
            return await make_code(transaction, person, role, tier, group, "amina", Random(seed))

    async def redeem(
        self,
        code: str,
        user: str = "5001",
        *,
        chat: str | None = None,
        kind: str = PRIVATE,
        name: str = "Ana",
    ) -> Paired | Message:
        async with self.deck.services.store.writing() as transaction:
            return await redeem(
                transaction, code, TELEGRAM, user, chat or user, kind, name, transaction.recorded_at
            )

    async def identity(self, user: str = "5001") -> Identity | None:
        store = self.deck.services.store
        async with store.reading() as connection:
            return await find_identity(connection, TELEGRAM, user, store.present())

    async def person(self, name: str = "Ana") -> Person | None:
        store = self.deck.services.store
        async with store.reading() as connection:
            try:
                return await find_person(connection, name, store.present())
            except NotFoundError:
                return None

    async def audited(self) -> list[RecordedEntry]:
        """The audit log, the newest entry first."""
        store = self.deck.services.store
        async with store.reading() as connection:
            return await entries(connection, at=store.present())

    async def report(self, *workers: Worker) -> None:
        """Let relay processes say how they are."""
        async with self.deck.services.store.writing() as transaction:
            for each in workers:
                await save_worker(transaction, each)


@asynccontextmanager
async def opened(
    home: Path, settings: Mapping[str, str] = BOT, areas: tuple[Area, ...] = (AREA,)
) -> AsyncIterator[World]:
    clock = FrozenClock(NOON)
    book = SettingsBook(Folders.below(home), flags=settings, environment={}, dotenv=home / ".env")
    async with await Deck.open(book, clock, areas=areas) as deck:
        yield World(deck, clock)


def process(pid: int = 4711, host: str = "harbour") -> Process:
    """A relay's process on some machine."""
    return Process("relay", host, pid, "place", "1000", "boot")


def worker(now: datetime = NOON, **given: object) -> Worker:
    """A healthy relay that polls, as of `now`."""
    healthy = Worker(
        worker=holder_text(process()),
        line=LINE,
        mode="polling",
        bot="ops_demo_bot",
        started_at=now - timedelta(hours=1),
        seen_at=now - timedelta(seconds=4),
        polled_at=now - timedelta(seconds=20),
        received_at=now - timedelta(minutes=3),
        received=31,
        answered=28,
        refused=2,
        errors=1,
    )
    return replace(healthy, **given)  # type: ignore[arg-type]
