"""When a delivery that failed is tried again (reliability.md section 1)."""

from __future__ import annotations

import random
from datetime import timedelta

__all__ = ["LONGEST_PAUSE", "MOST_FAILURES", "RETRY_DELAYS", "after_failure", "after_throttling"]

RETRY_DELAYS = tuple(timedelta(seconds=each) for each in (0, 2, 5, 15, 45, 120, 300, 600, 900))
"""The wait after the first failure, the second, and so on; the last one goes on until the notice expires."""

MOST_FAILURES = 12
"""Failures of its own after which a message is given up."""

LONGEST_PAUSE = timedelta(days=1)
"""What a provider asks for beyond this is taken for this: nothing that waits is worth delivering later."""

_SPREAD = 0.2
_MARGIN = timedelta(seconds=0.5)


def after_failure(count: int, jitter: random.Random) -> timedelta:
    """The wait after `count` failures, a fifth more or less, so that many do not come back together."""
    delay = RETRY_DELAYS[min(max(count, 1), len(RETRY_DELAYS)) - 1]
    return delay * (1 + _SPREAD * (2 * jitter.random() - 1))


def after_throttling(wait: float) -> timedelta:
    """The wait after a provider asked for `wait` seconds: all of it and a margin, nothing random."""
    return timedelta(seconds=min(max(wait, 0.0), LONGEST_PAUSE.total_seconds())) + _MARGIN
