"""How fast a client may ask, and how much a day (whatsapp.md B3, B7)."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from core.moment import Clock
from core.simulators.bucket import Bucket
from core.simulators.twilio.errors import refused

__all__ = ["RateLimits", "Rates"]

_DAY = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class RateLimits:
    """REST requests a second, with so many at once; seconds between two messages of the sandbox; messages in
    24 hours, None for any number."""

    requests: float = 100.0
    burst: int = 100
    sandbox_every: float = 3.0
    daily: int | None = None


class Rates:
    """Admits requests, or says when to come back. `enforced` can be switched off for other tests."""

    def __init__(self, clock: Clock, limits: RateLimits) -> None:
        self.enforced = True
        self.limits = limits
        self._clock = clock
        now = clock.monotonic()
        self._requests = Bucket(limits.requests, limits.burst, now)
        self._sandbox = Bucket(1 / limits.sandbox_every, 1, now)
        self._sent: deque[float] = deque()

    def admit_request(self) -> None:
        """Count one request.

        Raises:
            TwilioError: 429, code 20429, with the seconds to wait.
        """
        if not self.enforced:
            return
        if (wait := self._requests.wait(self._clock.monotonic())) > 0:
            raise refused(20429, max(1, math.ceil(wait)))
        self._requests.take()

    def admit_message(self) -> None:
        """Count one message.

        Raises:
            TwilioError: 429, code 63038: no more today.
        """
        now = self._clock.monotonic()
        while self._sent and self._sent[0] <= now - _DAY:
            self._sent.popleft()
        if self.enforced and self.limits.daily is not None and len(self._sent) >= self.limits.daily:
            raise refused(63038)
        self._sent.append(now)

    def admit_sandboxed(self) -> bool:
        """Count one message of the sandbox; false when it comes too soon."""
        if not self.enforced:
            return True
        if self._sandbox.wait(self._clock.monotonic()) > 0:
            return False
        self._sandbox.take()
        return True
