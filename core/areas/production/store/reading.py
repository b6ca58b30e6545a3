"""The production area as it lies in the store, as of any moment: what pages and rules are made from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, RowMapping, Table, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.production.model import (
    Balance,
    Character,
    Health,
    Job,
    Platform,
    ProviderTask,
    ReportedBudget,
    ReportedCredits,
    Scheduler,
    System,
    Upload,
)
from core.areas.production.sources import part
from core.areas.production.store import reported_rows, rows, tables
from core.moment import Window
from core.page import SourceState
from core.store.metadata import FOREVER, from_microseconds, to_microseconds
from core.store.polls import health as poll_health
from core.store.versions import as_of

__all__ = [
    "any_job",
    "balance",
    "budgets",
    "characters",
    "health",
    "job",
    "jobs",
    "known_at",
    "last_used",
    "newest",
    "open_jobs",
    "part_state",
    "platforms",
    "recently_ended",
    "reported_credits",
    "schedule",
    "skew",
    "system",
    "tasks",
    "uploads",
    "uploads_of_job",
    "uploads_open",
]

_IDS_PER_STATEMENT = 500
_LONGEST = 500
"""Jobs or uploads given at once where no stretch of time bounds them."""


async def part_state(connection: AsyncConnection, name: str, moment: datetime) -> SourceState:
    """How fresh a part of what is polled was at `moment`."""
    asked = part(name)
    return await poll_health(connection, asked.source, asked.name, moment, asked.interval)


async def system(connection: AsyncConnection, moment: datetime) -> System | None:
    """The system as it last said it was; nothing before it ever did."""
    found = await as_of(connection, tables.systems, moment)
    if not found:
        return None
    confirmed = (await part_state(connection, "status", moment)).last_good
    return reported_rows.system_from_row(found[0], confirmed or from_microseconds(found[0]["recorded_at"]))


async def skew(connection: AsyncConnection, moment: datetime) -> timedelta:
    """By how much the system's clock was ahead of ours; nothing up to half a minute."""
    found = await as_of(connection, tables.systems, moment)
    return reported_rows.skew_from_row(found[0]) if found else timedelta()


async def health(connection: AsyncConnection, moment: datetime) -> Health | None:
    """What the system last said of its health."""
    found = await as_of(connection, tables.health, moment)
    return reported_rows.health_from_row(found[0]) if found else None


async def reported_credits(connection: AsyncConnection, moment: datetime) -> ReportedCredits | None:
    """The credits by the system's own account."""
    found = await as_of(connection, tables.reported_credits, moment)
    if not found:
        return None
    confirmed = (await part_state(connection, "status", moment)).last_good
    return reported_rows.credits_from_row(found[0], confirmed)


async def budgets(connection: AsyncConnection, moment: datetime) -> list[ReportedBudget]:
    """The budgets that the system keeps itself, by their period."""
    return [reported_rows.budget_from_row(row) for row in await as_of(connection, tables.budgets, moment)]


async def jobs(connection: AsyncConnection, window: Window, moment: datetime) -> list[Job]:
    """The jobs that came to their end in `window`, in that order."""
    ended = await _ended(connection, tables.jobs, window, moment)
    return [rows.job_from_row(row) for row in ended]


async def recently_ended(connection: AsyncConnection, moment: datetime, *, most: int = _LONGEST) -> list[Job]:
    """The jobs that ended last, the newest first, at most so many."""
    table = tables.jobs
    statement = (
        select(table)
        .where(known_at(table, moment), table.c.ended_at.is_not(None))
        .order_by(table.c.ended_at.desc(), table.c.id)
        .limit(most)
    )
    return [rows.job_from_row(row) for row in (await connection.execute(statement)).mappings()]


async def open_jobs(connection: AsyncConnection, moment: datetime) -> list[Job]:
    """The jobs that had not come to their end, those that wait longest first."""
    table = tables.jobs
    statement = select(table).where(table.c.ended_at.is_(None), known_at(table, moment))
    found = [rows.job_from_row(row) for row in (await connection.execute(statement)).mappings()]
    return sorted(found, key=lambda each: (each.created_at or moment, each.id))


async def any_job(connection: AsyncConnection, moment: datetime) -> bool:
    """Whether anybody ever reported a job."""
    statement = select(tables.jobs.c.id).where(known_at(tables.jobs, moment)).limit(1)
    return (await connection.execute(statement)).first() is not None


async def job(connection: AsyncConnection, key: str, moment: datetime) -> Job | None:
    """The job of that id."""
    found = await as_of(connection, tables.jobs, moment, id=key)
    return rows.job_from_row(found[0]) if found else None


async def newest(connection: AsyncConnection, table: Table, keys: Sequence[str]) -> list[RowMapping]:
    """The newest versions of the jobs or uploads of these ids."""
    found: list[RowMapping] = []
    for start in range(0, len(keys), _IDS_PER_STATEMENT):
        wanted = table.c.id.in_(keys[start : start + _IDS_PER_STATEMENT])
        statement = select(table).where(wanted, table.c.superseded_at >= FOREVER, ~table.c.gone)
        found += (await connection.execute(statement)).mappings()
    return found


async def last_used(connection: AsyncConnection, moment: datetime) -> dict[str, datetime]:
    """When each character was last in a job that was begun, or at least put down."""
    table = tables.jobs
    begun = func.max(func.coalesce(table.c.started_at, table.c.created_at, table.c.ended_at))
    statement = select(table.c.character, begun).where(known_at(table, moment)).group_by(table.c.character)
    found = (await connection.execute(statement)).all()
    return {name: from_microseconds(stamp) for name, stamp in found if stamp is not None}


async def uploads(connection: AsyncConnection, window: Window, moment: datetime) -> list[Upload]:
    """The uploads that were published or failed in `window`, in that order."""
    ended = await _ended(connection, tables.uploads, window, moment)
    return [rows.upload_from_row(row) for row in ended]


async def uploads_open(connection: AsyncConnection, moment: datetime) -> list[Upload]:
    """The uploads that were neither published nor had failed, by when they are due."""
    table = tables.uploads
    statement = select(table).where(table.c.ended_at.is_(None), known_at(table, moment))
    found = [rows.upload_from_row(row) for row in (await connection.execute(statement)).mappings()]
    return sorted(found, key=lambda each: (each.scheduled_for or each.started_at or moment, each.id))


async def uploads_of_job(connection: AsyncConnection, key: str, moment: datetime) -> list[Upload]:
    """The uploads of one job, by their platform."""
    found = await as_of(connection, tables.uploads, moment, job=key)
    return sorted((rows.upload_from_row(row) for row in found), key=lambda each: (each.platform, each.id))


async def characters(connection: AsyncConnection, moment: datetime) -> list[Character]:
    """The characters, in the order of the system's configuration."""
    found = [
        reported_rows.character_from_row(row) for row in await as_of(connection, tables.characters, moment)
    ]
    return sorted(found, key=lambda each: (each.position, each.id))


async def platforms(connection: AsyncConnection, moment: datetime) -> list[Platform]:
    """The platforms, by their ids."""
    return [reported_rows.platform_from_row(row) for row in await as_of(connection, tables.platforms, moment)]


async def schedule(connection: AsyncConnection, moment: datetime) -> Scheduler | None:
    """The system's scheduler; entries that run next come first, those without a next run last."""
    found = await as_of(connection, tables.schedulers, moment)
    if not found:
        return None
    entries = [
        reported_rows.schedule_from_row(row)
        for row in await as_of(connection, tables.schedule_entries, moment)
    ]
    entries.sort(key=lambda each: (each.next_run is None, each.next_run or moment, each.id))
    return Scheduler(found[0]["state"], tuple(entries))


async def balance(connection: AsyncConnection, moment: datetime) -> Balance | None:
    """The provider's own figures, as they were last read well."""
    found = await as_of(connection, tables.balances, moment)
    if not found:
        return None
    confirmed = (await part_state(connection, "balance", moment)).last_good
    return reported_rows.balance_from_row(found[0], confirmed or from_microseconds(found[0]["recorded_at"]))


async def tasks(connection: AsyncConnection, moment: datetime) -> list[ProviderTask]:
    """The tasks by the provider's account, the newest first."""
    found = [reported_rows.task_from_row(row) for row in await as_of(connection, tables.tasks, moment)]
    dated = sorted(found, key=lambda each: each.id)
    return sorted(
        dated, key=lambda each: each.created_at.timestamp() if each.created_at else 0.0, reverse=True
    )


async def _ended(
    connection: AsyncConnection, table: Table, window: Window, moment: datetime
) -> list[RowMapping]:
    statement = (
        select(table)
        .where(
            table.c.ended_at >= to_microseconds(window.start),
            table.c.ended_at < to_microseconds(window.end),
            known_at(table, moment),
        )
        .order_by(table.c.ended_at, table.c.id)
    )
    return list((await connection.execute(statement)).mappings())


def known_at(table: FromClause, moment: datetime) -> ColumnElement[Any]:
    """The versions that were what we knew at `moment`."""
    stamp = to_microseconds(moment)
    return and_(table.c.superseded_at > stamp, table.c.recorded_at + 0 <= stamp, ~table.c.gone)
