"""The simulator's own time: another clock's, which can be held, stepped and made to run faster."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.moment import Clock

__all__ = ["SteeredTime"]


class SteeredTime:
    """Follows `clock` until it is told otherwise."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._from = self._shown = clock.now()
        self._rate = 1.0

    @property
    def rate(self) -> float:
        """How many seconds pass here in one of the clock's; 0 while it is held."""
        return self._rate

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        return self._shown + (self._clock.now() - self._from) * self._rate

    def seconds(self) -> int:
        """The present moment in whole seconds since 1970."""
        return int(self.now().timestamp())

    def step(self, seconds: float) -> None:
        """Go `seconds` forward, or back, at once."""
        self._settle(timedelta(seconds=seconds))

    def run(self, rate: float) -> None:
        """Let time pass `rate` times as fast as the clock's: 0 holds it, 1 is as usual.

        Raises:
            ValueError: the rate is negative.
        """
        if rate < 0:
            raise ValueError("Time does not run backwards; step it.")
        self._settle(timedelta())
        self._rate = rate

    def _settle(self, ahead: timedelta) -> None:
        shown = self.now() + ahead
        self._from, self._shown = self._clock.now(), shown
