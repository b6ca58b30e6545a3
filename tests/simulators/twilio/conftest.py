"""A Twilio with two phones, one of which has just written, on a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from core.moment import FrozenClock
from core.simulators.twilio import TwilioSimulator
from tests.simulators.twilio.account import ANA, BEN, Line
from tests.simulators.whatsapp.receiver import HOOK, STATES, Receiver


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 1, 22, 11, tzinfo=UTC))


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def sim(clock: FrozenClock, receiver: Receiver) -> TwilioSimulator:
    sim = TwilioSimulator(clock, transport=receiver.transport, by_hand=True)
    sim.people.add(ANA, "Ana")
    sim.people.add(BEN, "Ben", "es")
    sim.people.write(ANA, "hi")
    sim.set_webhook(HOOK, status_callback=STATES)
    return sim


@pytest.fixture
async def line(sim: TwilioSimulator) -> AsyncIterator[Line]:
    transport = httpx.ASGITransport(app=sim.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://api.twilio.test") as client:
        yield Line(client, sim)
