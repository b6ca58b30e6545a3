"""Following the system's event log: one long poll after the other, each event taken in once (section 8)."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from core.area import Services
from core.areas.production.client import connections
from core.areas.production.client.answers import EventPage
from core.areas.production.client.causes import EventsGoneError
from core.areas.production.collection.collect import Collector
from core.areas.production.model import EventKind
from core.areas.production.settings import ProductionSettings
from core.areas.production.sources import SYSTEM, part
from core.areas.production.store import collector_state
from core.areas.production.store.recording import Recorder
from core.engine.polling import Poller
from core.errors import SignInError
from core.store.polls import Poll, record_poll

if TYPE_CHECKING:
    from core.areas.production.client.production_client import ProductionClient

__all__ = ["EventFeed"]

_WAIT = timedelta(seconds=25)
_FURTHEST = 2**53
"""No system counts its events any further."""

_WAKES = {
    EventKind.VIDEO_STARTED: ("jobs", "status"),
    EventKind.VIDEO_COMPLETED: ("jobs", "status"),
    EventKind.VIDEO_FAILED: ("jobs", "status"),
    EventKind.UPLOAD_STARTED: ("uploads",),
    EventKind.UPLOAD_COMPLETED: ("uploads",),
    EventKind.UPLOAD_FAILED: ("uploads",),
    EventKind.BUDGET_WARNING: ("budgets",),
    EventKind.SCHEDULER_STATUS: ("schedule", "status"),
    EventKind.SYSTEM_ERROR: ("health", "status"),
}
"""What to look at when the log tells of something, instead of waiting for its turn."""


class EventFeed:
    """Reads on in the event log from where it was left, in this process or the one before."""

    def __init__(self, services: Services, collector: Collector, *, wait: timedelta = _WAIT) -> None:
        self._services = services
        self._store = services.store
        self._settings = services.settings.of(ProductionSettings)
        self._collector = collector
        self._wait = wait
        jitter = random.Random()  # noqa: S311  spreads requests, guards nothing
        self._poller = Poller(self._store, services.clock, jitter=jitter)

    async def follow(self) -> None:
        """One long poll; returns at once where there is no system, or where it refuses our token."""
        if not connections.is_set_up(self._settings, SYSTEM) or await self._collector.is_rejected(SYSTEM):
            return
        client = await connections.production_client(self._services)
        if client is None:
            return
        rejected: SignInError | None = None

        async def ask() -> EventPage | None:
            nonlocal rejected
            try:
                return await self._ask(client)
            except SignInError as error:
                rejected = error
                return None

        page = await self._poller.poll(SYSTEM, "events", part("events").interval, ask)
        if rejected is not None:
            await self._collector.reject(SYSTEM, rejected)
        for event in page.events if page is not None else ():
            for name in _WAKES.get(event.kind, ()):
                self._collector.wake(name)

    async def _ask(self, client: ProductionClient) -> EventPage:
        """What came after the last event that was taken in, written down with how far that is."""
        started = self._store.present()
        async with self._store.reading() as connection:
            after = int(await collector_state.read(connection, collector_state.EVENTS) or 0)
        try:
            page = await client.events(after, self._wait)
        except EventsGoneError:
            page = await client.events(await _oldest(client, after))
            self._collector.wake()  # what happened in between is in the snapshots alone
        async with self._store.writing() as transaction:
            recorder = Recorder(transaction, self._settings, transaction.recorded_at, started)
            await recorder.events(page.events)
            await collector_state.put(transaction, collector_state.EVENTS, str(page.last))
            planned = started + part("events").interval
            await record_poll(transaction, Poll(SYSTEM, "events", started, True, None, planned))
        return page


async def _oldest(client: ProductionClient, after: int) -> int:
    """The least number after which the system keeps all events: found by halving, since it won't say."""
    low, high = after, max(2 * after, 1_024)
    while high < _FURTHEST and not await _keeps(client, high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if await _keeps(client, middle):
            high = middle
        else:
            low = middle
    return high


async def _keeps(client: ProductionClient, after: int) -> bool:
    try:
        await client.events(after, limit=1)
    except EventsGoneError:
        return False
    return True
