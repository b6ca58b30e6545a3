"""The plant simulator: one object that holds a backend, its switches and its ASGI app."""

from __future__ import annotations

import hmac
from collections import deque
from typing import NamedTuple

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.moment import Clock
from core.simulators.plant.api import routes
from core.simulators.plant.backend import Backend
from core.simulators.plant.problems import ProblemError, problem_response
from core.simulators.plant.story import tell

__all__ = ["LogEntry", "PlantSimulator"]

_LOG_LENGTH = 5_000


class LogEntry(NamedTuple):
    """One answered request; its headers are never kept."""

    method: str
    path: str
    query: str
    status: int


class PlantSimulator:
    """A stand-in of a plant backend, deterministic from `seed` and `clock`; `empty` begins without a story.

    `failures` are statuses that the next requests are answered with, whatever they ask for.
    """

    def __init__(self, clock: Clock, *, seed: int = 7, empty: bool = False) -> None:
        self.token = "fake-plant-token"  # noqa: S105  obviously fake
        self.backend = Backend(clock)
        self.failures: deque[int] = deque()
        self.log: deque[LogEntry] = deque(maxlen=_LOG_LENGTH)
        if not empty:
            tell(self.backend, clock.now(), seed)
        self._routes = Starlette(routes=routes(self.backend, self._allow))
        self.app: ASGIApp = self._serve

    def _allow(self, request: Request) -> None:
        scheme, _space, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(token.encode(), self.token.encode()):
            raise ProblemError(401, "Could not validate credentials")

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        app: ASGIApp = self._routes
        if scope["type"] == "http" and self.failures:
            app = problem_response(ProblemError(self.failures.popleft(), "A failure that was ordered"))
        await app(scope, receive, noting)
        if scope["type"] == "http":
            query = scope.get("query_string", b"").decode("latin-1")
            self.log.append(LogEntry(scope["method"], scope["path"], query, status))
