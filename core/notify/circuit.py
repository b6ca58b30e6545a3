"""The circuit of one line: after some failures in a short while, one probe at a time (reliability.md R5).

A line is what fails as a whole: a mail server, one webhook's host, a chat provider. While its circuit is
open nothing but probes goes by it, and no message pays for the line's fault with a try of its own.
"""

from __future__ import annotations

import enum
import random
from collections import deque

from core.notify.retries import after_failure

__all__ = ["FAILURES", "PROBE_EVERY", "WITHIN", "Circuit", "CircuitState"]

FAILURES = 5
"""Failures within `WITHIN` seconds that open the circuit."""

WITHIN = 60.0
PROBE_EVERY = 15.0
"""Seconds between two probes of an open circuit."""


class CircuitState(enum.Enum):
    """`OPEN` lets only probes through; `STOPPED` nothing until somebody mends the credentials."""

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
        if self.state is CircuitState.STOPPED or (self._ready_at is not None and now < self._ready_at):
            return False
        return under_way < (1 if self.suspicious else most)

    @property
    def suspicious(self) -> bool:
        """Whether the last thing heard of the line was a failure, so that one message at a time will do."""
        return self._in_a_row > 0

    def succeeded(self) -> bool:
        """Note that the line works; whether the circuit was open until now."""
        was_open = self.state is CircuitState.OPEN
        self.state = CircuitState.CLOSED
        self._failures.clear()
        self._in_a_row, self._ready_at = 0, None
        return was_open

    def failed(self, now: float) -> bool:
        """Note a failure of the line; whether that opened the circuit."""
        self._in_a_row += 1
        self._failures.append(now)
        if self.state is CircuitState.CLOSED:
            crowded = len(self._failures) == FAILURES and now - self._failures[0] <= WITHIN
            if not crowded:
                self._ready_at = now + after_failure(self._in_a_row, self._jitter).total_seconds()
                return False
            self.state = CircuitState.OPEN
            self._ready_at = now + PROBE_EVERY
            return True
        self._ready_at = now + PROBE_EVERY
        return False

    def stop(self) -> bool:
        """Let nothing through any more; whether that is news."""
        news = self.state is not CircuitState.STOPPED
        self.state = CircuitState.STOPPED
        return news

    def allow(self) -> None:
        """Try again, because somebody asked for it or mended the credentials."""
        if self.state is CircuitState.STOPPED:
            self.succeeded()
