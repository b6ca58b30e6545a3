"""The network area's job: look at every location in its turn and write down what the cloud says.

Each (location, part) has its own turn, its own transaction and its own poll on record. When the cloud
itself can't be used (no answer, no sign-in, slow down), the whole source rests until its next try instead
of failing part by part; the last good data stays where it is.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.area import Every, Job, Services
from core.areas.network import credentials, tables
from core.areas.network.client import PlumeClient
from core.areas.network.credentials import Access
from core.areas.network.model import Location
from core.areas.network.parts import PARTS, Part, Site
from core.areas.network.settings import NetworkSettings
from core.areas.network.watch import watched_locations
from core.engine.backoff import after_failures, after_rate_limit
from core.errors import OpsdeckError, RateLimitedError, SignInError, UnknownSubjectError, UnreachableError
from core.store.polls import Poll, health, record_poll
from core.store.versions import as_of, record

__all__ = ["DIRECTORY_INTERVAL", "SOURCE", "Collector", "jobs", "subject"]

_log = logging.getLogger("opsdeck.network")

SOURCE = "plume"
"""The name under which this source's polls are on record."""

DIRECTORY_INTERVAL = timedelta(hours=1)
"""How often the list of customers and locations is read again."""

_AT_ONCE = 4
_TICK = timedelta(seconds=5)
_WHOLE_SOURCE = (UnreachableError, SignInError, RateLimitedError)


def subject(location: str, part: str) -> str:
    """The name under which the polls of one part of one location are on record."""
    return f"{location}/{part}"


def jobs(services: Services) -> Sequence[Job]:
    """The area's one job: a short tick that does whatever is due."""
    collector = Collector(services)
    return (Job("network.collect", Every(_TICK), collector.collect),)


@dataclass(slots=True)
class _Turn:
    """When one part of one location was last polled, and until when it rests after failing."""

    started: datetime
    rests_until: datetime | None = None
    failures: int = 0


@dataclass(slots=True)
class _Source:
    """How the source as a whole is doing."""

    due: datetime | None = None
    failures: int = 0
    directory_due: datetime | None = None
    locations: list[Location] = field(default_factory=list[Location])


class Collector:
    """Looks at locations as their turns come."""

    def __init__(self, services: Services, jitter: random.Random | None = None) -> None:
        self._services = services
        self._settings = services.settings.of(NetworkSettings)
        self._jitter = jitter or random.Random()  # noqa: S311  spreads requests, guards nothing
        self._turns: dict[tuple[str, str], _Turn] = {}
        self._source = _Source()
        self._access: Access | None = None

    async def collect(
        self, *, everything: bool = False, only: str | None = None, parts: Sequence[Part] = PARTS
    ) -> None:
        """One round: all `parts` that are due, or `everything` at once, for one location or all.

        Raises:
            OpsdeckError: with `everything`, the reason why the source as a whole can't be used.
        """
        found = await credentials.line(self._services)
        if found is None:
            return
        client, access = found
        if access != self._access:
            self._access, self._source, self._turns = access, _Source(), {}
        now = self._services.clock.now()
        if not everything and self._source.due is not None and now < self._source.due:
            return
        try:
            await self._directory(client, access, now, force=everything)
            await self._round(client, now, parts, everything=everything, only=only)
        except OpsdeckError as error:
            await self._rest(error)
            if everything:
                raise
        else:
            self._source.due, self._source.failures = None, 0

    async def _directory(self, client: PlumeClient, access: Access, now: datetime, *, force: bool) -> None:
        """Read which locations there are, when that is due."""
        source = self._source
        if (
            source.directory_due is not None
            and now < source.directory_due
            and not (force and not source.locations)
        ):
            return
        customers = access.customers or tuple(customer.id for customer in await client.customers())
        found = await self._listed(client, customers, now)
        due = now + DIRECTORY_INTERVAL
        async with self._services.store.writing() as transaction:
            known = await as_of(transaction.connection, tables.locations, now)
            new = {location.id: location for location in found}
            for row in known:
                if new.pop(row["id"], None) is None:
                    await record(transaction, tables.locations, [], scope={"id": row["id"]})
            await record(transaction, tables.locations, [tables.location_row(each) for each in new.values()])
            await record_poll(transaction, Poll(SOURCE, "", now, True, None, due))
        source.locations, source.directory_due = found, due

    async def _listed(self, client: PlumeClient, customers: Sequence[str], now: datetime) -> list[Location]:
        """Every customer's locations. One customer the cloud does not know never hides the others."""
        found: list[Location] = []
        refused: list[UnknownSubjectError] = []
        for customer in customers:
            try:
                found += await client.locations(customer)
            except UnknownSubjectError as error:
                refused.append(error)
                due = now + DIRECTORY_INTERVAL
                async with self._services.store.writing() as transaction:
                    name = f"customer {customer}"
                    await record_poll(transaction, Poll(SOURCE, name, now, False, error.message, due))
        if refused and len(refused) == len(customers):
            raise refused[0]
        return found

    async def _round(
        self, client: PlumeClient, now: datetime, parts: Sequence[Part], *, everything: bool, only: str | None
    ) -> None:
        async with self._services.store.reading() as connection:
            watched = await watched_locations(connection, now)
        places = asyncio.Semaphore(_AT_ONCE)

        async def look(location: Location, part: Part, cadence: timedelta) -> None:
            async with places:
                await self._look(client, location, part, cadence)

        try:
            async with asyncio.TaskGroup() as group:
                for part in parts:
                    for location in self._source.locations:
                        if only is not None and location.id != only:
                            continue
                        cadence = self.cadence(location.id, watched)
                        if everything or self._due(location, part, cadence, now):
                            group.create_task(look(location, part, cadence))
        except BaseExceptionGroup as failures:
            whole, others = failures.split(_WHOLE_SOURCE)
            if others is not None or whole is None:
                raise
            raise _first(whole) from failures

    def cadence(self, location: str, watched: frozenset[str]) -> timedelta:
        """How often a location is looked at: those that somebody selected more often than the rest."""
        settings = self._settings
        return timedelta(
            seconds=settings.poll_seconds if location in watched else settings.fleet_poll_seconds
        )

    def _due(self, location: Location, part: Part, cadence: timedelta, now: datetime) -> bool:
        turn = self._turns.get((location.id, part.name))
        if turn is None:
            return True
        if turn.rests_until is not None:
            return now >= turn.rests_until
        # Reckoned from the start, so that a location just selected doesn't wait for the end of its slow turn.
        return now >= turn.started + part.interval(cadence)

    async def _look(self, client: PlumeClient, location: Location, part: Part, cadence: timedelta) -> None:
        """One poll of one part: fetch, then write data, events and the poll together."""
        clock, store = self._services.clock, self._services.store
        started = clock.now()
        turn = self._turns.get((location.id, part.name))
        name = subject(location.id, part.name)
        async with store.reading() as connection:
            before = await health(connection, SOURCE, name, started, part.interval(cadence))
        first = before.last_good is None
        site = Site(location.customer, location, self._settings.saturation_percent, first=first)
        try:
            found = await part.fetch(client, site)
            async with store.writing() as transaction:
                due = started + part.interval(cadence)
                await part.store(transaction, site, found, started)
                await record_poll(transaction, Poll(SOURCE, name, started, True, None, due))
        except _WHOLE_SOURCE:
            raise
        except OpsdeckError as error:
            failures = (turn.failures if turn else 0) + 1
            due = clock.now() + after_failures(failures, part.interval(cadence), self._jitter)
            _log.warning("%s: %s", name, error, exc_info=error)
            async with store.writing() as transaction:
                await record_poll(transaction, Poll(SOURCE, name, started, False, error.message, due))
            self._turns[location.id, part.name] = _Turn(started, due, failures)
        else:
            self._turns[location.id, part.name] = _Turn(started)

    async def _rest(self, error: OpsdeckError) -> None:
        """Leave the whole source alone for a while, and say why on every page that depends on it."""
        source = self._source
        source.failures += 1
        now = self._services.clock.now()
        if isinstance(error, RateLimitedError):
            delay = after_rate_limit(error.wait)
        else:
            delay = after_failures(source.failures, _TICK * 2, self._jitter)
        source.due = now + delay
        _log.warning("plume rests until %s: %s", source.due.isoformat(), error, exc_info=error)
        async with self._services.store.writing() as transaction:
            await record_poll(transaction, Poll(SOURCE, "", now, False, error.message, source.due))


def _first(group: BaseExceptionGroup[OpsdeckError]) -> OpsdeckError:
    found: BaseException = group
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    assert isinstance(found, OpsdeckError)
    return found
