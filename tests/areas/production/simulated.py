"""A store beside a simulated production system and a simulated A2E over real HTTP."""

from __future__ import annotations

import atexit
import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from core.moment import FrozenClock
from core.simulators.a2e import A2ESimulator
from core.simulators.production import ProductionSimulator
from core.simulators.server import LoopbackServer
from tests.areas.production.stored import Stored, opened

__all__ = ["START", "Simulated", "simulated"]

START = datetime(2026, 1, 22, 11, tzinfo=UTC)
"""The moment of the snapshot in production.md 8."""


class _Stage:
    """An ASGI app that is whichever simulator is on."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


@functools.cache
def _server(_name: str) -> tuple[LoopbackServer, _Stage]:
    """One server for all tests: to start and stop one takes longer than most tests."""
    stage = _Stage()
    server = LoopbackServer(stage)
    server.start()
    atexit.register(server.stop)
    return server, stage


@dataclass
class Simulated(Stored):
    """A store with both simulators."""

    system: ProductionSimulator = None  # type: ignore[assignment]
    a2e: A2ESimulator = None  # type: ignore[assignment]

    def asked(self, end: str) -> int:
        """How many requests there were so far for paths with this end, of either."""
        return sum(entry.path.endswith(end) for entry in [*self.system.log, *self.a2e.log])


@asynccontextmanager
async def simulated(
    tmp_path: Path,
    *,
    scenario: str = "contract",
    start: datetime = START,
    provider: bool = True,
    **settings: str,
) -> AsyncIterator[Simulated]:
    """A store that has not looked at anything yet."""
    clock = FrozenClock(start)
    (server, stage), (other, other_stage) = _server("production"), _server("a2e")
    system = ProductionSimulator(clock, scenario=scenario)
    a2e = A2ESimulator(system.world, clock)
    stage.app, other_stage.app = system.app, a2e.app
    known = {
        "PRODUCTION_URL": server.url,
        "PRODUCTION_TOKEN": system.token,
        "PRODUCTION_MONTHLY_CREDITS": "1800",
        "PRODUCTION_DAILY_CREDITS": "60",
        "PRODUCTION_PRICE_PER_CREDIT": "0.01",
    }
    if provider:
        known |= {"A2E_URL": other.url, "A2E_API_TOKEN": a2e.token}
    async with opened(tmp_path, clock=clock, **{**known, **settings}) as stored:
        yield Simulated(stored.services, clock, [], system, a2e)
    assert not server.errors
    assert not other.errors
