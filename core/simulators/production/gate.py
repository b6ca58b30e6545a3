"""What every request passes before a simulator answers: the log and the faults that were ordered."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.simulators.production.faults import Fault, Faults
from core.simulators.server import CUT_EXTENSION

__all__ = ["Gate", "LogEntry"]

_PROXY_PAGE = "<html><body><h1>The service is taking a short break</h1></body></html>"


class LogEntry(NamedTuple):
    """One answered request; status 0 for a connection that was dropped. Headers are never kept."""

    method: str
    path: str
    query: str
    status: int


class Gate:
    """ASGI middleware around the routes; `refusal` words a fault as the service in question would."""

    def __init__(
        self, app: ASGIApp, faults: Faults, log: deque[LogEntry], refusal: Callable[[Fault], Response]
    ) -> None:
        self._app = app
        self._faults = faults
        self._log = log
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def noting_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._pass(scope, receive, noting_send)
        finally:
            query = scope.get("query_string", b"").decode("latin-1")
            self._log.append(LogEntry(scope["method"], scope["path"], query, status))

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        for fault in self._faults.take(scope["path"]):
            if fault.kind == "latency":
                await asyncio.sleep(fault.seconds)
            else:
                await self._spoil(fault, scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _spoil(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.kind == "drop":
            await _drop(scope)
        elif fault.kind in {"truncated", "slow"}:
            await _interrupt(self._app, fault, scope, receive, send)
        elif fault.kind == "html":
            await HTMLResponse(_PROXY_PAGE, status_code=fault.status)(scope, receive, send)
        elif fault.kind == "null":
            await JSONResponse(None)(scope, receive, send)
        else:
            await self._refusal(fault)(scope, receive, send)


async def _drop(scope: Scope) -> None:
    """Break the connection. In one process there is none, so raise what the client would have seen."""
    cut = scope.get("extensions", {}).get(CUT_EXTENSION)
    if cut is None:
        import httpx

        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
    cut()
    await asyncio.sleep(0.01)


async def _interrupt(app: ASGIApp, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
    """Send half of the true answer as though it were all of it, or rest in the middle."""
    start: Message = {}
    body = bytearray()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    half = bytes(body[: len(body) // 2]) or b"{"
    if fault.kind == "truncated":
        await Response(half, start["status"], media_type="application/json")(scope, receive, send)
        return
    await send(start)
    await send({"type": "http.response.body", "body": half, "more_body": True})
    await asyncio.sleep(fault.seconds)
    await send({"type": "http.response.body", "body": bytes(body[len(half) :])})
