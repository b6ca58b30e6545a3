"""When each account is to be asked next: at a fixed phase, a little spread, seldomer while it fails.

Turns are seconds of the monotonic clock, so that a wall clock set forward or back makes nothing due and
keeps nothing waiting (reliability.md R22).
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.areas.usage.store.collector_state import MOST_FAILURES

__all__ = ["SPREAD", "WIDENED", "Schedule", "poll_interval", "restored_turn"]

SPREAD = 30.0
"""Seconds by which a poll may come later than its turn, at random."""

WIDENED = timedelta(minutes=30)
"""The time between two polls of an account that fails, where that is longer than usual."""


def poll_interval(interval: timedelta, failures: int) -> timedelta:
    """How often to poll an account after so many failures in a row."""
    return max(interval, WIDENED) if failures >= MOST_FAILURES else interval


@dataclass(frozen=True, slots=True)
class _PlannedPoll:
    """An account's next turn, the moment of it that a random delay has been added to, and of which access."""

    mark: str | None
    planned: float
    due: float


class Schedule:
    """The next turn of each account."""

    def __init__(self, jitter: random.Random) -> None:
        self._jitter = jitter
        self._planned: dict[str, _PlannedPoll] = {}

    def knows(self, account: str, mark: str | None) -> bool:
        """Whether the account has a turn already, with this access."""
        known = self._planned.get(account)
        return known is not None and known.mark == mark

    def replaces(self, account: str) -> bool:
        """Whether the account had a turn with any access."""
        return account in self._planned

    def begin(self, account: str, mark: str | None, planned: float) -> None:
        """Give the account its first turn, in its own phase from then on."""
        self._planned[account] = _PlannedPoll(mark, planned, planned + self._jitter.uniform(0.0, SPREAD))

    def is_due(self, account: str, now: float) -> bool:
        """Whether the account's turn has come."""
        return now >= self._planned[account].due

    def next_after(self, account: str, now: float, every: timedelta, *, at_least: float = 0.0) -> float:
        """The account's first turn in its phase that is later than `now` and `at_least` seconds away."""
        planned, seconds = self._planned[account].planned, every.total_seconds()
        rounds = math.floor((now + at_least - planned) / seconds) + 1
        return planned + max(rounds, 0) * seconds

    def plan(self, account: str, planned: float) -> None:
        """Make `planned` the account's next turn."""
        self.begin(account, self._planned[account].mark, planned)

    def keep(self, accounts: Iterable[str]) -> None:
        """Forget the turns of all other accounts."""
        wanted = set(accounts)
        self._planned = {name: turn for name, turn in self._planned.items() if name in wanted}


def restored_turn(next_try: datetime | None, present: datetime, now: float, longest: timedelta) -> float:
    """The turn that was planned before this process began: at once, where none was or it is nonsense."""
    if next_try is None or not present < next_try <= present + longest:
        return now
    return now + (next_try - present).total_seconds()
