"""The usage area's jobs: ask Taara for each account in its turn, and forget what is kept for a while only.

Each poll is one transaction. No account is asked twice at once, by whichever process; one
that Taara refused to let in is not asked again before other credentials are set up or a person asks.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.area import AtLocalTime, Every, Job, Run, Services
from core.areas.usage.collection import connections
from core.areas.usage.collection.schedule import WIDENED, Schedule, poll_interval, restored_turn
from core.areas.usage.model import ApiCall
from core.areas.usage.settings import UsageSettings
from core.areas.usage.store import collector_state, credentials
from core.areas.usage.store.collector_state import LONGEST_POLL, CollectorState
from core.areas.usage.store.credentials import Watched
from core.areas.usage.store.reading import SOURCE
from core.areas.usage.store.recording import Failure, PollAttempt, record_failure, record_success
from core.areas.usage.store.retention import forget_old
from core.engine.containment import faults_contained
from core.errors import (
    NotFoundError,
    OpsdeckError,
    RateLimitedError,
    RefusedError,
    SignInError,
    StoreError,
    UnreachableError,
)
from core.message import _
from core.store.polls import sources
from core.units import Span

if TYPE_CHECKING:
    from core.areas.usage.client import Answer

__all__ = ["Collector", "PollResult", "jobs"]

_log = logging.getLogger("opsdeck.usage")

_TICK = timedelta(seconds=10)
_LIMIT = timedelta(minutes=3)
"""How long one poll may take altogether; shorter than it keeps others away."""


def jobs(services: Services) -> Sequence[Job]:
    """A short tick that asks whoever is due, and the nightly forgetting."""
    collector = Collector(services)

    async def collect() -> None:
        await collector.collect()

    async def forget() -> None:
        await forget_old(services.store, services.settings.of(UsageSettings))

    return (
        Job("usage.collect", Every(_TICK), collect),
        Job("usage.retention", AtLocalTime(time(4, 10)), forget, Run.ON_SCHEDULE),
    )


@dataclass(frozen=True, slots=True)
class PollResult:
    """How a poll of an account went: well, or why not."""

    account: str
    error: OpsdeckError | None = None


class Collector:
    """Looks at accounts as their turns come, or when a person asks."""

    def __init__(self, services: Services, jitter: random.Random | None = None) -> None:
        self._services = services
        self._store, self._clock = services.store, services.clock
        self._settings = services.settings.of(UsageSettings)
        self._schedule = Schedule(jitter or random.Random())  # noqa: S311  spreads requests, guards nothing

    @property
    def _interval(self) -> timedelta:
        return timedelta(minutes=self._settings.poll_minutes)

    async def collect(self, *, everything: bool = False, only: str | None = None) -> list[PollResult]:
        """One round, account after account: those that are due, or `everything` because a person asks.

        Raises:
            NotFoundError: `only` names no account that is watched.
            RefusedError: a person asked too often, or while it is being asked already.
            StoreError: the database did not do its part.
            OpsdeckError: a person asked, and not one account could be read: why the first could not.
        """
        async with self._store.reading() as connection:
            watched = await credentials.watched(self._services, connection, self._store.present())
            states = await collector_state.read_all(connection)
        await self._plan(watched)
        if not everything:
            return await self._round(watched, states)
        wanted = [each for each in watched if only is None or each.account.name == only]
        if only is not None and not wanted:
            raise NotFoundError(_("The account “{name}” isn't set up.", name=only[:60]))
        results = [await self._poll_account(each, asked=True) for each in wanted]
        failed = [each.error for each in results if each.error is not None]
        if failed and len(failed) == len(results):
            raise failed[0]
        return results

    async def _round(
        self, watched: Sequence[Watched], states: Mapping[str, CollectorState]
    ) -> list[PollResult]:
        """The accounts whose turn has come."""
        results: list[PollResult] = []
        for each in watched:
            name = each.account.name
            if not self._schedule.is_due(name, self._clock.monotonic()):
                continue
            known = states.get(name, CollectorState())
            if known.refused is not None and known.refused == self._mark(each):
                self._take_turn(name, 0)  # let it pass: only a person or other access changes anything
                continue
            results.append(await self._poll_account(each, asked=False))
        return results

    async def _plan(self, watched: Sequence[Watched]) -> None:
        """Give accounts that are new here their turn: that on record, or at once with other credentials."""
        self._schedule.keep(each.account.name for each in watched)
        new = [each for each in watched if not self._schedule.knows(each.account.name, self._mark(each))]
        if not new:
            return
        async with self._store.reading() as connection:
            present = self._store.present()
            polled = {
                each.subject: each for each in await sources(connection, present) if each.source == SOURCE
            }
        now = self._clock.monotonic()
        for each in new:
            name = each.account.name
            planned = None if self._schedule.replaces(name) or name not in polled else polled[name].next_try
            longest = max(self._interval, WIDENED)
            self._schedule.begin(name, self._mark(each), restored_turn(planned, present, now, longest))

    def _mark(self, watched: Watched) -> str | None:
        return None if watched.access is None else connections.access_mark(self._services, watched.access)

    async def _poll_account(self, watched: Watched, *, asked: bool) -> PollResult:
        """Ask for one account and write down what came, or why nothing did."""
        name = watched.account.name
        try:
            before = await self._begin(name, asked=asked)
        except RefusedError as error:
            if not asked:
                self._take_turn(name, 0)  # somebody else is taking it
            return PollResult(name, error)
        try:
            return await self._ask(watched, before)
        except BaseException:
            # Also when told to stop: nobody is to wait for a process that is gone.
            await self._end(name)
            raise

    async def _begin(self, name: str, *, asked: bool) -> CollectorState:
        """Keep everybody else away from the account; how it stood before.

        Raises:
            RefusedError: it is being asked already, or people ask too often.
        """
        async with self._store.writing() as transaction:
            before = await collector_state.take(transaction, name)
            now = transaction.recorded_at
            if before.is_busy(now):
                raise RefusedError(
                    _("Taara is being asked about {account} at this moment; look again soon.", account=name)
                )
            paced_until = before.paced_until
            if asked:
                paced_until, wait = collector_state.paced(before, now)
                if wait:
                    raise RefusedError(
                        _(
                            "Taara was asked just now. Ask about {account} again in {wait}.",
                            account=name,
                            wait=Span(wait),
                        )
                    )
            busy = replace(before, busy_until=now + LONGEST_POLL, paced_until=paced_until)
            await collector_state.write(transaction, name, busy)
        return before

    async def _end(self, name: str) -> None:
        """Let others ask about the account again."""
        async with self._store.writing() as transaction:
            known = await collector_state.take(transaction, name)
            await collector_state.write(transaction, name, replace(known, busy_until=None))

    async def _ask(self, watched: Watched, before: CollectorState) -> PollResult:
        """One poll: ask, then write data, events, calls and the poll together."""
        name, calls, started = watched.account.name, list[ApiCall](), self._store.present()
        try:
            with faults_contained(f"what Taara answered for {name}"):
                answer = await self._poll(watched, calls)
                attempt = self._attempt(watched, started, self._take_turn(name, 0))
                async with self._store.writing() as transaction:
                    await record_success(transaction, attempt, answer.bundle, answer.body, calls)
            return PollResult(name)
        except StoreError:
            raise
        except OpsdeckError as error:
            failure = error
        _log.info("asking Taara for %s failed: %s", name, failure, exc_info=failure)
        await self._failed(watched, started, before, failure, calls)
        return PollResult(name, failure)

    async def _poll(self, watched: Watched, calls: list[ApiCall]) -> Answer:
        """What Taara answers.

        Raises:
            OpsdeckError: nothing that can be used, or the access can't be decrypted.
        """
        if watched.access is None:
            assert watched.error is not None
            raise watched.error
        client = await connections.shared_client(self._services, watched.account.name, watched.access)
        try:
            async with asyncio.timeout(_LIMIT.total_seconds()):
                return await client.poll(calls)
        except TimeoutError as error:
            raise UnreachableError(
                _("There was no complete answer within {limit}.", limit=Span(_LIMIT))
            ) from error

    async def _failed(
        self,
        watched: Watched,
        started: datetime,
        before: CollectorState,
        error: OpsdeckError,
        calls: Sequence[ApiCall],
    ) -> None:
        """Write down a poll that failed, and when the next is: none by itself after a refused login."""
        wait = error.wait if isinstance(error, RateLimitedError) else 0.0
        planned = self._take_turn(watched.account.name, before.failures + 1, wait)
        refused = isinstance(error, SignInError)
        attempt = self._attempt(watched, started, None if refused else planned)
        failure = Failure(error, self._mark(watched) if refused else None)
        async with self._store.writing() as transaction:
            await record_failure(transaction, attempt, failure, calls)

    def _take_turn(self, name: str, failures: int, wait: float = 0.0) -> datetime:
        """Give the account its next turn, after so many failures and at least `wait` seconds; when it is."""
        now = self._clock.monotonic()
        planned = self._schedule.next_after(name, now, poll_interval(self._interval, failures), at_least=wait)
        self._schedule.plan(name, planned)
        return self._store.present() + timedelta(seconds=planned - now)

    def _attempt(self, watched: Watched, started: datetime, next_try: datetime | None) -> PollAttempt:
        return PollAttempt(
            account=watched.account,
            started=started,
            ended=self._store.present(),
            interval=self._interval,
            next_try=next_try,
            monthly=self._settings.allowance_gb,
            burst=self._settings.burst_gb,
            zone=ZoneInfo(self._settings.timezone),
        )
