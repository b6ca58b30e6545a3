"""Who is let in how often, and who may run what (reliability.md S8, S21)."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import Storage
from limits.aio.strategies import MovingWindowRateLimiter

from core.areas.relay.settings import RelaySettings
from core.command import Command, authorise
from core.errors import RefusedError
from core.principal import Principal, Role

__all__ = ["Admission", "Guard", "may"]


class Admission(enum.Enum):
    """Whether something is dealt with; when it isn't, the user is told once."""

    LET_IN = "let in"
    TOLD = "told"
    SILENT = "silent"


class Guard:
    """Counts what each user sends. `storage` is `ClockStorage`, or what several processes share."""

    def __init__(self, settings: RelaySettings, storage: Storage, per_minute: int) -> None:
        self._settings = settings
        self._windows = MovingWindowRateLimiter(storage)
        self._each = RateLimitItemPerMinute(per_minute)
        self._public = RateLimitItemPerHour(settings.public_per_hour)
        self._under_way: Counter[str] = Counter()

    async def admit(self, user: str) -> Admission:
        """Whether anything more is heard from the user in this minute."""
        if await self._windows.hit(self._each, "each", user):
            return Admission.LET_IN
        return await self._tell_once(RateLimitItemPerMinute(1), user)

    async def admit_command(self, principal: Principal, user: str) -> Admission:
        """Whether a command of theirs is answered in this hour: all of those who are paired are."""
        if principal.role is not Role.PUBLIC or await self._windows.hit(self._public, "public", user):
            return Admission.LET_IN
        return await self._tell_once(RateLimitItemPerHour(1), user)

    @contextmanager
    def slot(self, user: str) -> Generator[bool]:
        """One of the few things of a user that are worked on at the same time; false if all are taken."""
        free = self._under_way[user] < self._settings.at_once
        self._under_way[user] += 1
        try:
            yield free
        finally:
            self._under_way[user] -= 1
            if not self._under_way[user]:
                del self._under_way[user]

    async def _tell_once(self, item: RateLimitItemPerMinute | RateLimitItemPerHour, user: str) -> Admission:
        told = await self._windows.hit(item, "told", user)
        return Admission.TOLD if told else Admission.SILENT


def may(command: Command | None, principal: Principal) -> bool:
    """Whether the person may run it; a command that isn't there is one that nobody may."""
    if command is None:
        return False
    try:
        authorise(command, principal)
    except RefusedError:
        return False
    return True
