"""A loopback HTTP server for simulators: any ASGI app, on a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections import deque
from collections.abc import MutableMapping
from typing import Any

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["CUT_EXTENSION", "LoopbackServer", "cut_connection"]

CUT_EXTENSION = "opsdeck.cut"
"""The name, in `scope["extensions"]`, of a call that ends the TCP connection without an answer."""

_PATIENCE = 10.0
"""Seconds to wait for the thread to begin or to end before giving up on it."""


async def cut_connection(scope: Scope) -> Response:
    """End the connection that a request came over; the answer that is returned reaches nobody.

    Raises:
        httpx.RemoteProtocolError: there is no connection, as client and server share a process: it is what
            the client would have seen.
    """
    cut = scope.get("extensions", {}).get(CUT_EXTENSION)
    if cut is None:
        import httpx

        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
    cut()
    await asyncio.sleep(0.01)
    return Response(status_code=500)


class LoopbackServer:
    """Serves an ASGI app on 127.0.0.1, from a daemon thread with its own event loop.

    With port 0 the system picks a free one; `url` tells which, already before `start`. The server prints
    nothing, ever: what the app raised (and clients saw as 500) is kept in `errors`.
    """

    def __init__(self, app: ASGIApp, *, port: int = 0) -> None:
        self.errors: deque[Exception] = deque(maxlen=20)
        self._app = app
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self._port: int = self._socket.getsockname()[1]
        self._server: _ThreadedServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The address clients use, without a final slash."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Begin to serve; returns as soon as connections are accepted.

        Raises:
            RuntimeError: it has been started before, or the server could not start.
        """
        if self._thread is not None:
            raise RuntimeError("A loopback server starts only once.")
        # httptools and uvloop are optional in uvicorn: naming the plain parts keeps every machine alike.
        config = uvicorn.Config(
            self._serve,
            interface="asgi3",
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            date_header=False,
            timeout_graceful_shutdown=1,
        )
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)
        self._server = _ThreadedServer(config)
        self._thread = threading.Thread(target=self._run, args=(self._server,), name="loopback", daemon=True)
        self._thread.start()
        if not self._server.settled.wait(_PATIENCE) or not self._server.started:
            raise RuntimeError(f"The loopback server at {self.url} did not start.")

    def stop(self) -> None:
        """Stop serving and wait for the thread; open requests get a second to finish."""
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(_PATIENCE)
        self._socket.close()

    def __enter__(self) -> LoopbackServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self, server: _ThreadedServer) -> None:
        try:
            asyncio.run(server.serve(sockets=[self._socket]))
        finally:
            server.settled.set()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            extensions: MutableMapping[str, Any] = scope.setdefault("extensions", {})
            extensions[CUT_EXTENSION] = lambda: self._cut(scope["client"])
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            self.errors.append(error)
            raise

    def _cut(self, client: tuple[str, int]) -> None:
        """End the connection of `client` at once, as a broken line would."""
        assert self._server is not None
        for connection in self._server.server_state.connections:
            transport = getattr(connection, "transport", None)
            if transport is not None and transport.get_extra_info("peername") == client:
                transport.abort()


class _ThreadedServer(uvicorn.Server):
    """A uvicorn server that says when it has finished starting."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.settled = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.settled.set()
