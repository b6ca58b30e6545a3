"""Time that runs on when somebody sets the clock (reliability.md R22).

Waits, leases and expiries are lengths of time, but a row can only hold moments. A sender therefore
reckons with moments of its own: the store's present when it began, and what its monotonic clock has
counted since. An hour for which the wall clock was set forward or back passes in none of them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from core.moment import Clock

__all__ = ["SteadyTime"]


class SteadyTime:
    """The moments a sender reckons with."""

    def __init__(self, clock: Clock, start: datetime) -> None:
        self._clock = clock
        self._start = start
        self._origin = clock.monotonic()

    def now(self) -> datetime:
        """The moment `start` plus what has passed since."""
        return self._start + timedelta(seconds=self._clock.monotonic() - self._origin)
