"""How long to stay away from a source that failed."""

from __future__ import annotations

import random
from datetime import timedelta

__all__ = ["LONGEST", "MARGIN", "after_failures", "after_rate_limit"]

LONGEST = timedelta(minutes=15)
"""However often a source failed, it is tried again after this long at the latest."""

MARGIN = timedelta(seconds=0.5)
"""What is added to a wait another system asked for (reliability.md section 1)."""

_JITTER = 0.2


def after_failures(count: int, interval: timedelta, jitter: random.Random) -> timedelta:
    """The wait after `count` failures in a row of something tried every `interval` when all is well.

    One interval after the first failure and twice as long after each further one, up to `LONGEST` (or one
    interval, where that is longer). Up to a fifth is taken off at random, so that many that failed
    together do not come back together; taken off, not added, so that a job's own rhythm is not missed.
    """
    longest = max(LONGEST, interval)
    doublings = min(max(count, 1) - 1, 20)
    return min(interval * 2**doublings, longest) * (1 - _JITTER * jitter.random())


def after_rate_limit(wait: float) -> timedelta:
    """The wait after another system asked for `wait` seconds: all of it and a margin, nothing random."""
    return timedelta(seconds=max(wait, 0.0)) + MARGIN
