"""A deck with the production area, filled the way reports fill it, and read page by page."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.areas.production import AREA
from core.areas.production.client.answers import Status
from core.areas.production.model import System, SystemState
from core.areas.production.store.recording import record_status
from core.command import Invocation
from core.deck import Deck
from core.message import ENGLISH
from core.moment import FrozenClock
from core.page import Page
from core.principal import Principal, Role
from core.query import TableQuery
from core.render import render_as
from core.render.values import Formatter
from core.store.polls import Poll, record_poll
from tests.areas.production.stored import opened

NOON = datetime(2026, 1, 22, 3, tzinfo=UTC)
"""Noon of 22 January 2026 in Tokyo, the production zone."""

PERSON = Principal("amina", Role.ADMIN, "test")
PLAN = {
    "PRODUCTION_PLAN": "pro",
    "PRODUCTION_MONTHLY_CREDITS": "1800",
    "PRODUCTION_DAILY_CREDITS": "60",
    "PRODUCTION_PRICE_PER_CREDIT": "0.01",
}


@dataclass
class Paged:
    """A deck whose clock only the test moves."""

    deck: Deck
    clock: FrozenClock

    async def run(
        self, command: str, *, past: datetime | None = None, query: TableQuery | None = None, **given: str
    ) -> Page:
        invocation = Invocation(command, PERSON, given, past, query or TableQuery())
        return await self.deck.run(invocation)

    async def job(self, number: int, status: str = "completed", **more: str) -> None:
        given = {"id": f"prod_{number}", "status": status, "character": "yuki-chan", **more}
        await self.run("report job", **given)

    async def debit(self, number: int, amount: int, bucket: str = "", at: str = "") -> None:
        given = {"id": f"entry_{number}", "kind": "debit", "credits": str(amount), "bucket": bucket, "at": at}
        await self.run("report ledger", **given)

    async def said(self, state: SystemState, **fields: Any) -> None:
        """The system answered that it is in this state, just now."""
        now = self.clock.now()
        system = System(state, now, **fields)
        async with self.deck.services.store.writing() as transaction:
            await record_status(transaction, Status(system, None, None, now, None))
            for part in ("status", "health", "jobs"):
                await self._polled(transaction, part)

    async def _polled(self, transaction: Any, part: str) -> None:
        now = self.clock.now()
        await record_poll(transaction, Poll("production", part, now, good=True))

    def text(self, page: Page) -> str:
        return render_as("text", page, Formatter(ENGLISH, PERSON.zone, self.clock.now()), width=160)

    def json(self, page: Page) -> dict[str, Any]:
        text = render_as("json", page, Formatter(ENGLISH, PERSON.zone, self.clock.now()))
        found: dict[str, Any] = json.loads(text)
        return found


@asynccontextmanager
async def paged(tmp_path: Path, **settings: str) -> AsyncIterator[Paged]:
    """The deck with these settings; nothing is set up unless they say so."""
    async with opened(tmp_path, start=NOON, **settings) as stored:
        yield Paged(Deck(replace(stored.services, areas=(AREA,))), stored.clock)
