"""Waits that run on when somebody sets the clock (reliability.md R22).

Expiries, retries, leases and pauses are lengths of time, but a row can only hold moments. As with the
leases of `core.engine.lease`, a stored moment therefore counts only when it is first seen; from then on
the monotonic clock measures what is left. An hour by which the wall clock was set passes in none of them.
"""

from __future__ import annotations

from collections.abc import Hashable

from core.moment import Clock

__all__ = ["Countdowns"]


class Countdowns:
    """What one process has seen begin to run out, by keys of the asker's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ends: dict[Hashable, float] = {}
        self._asked: set[Hashable] = set()

    def left(self, key: Hashable, seconds: float) -> float:
        """Seconds left of what had `seconds` left when it was first asked for; 0 or less when over."""
        now = self._clock.monotonic()
        self._asked.add(key)
        return self._ends.setdefault(key, now + seconds) - now

    def sweep(self) -> None:
        """Forget what nobody has asked for since the last sweep."""
        self._ends = {key: end for key, end in self._ends.items() if key in self._asked}
        self._asked.clear()
