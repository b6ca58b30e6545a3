"""What each part of a look asks for and writes (production.md 7.2, 8).

`fetch` waits for the network and holds no transaction; `write` puts down what it got, in the one
transaction that also judges it and records the poll.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from core.areas.production import marks, recording
from core.areas.production.answers import JobDetail, ReportedBudget, Status
from core.areas.production.judging import Heard
from core.areas.production.model import (
    Balance,
    Character,
    Health,
    Job,
    Platform,
    ProviderTask,
    Scheduler,
    Upload,
)
from core.areas.production.recording import Recorder
from core.errors import UnknownSubjectError
from core.store.metadata import to_microseconds

if TYPE_CHECKING:
    from core.areas.production.a2e import A2EClient
    from core.areas.production.client import ProductionClient

__all__ = ["FIRST_LOOK", "PROVIDER_LOOKS", "SYSTEM_LOOKS", "Known", "Look"]

FIRST_LOOK = timedelta(days=40)
"""How far back lists are read at first: a billing month, and the week before the present one."""

_MOST_PAGES = 50
_MOST_DETAILS = 25
"""Jobs asked for one by one in one look; what is over waits for the next."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows before a look: since when to list, what is open, whose ledger is still to come.

    `ended` are the jobs known to have ended, of which nothing more is to be asked.
    """

    started: datetime
    jobs_since: datetime
    uploads_since: datetime
    tasks_since: datetime
    open_jobs: Sequence[str] = ()
    awaited: Sequence[str] = ()
    ended: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class JobsFound:
    """The jobs of a list, those that were asked for one by one, and those the system does not know."""

    jobs: Sequence[Job]
    details: Sequence[JobDetail]
    unknown: Sequence[str]


@dataclass(frozen=True, slots=True)
class Look:
    """One part of a look: what it asks of whom, and what it writes and has heard."""

    name: str
    fetch: Callable[[Any, Known], Awaitable[Any]]
    write: Callable[[Recorder, Any], Awaitable[Heard]]


async def _fetch_status(client: ProductionClient, _known: Known) -> Status:
    return await client.status()


async def _write_status(recorder: Recorder, found: Status) -> Heard:
    await recording.record_status(recorder.transaction, found)
    return Heard(missed_polls=0)


async def _fetch_health(client: ProductionClient, _known: Known) -> Health:
    return await client.health()


async def _write_health(recorder: Recorder, found: Health) -> Heard:
    await recording.record_health(recorder.transaction, found)
    return Heard(health=found)


async def _fetch_jobs(client: ProductionClient, known: Known) -> JobsFound:
    """The jobs listed since, what became of open ones that aren't listed, and what belongs to ended ones."""
    jobs: dict[str, Job] = {}
    cursor = ""
    for _page in range(_MOST_PAGES):
        page = await client.jobs(since=known.jobs_since, cursor=cursor)
        jobs.update((job.id, job) for job in page.jobs)
        cursor = page.cursor
        if not cursor:
            break
    ended = [job.id for job in jobs.values() if job.status.terminal and job.id not in known.ended]
    unlisted = [job for job in known.open_jobs if job not in jobs]
    details: list[JobDetail] = []
    unknown: list[str] = []
    for job in list(dict.fromkeys([*known.awaited, *unlisted, *ended]))[:_MOST_DETAILS]:
        try:
            details.append(await client.job(job))
        except UnknownSubjectError:
            unknown.append(job)
    return JobsFound(tuple(jobs.values()), details, unknown)


async def _write_jobs(recorder: Recorder, found: JobsFound) -> Heard:
    await recorder.jobs(found.jobs)
    done: list[str] = list(found.unknown)
    for detail in found.details:
        await recorder.jobs([detail.job])
        await recorder.uploads(detail.uploads)
        await recorder.entries(detail.ledger)
        if detail.job.status.terminal:
            done.append(detail.job.id)
    await marks.drop(recorder.transaction, [marks.DETAIL + job for job in done])
    await marks.put(recorder.transaction, marks.JOBS, _asked(recorder))
    return Heard(figures=True)


async def _fetch_uploads(client: ProductionClient, known: Known) -> list[Upload]:
    uploads: list[Upload] = []
    cursor = ""
    for _page in range(_MOST_PAGES):
        page = await client.uploads(since=known.uploads_since, cursor=cursor)
        uploads += page.uploads
        cursor = page.cursor
        if not cursor:
            break
    return uploads


async def _write_uploads(recorder: Recorder, found: Sequence[Upload]) -> Heard:
    await recorder.uploads(found)
    await marks.put(recorder.transaction, marks.UPLOADS, _asked(recorder))
    return Heard()


async def _fetch_schedule(client: ProductionClient, _known: Known) -> Scheduler:
    return await client.schedule()


async def _write_schedule(recorder: Recorder, found: Scheduler) -> Heard:
    await recording.record_schedule(recorder.transaction, found)
    return Heard(scheduler=found)


async def _fetch_budgets(client: ProductionClient, _known: Known) -> tuple[ReportedBudget, ...]:
    return await client.budgets()


async def _write_budgets(recorder: Recorder, found: Sequence[ReportedBudget]) -> Heard:
    await recording.record_budgets(recorder.transaction, found)
    return Heard()


async def _fetch_characters(client: ProductionClient, _known: Known) -> Sequence[Character]:
    return (await client.characters()).characters


async def _write_characters(recorder: Recorder, found: Sequence[Character]) -> Heard:
    await recording.record_characters(recorder.transaction, found)
    return Heard()


async def _fetch_platforms(client: ProductionClient, _known: Known) -> Sequence[Platform]:
    return (await client.platforms()).platforms


async def _write_platforms(recorder: Recorder, found: Sequence[Platform]) -> Heard:
    await recording.record_platforms(recorder.transaction, found)
    return Heard()


async def _fetch_balance(client: A2EClient, _known: Known) -> Balance:
    return await client.balance()


async def _write_balance(recorder: Recorder, found: Balance) -> Heard:
    await recording.record_balance(recorder.transaction, found)
    return Heard(figures=True, rejected=False)


async def _fetch_tasks(client: A2EClient, known: Known) -> Sequence[ProviderTask]:
    return await client.tasks(since=known.tasks_since)


async def _write_tasks(recorder: Recorder, found: Sequence[ProviderTask]) -> Heard:
    await recorder.tasks(found)
    await marks.put(recorder.transaction, marks.TASKS, _asked(recorder))
    return Heard(figures=True, rejected=False)


def _asked(recorder: Recorder) -> str:
    return str(to_microseconds(recorder.asked_at or recorder.now))


SYSTEM_LOOKS: tuple[Look, ...] = (
    Look("status", _fetch_status, _write_status),
    Look("health", _fetch_health, _write_health),
    Look("jobs", _fetch_jobs, _write_jobs),
    Look("uploads", _fetch_uploads, _write_uploads),
    Look("schedule", _fetch_schedule, _write_schedule),
    Look("budgets", _fetch_budgets, _write_budgets),
    Look("characters", _fetch_characters, _write_characters),
    Look("platforms", _fetch_platforms, _write_platforms),
)
"""What the production system is asked for, in that order at first; events have a job of their own."""

PROVIDER_LOOKS: tuple[Look, ...] = (
    Look("balance", _fetch_balance, _write_balance),
    Look("tasks", _fetch_tasks, _write_tasks),
)
"""What A2E is asked for."""
