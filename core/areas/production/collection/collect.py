"""Polling the production system and A2E: each part by itself, in a transaction of its own.

A part that fails leaves the others and the last good data alone. A token that was not accepted stops all
questions to that source until another is set or a person asks for a refresh (production.md 7.3.4).
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from core.area import Every, Job, Services
from core.areas.production.client import connections
from core.areas.production.collection.evaluation import PollResult, evaluate, publish_due_reports
from core.areas.production.collection.poll_scope import PollScope, poll_scope_at
from core.areas.production.collection.polled_parts import PROVIDER_PARTS, SYSTEM_PARTS, PolledPart
from core.areas.production.settings import ProductionSettings
from core.areas.production.sources import PARTS, PROVIDER, SYSTEM, part
from core.areas.production.store import collector_state
from core.areas.production.store.recording import Recorder
from core.engine.containment import faults_contained
from core.engine.polling import Poller
from core.errors import BadAnswerError, OpsdeckError, SignInError, StoreError, UnreachableError
from core.store.metadata import to_microseconds
from core.store.polls import Poll, record_poll
from core.text import clean

__all__ = ["Collector", "jobs"]

_log = logging.getLogger("opsdeck.production")

_EARLY = 2.5
"""Seconds by which a turn may come early, or else each would slip by the time between two rounds."""

_SETTLING = timedelta(seconds=30)
"""How long after a job ended the balance is polled: several that end together need one poll."""

_RETRY = timedelta(minutes=5)
"""What failed is tried again after its interval, but after this at first where that is longer."""


_TICK = timedelta(seconds=5)
_INTAKE_RETRY = timedelta(seconds=30)
_EVERY_MINUTE = timedelta(minutes=1)
_DAILY = timedelta(days=1)


def jobs(services: Services) -> Sequence[Job]:
    """What the engine does for production by itself."""
    from core.areas.production.collection.event_feed import EventFeed
    from core.areas.production.reporting.intake_server import IntakeServer
    from core.areas.production.store.retention import forget

    collector = Collector(services)
    return (
        Job("production.collect", Every(_TICK), collector.collect),
        Job("production.events", Every(_TICK), EventFeed(services, collector).follow),
        Job("production.minute", Every(_EVERY_MINUTE), collector.every_minute),
        Job("production.intake", Every(_INTAKE_RETRY), IntakeServer(services).serve),
        Job("production.retention", Every(_DAILY), lambda: forget(services)),
    )


_TELLING = 3
"""Looks in a row that must have failed before that says anything: after a restart the count begins anew."""

_MANY = 1_000
"""Polls that count as missed when the system does not accept the token."""


class Collector:
    """Looks at each part when its turn comes; turns are reckoned on the monotonic clock."""

    def __init__(self, services: Services, jitter: random.Random | None = None) -> None:
        self._services = services
        self._store, self._clock = services.store, services.clock
        self._settings = services.settings.of(ProductionSettings)
        jitter = jitter or random.Random()  # noqa: S311  spreads requests, guards nothing
        self._poller = Poller(self._store, self._clock, jitter=jitter)
        self._begun: dict[str, float] = {}
        self._missed = 0
        self._balance_seen = 0

    def wake(self, *names: str) -> None:
        """Make parts due; without names all of them."""
        for name in names or tuple(self._begun):
            self._begun.pop(name, None)

    async def collect(self, *, everything: bool = False) -> None:
        """One round: what is due, or `everything` because a person asked.

        Raises:
            StoreError: the database did not do its part.
            OpsdeckError: with `everything`, why nothing at all could be had from one that is set up.
        """
        failures: list[OpsdeckError] = []
        for source, parts in ((SYSTEM, SYSTEM_PARTS), (PROVIDER, PROVIDER_PARTS)):
            if not connections.is_set_up(self._settings, source):
                continue
            if not everything and await self.is_rejected(source):
                continue
            try:
                await self._round(source, parts, everything=everything)
            except StoreError:
                raise
            except OpsdeckError as error:
                failures.append(error)
        if everything and failures:
            raise failures[0]

    async def every_minute(self) -> None:
        """What the clock alone brings: new periods, the day's summary, the week's report."""
        if not await self._is_used():
            return
        now = self._store.present()
        async with self._store.writing() as transaction:
            await evaluate(transaction, self._settings, PollResult(figures=True), now)
            await publish_due_reports(transaction, self._settings, now)

    async def is_rejected(self, source: str) -> bool:
        """Whether the source did not accept the very token that is set."""
        async with self._store.reading() as connection:
            known = await collector_state.read(connection, collector_state.REJECTED + source)
        return known == connections.token_fingerprint(self._settings, source)

    async def reject(self, source: str, error: SignInError) -> None:
        """Ask this source no more with this token, and say so on every page that depends on it."""
        _log.warning("%s does not accept the token: %s", source, error)
        now = self._store.present()
        result = (
            PollResult(rejected=True)
            if source == PROVIDER
            else PollResult(missed_polls=_MANY, last_error=clean(str(error)))
        )
        async with self._store.writing() as transaction:
            token = connections.token_fingerprint(self._settings, source)
            await collector_state.put(transaction, collector_state.REJECTED + source, token)
            for each in PARTS:
                if each.source == source:
                    await record_poll(transaction, Poll(source, each.name, now, False, error.message))
            await evaluate(transaction, self._settings, result, now)

    async def _round(self, source: str, parts: Sequence[PolledPart], *, everything: bool) -> None:
        """The parts of one source that are due, side by side."""
        due = [each for each in parts if everything or await self._is_due(each.name)]
        if not due:
            return
        client = await (
            connections.production_client(self._services) if source == SYSTEM else self._provider(everything)
        )
        if client is None:
            return
        async with self._store.reading() as connection:
            scope = await poll_scope_at(connection, self._store.present())
        failures: list[OpsdeckError] = []
        try:
            async with asyncio.TaskGroup() as group:
                for each in due:
                    group.create_task(self._poll(source, each, client, scope, failures))
        except ExceptionGroup as raised:
            raise raised.exceptions[0] from raised
        rejected = next((error for error in failures if isinstance(error, SignInError)), None)
        if rejected is not None:
            await self.reject(source, rejected)
        elif len(failures) < len(due):
            await self._accept(source)
        if failures and len(failures) == len(due):
            raise failures[0]

    async def _provider(self, again: bool) -> Any:
        client = await connections.a2e_client(self._services)
        if client is not None and again:
            client.try_again()
        return client

    async def _is_due(self, name: str) -> bool:
        if name == "balance" and await self._has_settled():
            return True
        begun = self._begun.get(name)
        waited = self._clock.monotonic() - begun if begun is not None else None
        return waited is None or waited >= part(name).interval.total_seconds() - _EARLY

    async def _has_settled(self) -> bool:
        """Whether a job ended since the balance was read, and long enough ago."""
        async with self._store.reading() as connection:
            ended = int(await collector_state.read(connection, collector_state.ENDED) or 0)
        settled = to_microseconds(self._store.present() - _SETTLING)
        return self._balance_seen < ended <= settled

    async def _poll(
        self, source: str, polled: PolledPart, client: Any, scope: PollScope, failures: list[OpsdeckError]
    ) -> None:
        """One poll of one part: fetch, then write data, conditions, events and the poll together."""

        async def ask() -> bool:
            started = self._store.present()
            try:
                with faults_contained(polled.name):
                    found = await polled.fetch(client, scope)
                    await self._write(source, polled, found, started)
            except StoreError:
                raise
            except SignInError as error:
                failures.append(error)
                return False  # `reject` puts it down for every part at once
            except OpsdeckError as error:
                failures.append(error)
                raise
            return True

        interval = part(polled.name).interval
        begun = self._clock.monotonic()
        if await self._poller.poll(source, polled.name, min(interval, _RETRY), ask):
            self._begun[polled.name] = begun
            if polled.name == "status":
                self._missed = 0
        elif polled.name == "status" and failures:
            await self._miss(failures[-1])

    async def _write(self, source: str, polled: PolledPart, found: Any, started: datetime) -> None:
        async with self._store.writing() as transaction:
            now = transaction.recorded_at
            result = await polled.write(Recorder(transaction, self._settings, now, started), found)
            planned = started + part(polled.name).interval
            await record_poll(transaction, Poll(source, polled.name, started, True, None, planned))
            await evaluate(transaction, self._settings, result, now)
        if polled.name == "balance":
            self._balance_seen = to_microseconds(started)

    async def _miss(self, error: OpsdeckError) -> None:
        """Count a poll of the system that brought nothing, and evaluate that."""
        if isinstance(error, SignInError) or not isinstance(error, UnreachableError | BadAnswerError):
            return
        self._missed += 1
        if self._missed < _TELLING:
            return
        result = PollResult(missed_polls=self._missed, last_error=clean(str(error)))
        now = self._store.present()
        async with self._store.writing() as transaction:
            await evaluate(transaction, self._settings, result, now)

    async def _accept(self, source: str) -> None:
        """Take back that the token isn't accepted, once it was."""
        async with self._store.reading() as connection:
            known = await collector_state.read(connection, collector_state.REJECTED + source)
        if known is not None:
            async with self._store.writing() as transaction:
                await collector_state.drop(transaction, [collector_state.REJECTED + source])

    async def _is_used(self) -> bool:
        """Whether there is anybody to ask, or somebody reports."""
        if any(connections.is_set_up(self._settings, source) for source in (SYSTEM, PROVIDER)):
            return True
        if self._settings.intake:
            return True
        async with self._store.reading() as connection:
            return await collector_state.read(connection, collector_state.ENDED) is not None
