"""The errands of a simulator: what it asks of other servers by itself, as delivering to a webhook."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit, urlunsplit

import httpx

from core.simulators.simulated_time import SimulatedTime

__all__ = ["Courier", "Errand", "NoWayError"]

Errand: TypeAlias = Callable[[httpx.AsyncClient], Awaitable[float | None]]
"""Something to be done with a client; seconds after which it wants to be done again, None when it is done."""

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_CONNECTIONS = 40
_KNOCK_FOR = 0.2
_END_WITHIN = 5.0


class NoWayError(Exception):
    """An address that a simulator doesn't go to: it isn't loopback's, and no road leads there."""


@dataclass(slots=True)
class _Waiting:
    errand: Errand
    due: float = float("-inf")


class Courier:
    """Runs errands: those of one line one after the other, in their order, the lines side by side.

    They are run by a thread of its own as they come or, `by_hand`, when `run_due` is awaited. Requests go to
    loopback only; `lead` opens a road to another origin, and `transport` replaces the network altogether.
    `patience` is how many real seconds an answer is awaited.
    """

    def __init__(
        self,
        time: SimulatedTime,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        by_hand: bool = False,
        patience: float = 15.0,
    ) -> None:
        self.errors: deque[Exception] = deque(maxlen=20)
        self._time = time
        self._transport = transport
        self._by_hand = by_hand
        self._patience = patience
        self._roads: dict[str, str] = {}
        self._lines: dict[str, deque[_Waiting]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def lead(self, origin: str, to: str) -> None:
        """What is meant for `origin` (scheme, host and port) is brought to another one, on loopback."""
        self._roads[_origin(origin)] = to.rstrip("/")

    def way(self, url: str) -> str:
        """The address to ask instead of `url`.

        Raises:
            NoWayError: there is none.
        """
        road = self._roads.get(_origin(url))
        if road is not None:
            parts = urlsplit(url)
            return road + urlunsplit(("", "", parts.path, parts.query, ""))
        if self._transport is None and urlsplit(url).hostname not in _LOOPBACK:
            raise NoWayError(f"The simulator goes to loopback only, not to {urlsplit(url).hostname}.")
        return url

    def answers(self, url: str) -> bool:
        """Whether somebody takes connections there."""
        if self._transport is not None:
            return True
        try:
            parts = urlsplit(self.way(url))
            port = parts.port or (443 if parts.scheme == "https" else 80)
            with socket.create_connection((parts.hostname or "", port), timeout=_KNOCK_FOR):
                return True
        except (NoWayError, OSError, ValueError):
            return False

    @property
    def busy(self) -> bool:
        """Whether there are errands, under way or resting."""
        with self._lock:
            return bool(self._lines)

    def send(self, line: str, errand: Errand) -> None:
        """Put an errand at the end of a line. From any thread."""
        with self._lock:
            self._lines.setdefault(line, deque()).append(_Waiting(errand))
            if self._thread is None and not self._by_hand and not self._closed:
                self._thread = threading.Thread(target=self._serve, name="courier", daemon=True)
                self._thread.start()
        self._time.ring()

    async def run_due(self) -> None:
        """Run, on this event loop, what is due and what comes of it; what rests stays."""
        async with self.client() as client:
            while lines := self._due():
                await asyncio.gather(*(self._drain(line, client) for line in lines))

    def close(self) -> None:
        """Run nothing more, and wait for the thread to end."""
        self._closed = True
        self._time.ring()
        if self._thread is not None:
            self._thread.join(_END_WITHIN)

    def client(self) -> httpx.AsyncClient:
        """A client as the errands get it."""
        limits = httpx.Limits(max_connections=_CONNECTIONS)
        return httpx.AsyncClient(
            transport=self._transport, trust_env=False, timeout=self._patience, limits=limits
        )

    def _due(self, but: frozenset[str] = frozenset()) -> list[str]:
        """The lines whose first errand doesn't rest any more, and that aren't under way."""
        now = self._time.monotonic()
        with self._lock:
            return [
                line for line, errands in self._lines.items() if line not in but and errands[0].due <= now
            ]

    def _serve(self) -> None:
        asyncio.run(self._run())

    async def _run(self) -> None:
        """Run errands until closed."""
        under_way: dict[str, asyncio.Task[None]] = {}
        async with self.client() as client:
            while not self._closed:
                rings = self._time.rings
                under_way = {line: task for line, task in under_way.items() if not task.done()}
                for line in self._due(frozenset(under_way)):
                    task = asyncio.create_task(self._drain(line, client))
                    task.add_done_callback(lambda _task: self._time.ring())
                    under_way[line] = task
                await self._time.changed(rings, float("inf"))
            for task in under_way.values():
                task.cancel()
            await asyncio.gather(*under_way.values(), return_exceptions=True)

    async def _drain(self, line: str, client: httpx.AsyncClient) -> None:
        """Run a line's errands until it is empty or its first one rests."""
        while not self._closed:
            with self._lock:
                errands = self._lines.get(line)
                if not errands:
                    self._lines.pop(line, None)
                    return
                first = errands[0]
            if first.due > self._time.monotonic():
                return
            rest = await self._done(first.errand, client)
            with self._lock:
                if rest is None:
                    errands.popleft()
                else:
                    first.due = self._time.monotonic() + rest
                if not errands:
                    del self._lines[line]
            self._time.ring()

    async def _done(self, errand: Errand, client: httpx.AsyncClient) -> float | None:
        """Run an errand. One that breaks is over; why is kept, as nobody waits for it."""
        try:
            return await errand(client)
        except Exception as error:
            self.errors.append(error)
            return None


def _origin(url: str) -> str:
    with contextlib.suppress(ValueError):
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}".lower()
    return ""
