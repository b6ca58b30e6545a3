"""What every call passes before the routes: whose it is, the faults ordered for it, and the record."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qs

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.simulators.server import CUT_EXTENSION
from core.simulators.taara.calls import LOGOUT_PATH, operation_of, phone_of
from core.simulators.taara.faults import Fault, Faults
from core.simulators.taara.record import Entry, redacted_headers, redacted_path
from core.simulators.taara.steering import SteeredTime
from core.simulators.taara.tokens import Tokens
from core.simulators.taara.world import Account, World

__all__ = ["CONTROL_PREFIX", "FAULTS_KEY", "Gate"]

CONTROL_PREFIX = "/_sim"
"""Paths for the people who steer a simulator; never recorded or spoiled."""

FAULTS_KEY = "taara.faults"
"""The name, in the scope, of the faults that a route must work into its answer."""

_SILENCE = 60.0
"""Seconds after which a call that is never answered is cut, if the client waits that long."""

_PROXY_PAGE = "<html><body><h1>The service is taking a short break</h1></body></html>"
_MESSAGES = {
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "Not Found",
    "429": "Too Many Requests",
    "500": "Internal Server Error",
    "502": "Bad Gateway",
    "503": "Service Unavailable",
}


class Gate:
    """ASGI middleware around the routes."""

    def __init__(
        self,
        app: ASGIApp,
        world: World,
        tokens: Tokens,
        faults: Faults,
        time: SteeredTime,
        record: deque[Entry],
    ) -> None:
        self._app = app
        self._world = world
        self._tokens = tokens
        self._faults = faults
        self._time = time
        self._record = record

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(CONTROL_PREFIX):
            await self._app(scope, receive, send)
            return
        body = await _body(receive)
        operation = operation_of(scope["path"])
        account = self._account(operation, scope, body)
        name = account.name if account else ""
        at, status = self._time.now(), 0

        async def noting_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            faults = self._faults.take(operation, name)
            await self._pass(faults, scope, _replaying(body, receive), noting_send)
        finally:
            query = scope.get("query_string", b"").decode("latin-1")
            path = redacted_path(f"{scope['path']}?{query}" if query else scope["path"])
            headers = redacted_headers(scope["headers"])
            self._record.append(Entry(at, operation, name, scope["method"], path, status, headers))

    def _account(self, operation: str, scope: Scope, body: bytes) -> Account | None:
        """Whose call it is, however wrong the rest of it may be."""
        if operation == "login":
            return self._world.by_phone(*phone_of(body))
        if operation == "logout":
            return self._world.by_subscriber(scope["path"].removeprefix(LOGOUT_PATH))
        headers = dict(scope["headers"])
        owner = self._tokens.owner(headers.get(b"authorization", b"").decode("latin-1"))
        hotspot = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("hotspotId", [""])[0]
        by_hotspot = next((row for row in self._world.accounts if row.hotspot_id == hotspot), None)
        return self._world.by_subscriber(owner) or by_hotspot

    async def _pass(self, faults: list[Fault], scope: Scope, receive: Receive, send: Send) -> None:
        for fault in faults:
            if fault.kind == "latency":
                await asyncio.sleep(fault.seconds)
        scope[FAULTS_KEY] = faults
        ending = next((fault for fault in faults if fault.ending), None)
        if ending is None:
            await self._app(scope, receive, send)
        elif ending.kind == "reset":
            await _cut(scope)
        elif ending.kind == "timeout":
            await _stay_silent(scope, receive)
        elif ending.kind == "truncated":
            await _truncate(self._app, scope, receive, send)
        else:
            await _spoiled_response(ending)(scope, receive, send)


async def _body(receive: Receive) -> bytes:
    parts = bytearray()
    more = True
    while more:
        message = await receive()
        parts += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(parts)


def _replaying(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body that was read already, and then whatever comes."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _spoiled_response(fault: Fault) -> Response:
    if fault.kind == "null":
        return JSONResponse(None)
    if fault.kind == "html":
        return HTMLResponse(_PROXY_PAGE, status_code=fault.status)
    headers: dict[str, str] = {}
    if fault.kind == "429" and fault.retry_after is not None:
        headers["Retry-After"] = str(fault.retry_after)
    return JSONResponse({"message": _MESSAGES[fault.kind]}, status_code=int(fault.kind), headers=headers)


async def _cut(scope: Scope) -> None:
    """Break the connection. In one process there is none, so raise what the client would have seen."""
    cut = scope.get("extensions", {}).get(CUT_EXTENSION)
    if cut is None:
        import httpx

        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
    cut()
    await asyncio.sleep(0.01)


async def _stay_silent(scope: Scope, receive: Receive) -> None:
    """Answer nothing until the client has gone. In one process, raise what it would have seen."""
    if CUT_EXTENSION not in scope.get("extensions", {}):
        import httpx

        raise httpx.ReadTimeout("No answer in time.")
    try:
        async with asyncio.timeout(_SILENCE):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        await _cut(scope)


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
