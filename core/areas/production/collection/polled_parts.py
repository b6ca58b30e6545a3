"""The parts that are polled: what each asks for, and what it writes (production.md 7.2, 8).

`fetch` waits for the network and holds no transaction; `write` puts down what it got, in the one
transaction that also evaluates it and records the poll.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.areas.production.client.answers import JobDetail, Status
from core.areas.production.collection.evaluation import PollResult
from core.areas.production.collection.poll_scope import PollScope
from core.areas.production.model import (
    Balance,
    Character,
    Health,
    Job,
    Platform,
    ProviderTask,
    ReportedBudget,
    Scheduler,
    Upload,
)
from core.areas.production.store import collector_state, recording
from core.areas.production.store.recording import Recorder
from core.errors import UnknownSubjectError
from core.store.metadata import to_microseconds

if TYPE_CHECKING:
    from core.areas.production.client.a2e_client import A2EClient
    from core.areas.production.client.production_client import ProductionClient

__all__ = ["PROVIDER_PARTS", "SYSTEM_PARTS", "PolledPart"]

_MOST_PAGES = 50
_MOST_DETAILS = 25
"""Jobs asked for one by one in one poll; what is over waits for the next."""


@dataclass(frozen=True, slots=True)
class JobsFound:
    """The jobs of a list, those that were asked for one by one, and those the system does not know."""

    jobs: Sequence[Job]
    details: Sequence[JobDetail]
    unknown: Sequence[str]


@dataclass(frozen=True, slots=True)
class PolledPart:
    """One part: what it asks for, and what it writes and thereby brings to be evaluated."""

    name: str
    fetch: Callable[[Any, PollScope], Awaitable[Any]]
    write: Callable[[Recorder, Any], Awaitable[PollResult]]


async def _fetch_status(client: ProductionClient, _scope: PollScope) -> Status:
    return await client.status()


async def _write_status(recorder: Recorder, found: Status) -> PollResult:
    await recording.record_status(recorder.transaction, found)
    return PollResult(missed_polls=0)


async def _fetch_health(client: ProductionClient, _scope: PollScope) -> Health:
    return await client.health()


async def _write_health(recorder: Recorder, found: Health) -> PollResult:
    await recording.record_health(recorder.transaction, found)
    return PollResult(health=found)


async def _fetch_jobs(client: ProductionClient, scope: PollScope) -> JobsFound:
    """The jobs listed since, what became of open ones that aren't listed, and what belongs to ended ones."""
    jobs: dict[str, Job] = {}
    cursor = ""
    for _page in range(_MOST_PAGES):
        page = await client.jobs(since=scope.jobs_since, cursor=cursor)
        jobs.update((job.id, job) for job in page.jobs)
        cursor = page.cursor
        if not cursor:
            break
    ended = [job.id for job in jobs.values() if job.status.terminal and job.id not in scope.ended]
    unlisted = [job for job in scope.open_jobs if job not in jobs]
    details: list[JobDetail] = []
    unknown: list[str] = []
    for job in list(dict.fromkeys([*scope.awaited, *unlisted, *ended]))[:_MOST_DETAILS]:
        try:
            details.append(await client.job(job))
        except UnknownSubjectError:
            unknown.append(job)
    return JobsFound(tuple(jobs.values()), details, unknown)


async def _write_jobs(recorder: Recorder, found: JobsFound) -> PollResult:
    details = found.details
    await recorder.jobs([*found.jobs, *(detail.job for detail in details)])
    await recorder.uploads([upload for detail in details for upload in detail.uploads])
    await recorder.entries([entry for detail in details for entry in detail.ledger])
    done = [*found.unknown, *(detail.job.id for detail in details if detail.job.status.terminal)]
    await collector_state.drop(recorder.transaction, [collector_state.DETAIL + job for job in done])
    await collector_state.put(recorder.transaction, collector_state.JOBS, _asked(recorder))
    return PollResult(figures=True)


async def _fetch_uploads(client: ProductionClient, scope: PollScope) -> list[Upload]:
    uploads: list[Upload] = []
    cursor = ""
    for _page in range(_MOST_PAGES):
        page = await client.uploads(since=scope.uploads_since, cursor=cursor)
        uploads += page.uploads
        cursor = page.cursor
        if not cursor:
            break
    return uploads


async def _write_uploads(recorder: Recorder, found: Sequence[Upload]) -> PollResult:
    await recorder.uploads(found)
    await collector_state.put(recorder.transaction, collector_state.UPLOADS, _asked(recorder))
    return PollResult()


async def _fetch_schedule(client: ProductionClient, _scope: PollScope) -> Scheduler:
    return await client.schedule()


async def _write_schedule(recorder: Recorder, found: Scheduler) -> PollResult:
    await recording.record_schedule(recorder.transaction, found)
    return PollResult(scheduler=found)


async def _fetch_budgets(client: ProductionClient, _scope: PollScope) -> tuple[ReportedBudget, ...]:
    return await client.budgets()


async def _write_budgets(recorder: Recorder, found: Sequence[ReportedBudget]) -> PollResult:
    await recording.record_budgets(recorder.transaction, found)
    return PollResult()


async def _fetch_characters(client: ProductionClient, _scope: PollScope) -> Sequence[Character]:
    return (await client.characters()).characters


async def _write_characters(recorder: Recorder, found: Sequence[Character]) -> PollResult:
    await recording.record_characters(recorder.transaction, found)
    return PollResult()


async def _fetch_platforms(client: ProductionClient, _scope: PollScope) -> Sequence[Platform]:
    return (await client.platforms()).platforms


async def _write_platforms(recorder: Recorder, found: Sequence[Platform]) -> PollResult:
    await recording.record_platforms(recorder.transaction, found)
    return PollResult()


async def _fetch_balance(client: A2EClient, _scope: PollScope) -> Balance:
    return await client.balance()


async def _write_balance(recorder: Recorder, found: Balance) -> PollResult:
    await recording.record_balance(recorder.transaction, found)
    return PollResult(figures=True, rejected=False)


async def _fetch_tasks(client: A2EClient, scope: PollScope) -> Sequence[ProviderTask]:
    return await client.tasks(since=scope.tasks_since)


async def _write_tasks(recorder: Recorder, found: Sequence[ProviderTask]) -> PollResult:
    await recorder.tasks(found)
    await collector_state.put(recorder.transaction, collector_state.TASKS, _asked(recorder))
    return PollResult(figures=True, rejected=False)


def _asked(recorder: Recorder) -> str:
    return str(to_microseconds(recorder.asked_at or recorder.now))


SYSTEM_PARTS: tuple[PolledPart, ...] = (
    PolledPart("status", _fetch_status, _write_status),
    PolledPart("health", _fetch_health, _write_health),
    PolledPart("jobs", _fetch_jobs, _write_jobs),
    PolledPart("uploads", _fetch_uploads, _write_uploads),
    PolledPart("schedule", _fetch_schedule, _write_schedule),
    PolledPart("budgets", _fetch_budgets, _write_budgets),
    PolledPart("characters", _fetch_characters, _write_characters),
    PolledPart("platforms", _fetch_platforms, _write_platforms),
)
"""What the production system is asked for, in that order at first; events have a job of their own."""

PROVIDER_PARTS: tuple[PolledPart, ...] = (
    PolledPart("balance", _fetch_balance, _write_balance),
    PolledPart("tasks", _fetch_tasks, _write_tasks),
)
"""What A2E is asked for."""
