"""A Cloud API with two phones, one of which has just written, on a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from core.moment import FrozenClock
from core.simulators.cloud_api import CloudApiSimulator, Template
from tests.simulators.cloud_api.business import ANA, BEN, Line
from tests.simulators.whatsapp.receiver import HOOK, Receiver


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 1, 22, 11, tzinfo=UTC))


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def sim(clock: FrozenClock, receiver: Receiver) -> CloudApiSimulator:
    sim = CloudApiSimulator(clock, transport=receiver.transport, by_hand=True)
    sim.people.add(ANA, "Ana")
    sim.people.add(BEN, "Ben", "es")
    sim.people.write(ANA, "hi")
    sim.webhooks.flush()
    sim.set_webhook(HOOK)
    sim.add_template(
        Template("order_completed", "en", "Order {{1}} is done, {{2}} pieces.", buttons=("Open",))
    )
    return sim


@pytest.fixture
async def line(sim: CloudApiSimulator) -> AsyncIterator[Line]:
    transport = httpx.ASGITransport(app=sim.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://graph.test") as client:
        sim.base = "https://graph.test"
        yield Line(client, sim)
