"""A bucket of tokens: how a simulator counts what a client may do in a while."""

from __future__ import annotations

__all__ = ["Bucket"]


class Bucket:
    """Fills at `rate` a second up to `size`; each thing done takes one."""

    def __init__(self, rate: float, size: float, now: float) -> None:
        self._rate = rate
        self._size = self._level = size
        self._at = now

    def wait(self, now: float) -> float:
        """Seconds until there is one to take."""
        self._level = min(self._size, self._level + (now - self._at) * self._rate)
        self._at = now
        # A hair below one is one: the level is a sum of fractions.
        return 0.0 if self._level > 1 - 1e-9 else (1 - self._level) / self._rate

    def take(self) -> None:
        self._level -= 1
