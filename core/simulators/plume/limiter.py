"""The request limit of plume.md 6: so many requests from one address, then 403 until the frame ends."""

from __future__ import annotations

from collections import deque

from core.moment import Clock

__all__ = ["Limiter"]


class Limiter:
    """Counts requests of each source address over a rolling `window` (seconds of the clock).

    The request beyond `limit` blocks the source until the frame that overflowed is over; refused
    requests are not counted. For a test use 20 requests in 10 seconds.
    """

    def __init__(self, clock: Clock, limit: int, window: float) -> None:
        self.limit = limit
        self.window = window
        self._clock = clock
        self._times: dict[str, deque[float]] = {}
        self._blocked_until: dict[str, float] = {}

    def admits(self, source: str) -> bool:
        """Count one request of `source`; False when it must be refused."""
        now = self._clock.monotonic()
        times = self._times.setdefault(source, deque())
        until = self._blocked_until.get(source)
        if until is not None:
            if now < until:
                return False
            del self._blocked_until[source]
            times.clear()
        while times and times[0] <= now - self.window:
            times.popleft()
        if len(times) >= self.limit:
            self._blocked_until[source] = times[0] + self.window if times else now + self.window
            return False
        times.append(now)
        return True
