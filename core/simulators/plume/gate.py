"""What every request passes before the cloud itself: the log, the rate limiter and ordered faults."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import MutableMapping
from typing import Any, NamedTuple

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.simulators.plume.access import error_body
from core.simulators.plume.faults import Fault, Faults
from core.simulators.plume.limiter import Limiter
from core.simulators.server import CUT_EXTENSION

__all__ = ["CONTROL_PREFIX", "Gate", "LogEntry"]

CONTROL_PREFIX = "/_simulator"
"""Paths for the people who steer a simulator; never logged, limited or spoiled."""

_BLOCKED_PAGE = "<html><head><title>403</title></head><body><h1>Request blocked</h1></body></html>"
_PROXY_PAGE = "<html><body><h1>The service is taking a short break</h1></body></html>"


class LogEntry(NamedTuple):
    """One answered request; status 0 for a connection that was dropped. Headers are never kept."""

    method: str
    path: str
    query: str
    status: int


class Gate:
    """ASGI middleware around the routes."""

    def __init__(self, app: ASGIApp, limiter: Limiter, faults: Faults, log: deque[LogEntry]) -> None:
        self._app = app
        self._limiter = limiter
        self._faults = faults
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(CONTROL_PREFIX):
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
        path: str = scope["path"]
        source = (scope.get("client") or ("unknown", 0))[0]
        # The identity provider is another company's host, so the cloud's limit doesn't count its requests.
        if not path.lower().startswith("/oauth2/") and not self._limiter.admits(source):
            await HTMLResponse(_BLOCKED_PAGE, status_code=403)(scope, receive, send)
            return
        for fault in self._faults.take(path):
            if fault.kind == "latency":
                await asyncio.sleep(fault.seconds)
            else:
                await self._spoil(fault, scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _spoil(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.kind == "drop":
            await _drop(scope)
        elif fault.kind == "truncated":
            await _truncate(self._app, scope, receive, send)
        else:
            await _spoiled_response(fault)(scope, receive, send)


def _spoiled_response(fault: Fault) -> Response:
    if fault.kind == "null":
        return JSONResponse(None)
    if fault.kind == "html":
        return HTMLResponse(_PROXY_PAGE, status_code=fault.status)
    if fault.kind == "403":
        return HTMLResponse(_BLOCKED_PAGE, status_code=403)
    return JSONResponse(error_body(int(fault.kind), "A fault that was ordered."), status_code=int(fault.kind))


async def _drop(scope: Scope) -> None:
    """Break the connection. In one process there is none, so raise what the client would have seen."""
    cut = scope.get("extensions", {}).get(CUT_EXTENSION)
    if cut is None:
        import httpx

        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
    cut()
    await asyncio.sleep(0.01)


async def _truncate(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Send the first half of the true answer as though it were all of it."""
    start: MutableMapping[str, Any] = {}
    body = bytearray()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    half = bytes(body[: len(body) // 2]) or b"{"
    await Response(half, start["status"], media_type="application/json")(scope, receive, send)
