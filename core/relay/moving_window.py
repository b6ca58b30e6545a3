"""Where `limits` keeps its moving windows in this process, by opsdeck's own clock."""

from __future__ import annotations

from collections import deque

from limits.aio.storage import MovingWindowSupport, Storage

from core.moment import Clock

__all__ = ["ClockStorage"]

_FEW = 1_000
"""Up to so many windows may be kept although they are empty by now."""


class ClockStorage(Storage, MovingWindowSupport):
    """Moving windows in memory; with Redis several processes share theirs instead."""

    STORAGE_SCHEME: list[str] | None = None

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._hits: dict[str, deque[float]] = {}
        self._longest: dict[str, int] = {}
        self._most = _FEW

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Whether `amount` more hits fit into the window; they count only then."""
        self._sweep()
        hits = self._window(key, expiry)
        if len(hits) + amount > limit:
            return False
        hits.extend([self._clock.monotonic()] * amount)
        return True

    async def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the oldest hit of the window was, and how many there are."""
        hits = self._window(key, expiry)
        return (hits[0] if hits else self._clock.monotonic()), len(hits)

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count without a limit."""
        hits = self._window(key, expiry)
        hits.extend([self._clock.monotonic()] * amount)
        return len(hits)

    async def get(self, key: str) -> int:
        """How many hits are in the window."""
        return len(self._window(key, self._longest.get(key, 0)))

    async def get_expiry(self, key: str) -> float:
        """When the newest hit leaves the window."""
        hits = self._hits.get(key)
        return (hits[-1] if hits else self._clock.monotonic()) + self._longest.get(key, 0)

    async def check(self) -> bool:
        """Memory is always there."""
        return True

    async def reset(self) -> int:
        """Forget everything; how many windows there were."""
        count = len(self._hits)
        self._hits.clear()
        self._longest.clear()
        return count

    async def clear(self, key: str) -> None:
        """Forget one window."""
        self._hits.pop(key, None)
        self._longest.pop(key, None)

    def _window(self, key: str, expiry: int) -> deque[float]:
        self._longest[key] = expiry
        hits = self._hits.setdefault(key, deque())
        edge = self._clock.monotonic() - expiry
        while hits and hits[0] <= edge:
            hits.popleft()
        return hits

    def _sweep(self) -> None:
        """Drop empty windows when there are twice as many as were in use the last time: memory stays flat."""
        if len(self._hits) < self._most:
            return
        for key in list(self._hits):
            if not self._window(key, self._longest[key]):
                del self._hits[key], self._longest[key]
        self._most = max(_FEW, 2 * len(self._hits))
