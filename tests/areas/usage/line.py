"""A client with a simulated Taara at the other end of a real connection, or with scripted answers."""

from __future__ import annotations

import asyncio
import base64
import json
import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import httpx

from core.areas.usage.client import Answer, TaaraClient
from core.areas.usage.model import ApiCall, TaaraAccess
from core.engine.politeness import Politeness
from core.moment import FrozenClock
from core.secret import Secret
from core.simulators.server import LoopbackServer
from core.simulators.taara import TaaraSimulator

START = datetime(2031, 1, 26, 9, tzinfo=UTC)

SUBSCRIBER = "11111111-2222-4333-8444-555555555555"


def access_of(simulator: TaaraSimulator, name: str = "contract", **changes: Any) -> TaaraAccess:
    account = simulator.account(name)
    access = TaaraAccess(
        account.country_code, account.phone, Secret(account.passcode), account.partner_id, account.hotspot_id
    )
    return replace(access, **changes)


def polite(clock: FrozenClock) -> Politeness:
    return Politeness(clock, rate=1_000.0, burst=1_000, jitter=random.Random(7))


def make_client(base_url: str, access: TaaraAccess, clock: FrozenClock, **options: Any) -> TaaraClient:
    options.setdefault("politeness", polite(clock))
    return TaaraClient(
        base_url=base_url,
        access=access,
        clock=clock,
        user_agent="opsdeck-test",
        jitter=random.Random(7),
        **options,
    )


@dataclass
class Line:
    """One account's client, the simulator it talks to, and the calls it logged."""

    simulator: TaaraSimulator
    url: str
    clock: FrozenClock
    client: TaaraClient
    calls: list[ApiCall] = field(default_factory=list)

    async def poll(self) -> Answer:
        return await self.client.poll(self.calls)

    async def asked(self, count: int, name: str = "contract") -> list[str]:
        """What the simulator was asked for the account, once it has noted at least `count` requests."""
        return await asked(self.simulator, count, name)

    @property
    def operations(self) -> list[str]:
        return [call.operation.value for call in self.calls]

    @property
    def elapsed(self) -> float:
        """Seconds slept since the start."""
        return self.clock.monotonic()


async def asked(simulator: TaaraSimulator, count: int, name: str) -> list[str]:
    """As `Line.asked`: a request is noted just after its answer has left, so it may take a moment."""
    for _turn in range(500):
        if len(simulator.calls(name)) >= count:
            break
        await asyncio.sleep(0.002)
    return simulator.calls(name)


@contextmanager
def served(scenario: str = "contract") -> Iterator[tuple[TaaraSimulator, str, FrozenClock]]:
    """A simulator behind HTTP on this machine, with its clock."""
    clock = FrozenClock(START)
    simulator = TaaraSimulator(clock, scenario=scenario)
    with LoopbackServer(simulator.app) as server:
        yield simulator, server.url, clock


@asynccontextmanager
async def taara(*, timeout: float = 10.0, base: str = "", **access: Any) -> AsyncIterator[Line]:
    """The contract's account on the line; `access` are parts of it to get wrong."""
    with served() as (simulator, url, clock):
        client = make_client(base or url, access_of(simulator, **access), clock, timeout=timeout)
        yield Line(simulator, url, clock, client)
        await client.close()


class ScriptedTaara:
    """Answers each operation with what a test wants: a status and a body, JSON unless it is bytes."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.login: tuple[int, Any] | Exception = (200, {"accessToken": token_for(SUBSCRIBER)})
        self.bundle: tuple[int, Any] | Exception = (200, {"data": {"subscriberActiveAndUnusedPlans": []}})
        self.logout: tuple[int, Any] | Exception = (200, {})
        self.headers: dict[str, str] = {}

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        names: dict[str, Callable[[], tuple[int, Any] | Exception]] = {
            "/login": lambda: self.login,
            "/get-customer-bundle": lambda: self.bundle,
            "/logout/": lambda: self.logout,
        }
        answer = next(made() for part, made in names.items() if part in request.url.path)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return httpx.Response(status, content=content, headers=self.headers)


def token_for(subscriber: object) -> str:
    """A token of three parts that says whose it is."""
    parts = [{"alg": "HS256"}, {"sub": subscriber}]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, "c2lnbmF0dXJlLW9mLXRlc3Rz"])


FAKE_ACCESS = TaaraAccess("254", "700000000", Secret("004217"), "111111111", "222222222")


def scripted(script: ScriptedTaara, access: TaaraAccess = FAKE_ACCESS) -> TaaraClient:
    clock = FrozenClock(START)
    return make_client("https://taara.test/", access, clock, transport=httpx.MockTransport(script.handle))
