"""Asking other systems politely: so many requests at once, so many a second, and none when told to wait.

Every client of the process takes its turns here, host by host, so that fifty jobs starting together
reach no host with more than its share (reliability.md R26).
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.moment import Clock

__all__ = ["Politeness"]


class Politeness:
    """Turns at each host, given in the order they were asked for.

    `per_host` requests run at once at most; `rate` start per second in the long run, and up to `burst`
    at once after a pause. `jitter` spreads the starts of those who had to wait; it only ever adds time.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        per_host: int = 4,
        rate: float = 5.0,
        burst: int = 10,
        jitter: random.Random,
    ) -> None:
        self._clock = clock
        self._per_host = per_host
        self._rate = rate
        self._burst = burst
        self._jitter = jitter
        self._lanes: dict[str, _Lane] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncGenerator[None]:
        """Wait for a turn at `host` and keep it for the body, which makes one request."""
        lane = self._lane(host)
        async with lane.head:
            await lane.places.acquire()
            try:
                await self._take_token(lane)
            except BaseException:
                lane.places.release()
                raise
        try:
            yield
        finally:
            lane.places.release()

    def allow(self, host: str, rate: float) -> None:
        """Let `rate` requests a second start at `host` from now on, and twice as many at once."""
        lane = self._lane(host)
        lane.rate, lane.burst = rate, max(1.0, 2 * rate)
        lane.tokens = min(lane.tokens, lane.burst)

    def pause(self, host: str, seconds: float) -> None:
        """Let nobody start at `host` for `seconds`; a longer pause already running stays."""
        lane = self._lane(host)
        lane.closed_until = max(lane.closed_until, self._clock.monotonic() + seconds)

    def paused_until(self, host: str) -> datetime | None:
        """When the pause at `host` ends, if there is one."""
        lane = self._lanes.get(host)
        remaining = lane.closed_until - self._clock.monotonic() if lane else 0.0
        return self._clock.now() + timedelta(seconds=remaining) if remaining > 0 else None

    def _lane(self, host: str) -> _Lane:
        key = host.casefold()
        if key not in self._lanes:
            places = asyncio.Semaphore(self._per_host)
            burst = float(self._burst)
            self._lanes[key] = _Lane(places, self._rate, burst, burst, self._clock.monotonic())
        return self._lanes[key]

    async def _take_token(self, lane: _Lane) -> None:
        """Wait until the host is open and a token is there, and take it; looks again after every wait."""
        while (wait := self._wait(lane)) > 0:
            await self._clock.sleep(wait + self._jitter.uniform(0.0, 0.25 / lane.rate))
        lane.tokens -= 1.0

    def _wait(self, lane: _Lane) -> float:
        now = self._clock.monotonic()
        lane.tokens = min(lane.burst, lane.tokens + (now - lane.filled_at) * lane.rate)
        lane.filled_at = now
        # A remainder smaller than what floating point loses must not keep the loop turning.
        missing = 1.0 - lane.tokens
        for_token = missing / lane.rate if missing > 1e-9 else 0.0
        return max(lane.closed_until - now, for_token)


@dataclass(slots=True)
class _Lane:
    """One host: its places, its tokens, and the lock whose holder is at the head of the queue."""

    places: asyncio.Semaphore
    rate: float
    burst: float
    tokens: float
    filled_at: float
    closed_until: float = 0.0
    head: asyncio.Lock = field(default_factory=asyncio.Lock)
