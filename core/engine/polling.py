"""Polling a source: one collection at a time, its failures recorded, and kept away while it backs off.

A success is recorded by the collection itself, by `core.store.polls.record_poll` in the transaction that
writes what it collected; here only failures are.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from core.engine.backoff import after_failures, after_rate_limit
from core.errors import OpsdeckError, RateLimitedError, StoreError, UnreachableError
from core.message import _
from core.moment import Clock
from core.store.polls import Poll, record_poll
from core.store.store import Store
from core.units import Span

__all__ = ["Poller"]

T = TypeVar("T")

log = logging.getLogger("opsdeck.engine")


@dataclass(frozen=True, slots=True)
class _Standing:
    """How often a source failed in a row, and until when, on the monotonic clock, it is left alone."""

    failures: int
    resume: float


class Poller:
    """Asks sources and remembers, for each source and subject, how long to stay away from it.

    `jitter` spreads the returns of those that failed together. `limit` is how long one collection may
    take altogether; one that takes longer counts as unanswered.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        jitter: random.Random,
        limit: timedelta = timedelta(minutes=2),
    ) -> None:
        self._store = store
        self._clock = clock
        self._jitter = jitter
        self._limit = limit
        self._standings: dict[tuple[str, str], _Standing] = {}

    async def poll(
        self, source: str, subject: str, interval: timedelta, collect: Callable[[], Awaitable[T]]
    ) -> T | None:
        """What `collect` returned; nothing when it failed, or when the source is still to be left alone.

        `interval` is how often the source is asked when all is well. A failure is recorded with its
        reason and the time of the next try.

        Raises:
            StoreError: the database did not do its part, which is not the source's failure.
        """
        known = self._standings.get((source, subject))
        if known is not None and self._clock.monotonic() < known.resume:
            return None
        started_at = self._clock.now()
        try:
            collected = await self._within_limit(collect)
        except StoreError:
            raise
        except OpsdeckError as error:
            await self._failed(
                Poll(source, subject, started_at, good=False, reason=error.message), interval, error
            )
            return None
        self._standings.pop((source, subject), None)
        return collected

    def resumes_at(self, source: str, subject: str) -> datetime | None:
        """Until when the source is left alone, if it is."""
        known = self._standings.get((source, subject))
        remaining = known.resume - self._clock.monotonic() if known else 0.0
        return self._clock.now() + timedelta(seconds=remaining) if remaining > 0 else None

    async def _within_limit(self, collect: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(self._limit.total_seconds()):
                return await collect()
        except TimeoutError as error:
            raise UnreachableError(
                _("There was no complete answer within {limit}.", limit=Span(self._limit))
            ) from error

    async def _failed(self, poll: Poll, interval: timedelta, error: OpsdeckError) -> None:
        log.info("polling %s %s failed: %s", poll.source, poll.subject, error, exc_info=error)
        known = self._standings.get((poll.source, poll.subject))
        failures = known.failures if known else 0
        if isinstance(error, RateLimitedError):
            wait = after_rate_limit(error.wait)
        else:
            failures += 1
            wait = after_failures(failures, interval, self._jitter)
        resume = self._clock.monotonic() + wait.total_seconds()
        self._standings[poll.source, poll.subject] = _Standing(failures, resume)
        async with self._store.writing() as transaction:
            await record_poll(transaction, replace(poll, next_try=self._clock.now() + wait))
