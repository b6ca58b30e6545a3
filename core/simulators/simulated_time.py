"""A simulator's time, which can be advanced, and the bell that ends a wait on whatever event loop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from datetime import datetime, timedelta

from core.moment import Clock, FrozenClock

__all__ = ["SimulatedTime"]

_LOOK_EVERY = 0.25
_LOOK_EVERY_FROZEN = 0.02
"""Real seconds after which a wait looks at the clock again; a frozen one is moved by others."""


class SimulatedTime:
    """`clock`, ahead of it by what it was advanced. A frozen clock is moved itself, for all to see."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead = 0.0
        self._rings = 0
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._lock = threading.Lock()

    @property
    def frozen(self) -> bool:
        """Whether time passes only when it is advanced."""
        return isinstance(self._clock, FrozenClock)

    @property
    def rings(self) -> int:
        """How often the bell rang; to be read before looking whether there is something to wait for."""
        return self._rings

    def now(self) -> datetime:
        return self._clock.now() + timedelta(seconds=self._ahead)

    def seconds(self) -> int:
        """The present moment in whole seconds since 1970, as messengers write it."""
        return int(self.now().timestamp())

    def monotonic(self) -> float:
        return self._clock.monotonic() + self._ahead

    async def sleep(self, seconds: float) -> None:
        """Wait until `seconds` have passed here, by themselves or because they were advanced."""
        until = self.monotonic() + seconds
        while self.monotonic() < until:
            await self.changed(self._rings, until)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        if isinstance(self._clock, FrozenClock):
            self._clock.advance(seconds)
        else:
            self._ahead += seconds
        self.ring()

    def ring(self) -> None:
        """Something happened: wake all that wait. From any thread."""
        with self._lock:
            self._rings += 1
            waiting = list(self._waiting)
            self._waiting.clear()
        for loop, event in waiting:
            with contextlib.suppress(RuntimeError):  # Its loop has ended, and the wait with it.
                loop.call_soon_threadsafe(event.set)

    async def changed(self, since: int, until: float) -> None:
        """Wait until the bell has rung after the `since`th time, at most until the clock shows `until`.

        Returns early now and then, so that whoever waits looks again.
        """
        ticket = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            if self._rings != since:
                return
            self._waiting.add(ticket)
        longest = _LOOK_EVERY_FROZEN if self.frozen else min(_LOOK_EVERY, max(until - self.monotonic(), 0.0))
        try:
            await asyncio.wait_for(ticket[1].wait(), longest)
        except TimeoutError:
            pass
        finally:
            with self._lock:
                self._waiting.discard(ticket)
