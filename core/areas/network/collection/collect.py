"""The network area's job: poll every location in its turn and write down what the cloud says.

Each (location, part) has its own turn, its own transaction and its own poll on record, and fails by itself.
When the cloud as a whole can't be used (no sign-in, slow down, one silence after another), the whole
source rests until its next try instead; the last good data stays where it is. Turns are reckoned on the
monotonic clock, and a process that starts takes over those that are on record.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from core.area import Every, Job, Services
from core.areas.network.collection import connections
from core.areas.network.collection.cloud_state import CloudState
from core.areas.network.collection.location_list import read_location_list, record_location_list
from core.areas.network.collection.polled_parts import POLLED_PARTS, PolledPart
from core.areas.network.collection.schedule import PlannedPoll, Schedule
from core.areas.network.model import PlumeAccess
from core.areas.network.settings import NetworkSettings
from core.areas.network.store import credentials
from core.areas.network.store.polling import (
    LOCATION_LIST,
    LOCATION_LIST_INTERVAL,
    SOURCE,
    WHOLE,
    subject,
)
from core.areas.network.store.reading import known_locations
from core.areas.network.store.recording import PolledLocation
from core.areas.network.store.selection import watched_locations
from core.engine.backoff import after_failures, after_rate_limit
from core.engine.containment import faults_contained
from core.engine.polling import Poller
from core.errors import OpsdeckError, RateLimitedError, StoreError, UpstreamError
from core.store.polls import Poll, health, record_poll, sources

if TYPE_CHECKING:
    from core.areas.network.client import PlumeClient

__all__ = ["Collector", "jobs"]

_log = logging.getLogger("opsdeck.network")

_AT_ONCE = 4
_TICK = timedelta(seconds=5)
_ROUND = 15.0
"""Seconds after which a round begins no further poll, so that the next one can put first what is urgent."""

_LOCATION_LIST_RETRY = timedelta(minutes=1)
_RETRY = timedelta(minutes=5)
"""What failed is tried again after its interval, but after this at first where that is longer."""

_REST = timedelta(seconds=10)
"""How long the source rests after the first failure as a whole; twice as long after each further one."""


def jobs(services: Services) -> Sequence[Job]:
    """The area's one job: a short tick that does whatever is due."""
    collector = Collector(services)
    return (Job("network.collect", Every(_TICK), collector.collect),)


class Collector:
    """Looks at locations as their turns come."""

    def __init__(self, services: Services, jitter: random.Random | None = None) -> None:
        self._services = services
        self._store, self._clock = services.store, services.clock
        self._settings = services.settings.of(NetworkSettings)
        self._jitter = jitter or random.Random()  # noqa: S311  spreads requests, guards nothing
        self._version: str | None = None
        self._begin()

    async def collect(
        self, *, everything: bool = False, only: str | None = None, parts: Sequence[PolledPart] = POLLED_PARTS
    ) -> None:
        """One round: all `parts` that are due, or `everything` at once, for one location or all.

        Raises:
            StoreError: the database did not do its part.
            OpsdeckError: with `everything`, the reason why the cloud as a whole can't be used.
        """
        async with self._store.reading() as connection:
            version = await credentials.version(connection, self._store.present())
        if version is None:
            return
        await self._take_over(version)
        if not everything and self._clock.monotonic() < self._cloud.rests_until:
            return
        try:
            found = await connections.shared_client(self._services)
            if found is None:
                return
            client, access = found
            await self._read_location_list(client, access, forced=everything and only is None)
            await self._round(client, parts, everything=everything, only=only)
        except StoreError:
            raise
        except OpsdeckError as error:
            await self._rest(error)
            if everything:
                raise
        else:
            await self._recover()

    def _begin(self) -> None:
        """Forget all turns, as for another credential."""
        self._cloud = CloudState()
        self._poller = Poller(self._store, self._clock, jitter=self._jitter)
        self._schedule = Schedule()

    async def _take_over(self, version: str) -> None:
        """Go on with these credentials: from the turns on record at a start, from none after a change."""
        if version == self._version:
            return
        changed, self._version = self._version is not None, version
        self._begin()
        if changed:
            return
        async with self._store.reading() as connection:
            polled = await sources(connection, self._store.present())
        now, present = self._clock.monotonic(), self._store.present()
        for each in polled:
            if each.source != SOURCE:
                continue
            if each.good:
                self._schedule.remember(each, now, present)
            elif each.subject == WHOLE and each.next_try is not None:
                self._cloud.failures = 1
                self._cloud.rests_until = now + (each.next_try - present).total_seconds()

    async def _read_location_list(self, client: PlumeClient, access: PlumeAccess, *, forced: bool) -> None:
        """Read which locations there are, when that is due; a failure leaves those that are known."""
        if not forced and not self._schedule.location_list_due(self._clock.monotonic()):
            return
        began = self._clock.monotonic()
        failure: UpstreamError | None = None

        async def ask() -> bool:
            nonlocal failure
            started = self._store.present()
            try:
                listing = await read_location_list(client, access)
            except UpstreamError as error:
                failure = error
                raise
            async with self._store.writing() as transaction:
                await record_location_list(transaction, listing, started)
            return True

        if await self._poller.poll(SOURCE, LOCATION_LIST, _LOCATION_LIST_RETRY, ask):
            self._schedule.take(LOCATION_LIST, began)
            self._cloud.hear(None)
        elif failure is not None:
            self._cloud.hear(failure)

    async def _round(
        self, client: PlumeClient, parts: Sequence[PolledPart], *, everything: bool, only: str | None
    ) -> None:
        """Look at what is due, the most urgent first; what there is no time for has the next round."""
        async with self._store.reading() as connection:
            moment = self._store.present()
            watched = await watched_locations(connection, moment)
            locations = await known_locations(connection, moment)
        wanted = [each for each in locations if only is None or each.id == only]
        planned = self._schedule.planned(wanted, parts, self._settings, watched, self._clock.monotonic())
        ends = float("inf") if everything else self._clock.monotonic() + _ROUND
        places = asyncio.Semaphore(_AT_ONCE)

        async def take(each: PlannedPoll) -> None:
            async with places:
                if self._clock.monotonic() < ends:
                    await self._poll(client, each)

        try:
            async with asyncio.TaskGroup() as group:
                for each in planned:
                    if everything or each.is_due:
                        group.create_task(take(each))
        except ExceptionGroup as failures:
            raise max(failures.exceptions, key=_gravity) from failures

    async def _poll(self, client: PlumeClient, each: PlannedPoll) -> None:
        """One poll of one part: fetch, then write data, events and the poll together.

        Raises:
            UpstreamError: the cloud as a whole can't be used.
        """
        location, part, interval = each.location, each.part, each.interval
        name = subject(location.id, part.name)
        failure: UpstreamError | None = None

        async def ask() -> bool:
            nonlocal failure
            started = self._store.present()
            async with self._store.reading() as connection:
                before = await health(connection, SOURCE, name, started, interval)
            polled = PolledLocation(
                location.customer, location, self._settings.saturation_percent, before.last_good
            )
            try:
                found = await part.fetch(client, polled, started)
            except UpstreamError as error:
                failure = error
                raise
            planned = started + interval
            with faults_contained(name):
                async with self._store.writing() as transaction:
                    await part.record(transaction, polled, found, started)
                    await record_poll(transaction, Poll(SOURCE, name, started, True, None, planned))
            return True

        began = self._clock.monotonic()
        if await self._poller.poll(SOURCE, name, min(interval, _RETRY), ask):
            self._schedule.take(name, began)
            self._cloud.hear(None)
        elif failure is not None:
            self._schedule.forget(name)  # its next turn is when the poller lets it
            self._cloud.hear(failure)

    async def _rest(self, error: OpsdeckError) -> None:
        """Leave the whole source alone for a while, and say why on every page that depends on it."""
        cloud = self._cloud
        cloud.failures += 1
        cloud.answered = False
        if isinstance(error, RateLimitedError):
            delay = after_rate_limit(error.wait)
        else:
            delay = after_failures(cloud.failures, _REST, self._jitter)
        cloud.rests_until = self._clock.monotonic() + delay.total_seconds()
        self._schedule.forget(LOCATION_LIST)  # the first question after the rest
        now = self._store.present()
        _log.warning("plume rests for %s: %s", delay, error, exc_info=error)
        async with self._store.writing() as transaction:
            await record_poll(transaction, Poll(SOURCE, WHOLE, now, False, error.message, now + delay))

    async def _recover(self) -> None:
        """Take back that the cloud can't be used, once it has answered again."""
        cloud = self._cloud
        if not cloud.failures or not cloud.answered:
            return
        cloud.failures = 0
        now = self._store.present()
        async with self._store.writing() as transaction:
            await record_poll(transaction, Poll(SOURCE, WHOLE, now, True, None, now + LOCATION_LIST_INTERVAL))


def _gravity(error: Exception) -> tuple[bool, bool]:
    """Of several failures, the one to tell of: a fault of ours, else the database's, else the cloud's."""
    return (not isinstance(error, OpsdeckError), isinstance(error, StoreError))
