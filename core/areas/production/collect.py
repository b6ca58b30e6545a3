"""The production area's looks at the system and at A2E: each part by itself, in a transaction of its own.

A part that fails leaves the others and the last good data alone. A token that was not accepted stops all
questions to that source until another is set or a person asks for a refresh (production.md 7.3.4).
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from core.area import Every, Job, Services
from core.areas.production import lines, marks
from core.areas.production.judging import Heard, judge, tell_reports
from core.areas.production.knowledge import known_at
from core.areas.production.looks import PROVIDER_LOOKS, SYSTEM_LOOKS, Known, Look
from core.areas.production.recording import Recorder
from core.areas.production.settings import ProductionSettings
from core.areas.production.sources import PARTS, PROVIDER, SYSTEM, part
from core.engine.polling import Poller
from core.errors import BadAnswerError, OpsdeckError, SignInError, StoreError, UnreachableError
from core.message import _
from core.store.metadata import to_microseconds
from core.store.polls import Poll, record_poll
from core.text import clean

__all__ = ["Collector", "jobs"]

_log = logging.getLogger("opsdeck.production")

_EARLY = 2.5
"""Seconds by which a turn may come early, or else each would slip by the time between two rounds."""

_SETTLING = timedelta(seconds=30)
"""How long after a job ended the balance is looked at: several that end together need one look."""

_RETRY = timedelta(minutes=5)
"""What failed is tried again after its interval, but after this at first where that is longer."""


_TICK = timedelta(seconds=5)
_INTAKE_RETRY = timedelta(seconds=30)
_EVERY_MINUTE = timedelta(minutes=1)
_DAILY = timedelta(days=1)


def jobs(services: Services) -> Sequence[Job]:
    """What the engine does for production by itself."""
    from core.areas.production.following import Follower
    from core.areas.production.forgetting import forget
    from core.areas.production.serving import Intake

    collector = Collector(services)
    return (
        Job("production.collect", Every(_TICK), collector.collect),
        Job("production.events", Every(_TICK), Follower(services, collector).follow),
        Job("production.minute", Every(_EVERY_MINUTE), collector.every_minute),
        Job("production.intake", Every(_INTAKE_RETRY), Intake(services).serve),
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
        for source, looks in ((SYSTEM, SYSTEM_LOOKS), (PROVIDER, PROVIDER_LOOKS)):
            if not lines.is_set_up(self._settings, source):
                continue
            if not everything and await self.is_rejected(source):
                continue
            try:
                await self._round(source, looks, everything=everything)
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
            await judge(transaction, self._settings, Heard(figures=True), now)
            await tell_reports(transaction, self._settings, now)

    async def is_rejected(self, source: str) -> bool:
        """Whether the source did not accept the very token that is set."""
        async with self._store.reading() as connection:
            known = await marks.read(connection, marks.REJECTED + source)
        return known == lines.token_mark(self._settings, source)

    async def reject(self, source: str, error: SignInError) -> None:
        """Ask this source no more with this token, and say so on every page that depends on it."""
        _log.warning("%s does not accept the token: %s", source, error)
        now = self._store.present()
        heard = (
            Heard(rejected=True)
            if source == PROVIDER
            else Heard(missed_polls=_MANY, last_error=clean(str(error)))
        )
        async with self._store.writing() as transaction:
            token = lines.token_mark(self._settings, source)
            await marks.put(transaction, marks.REJECTED + source, token)
            for each in PARTS:
                if each.source == source:
                    await record_poll(transaction, Poll(source, each.name, now, False, error.message))
            await judge(transaction, self._settings, heard, now)

    async def _round(self, source: str, looks: Sequence[Look], *, everything: bool) -> None:
        """The looks at one source that are due, side by side."""
        due = [look for look in looks if everything or await self._is_due(look.name)]
        if not due:
            return
        client = await (lines.system(self._services) if source == SYSTEM else self._provider(everything))
        if client is None:
            return
        async with self._store.reading() as connection:
            known = await known_at(connection, self._store.present())
        failures: list[OpsdeckError] = []
        try:
            async with asyncio.TaskGroup() as group:
                for look in due:
                    group.create_task(self._look(source, look, client, known, failures))
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
        client = await lines.provider(self._services)
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
            ended = int(await marks.read(connection, marks.ENDED) or 0)
        settled = to_microseconds(self._store.present() - _SETTLING)
        return self._balance_seen < ended <= settled

    async def _look(
        self, source: str, look: Look, client: Any, known: Known, failures: list[OpsdeckError]
    ) -> None:
        """One poll of one part: fetch, then write data, conditions, events and the poll together."""

        async def ask() -> bool:
            started = self._store.present()
            try:
                with _faults_contained(look.name):
                    found = await look.fetch(client, known)
                    await self._write(source, look, found, started)
            except StoreError:
                raise
            except SignInError as error:
                failures.append(error)
                return False  # `reject` puts it down for every part at once
            except OpsdeckError as error:
                failures.append(error)
                raise
            return True

        interval = part(look.name).interval
        begun = self._clock.monotonic()
        if await self._poller.poll(source, look.name, min(interval, _RETRY), ask):
            self._begun[look.name] = begun
            if look.name == "status":
                self._missed = 0
        elif look.name == "status" and failures:
            await self._miss(failures[-1])

    async def _write(self, source: str, look: Look, found: Any, started: datetime) -> None:
        async with self._store.writing() as transaction:
            now = transaction.recorded_at
            heard = await look.write(Recorder(transaction, self._settings, now, started), found)
            planned = started + part(look.name).interval
            await record_poll(transaction, Poll(source, look.name, started, True, None, planned))
            await judge(transaction, self._settings, heard, now)
        if look.name == "balance":
            self._balance_seen = to_microseconds(started)

    async def _miss(self, error: OpsdeckError) -> None:
        """Count a look at the system that brought nothing, and judge that."""
        if isinstance(error, SignInError) or not isinstance(error, UnreachableError | BadAnswerError):
            return
        self._missed += 1
        if self._missed < _TELLING:
            return
        heard = Heard(missed_polls=self._missed, last_error=clean(str(error)))
        now = self._store.present()
        async with self._store.writing() as transaction:
            await judge(transaction, self._settings, heard, now)

    async def _accept(self, source: str) -> None:
        """Take back that the token isn't accepted, once it was."""
        async with self._store.reading() as connection:
            known = await marks.read(connection, marks.REJECTED + source)
        if known is not None:
            async with self._store.writing() as transaction:
                await marks.drop(transaction, [marks.REJECTED + source])

    async def _is_used(self) -> bool:
        """Whether there is anybody to ask, or somebody reports."""
        if any(lines.is_set_up(self._settings, source) for source in (SYSTEM, PROVIDER)):
            return True
        if self._settings.intake:
            return True
        async with self._store.reading() as connection:
            return await marks.read(connection, marks.ENDED) is not None


@contextmanager
def _faults_contained(name: str) -> Generator[None]:
    """Make a fault of ours in one part that part's failure: the others must not wait for its repair."""
    try:
        yield
    except OpsdeckError:
        raise
    except Exception as error:
        _log.exception("%s could not be read or written down", name)
        fault = _("opsdeck has a fault and could not write this down; see the log.")
        raise BadAnswerError(fault) from error
