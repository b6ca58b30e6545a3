"""A Plume cloud that answers what a test tells it, and a client that talks to it."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from core.areas.network.client import PlumeClient, PlumeCredential
from core.engine.politeness import Politeness
from core.moment import FrozenClock


class ScriptedCloud:
    """Answers by the end of the path: each answer once, in turn, and the last one from then on.

    An answer is a status with a body (JSON unless it is bytes) and perhaps headers, or an exception. In
    a body the word ECHO becomes the Authorization header that came with the request, and ECHO-BARE its
    second half.
    """

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.tokens = 0
        self.lifetime: object = 600
        self.most_at_once = 0
        self._at_once = 0
        self._answers: dict[str, list[Any]] = {}

    def answers(self, path_end: str, *answers: Any) -> None:
        self._answers[path_end] = list(answers)

    def asked(self, path_end: str) -> int:
        return sum(request.url.path.endswith(path_end) for request in self.requests)

    async def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        await asyncio.sleep(0)  # So that tasks really run beside one another.
        self._at_once -= 1
        answer = self._next(request.url.path)
        if isinstance(answer, Exception):
            raise answer
        status, body, *headers = answer
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = request.headers["Authorization"].encode()
        content = content.replace(b"ECHO-BARE", sent.split()[1]).replace(b"ECHO", sent)
        return httpx.Response(status, content=content, headers=headers[0] if headers else None)

    def _next(self, path: str) -> Any:
        for end, answers in self._answers.items():
            if path.endswith(end):
                return answers.pop(0) if len(answers) > 1 else answers[0]
        if path.endswith("/token"):
            self.tokens += 1
            body = {"token_type": "Bearer", "access_token": f"CANARY-TOKEN-{self.tokens}"}
            return 200, body if self.lifetime is None else body | {"expires_in": self.lifetime}
        return 404, {"error": {"message": "Nothing is here."}}


class HalfJitter(random.Random):
    """Puts every repeat in the middle of where it may fall."""

    def random(self) -> float:
        return 0.5


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 1, 14, 12, tzinfo=UTC))


@pytest.fixture
def politeness(clock: FrozenClock) -> Politeness:
    return Politeness(clock, rate=1_000.0, burst=1_000, jitter=random.Random(7))


@pytest.fixture
def cloud() -> ScriptedCloud:
    return ScriptedCloud()


@pytest.fixture
async def client(
    clock: FrozenClock, politeness: Politeness, cloud: ScriptedCloud
) -> AsyncIterator[PlumeClient]:
    line = PlumeClient(
        api_base="https://plume.test/api",
        reports_base="https://plume.test/reports/",
        token_url="https://sso.test/oauth2/server/v1/token",
        credential=PlumeCredential("Basic Q0FOQVJZOkNBTkFSWQ==", "fa4e0000fa4e0000fa4e0000"),
        politeness=politeness,
        clock=clock,
        transport=httpx.MockTransport(cloud.handle),
        jitter=HalfJitter(),
    )
    yield line
    await line.close()
