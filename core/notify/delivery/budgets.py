"""How many messages may start, by recipient and altogether: who has none left waits (reliability.md R7).

A limit allows so many starts in any stretch of so many seconds, wherever the stretch begins. What other
senders of the same database start is told by `spend` too, so that two of them stay within one budget.
"""

from __future__ import annotations

from collections import deque

from core.notify.channels.channel import Limit

__all__ = ["Budgets"]

_ROUNDING = 1e-6
"""Seconds by which a start comes rather too late than too early."""


class Budgets:
    """The starts of the last while, by name of the budget. Times are seconds of the monotonic clock."""

    def __init__(self) -> None:
        self._starts: dict[str, deque[float]] = {}

    def wait(self, name: str, limit: Limit, now: float, *, leaving: int = 0) -> float:
        """Seconds until one more may start; 0 when it may now. So many of the limit are left to others."""
        starts, count = self._starts.get(name, ()), limit.count - leaving
        if len(starts) < count:
            return 0.0
        left = starts[-count] + limit.seconds - now
        return left + 2 * _ROUNDING if left > -_ROUNDING else 0.0

    def spend(self, name: str, limit: Limit, at: float) -> None:
        """Count a start. Only as many are kept as the limit looks back at."""
        starts = self._starts.get(name)
        if starts is None or starts.maxlen != limit.count:
            starts = self._starts[name] = deque(starts or (), maxlen=limit.count)
        starts.append(at)

    def give_back(self, name: str) -> None:
        """Count the newest start no more: nothing was sent after all."""
        starts = self._starts.get(name)
        if starts:
            starts.pop()
        if not starts:
            self._starts.pop(name, None)

    def forget(self, now: float, older_than: float) -> None:
        """Drop the budgets in which nothing started for `older_than` seconds."""
        self._starts = {
            name: starts for name, starts in self._starts.items() if starts[-1] >= now - older_than
        }
