"""The engine's pulse: real timers, by APScheduler.

APScheduler only beats; what is due is decided by the engine on opsdeck's own clock. Left to itself the
library would run a daily job twice where an hour comes twice, and hang its timers on the wall clock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC
from typing import Any, Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # pyright: ignore[reportMissingTypeStubs]
from apscheduler.triggers.interval import IntervalTrigger  # pyright: ignore[reportMissingTypeStubs]

__all__ = ["Pulse", "SchedulerPulse"]

_BEAT = "beat"
_REARM_EVERY = 10.0


class Pulse(Protocol):
    """What calls the engine again and again."""

    def start(self, beat: Callable[[], Awaitable[None]]) -> None:
        """Begin to call `beat`, never a second time before the first has returned."""
        ...

    def stop(self) -> None:
        """Call no more, and cancel a call under way."""
        ...


class SchedulerPulse:
    """A beat every `seconds` by an `AsyncIOScheduler` on the running event loop."""

    def __init__(self, seconds: float = 1.0) -> None:
        self._seconds = seconds
        self._scheduler: Any = None
        self._rearming: asyncio.TimerHandle | None = None

    def start(self, beat: Callable[[], Awaitable[None]]) -> None:
        async def job() -> None:
            await beat()

        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.add_job(
            job, self._trigger(), id=_BEAT, max_instances=1, coalesce=True, misfire_grace_time=None
        )
        self._scheduler.start()
        self._rearming = asyncio.get_running_loop().call_later(_REARM_EVERY, self._rearm)

    def stop(self) -> None:
        if self._rearming is not None:
            self._rearming.cancel()
            self._rearming = None
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    def _rearm(self) -> None:
        """Ask for the next beat anew: the one asked for lies far ahead when the wall clock was set back."""
        self._scheduler.reschedule_job(_BEAT, trigger=self._trigger())
        self._rearming = asyncio.get_running_loop().call_later(_REARM_EVERY, self._rearm)

    def _trigger(self) -> Any:
        trigger: Any = IntervalTrigger
        return trigger(seconds=self._seconds, timezone=UTC)
