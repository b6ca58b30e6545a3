"""Polling as it is on record: what each poll is of, how often it is due, and how fresh that leaves a page.

Three kinds of polls stand under this source: one for each part of each location, one for the list of
locations, and one for the cloud as a whole, which is written when it can't be used at all and when it can
be used again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.network.rules.part_schedules import PART_SCHEDULES
from core.areas.network.settings import NetworkSettings
from core.areas.network.store import tables
from core.areas.network.store.selection import watched_locations
from core.message import Message, _
from core.page import Freshness, SourceState
from core.settings import CoreSettings
from core.store.polls import SourceHealth, health, sources, state_of
from core.store.versions import as_of

__all__ = [
    "LOCATION_LIST",
    "LOCATION_LIST_INTERVAL",
    "SOURCE",
    "WHOLE",
    "Polling",
    "cadence",
    "customer_subject",
    "failing_customers",
    "location_list_state",
    "names",
    "part_state",
    "subject",
]

SOURCE = "plume"
"""The name under which this source's polls are on record."""

WHOLE = ""
"""The subject of polls that tell of the cloud as a whole."""

LOCATION_LIST = "locations"
"""The subject of polls of the list of customers and locations."""

LOCATION_LIST_INTERVAL = timedelta(hours=1)
"""How often the list of customers and locations is read again."""

_CUSTOMER = "customer "


def subject(location: str, part: str) -> str:
    """The subject of the polls of one part of one location."""
    return f"{location}/{part}"


def customer_subject(customer: str) -> str:
    """The subject of polls of one customer's list of locations; written when it fails and recovers."""
    return _CUSTOMER + customer


def failing_customers(polled: Iterable[SourceHealth]) -> dict[str, str]:
    """The ids of the customers whose list could not be had the last time, by their polls' subjects."""
    return {
        each.subject: each.subject.removeprefix(_CUSTOMER)
        for each in polled
        if each.source == SOURCE and each.subject.startswith(_CUSTOMER) and not each.good
    }


def cadence(settings: NetworkSettings, location: str, watched: frozenset[str]) -> timedelta:
    """How often a location is looked at: those that somebody selected more often than the rest."""
    return timedelta(seconds=settings.poll_seconds if location in watched else settings.fleet_poll_seconds)


@dataclass(frozen=True, slots=True)
class Polling:
    """How polling stood at a request's moment, beyond any one location."""

    moment: datetime
    settings: NetworkSettings
    watched: frozenset[str]
    whole: SourceState
    remembered_since: datetime | None
    """For a moment of which single polls may have been forgotten: since when they are remembered."""
    known: Mapping[str, SourceHealth] | None = None
    """Every subject's health, where many are going to be asked for."""

    @classmethod
    async def of(cls, connection: AsyncConnection, request: Request, *, every: bool = False) -> Polling:
        """Read it as of the request's moment; `every` reads all subjects at once, for a fleet."""
        moment, book = request.moment, request.services.settings
        polled = await sources(connection, moment) if every else ()
        remembered = request.now - timedelta(days=book.of(CoreSettings).poll_days)
        return cls(
            moment=moment,
            settings=book.of(NetworkSettings),
            watched=await watched_locations(connection, moment),
            whole=await health(connection, SOURCE, WHOLE, moment, LOCATION_LIST_INTERVAL),
            remembered_since=remembered if moment < remembered else None,
            known={each.subject: each for each in polled if each.source == SOURCE} if every else None,
        )

    async def part(self, connection: AsyncConnection, location: str, part: str) -> SourceState:
        """How fresh one part of a location is; the reason may be that of the cloud as a whole."""
        interval = self.interval(location, part)
        name = subject(location, part)
        state = await self._state(connection, name, interval)
        promised = _promised(state)
        if promised is not None and promised > interval:
            # It was polled when nobody watched: it isn't late before the time that was planned then.
            state = await self._state(connection, name, promised)
        return self._explained(state)

    async def location_list(self, connection: AsyncConnection) -> SourceState:
        """How fresh the list of locations is."""
        return self._explained(
            await health(connection, SOURCE, LOCATION_LIST, self.moment, LOCATION_LIST_INTERVAL)
        )

    async def _state(self, connection: AsyncConnection, name: str, interval: timedelta) -> SourceState:
        if self.known is not None:
            return state_of(self.known.get(name), self.moment, interval)
        return await health(connection, SOURCE, name, self.moment, interval)

    def interval(self, location: str, part: str) -> timedelta:
        """How long after one poll of a part the next is due."""
        return PART_SCHEDULES[part].interval(cadence(self.settings, location, self.watched))

    def _explained(self, state: SourceState) -> SourceState:
        """The state with a reason from further off, where it has none of its own."""
        if state.freshness is Freshness.NEVER and self.remembered_since is not None:
            return replace(state, freshness=Freshness.UNKNOWN, reason=_forgotten(self.remembered_since))
        if state.reason is not None or self.whole.reason is None:
            return state
        return replace(state, reason=self.whole.reason, next_try=self.whole.next_try)


async def part_state(connection: AsyncConnection, request: Request, location: str, part: str) -> SourceState:
    """How fresh one part of a location is at the request's moment."""
    return await (await Polling.of(connection, request)).part(connection, location, part)


async def location_list_state(connection: AsyncConnection, request: Request) -> SourceState:
    """How fresh the list of locations is at the request's moment."""
    return await (await Polling.of(connection, request)).location_list(connection)


async def names(request: Request) -> Mapping[tuple[str, str], Message]:
    """What each subject that is polled at the request's moment is called to a person.

    A customer is one only while their list of locations fails.
    """
    moment = request.moment
    async with request.services.store.reading() as connection:
        rows = await as_of(connection, tables.locations, moment)
        polled = await sources(connection, moment)
    found = {
        (SOURCE, WHOLE): _("the cloud as a whole"),
        (SOURCE, LOCATION_LIST): _("the list of locations"),
    }
    for name, customer in failing_customers(polled).items():
        found[SOURCE, name] = _("customer {customer}", customer=customer)
    for row in rows:
        for part in PART_SCHEDULES.values():
            name = _("{location} · {part}", location=row["name"] or row["id"], part=part.label)
            found[SOURCE, subject(row["id"], part.name)] = name
    return found


def _promised(state: SourceState) -> timedelta | None:
    """How long after the last good poll the next was planned, where it was the last at all."""
    if state.reason is not None or state.last_good is None or state.next_try is None:
        return None
    return state.next_try - state.last_good


def _forgotten(since: datetime) -> Message:
    day = since.date().isoformat()
    return _("Single polls from before {day} are forgotten, so how fresh this was can't be told.", day=day)
