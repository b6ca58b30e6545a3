"""Receiving by long polls (telegram.md 2)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from threading import RLock

from core.simulators.simulated_time import SimulatedTime
from core.simulators.telegram.arguments import Arguments
from core.simulators.telegram.errors import ApiError
from core.simulators.telegram.updates import Update, UpdateQueue

__all__ = ["Polling"]

_LONGEST_TIMEOUT = 50
_BATCHES = 0.001
"""Seconds to wait for a second update once there is a first."""

_IMPATIENT = 3.0
_VERY_IMPATIENT = 0.5
_CONFLICTS_APART = 3.0

_OTHER_POLL = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
_SET_WEBHOOK = "Conflict: terminated by setWebhook request"
_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


class Polling:
    """Answers `getUpdates`. A poll is held until something is there, its time is over or another comes.

    Time is the simulator's. `longest_wait` is how many real seconds one is held at most, however slowly that
    passes; None for any.
    """

    def __init__(
        self, updates: UpdateQueue, time: SimulatedTime, lock: RLock, longest_wait: float | None
    ) -> None:
        self.last_poll: float | None = None
        self._updates = updates
        self._time = time
        self._lock = lock
        self._longest_wait = longest_wait
        self._holder: object = None
        self._ended = ""
        self._previous: tuple[int, float] = (-1, float("-inf"))
        self._next_conflict = float("-inf")

    async def get_updates(
        self, arguments: Arguments, *, webhook: bool, gone: Callable[[], Awaitable[bool]]
    ) -> bytes:
        """The answer's body. `webhook` says that one is set; `gone` tells whether the client still waits.

        Raises:
            ApiError: 409, for one of the three conflicts.
        """
        if webhook:
            raise await self._conflict(_WEBHOOK)
        offset = arguments.integer("offset")
        limit = min(max(arguments.integer("limit", 100), 1), 100)
        timeout = float(min(max(arguments.integer("timeout"), 0), _LONGEST_TIMEOUT))
        ticket = object()
        with self._lock:
            self._updates.allow(_kinds(arguments))
            limit, timeout = self._slowed(offset, limit, timeout)
            self._holder, self._ended = ticket, _OTHER_POLL
            self._time.ring()
            self._confirm(offset)
        until = self._time.monotonic() + timeout
        if not await self._wait(ticket, until, gone):
            raise await self._conflict(self._ended)
        with self._lock:
            if self._holder is ticket:
                self._holder = None
            return _answer(self._updates.first(limit))

    def end(self) -> None:
        """End the poll that is held, because a webhook was set."""
        with self._lock:
            self._holder, self._ended = None, _SET_WEBHOOK
            self._time.ring()

    def _slowed(self, offset: int, limit: int, timeout: float) -> tuple[int, float]:
        """The limit and time-out of a client that asks for the same again too soon."""
        previous, at = self._previous
        self._previous = (offset, self._time.monotonic())
        passed = self._previous[1] - at
        self.last_poll = self._previous[1]
        if offset != previous:
            return limit, timeout
        if passed < _VERY_IMPATIENT:
            limit = 1
        if timeout < _IMPATIENT and passed < _IMPATIENT:
            timeout = _IMPATIENT
        return limit, timeout

    def _confirm(self, offset: int) -> None:
        if offset > 0:
            self._updates.confirm(offset)
        elif offset < 0:
            self._updates.keep_last(-offset)

    async def _wait(self, ticket: object, until: float, gone: Callable[[], Awaitable[bool]]) -> bool:
        """Hold the poll; false when another one took its place."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        waited = False
        while True:
            rings = self._time.rings
            with self._lock:
                if self._holder is not ticket:
                    return False
                there = self._updates.ready
            if there:
                if waited:
                    await asyncio.sleep(_BATCHES)
                return True
            patient = self._longest_wait is None or loop.time() - begun < self._longest_wait
            if self._time.monotonic() >= until or not patient or await gone():
                return True
            waited = True
            await self._time.changed(rings, until)

    async def _conflict(self, description: str) -> ApiError:
        """The conflict, held back for a while when it isn't the first in a row."""
        now = self._time.monotonic()
        if now < self._next_conflict:
            loop = asyncio.get_running_loop()
            begun = loop.time()
            until = now + _CONFLICTS_APART
            while self._time.monotonic() < until and (
                self._longest_wait is None or loop.time() - begun < self._longest_wait
            ):
                await self._time.changed(self._time.rings, until)
        else:
            self._next_conflict = now + _CONFLICTS_APART
        return ApiError(409, description)


def _kinds(arguments: Arguments) -> Iterable[str] | None:
    rows = arguments.rows("allowed_updates")
    return None if rows is None else [str(row) for row in rows]


def _answer(updates: list[Update]) -> bytes:
    return b'{"ok":true,"result":[' + b",".join(update.body for update in updates) + b"]}"
