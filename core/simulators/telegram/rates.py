"""How fast a bot may speak (telegram.md 6). The exact numbers are unpublished; these are the known ones."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from core.moment import Clock
from core.simulators.bucket import Bucket
from core.simulators.telegram.errors import too_many_requests
from core.simulators.telegram.model import Chat

__all__ = ["RateLimits", "Rates"]

_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Messages a second in one chat, with so many at once; a second in all; a minute in one group."""

    per_chat: float = 1.0
    burst: int = 4
    overall: float = 30.0
    group: int = 20


class Rates:
    """Admits messages, or says when to come back. `enforced` can be switched off for other tests."""

    def __init__(self, clock: Clock, limits: RateLimits) -> None:
        self.enforced = True
        self.limits = limits
        self._clock = clock
        self._chats: dict[int, Bucket] = {}
        self._overall = Bucket(limits.overall, limits.overall, clock.monotonic())
        self._groups: dict[int, deque[float]] = {}

    def admit(self, chat: Chat, *, edit: bool = False) -> None:
        """Count one message to `chat`. An edit counts in groups and overall, but not by the second.

        Raises:
            ApiError: 429, with the seconds to wait.
        """
        if not self.enforced:
            return
        now = self._clock.monotonic()
        waits = [self._overall.wait(now)]
        bucket = self._chats.get(chat.id)
        if bucket is None:
            bucket = self._chats[chat.id] = Bucket(self.limits.per_chat, self.limits.burst, now)
        if not edit:
            waits.append(bucket.wait(now))
        recent = self._groups.setdefault(chat.id, deque())
        while recent and recent[0] <= now - _MINUTE:
            recent.popleft()
        if chat.kind != "private" and len(recent) >= self.limits.group:
            waits.append(recent[0] + _MINUTE - now)
        if (longest := max(waits)) > 0:
            raise too_many_requests(max(1, math.ceil(longest - 1e-6)))
        self._overall.take()
        if not edit:
            bucket.take()
        recent.append(now)
