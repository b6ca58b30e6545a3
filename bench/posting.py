"""Posting webhooks as a provider does, at little cost: over connections that stay, and each timed."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from typing import cast

__all__ = ["Posting"]

_HEAD_ENDS = b"\r\n\r\n"
_GOOD = b"HTTP/1.1 200"
_LENGTH = b"content-length: "


class Posting:
    """Posts to one server; `seconds` is how long each answer took."""

    def __init__(self, port: int, connections: int) -> None:
        self.seconds: list[float] = []
        self._port = port
        self._count = connections
        self._connections: list[_Connection] = []
        self._idle = deque[_Connection]()
        self._waiting: deque[tuple[bytes, float | None]] = deque()
        self._under_way = 0
        self._quiet = asyncio.Event()

    @classmethod
    async def open(cls, port: int, connections: int) -> Posting:
        """Post over so many connections to a port of this machine."""
        posting = cls(port, connections)
        await posting.reopen()
        return posting

    async def reopen(self) -> None:
        """Take new connections: a server closes those that nothing is posted over for long."""
        self.close()
        loop = asyncio.get_running_loop()
        self._connections = []
        for _number in range(self._count):
            _transport, connection = await loop.create_connection(_Connection, "127.0.0.1", self._port)
            connection.posting = self
            self._connections.append(connection)
        self._idle = deque(self._connections)

    def post(self, request: bytes) -> None:
        """Send a request. Where every connection is busy it waits, and that counts as time."""
        self._post(request, time.perf_counter())

    def post_at_leisure(self, request: bytes) -> None:
        """Send a request as soon as a connection is free; it is timed from then."""
        self._post(request, None)

    async def flood(self, requests: Sequence[bytes]) -> float:
        """Send as fast as the connections take them, each timed from when one was free; the seconds of all.

        Raises:
            RuntimeError: an answer was not 200, or a connection was lost.
        """
        began = time.perf_counter()
        for each in requests:
            self.post_at_leisure(each)
        await self.quiet()
        return time.perf_counter() - began

    async def quiet(self) -> None:
        """Wait until everything that was sent is answered.

        Raises:
            RuntimeError: an answer was not 200, or a connection was lost.
        """
        if self._under_way:
            self._quiet.clear()
            await self._quiet.wait()
        for each in self._connections:
            if each.failure:
                raise RuntimeError(each.failure)

    def answered(self, connection: _Connection, seconds: float) -> None:
        """A connection is free again."""
        self.seconds.append(seconds)
        self._under_way -= 1
        if self._waiting:
            connection.send(*self._waiting.popleft())
            return
        self._idle.append(connection)
        if not self._under_way:
            self._quiet.set()

    def failed(self) -> None:
        """Not everything will be answered."""
        self._quiet.set()

    def close(self) -> None:
        """Hang up."""
        for each in self._connections:
            each.close()

    def _post(self, request: bytes, since: float | None) -> None:
        self._under_way += 1
        if self._idle:
            self._idle.popleft().send(request, since)
        else:
            self._waiting.append((request, since))


class _Connection(asyncio.Protocol):
    """One request after the other."""

    def __init__(self) -> None:
        self.posting: Posting | None = None
        self.failure = ""
        self._transport: asyncio.Transport | None = None
        self._busy = False
        self._since = 0.0
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def send(self, request: bytes, since: float | None) -> None:
        """Send a request, timed `since` a moment, or from now."""
        assert self._transport is not None
        self._busy = True
        self._since = time.perf_counter() if since is None else since
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        received = self._received = self._received + data
        end = received.find(_HEAD_ENDS)
        if end < 0:
            return
        begins = received.index(_LENGTH) + len(_LENGTH)
        length = int(received[begins : received.index(b"\r", begins)])
        if len(received) < end + len(_HEAD_ENDS) + length:
            return
        seconds = time.perf_counter() - self._since
        self._received = b""
        self._busy = False
        if not received.startswith(_GOOD):
            self._fail(received.decode("latin-1"))
        elif self.posting is not None:
            self.posting.answered(self, seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._busy:
            self._fail(f"a connection was lost: {exc}")

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _fail(self, failure: str) -> None:
        self.failure = failure
        if self.posting is not None:
            self.posting.failed()
