"""Serving the gateway on the event loop of its process, by uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Generator

import uvicorn
from starlette.types import ASGIApp

from core.errors import SettingsError
from core.message import _

__all__ = ["GatewayServer"]

_BACKLOG = 512
_KEEP_ALIVE = 75
_STOP_WITHIN = 2


class GatewayServer:
    """Serves `app` at `host` and `port`; with port 0 the system picks a free one, and `port` tells which."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        """Take the port.

        Raises:
            SettingsError: it can't be had.
        """
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((host, port))
        except (OSError, OverflowError) as error:
            self._socket.close()
            raise SettingsError(
                _(
                    "Nothing can be served at {host}, port {port}: {reason}. Check OPSDECK_GATEWAY_HOST and"
                    " OPSDECK_GATEWAY_PORT.",
                    host=host,
                    port=str(port),
                    reason=getattr(error, "strerror", None) or str(error),
                )
            ) from error
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            app,
            interface="asgi3",
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            backlog=_BACKLOG,
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=_STOP_WITHIN,
        )
        self._server = _QuietServer(config)
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to serve; returns when connections are taken."""
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._socket]), name="gateway")
        await asyncio.wait(
            [self._serving, asyncio.create_task(self._server.ready.wait())],
            return_when=asyncio.FIRST_COMPLETED,
        )

    async def stop(self) -> None:
        """Take no more, and let what is under way end."""
        self._server.should_exit = True
        if self._serving is not None:
            await asyncio.gather(self._serving, return_exceptions=True)
        self._socket.close()


class _QuietServer(uvicorn.Server):
    """A server that leaves signals to its host, and says when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.ready.set()
