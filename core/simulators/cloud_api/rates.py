"""How fast a number may speak: to all, and to one user (whatsapp.md C3)."""

from __future__ import annotations

from dataclasses import dataclass

from core.moment import Clock
from core.simulators.bucket import Bucket
from core.simulators.cloud_api.errors import refused

__all__ = ["RateLimits", "Rates"]


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Messages a second in all; seconds between two to one user, and how many may come at once and be paid
    back by silence."""

    throughput: float = 80.0
    pair_every: float = 6.0
    pair_burst: int = 45


class Rates:
    """Admits messages, or refuses them. `enforced` can be switched off for other tests."""

    def __init__(self, clock: Clock, limits: RateLimits) -> None:
        self.enforced = True
        self.limits = limits
        self._clock = clock
        self._overall = Bucket(limits.throughput, limits.throughput, clock.monotonic())
        self._pairs: dict[str, Bucket] = {}

    def admit(self, user: str) -> None:
        """Count one message to `user`.

        Raises:
            CloudError: 130429 or 131056; the one to be told is what the client must slow down for.
        """
        if not self.enforced:
            return
        now = self._clock.monotonic()
        pair = self._pairs.get(user)
        if pair is None:
            pair = self._pairs[user] = Bucket(1 / self.limits.pair_every, self.limits.pair_burst, now)
        if self._overall.wait(now) > 0:
            raise refused(130429, "Message failed to send because the throughput of the number was reached")
        if pair.wait(now) > 0:
            raise refused(131056, "Too many messages sent from the sender to the same recipient")
        self._overall.take()
        pair.take()
