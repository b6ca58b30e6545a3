"""The world that the simulated production system and the simulated A2E share.

A company's script says what will happen; the verbs of control say what was held back. Everything else
follows from both and the clock, so that the past can be asked for at any time and never changes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from decimal import Decimal

from core.moment import Clock
from core.simulators.production.calendar import day_bounds, local_date, period_bounds
from core.simulators.production.control import Control, Operation, Pause
from core.simulators.production.happenings import control_events, job_events, money_events, upload_events
from core.simulators.production.journal import Journal
from core.simulators.production.ledger import Credits, Ledger
from core.simulators.production.progress import job_at, provider_tasks, upload_at
from core.simulators.production.records import (
    Event,
    Job,
    JsonObject,
    LedgerEntry,
    Money,
    ProviderTask,
    Upload,
    json_object,
)
from core.simulators.production.reports import Day
from core.simulators.production.scripts import Company
from core.simulators.production.summaries import summary_events
from core.simulators.production.timelines import Hold, JobTimeline, UploadTimeline, job_timeline

__all__ = ["World"]

_BOOKS_AHEAD = timedelta(days=60)
_RETENTION = timedelta(days=7)
_INSTANT = timedelta(microseconds=1)


class World:
    """A company at the clock's now. Safe to use from the threads of two servers and of a test.

    `provider_surplus` is how many credits the provider's balance is above the books, for tests of drift.
    """

    def __init__(self, company: Company, clock: Clock) -> None:
        self.company = company
        self.provider_surplus = 0
        self._clock = clock
        self._begun = clock.now()
        self._control = Control()
        self._journal = Journal()
        self._told_until = self._begun - _RETENTION
        self._lock = threading.RLock()
        self._plan()

    @property
    def now(self) -> datetime:
        """The moment at which everything is as it is told."""
        return self._clock.now()

    @property
    def ledger(self) -> Ledger:
        """The books, with the entries that are still to come."""
        return self._ledger

    def locked(self) -> AbstractContextManager[object]:
        """Held while several looks must agree with one another or with a change."""
        return self._lock

    def jobs(self, at: datetime | None = None) -> list[Job]:
        """Every job that is known now, or was known then, newest first."""
        return self._jobs(self._timelines, at or self.now)

    def uploads(self, at: datetime | None = None) -> list[Upload]:
        """Every upload that is known now, or was known then, newest first."""
        return _uploads((row for timeline in self._timelines for row in timeline.uploads), at or self.now)

    def credits(self) -> Credits:
        """The credits as they are now."""
        return self._ledger.credits(self.now, self.provider_surplus)

    def ledger_of(self, job_id: str) -> list[LedgerEntry]:
        """The entries of one job that are booked by now."""
        now = self.now
        return [row for row in self._ledger.entries if row.job_id == job_id and row.at <= now]

    def provider_tasks(self) -> list[ProviderTask]:
        """The provider's tasks, newest first."""
        now = self.now
        tasks = [task for timeline in self._timelines for task in provider_tasks(timeline, now)]
        return sorted(tasks, key=lambda task: (task.created_at, task.id), reverse=True)

    def jobs_between(self, start: datetime, end: datetime) -> list[JsonObject]:
        """The jobs planned in [start, end) as HTTP tells them now, oldest first."""
        return [json_object(job) for job in reversed(self.jobs()) if start <= job.created_at < end]

    def uploads_between(self, start: datetime, end: datetime) -> list[JsonObject]:
        """The uploads scheduled for [start, end) as HTTP tells them now, oldest first."""
        return [json_object(row) for row in reversed(self.uploads()) if start <= row.scheduled_for < end]

    def ledger_between(self, start: datetime, end: datetime) -> list[JsonObject]:
        """The ledger entries of [start, end) that are booked by now, oldest first."""
        return [json_object(row) for row in self._ledger.between(start, min(end, self.now + _INSTANT))]

    def events_between(self, start: datetime, end: datetime) -> list[JsonObject]:
        """The events of [start, end) that are in the log, oldest first."""
        with self._lock:
            return self.journal().between(start, end)

    def in_flight(self) -> list[datetime]:
        """When each job that is submitted now will have ended."""
        now = self.now
        return [row.ended_at for row in self._timelines if row.in_flight(now) and row.ended_at is not None]

    def spent(self, period: str) -> Money:
        """What has been spent in the present day, ISO week or month."""
        start, _ = period_bounds(period, self.now, self.company.zone)
        return Money(self._ledger.cost(start, self.now), self.company.terms.currency)

    def day(self, day: date, at: datetime | None = None) -> Day:
        """What had ended on a local day by now, or by then."""
        moment = at or self.now
        start, end = day_bounds(day, self.company.zone)
        last = min(end - _INSTANT, moment)
        ended = [row for row in self._timelines if row.ended_at and start <= row.ended_at <= last]
        sent = (row for timeline in self._timelines for row in timeline.uploads)
        sent = [row for row in sent if row.published_at and start <= row.published_at <= last]
        jobs, uploads = self._jobs(ended, last), _uploads(sent, last)
        cost = self._ledger.cost(start, last) if last >= start else Decimal(0)
        used = self._ledger.used(start, last) if last >= start else 0
        return Day(day, jobs, uploads, used, Money(cost, self.company.terms.currency))

    def week(self, monday: date, at: datetime | None = None) -> list[Day]:
        """The days of an ISO week that have begun by now, or had by then."""
        moment = at or self.now
        today = local_date(moment, self.company.zone)
        days = (monday + timedelta(days=offset) for offset in range(7))
        return [self.day(day, moment) for day in days if day <= today]

    @property
    def today(self) -> date:
        """The date of the production zone."""
        return local_date(self.now, self.company.zone)

    @property
    def midnight(self) -> datetime:
        """When today began."""
        return day_bounds(self.today, self.company.zone)[0]

    @property
    def month_end(self) -> datetime:
        """When the calendar month ends, as budgets count it."""
        return period_bounds("monthly", self.now, self.company.zone)[1]

    @property
    def holds(self) -> Sequence[Hold]:
        """The times in which nothing new was or will be begun."""
        return self._control.holds

    def journal(self) -> Journal:
        """The event log, with everything that has happened by now."""
        with self._lock:
            now = self.now
            if now > self._told_until:
                for event in sorted(
                    self._events(self._told_until, now), key=lambda row: (row.occurred_at, row.dedup_key)
                ):
                    self._journal.add(event)
                self._told_until = now
            return self._journal

    def tell(self, event: Event) -> None:
        """Add an event of any kind, as a test or a demo wants it."""
        with self._lock:
            self.journal().add(event)

    @property
    def state(self) -> str:
        """`running`, `pausing`, `paused` or `restarting`."""
        return self._control.state(self.now, len(self.in_flight()))

    @property
    def desired_state(self) -> str:
        """`running` or `paused`."""
        return self._control.desired_state(self.now)

    @property
    def pause_in_force(self) -> Pause | None:
        """Who paused the system, when and why."""
        return self._control.pause_at(self.now)

    @property
    def started_at(self) -> datetime:
        """When the workers last started."""
        return self._control.started_at(self.now, self.company.started_at)

    def operation(self, operation_id: str) -> Operation | None:
        """How the restart of that id stands."""
        return self._control.operation(operation_id, self.now)

    def pause(self, *, reason: str, by: str, until: datetime | None) -> bool:
        """Admit no new work; False when that is so already.

        Raises:
            RefusalError: the system restarts.
        """
        with self._lock:
            self.journal()
            if not self._control.pause(self.now, reason=reason, by=by, until=until):
                return False
            self._changed("paused", reason)
            return True

    def resume(self, *, reason: str) -> bool:
        """Admit work again; False when nothing was paused.

        Raises:
            RefusalError: the system restarts.
        """
        with self._lock:
            self.journal()
            if not self._control.resume(self.now):
                return False
            self._changed("running", reason)
            return True

    def restart(self, *, drain: bool, patience: timedelta, force: bool) -> Operation:
        """Begin a restart, or tell of the one under way.

        Raises:
            RefusalError: jobs are in flight that are neither to be waited for nor to be abandoned.
        """
        with self._lock:
            self.journal()
            operation = self._control.restart(
                self.now, ends=self.in_flight(), drain=drain, patience=patience, force=force
            )
            self._plan()
            return operation

    def _jobs(self, timelines: Iterable[JobTimeline], at: datetime) -> list[Job]:
        jobs = [job_at(timeline, at, self.company.terms) for timeline in timelines]
        return sorted(filter(None, jobs), key=lambda job: (job.created_at, job.id), reverse=True)

    def _changed(self, state: str, reason: str) -> None:
        self._plan()
        for event in control_events(self.now, state, reason):
            self._journal.add(event)

    def _plan(self) -> None:
        """Lay out anew what follows from the script and the holds; what has happened stays as it was."""
        holds = self._control.holds
        self._timelines: Sequence[JobTimeline] = [job_timeline(job, holds) for job in self.company.jobs]
        self._ledger = Ledger(self.company, self._timelines, self._begun + _BOOKS_AHEAD)

    def _events(self, start: datetime, end: datetime) -> list[Event]:
        """Everything that happened in (start, end], in no order."""
        events = [*money_events(self.company, self._ledger, start, end), *summary_events(self, start, end)]
        for timeline in self._timelines:
            events.extend(job_events(self.company, timeline, start, end))
            for upload in timeline.uploads:
                events.extend(upload_events(upload, start, end))
        for pause in self._control.ended_by_time(start, end):
            assert pause.until is not None
            events.extend(control_events(pause.until, "running", f"paused until then: {pause.reason}"))
        for restart in self._control.restarts_ended(start, end):
            said = "the restart gave up draining" if restart.gives_up else "restarted"
            events.extend(control_events(restart.end, self._control.desired_state(restart.end), said))
        return events


def _uploads(timelines: Iterable[UploadTimeline], at: datetime) -> list[Upload]:
    uploads = [upload_at(timeline, at) for timeline in timelines]
    return sorted(filter(None, uploads), key=lambda row: (row.scheduled_for, row.id), reverse=True)
