"""The circuit of one line: after some failures in a short while, one probe at a time (reliability.md R5).

A line is what fails as a whole: a mail server, one webhook's host, a chat provider. While its circuit is
open nothing but probes goes by it, and no message pays for the line's fault with a try of its own.
"""

from __future__ import annotations

import enum
import random
from collections import deque

from core.notify.delivery.retries import after_failure

__all__ = ["FAILURES", "PROBE_EVERY", "PROBE_STOPPED_EVERY", "WITHIN", "Circuit", "CircuitState"]

FAILURES = 5
"""Failures within `WITHIN` seconds that open the circuit."""

WITHIN = 60.0
PROBE_EVERY = 15.0
"""Seconds between two probes of an open circuit."""

PROBE_STOPPED_EVERY = 900.0
"""Seconds between two probes of a stopped one, so that credentials mended over there are noticed."""


class CircuitState(enum.Enum):
    """`OPEN` lets only probes through; `STOPPED`, whose credentials were refused, a rare one."""

    CLOSED = "closed"
    OPEN = "open"
    STOPPED = "stopped"


class Circuit:
    """One line's circuit. Times are seconds of the monotonic clock."""

    def __init__(self, jitter: random.Random) -> None:
        self.state = CircuitState.CLOSED
        self._jitter = jitter
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._in_a_row = 0
        self._ready_at: float | None = None

    def may_start(self, now: float, under_way: int, most: int) -> bool:
        """Whether one more message may start while `under_way` of at most `most` are being sent."""
        if self._ready_at is not None and now < self._ready_at:
            return False
        return under_way < (1 if self.suspicious else most)

    @property
    def suspicious(self) -> bool:
        """Whether the last thing heard of the line was a failure, so that one message at a time will do."""
        return self._in_a_row > 0

    def succeeded(self) -> bool:
        """Note that the line works; whether it was shut until now."""
        was_shut = self.state is not CircuitState.CLOSED
        self.state = CircuitState.CLOSED
        self._failures.clear()
        self._in_a_row, self._ready_at = 0, None
        return was_shut

    def failed(self, now: float) -> bool:
        """Note a failure of the line; whether that opened the circuit."""
        self._in_a_row += 1
        self._failures.append(now)
        crowded = len(self._failures) == FAILURES and now - self._failures[0] <= WITHIN
        opened = self.state is CircuitState.CLOSED and crowded
        if opened:
            self.state = CircuitState.OPEN
        if self.state is CircuitState.CLOSED:
            self._ready_at = now + after_failure(self._in_a_row, self._jitter).total_seconds()
        else:
            self._ready_at = now + PROBE_EVERY
        return opened

    def stop(self, now: float) -> bool:
        """Note that the line does not accept our credentials; whether that is news."""
        news = self.state is not CircuitState.STOPPED
        self.state = CircuitState.STOPPED
        self._in_a_row += 1
        self._ready_at = now + PROBE_STOPPED_EVERY
        return news

    def allow(self) -> None:
        """Try a stopped line again now, because somebody asked for it."""
        if self.state is CircuitState.STOPPED:
            self._ready_at = None
