"""The engine: runs the jobs in the one process that holds the lease, and stands by in the others.

Everything is decided in `Engine.tick`, on opsdeck's clock; a `Pulse` calls it about once a second. What
is due after a stretch of time is measured on the monotonic clock, what is due at a local time by the
local date it is for (reliability.md R22-R24).
"""

from __future__ import annotations

import asyncio
import enum
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from core.area import AtLocalTime, Every, Job, Run
from core.engine.calendar import Occurrence, latest
from core.engine.lease import RENEW_EVERY, Lease, LeaseHolder, holder
from core.engine.runs import DailyRuns
from core.engine.timers import Pulse, SchedulerPulse
from core.errors import NotFoundError, OpsdeckError, RefusedError, StoreError
from core.message import Message, _
from core.moment import Clock
from core.store.store import Store

__all__ = ["JOBS", "Engine", "EngineMode", "EngineState"]

JOBS = "jobs"
"""The lease whose holder runs the jobs."""

_SPREAD = 5.0
"""Seconds at most over which jobs that run at start are spread."""

_STOP_JOBS = 6.0
_STOP_LEASE = 2.0
"""Seconds given to jobs to end and to the lease to be released; together under ten (reliability.md R31)."""

log = logging.getLogger("opsdeck.engine")


class EngineMode(enum.Enum):
    """What the engine of this process does at present."""

    RUNNING = "running"
    STANDBY = "standby"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class EngineState:
    """The engine of this process, and who runs the jobs: itself, another process, or nobody yet."""

    mode: EngineMode
    holder: LeaseHolder | None = None


class Engine:
    """Runs `jobs` while `lease` (made for the name `JOBS`) is held.

    Local times are those of `zone`. Jobs get their store from `Store.guarded_by(lease.check)`, so that
    none of them commits after the lease was lost. `spread` decides how the first runs are spread.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        lease: Lease,
        jobs: Sequence[Job],
        zone: ZoneInfo,
        *,
        spread: random.Random,
        pulse: Pulse | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._lease = lease
        self._jobs = {job.name: job for job in jobs}
        if len(self._jobs) < len(jobs):
            raise ValueError("two jobs have the same name")
        self._zone = zone
        self._spread = spread
        self._pulse = pulse or SchedulerPulse()
        self._runs = DailyRuns(store, lease, clock)
        self._state = EngineState(EngineMode.STOPPED)
        self._next_try = 0.0
        self._next_start: dict[str, float] = {}
        self._settled: dict[str, Occurrence] = {}
        self._tasks: dict[str, asyncio.Task[Exception | None]] = {}
        self._turn = asyncio.Lock()

    @property
    def state(self) -> EngineState:
        """What this engine does, and who runs the jobs."""
        return self._state

    @property
    def lease(self) -> Lease:
        return self._lease

    @property
    def jobs(self) -> tuple[Job, ...]:
        return tuple(self._jobs.values())

    async def start(self) -> None:
        """Take the lease or stand by for it, and go on by itself."""
        self._state = EngineState(EngineMode.STANDBY)
        self._next_try = self._clock.monotonic()
        await self.tick()
        self._pulse.start(self.tick)

    async def stop(self) -> None:
        """Stop within ten seconds: jobs are cancelled where they wait, and the lease is released."""
        self._pulse.stop()
        async with self._turn:
            self._state = EngineState(EngineMode.STOPPED)
            await self._cancel_jobs()
            try:
                async with asyncio.timeout(_STOP_LEASE):
                    await self._lease.release()
            except (StoreError, TimeoutError) as error:
                log.warning("the lease of the jobs was not released and will expire: %s", error)

    async def tick(self) -> None:
        """Do what is to be done now: keep or try for the lease, and start the jobs that are due."""
        async with self._turn:
            if self._state.mode is EngineMode.STOPPED:
                return
            try:
                await self._mind_lease()
                if self._state.mode is EngineMode.RUNNING and self._lease.held:
                    await self._start_due()
            except StoreError as error:
                log.warning("the engine can't reach its store: %s", error, exc_info=error)
            if self._state.mode is EngineMode.RUNNING and (not self._lease.held or self._lease.overdue):
                await self._stand_by()

    async def run_now(self, name: str) -> None:
        """Run a job at once, or join the run under way, and wait for its end.

        Raises:
            NotFoundError: there is no such job.
            RefusedError: the jobs run in another process, or the engine stopped meanwhile.
            Exception: what the job itself raised.
        """
        job = self._jobs.get(name)
        if job is None:
            raise NotFoundError(_("There is no job “{name}”.", name=name[:60]))
        if self._state.mode is not EngineMode.RUNNING:
            raise RefusedError(self._why_not_here())
        task = self._tasks.get(name) or self._begin(job, None)
        await asyncio.wait([task])
        if task.cancelled():
            raise RefusedError(_("“{name}” was stopped before its end.", name=name))
        failure = task.result()
        if failure is not None:
            raise failure

    async def _mind_lease(self) -> None:
        """Renew the lease or try to take it, every `RENEW_EVERY` seconds."""
        now = self._clock.monotonic()
        if now < self._next_try:
            return
        self._next_try = now + RENEW_EVERY
        if self._state.mode is EngineMode.RUNNING:
            await self._lease.renew()
        elif await self._lease.acquire():
            self._plan_first_runs()
            self._state = EngineState(EngineMode.RUNNING, await self._holder())
            log.info("this process runs the jobs")
        else:
            self._state = EngineState(EngineMode.STANDBY, await self._holder())

    async def _stand_by(self) -> None:
        """Stop the jobs because the lease is lost, or so long unrenewed that it may be."""
        log.warning("another process may run the jobs by now; this one stands by")
        self._lease.forget()
        await self._cancel_jobs()
        self._state = EngineState(EngineMode.STANDBY)

    async def _holder(self) -> LeaseHolder | None:
        async with self._store.reading() as connection:
            return await holder(connection, self._lease.name, self._clock.now())

    def _plan_first_runs(self) -> None:
        now = self._clock.monotonic()
        self._settled.clear()
        for job in self._jobs.values():
            if isinstance(job.schedule, Every):
                seconds = job.schedule.interval.total_seconds()
                at_start = self._spread.uniform(0.0, min(_SPREAD, seconds / 10))
                self._next_start[job.name] = now + (at_start if job.first is Run.AT_START else seconds)

    async def _start_due(self) -> None:
        for job in self._jobs.values():
            if job.name in self._tasks:
                continue
            if isinstance(job.schedule, AtLocalTime):
                await self._start_daily(job, job.schedule)
            elif self._clock.monotonic() >= self._next_start[job.name]:
                self._begin(job, None)

    async def _start_daily(self, job: Job, schedule: AtLocalTime) -> None:
        occurrence = latest(schedule, self._clock.now(), self._zone)
        if self._settled.get(job.name) == occurrence:
            return
        if await self._runs.claim(job, occurrence):
            self._begin(job, occurrence)
        self._settled[job.name] = occurrence

    def _begin(self, job: Job, occurrence: Occurrence | None) -> asyncio.Task[Exception | None]:
        if isinstance(job.schedule, Every):
            self._next_start[job.name] = self._clock.monotonic() + job.schedule.interval.total_seconds()
        task = asyncio.create_task(self._perform(job, occurrence), name=f"job {job.name}")
        self._tasks[job.name] = task
        task.add_done_callback(lambda done: self._tasks.pop(job.name, None))
        return task

    async def _perform(self, job: Job, occurrence: Occurrence | None) -> Exception | None:
        """Run the job; what it raised, which is logged and ends nothing but this run."""
        failure: Exception | None = None
        try:
            await job.run()
        except OpsdeckError as error:
            log.warning("job %s: %s", job.name, error, exc_info=error)
            failure = error
        except Exception as error:
            log.exception("job %s failed by a fault in opsdeck", job.name)
            failure = error
        if occurrence is not None:
            try:
                await self._runs.settle(job, occurrence, _reason(failure))
            except StoreError as error:
                log.warning("the end of job %s was not recorded: %s", job.name, error, exc_info=error)
        return failure

    async def _cancel_jobs(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            _done, left = await asyncio.wait(tasks, timeout=_STOP_JOBS)
            for task in left:
                log.error("%s did not stop when told to", task.get_name())

    def _why_not_here(self) -> Message:
        other = self._state.holder
        if self._state.mode is EngineMode.STOPPED:
            return _("The engine is not running.")
        if other is None:
            return _("No process runs the jobs at this moment; try again in half a minute.")
        return _(
            "The jobs run in another process: {program} on {host}, process {pid}.",
            program=other.identity.program,
            host=other.identity.host,
            pid=other.identity.pid,
        )


def _reason(failure: Exception | None) -> Message | None:
    if failure is None:
        return None
    if isinstance(failure, OpsdeckError):
        return failure.message
    return _("a fault in opsdeck; the log says more")
