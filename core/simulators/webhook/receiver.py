"""The receiver: takes every POST, answers as it was told to, and remembers what arrived.

It verifies nothing: whoever wants to know whether a signature is right has the headers and the raw body.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from core.moment import Clock
from core.simulators.server import CUT_EXTENSION

__all__ = ["Arrival", "Behaviour", "WebhookReceiver"]

Behaviour: TypeAlias = (
    int | Literal["accept-then-drop", "drop", "slow"] | tuple[Literal[429, 503], float] | Literal["html"]
)
"""How one request is answered.

A status; a 429 or 503 that asks to stay away for so many seconds; a web page with status 502 (“html”); or
no answer: “accept-then-drop” takes the message first, “drop” does not. “slow” takes it and rests.
"""

_PAGE = "<html><body><h1>Bad gateway</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request that arrived: when, where, what it said, and whether the receiver took it as its own."""

    at: float
    path: str
    headers: dict[str, str]
    body: bytes
    taken: bool
    answer: Behaviour

    @property
    def number(self) -> str:
        """The sender's id of the message."""
        return self.headers.get("webhook-id", "")

    @property
    def data(self) -> dict[str, Any]:
        """What the message is about."""
        return cast("dict[str, Any]", json.loads(self.body)["data"])


class WebhookReceiver:
    """Answers 200 unless a behaviour is in line for the path; `always` decides for whatever has none.

    `at` of an arrival is the clock's monotonic time. Safe to steer while a server thread uses it.
    """

    def __init__(self, clock: Clock, always: Callable[[str], Behaviour] | None = None) -> None:
        self.arrivals: list[Arrival] = []
        self.always = always or _taken
        self.slow_seconds = 30.0
        self._clock = clock
        self._script: dict[str, deque[Behaviour]] = {}
        self._lock = threading.Lock()
        routes = [Route("/{name:path}", self._take, methods=["POST"])]
        self._routes = Starlette(routes=routes)
        self.app: ASGIApp = self._serve

    def expect(self, path: str, behaviours: Iterable[Behaviour]) -> None:
        """Answer the next requests for `path` so, one after the other."""
        with self._lock:
            self._script.setdefault(path, deque()).extend(behaviours)

    @property
    def taken(self) -> list[Arrival]:
        """The messages that the receiver took as its own, repeats included."""
        return [each for each in list(self.arrivals) if each.taken]

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._routes(scope, receive, send)

    async def _take(self, request: Request) -> Response:
        path = request.url.path
        with self._lock:
            script = self._script.get(path)
            answer = script.popleft() if script else self.always(path)
        body = await request.body()
        taken = answer in ("accept-then-drop", "slow") or (isinstance(answer, int) and 200 <= answer < 300)
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.arrivals.append(Arrival(self._clock.monotonic(), path, headers, body, taken, answer))
        return await self._answer(request, answer)

    async def _answer(self, request: Request, answer: Behaviour) -> Response:
        match answer:
            case "accept-then-drop" | "drop":
                await _break(request)
                return Response(status_code=500)
            case "slow":
                await self._clock.sleep(self.slow_seconds)
                return Response(status_code=200)
            case "html":
                return HTMLResponse(_PAGE, status_code=502)
            case (status, wait):
                return PlainTextResponse("later", status, headers={"Retry-After": f"{wait:g}"})
            case _:
                return Response(status_code=answer)


def _taken(_path: str) -> Behaviour:
    return 200


async def _break(request: Request) -> None:
    """End the connection. In one process there is none, so raise what the client would have seen."""
    cut = request.scope.get("extensions", {}).get(CUT_EXTENSION)
    if cut is None:
        import httpx

        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
    cut()
    await asyncio.sleep(0.01)
