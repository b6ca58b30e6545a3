"""What ran on which local day: claimed before a daily job starts, settled when it ends.

The claim and its settling are rows of the database, so that a daily job runs once a local date: over
restarts, over the night in which an hour comes twice, and whichever process holds the lease
(reliability.md R23). A run that was cut off leaves its claim unsettled, and is made up for.
"""

from __future__ import annotations

import enum
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from core.area import Job, Run
from core.engine.calendar import Occurrence
from core.engine.lease import Lease
from core.event import Event
from core.message import Message, _
from core.moment import Clock
from core.store.metadata import from_microseconds, to_microseconds
from core.store.schedule import JOB_RUN
from core.store.store import Store, Transaction
from core.units import Instant, Severity

__all__ = ["LATE_AFTER", "DailyRuns", "RunOutcome"]

LATE_AFTER = timedelta(minutes=5)
"""A daily job that starts this long after it was due says so."""


_SET_BACK = timedelta(days=2)
"""A run begun later than now, by at most this much, means that the clock was set back."""


class RunOutcome(enum.Enum):
    """How a claimed run ended. `PASSED` marks the day on which a job was first seen but not due again."""

    DONE = "done"
    FAILED = "failed"
    PASSED = "passed"


class DailyRuns:
    """The days on which daily jobs ran. Everything written is refused when the lease is lost."""

    def __init__(self, store: Store, lease: Lease, clock: Clock) -> None:
        self._store = store
        self._lease = lease
        self._clock = clock

    async def claim(self, job: Job, occurrence: Occurrence) -> bool:
        """Whether the job is to run now for this occurrence; if so, it is written down as started.

        A job never seen before runs at once when it is to run at start, and otherwise waits for its next
        occurrence. One that starts late says so by an event `engine.job.late`.
        """
        day = occurrence.local_date.isoformat()
        now = self._clock.now()
        async with self._store.writing() as transaction:
            await self._lease.check(transaction)
            rows = await transaction.connection.execute(select(JOB_RUN).where(JOB_RUN.c.job == job.name))
            runs = {row.local_date: row for row in rows}
            if day in runs and runs[day].outcome is not None:
                return False
            if any(now < from_microseconds(run.started_at) <= now + _SET_BACK for run in runs.values()):
                return False
            if not runs and job.first is Run.ON_SCHEDULE:
                await self._write(transaction, job, day, RunOutcome.PASSED)
                return False
            await self._write(transaction, job, day, None)
            if runs and now - occurrence.instant > LATE_AFTER:
                await transaction.emit(_late(job, occurrence, now))
        return True

    async def settle(self, job: Job, occurrence: Occurrence, failure: Message | None) -> None:
        """Write down how the claimed run ended; a failure is told by an event `engine.job.failed`."""
        day = occurrence.local_date.isoformat()
        outcome = RunOutcome.DONE if failure is None else RunOutcome.FAILED
        statement = update(JOB_RUN).where(JOB_RUN.c.job == job.name, JOB_RUN.c.local_date == day)
        now = self._clock.now()
        async with self._store.writing() as transaction:
            await self._lease.check(transaction)
            await transaction.connection.execute(
                statement.values(finished_at=to_microseconds(now), outcome=outcome.value)
            )
            if failure is not None:
                await transaction.emit(_failed(job, occurrence, now, failure))

    async def _write(self, transaction: Transaction, job: Job, day: str, outcome: RunOutcome | None) -> None:
        """The row of that job and day, in place of a claim that was cut off."""
        now = to_microseconds(self._clock.now())
        await transaction.connection.execute(
            delete(JOB_RUN).where(JOB_RUN.c.job == job.name, JOB_RUN.c.local_date == day)
        )
        row = {"job": job.name, "local_date": day, "started_at": now}
        if outcome is not None:
            row |= {"finished_at": now, "outcome": outcome.value}
        await transaction.connection.execute(insert(JOB_RUN).values(row))


def _late(job: Job, occurrence: Occurrence, now: datetime) -> Event:
    title = _(
        "“{job}” was due at {due} and runs only now: opsdeck was not running then.",
        job=job.name,
        due=Instant(occurrence.instant),
    )
    return _event("engine.job.late", job, occurrence, now, Severity.NOTICE, title)


def _failed(job: Job, occurrence: Occurrence, now: datetime, failure: Message) -> Event:
    title = _("“{job}” failed and is tried again when it is next due: {reason}", job=job.name, reason=failure)
    return _event("engine.job.failed", job, occurrence, now, Severity.WARNING, title)


def _event(
    kind: str, job: Job, occurrence: Occurrence, now: datetime, severity: Severity, title: Message
) -> Event:
    day = occurrence.local_date.isoformat()
    return Event(
        kind=kind,
        area="engine",
        subject=f"job:{job.name}",
        severity=severity,
        title=title,
        at=now,
        facts={"job": job.name, "local_date": day, "due": occurrence.instant.isoformat()},
        key=f"{kind}:{job.name}:{day}",
    )
