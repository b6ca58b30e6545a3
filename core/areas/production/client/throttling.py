"""Holding back towards a service that is slow to forgive: a pace, and a break after failures (7.3)."""

from __future__ import annotations

import asyncio
from collections import deque

from core.moment import Clock

__all__ = ["CircuitBreaker", "RateLimit"]


class RateLimit:
    """Lets a request start `apart` after the last, and `per_minute` in any minute; others wait their turn."""

    def __init__(self, clock: Clock, *, apart: float = 1.0, per_minute: int = 10) -> None:
        """`apart` is in seconds."""
        self._clock = clock
        self._apart = apart
        self._starts: deque[float] = deque(maxlen=per_minute)
        self._turn = asyncio.Lock()

    async def turn(self) -> None:
        """Wait until a request may start, and count it as started."""
        async with self._turn:
            while (wait := self._wait()) > 0:
                await self._clock.sleep(wait)
            self._starts.append(self._clock.monotonic())

    def _wait(self) -> float:
        if not self._starts:
            return 0.0
        free = self._starts[-1] + self._apart
        if len(self._starts) == self._starts.maxlen:
            free = max(free, self._starts[0] + 60.0)
        return free - self._clock.monotonic()


class CircuitBreaker:
    """Opens after `most` failures in a row, for `seconds`; one try then decides whether it closes."""

    def __init__(self, clock: Clock, *, most: int = 5, seconds: float = 300.0) -> None:
        self._clock = clock
        self._most = most
        self._seconds = seconds
        self._failures = 0
        self._open_until = 0.0

    @property
    def remaining(self) -> float:
        """Seconds for which nothing is to be sent; 0 when it is closed."""
        return max(0.0, self._open_until - self._clock.monotonic())

    def failed(self) -> None:
        """Count a failure."""
        self._failures += 1
        if self._failures >= self._most:
            self._open_until = self._clock.monotonic() + self._seconds

    def succeeded(self) -> None:
        """Close it and forget the failures: the service answered, or a person wants to know."""
        self._failures, self._open_until = 0, 0.0
