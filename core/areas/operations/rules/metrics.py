"""Figures made of counters and of signals (operations.md 3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

__all__ = [
    "LEAST_REQUESTS",
    "SMALL_SAMPLE",
    "WINDOW",
    "Increase",
    "Signal",
    "counted_signals",
    "error_rate",
    "increase",
    "win_rate",
]

WINDOW = timedelta(minutes=5)
"""The window of rates."""

LEAST_REQUESTS = 20
"""With fewer requests in the window an error rate says nothing."""

SMALL_SAMPLE = 30
"""With fewer closed signals a win rate is marked as of a small sample."""


@dataclass(frozen=True, slots=True)
class Increase:
    """By how much a counter grew, and over how many seconds that is known."""

    total: float
    seconds: float

    @property
    def per_minute(self) -> float:
        return self.total / self.seconds * 60


def increase(samples: Sequence[tuple[int, float | None]]) -> Increase | None:
    """How much a counter grew over its (seconds, value) samples; nothing where two can't be compared.

    Where it fell it was reset in between, and that stretch is left out, with its time.
    """
    known = [(time, value) for time, value in samples if value is not None]
    grown = [(b[1] - a[1], b[0] - a[0]) for a, b in pairwise(known) if b[1] >= a[1] and b[0] > a[0]]
    if not grown:
        return None
    return Increase(sum(each[0] for each in grown), sum(each[1] for each in grown))


def error_rate(requests: Increase | None, errors: Increase | None) -> float | None:
    """The percent of requests that failed; nothing under twenty requests."""
    if requests is None or errors is None or requests.total < LEAST_REQUESTS:
        return None
    return min(100.0, errors.total / requests.total * 100)


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal of the AI: open, or closed with an outcome (`win`, `loss` or another) at a time."""

    open: bool
    outcome: str = ""
    closed_at: datetime | None = None


def counted_signals(signals: Iterable[Signal], now: datetime, window: timedelta) -> tuple[int, int, int]:
    """How many are open, and of those closed within the window how many were won and lost."""
    active = wins = losses = 0
    for each in signals:
        if each.open:
            active += 1
        elif each.closed_at is None or now - window <= each.closed_at <= now:
            wins += each.outcome == "win"
            losses += each.outcome == "loss"
    return active, wins, losses


def win_rate(wins: int | None, losses: int | None) -> float | None:
    """The percent of decided signals that were won; nothing where none was decided."""
    if wins is None or losses is None or wins + losses == 0:
        return None
    return wins / (wins + losses) * 100
