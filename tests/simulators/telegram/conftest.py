"""A simulator with two users, a group, a supergroup and a channel, on a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from core.moment import FrozenClock
from core.simulators.telegram import TelegramSimulator
from tests.simulators.telegram.line import ANA, BEN, CHANNEL, GROUP, SUPERGROUP, Line

NOW = datetime(2026, 1, 22, 11, tzinfo=UTC)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


def populated(sim: TelegramSimulator) -> TelegramSimulator:
    sim.people.add_user(ANA, "Ana", "ana_ops")
    sim.people.add_user(BEN, "Ben", "ben_ops", "es")
    sim.people.add_group(GROUP, "Watch", {ANA: "creator", BEN: "member"})
    sim.people.add_group(SUPERGROUP, "Harbour", (ANA, BEN), kind="supergroup", username="harbour")
    sim.people.add_group(CHANNEL, "News", (ANA,), kind="channel", standing="administrator")
    return sim


@pytest.fixture
def sim(clock: FrozenClock) -> TelegramSimulator:
    return populated(TelegramSimulator(clock, longest_wait=5.0))


@pytest.fixture
async def line(sim: TelegramSimulator) -> AsyncIterator[Line]:
    transport = httpx.ASGITransport(app=sim.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://telegram.test") as client:
        yield Line(client, sim)
    await sim.close()
