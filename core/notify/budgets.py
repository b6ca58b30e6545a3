"""How many messages may start, by recipient and altogether: who has none left waits (reliability.md R7).

A limit allows so many starts in any stretch of so many seconds, wherever the stretch begins. What other
senders of the same database start is told by `spend` too, so that two of them stay within one budget.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

__all__ = ["Budgets", "Limit"]

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` starts in any `seconds`."""

    count: int
    seconds: float


class Budgets:
    """The starts of the last while, by name of the budget. Times are seconds of the monotonic clock."""

    def __init__(self) -> None:
        self._starts: dict[str, deque[float]] = {}
        self._closed_until: dict[str, float] = {}

    def wait(self, name: str, limit: Limit, now: float) -> float:
        """Seconds until one more may start; 0 when it may now."""
        starts = self._starts.get(name, ())
        wait = self._closed_until.get(name, now) - now
        if len(starts) >= limit.count:
            wait = max(wait, starts[-limit.count] + limit.seconds - now + _ROUNDING)
        return max(wait, 0.0)

    def spend(self, name: str, limit: Limit, now: float) -> None:
        """Count a start. Only as many are kept as the limit looks back at."""
        starts = self._starts.get(name)
        if starts is None or starts.maxlen != limit.count:
            starts = self._starts[name] = deque(starts or (), maxlen=limit.count)
        starts.append(now)

    def close(self, name: str, seconds: float, now: float) -> None:
        """Let nothing start for `seconds`, because the provider asked for it."""
        self._closed_until[name] = max(self._closed_until.get(name, now), now + seconds)

    def forget(self, now: float, older_than: float) -> None:
        """Drop the budgets in which nothing started for `older_than` seconds and that are not closed."""
        for name in [name for name, starts in self._starts.items() if starts[-1] < now - older_than]:
            del self._starts[name]
        for name in [name for name, until in self._closed_until.items() if until <= now]:
            del self._closed_until[name]
