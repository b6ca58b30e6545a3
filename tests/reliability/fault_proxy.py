"""A TCP proxy that spoils what passes it (reliability.md 4.3), for clients that speak to a real socket.

    async with FaultProxy("127.0.0.1", port, clock, jitter=random.Random(1)) as proxy:
        proxy.faults = Faults(latency=0.2, reset_after=100)
        … speak to 127.0.0.1:proxy.port …

Faults hold for connections made after they are set, but for `down`, which also ends those that are open.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
from dataclasses import dataclass

from core.moment import Clock

__all__ = ["FaultProxy", "Faults"]

_PIECE = 4_096


@dataclass(frozen=True)
class Faults:
    """What happens to the bytes that the server sends back, and to the connection.

    `latency` and `jitter` are seconds before each piece; `bandwidth` bytes a second; `slice_into` cuts
    pieces to so many bytes; `limit` ends the connection in good order after so many, `reset_after` with a
    reset; `silent` takes everything and answers nothing; `slow_close` is seconds before the end is passed on.
    """

    down: bool = False
    latency: float = 0.0
    jitter: float = 0.0
    bandwidth: float | None = None
    slice_into: int | None = None
    limit: int | None = None
    reset_after: int | None = None
    silent: bool = False
    slow_close: float = 0.0


class FaultProxy:
    """Listens on 127.0.0.1 and passes on to `host`:`port`, with whatever `faults` are set."""

    def __init__(self, host: str, port: int, clock: Clock, *, jitter: random.Random) -> None:
        self.faults = Faults()
        self.port = 0
        self.connections = 0
        self._target = (host, port)
        self._clock = clock
        self._jitter = jitter
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> FaultProxy:
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        await self._server.wait_closed()

    def cut(self) -> None:
        """End every open connection at once."""
        for writer in self._open:
            _reset(writer)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        faults = self.faults
        if faults.down:
            _reset(writer)
            return
        self._open.add(writer)
        there, back = await asyncio.open_connection(*self._target)
        request = asyncio.create_task(_copy(reader, back))
        try:
            with contextlib.suppress(ConnectionError):
                await self._answer(there, writer, faults)
        finally:
            request.cancel()
            back.close()
            await self._clock.sleep(faults.slow_close)
            writer.close()
            self._open.discard(writer)

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, faults: Faults
    ) -> None:
        passed = 0
        while piece := await reader.read(faults.slice_into or _PIECE):
            if faults.silent:
                continue
            await self._clock.sleep(self._delay(len(piece), faults))
            rests = [end - passed for end in (faults.limit, faults.reset_after) if end is not None]
            writer.write(piece[: min([len(piece), *rests])])
            await writer.drain()
            passed += len(piece)
            if faults.reset_after is not None and passed >= faults.reset_after:
                _reset(writer)
                return
            if faults.limit is not None and passed >= faults.limit:
                return

    def _delay(self, size: int, faults: Faults) -> float:
        wait = faults.latency + faults.jitter * (2 * self._jitter.random() - 1)
        return max(wait, 0.0) + (size / faults.bandwidth if faults.bandwidth else 0.0)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """End the connection with a reset instead of in good order."""
    found = writer.get_extra_info("socket")
    if found is not None:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
