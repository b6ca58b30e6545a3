"""The production area as it lies in the store, as of any moment: what pages and rules are made from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, RowMapping, Table, and_, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.production import rows, snapshots, tables
from core.areas.production.answers import ReportedBudget, ReportedCredits
from core.areas.production.model import (
    Balance,
    Character,
    EntryKind,
    Health,
    Job,
    LedgerEntry,
    Platform,
    ProviderTask,
    Scheduler,
    System,
    Upload,
)
from core.areas.production.sources import source
from core.moment import Window
from core.store.metadata import from_microseconds, to_microseconds
from core.store.versions import as_of

__all__ = [
    "balance",
    "budgets",
    "characters",
    "counts",
    "entries_of_job",
    "health",
    "job",
    "jobs",
    "last_used",
    "ledger",
    "ledger_began",
    "open_jobs",
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
    "whole_ledger",
]

_LONGEST = 500
"""Jobs or uploads given at once where no stretch of time bounds them."""


async def system(connection: AsyncConnection, moment: datetime) -> System | None:
    """The system as it last said it was; nothing before it ever did."""
    found = await as_of(connection, tables.systems, moment)
    if not found:
        return None
    confirmed = (await source(connection, "status", moment)).last_good
    return snapshots.system_from_row(found[0], confirmed or from_microseconds(found[0]["recorded_at"]))


async def skew(connection: AsyncConnection, moment: datetime) -> timedelta:
    """By how much the system's clock was ahead of ours; nothing up to half a minute."""
    found = await as_of(connection, tables.systems, moment)
    return snapshots.skew_from_row(found[0]) if found else timedelta()


async def health(connection: AsyncConnection, moment: datetime) -> Health | None:
    """What the system last said of its health."""
    found = await as_of(connection, tables.health, moment)
    return snapshots.health_from_row(found[0]) if found else None


async def reported_credits(connection: AsyncConnection, moment: datetime) -> ReportedCredits | None:
    """The credits by the system's own account."""
    found = await as_of(connection, tables.reported_credits, moment)
    if not found:
        return None
    confirmed = (await source(connection, "status", moment)).last_good
    return snapshots.credits_from_row(found[0], confirmed)


async def budgets(connection: AsyncConnection, moment: datetime) -> list[ReportedBudget]:
    """The budgets that the system keeps itself, by their period."""
    return [snapshots.budget_from_row(row) for row in await as_of(connection, tables.budgets, moment)]


async def jobs(connection: AsyncConnection, window: Window, moment: datetime) -> list[Job]:
    """The jobs that came to their end in `window`, in that order."""
    ended = await _ended(connection, tables.jobs, window, moment)
    return [rows.job_from_row(row) for row in ended]


async def recently_ended(connection: AsyncConnection, moment: datetime, *, most: int = _LONGEST) -> list[Job]:
    """The jobs that ended last, the newest first, at most so many."""
    table = tables.jobs
    statement = (
        select(table)
        .where(_known_at(table, moment), table.c.ended_at.is_not(None))
        .order_by(table.c.ended_at.desc(), table.c.id)
        .limit(most)
    )
    return [rows.job_from_row(row) for row in (await connection.execute(statement)).mappings()]


async def open_jobs(connection: AsyncConnection, moment: datetime) -> list[Job]:
    """The jobs that had not come to their end, those that wait longest first."""
    table = tables.jobs
    statement = select(table).where(table.c.ended_at.is_(None), _known_at(table, moment))
    found = [rows.job_from_row(row) for row in (await connection.execute(statement)).mappings()]
    return sorted(found, key=lambda each: (each.created_at or moment, each.id))


async def job(connection: AsyncConnection, key: str, moment: datetime) -> Job | None:
    """The job of that id."""
    found = await as_of(connection, tables.jobs, moment, id=key)
    return rows.job_from_row(found[0]) if found else None


async def last_used(connection: AsyncConnection, moment: datetime) -> dict[str, datetime]:
    """When each character was last in a job that was begun, or at least put down."""
    table = tables.jobs
    begun = func.max(func.coalesce(table.c.started_at, table.c.created_at, table.c.ended_at))
    statement = select(table.c.character, begun).where(_known_at(table, moment)).group_by(table.c.character)
    found = (await connection.execute(statement)).all()
    return {name: from_microseconds(stamp) for name, stamp in found if stamp is not None}


async def uploads(connection: AsyncConnection, window: Window, moment: datetime) -> list[Upload]:
    """The uploads that were published or failed in `window`, in that order."""
    ended = await _ended(connection, tables.uploads, window, moment)
    return [rows.upload_from_row(row) for row in ended]


async def uploads_open(connection: AsyncConnection, moment: datetime) -> list[Upload]:
    """The uploads that were neither published nor had failed, by when they are due."""
    table = tables.uploads
    statement = select(table).where(table.c.ended_at.is_(None), _known_at(table, moment))
    found = [rows.upload_from_row(row) for row in (await connection.execute(statement)).mappings()]
    return sorted(found, key=lambda each: (each.scheduled_for or each.started_at or moment, each.id))


async def uploads_of_job(connection: AsyncConnection, key: str, moment: datetime) -> list[Upload]:
    """The uploads of one job, by their platform."""
    found = await as_of(connection, tables.uploads, moment, job=key)
    return sorted((rows.upload_from_row(row) for row in found), key=lambda each: (each.platform, each.id))


async def ledger(
    connection: AsyncConnection,
    window: Window,
    moment: datetime,
    *,
    kinds: Sequence[EntryKind] = (),
) -> list[LedgerEntry]:
    """The entries of `window` that count, in the order in which they happened; of all kinds or some."""
    table = tables.ledger
    condition = and_(table.c.at >= to_microseconds(window.start), table.c.at < to_microseconds(window.end))
    if kinds:
        condition = and_(condition, table.c.kind.in_([kind.value for kind in kinds]))
    return await _entries(connection, condition, moment)


async def whole_ledger(connection: AsyncConnection, moment: datetime) -> list[LedgerEntry]:
    """Every entry that counts, in the order in which they happened."""
    return await _entries(connection, true(), moment)


async def ledger_began(connection: AsyncConnection, moment: datetime) -> datetime | None:
    """When the first entry happened; nothing where nobody ever reported to the ledger."""
    table = tables.ledger
    first = select(func.min(table.c.at)).where(table.c.recorded_at <= to_microseconds(moment))
    stamp = (await connection.execute(first)).scalar_one()
    return None if stamp is None else from_microseconds(stamp)


async def entries_of_job(connection: AsyncConnection, key: str, moment: datetime) -> list[LedgerEntry]:
    """The entries that count of one job, or of its task at the provider's, in the order they happened."""
    table = tables.ledger
    condition = table.c.job == key
    known = await job(connection, key, moment)
    if known is not None and known.provider_task:
        condition = or_(condition, table.c.provider_task == known.provider_task)
    return await _entries(connection, condition, moment)


async def characters(connection: AsyncConnection, moment: datetime) -> list[Character]:
    """The characters, in the order of the system's configuration."""
    found = [snapshots.character_from_row(row) for row in await as_of(connection, tables.characters, moment)]
    return sorted(found, key=lambda each: (each.position, each.id))


async def platforms(connection: AsyncConnection, moment: datetime) -> list[Platform]:
    """The platforms, by their ids."""
    return [snapshots.platform_from_row(row) for row in await as_of(connection, tables.platforms, moment)]


async def schedule(connection: AsyncConnection, moment: datetime) -> Scheduler | None:
    """The system's scheduler; entries that run next come first, those without a next run last."""
    found = await as_of(connection, tables.schedulers, moment)
    if not found:
        return None
    entries = [
        snapshots.schedule_from_row(row) for row in await as_of(connection, tables.schedule_entries, moment)
    ]
    entries.sort(key=lambda each: (each.next_run is None, each.next_run or moment, each.id))
    return Scheduler(found[0]["state"], tuple(entries))


async def balance(connection: AsyncConnection, moment: datetime) -> Balance | None:
    """The provider's own figures, as they were last read well."""
    found = await as_of(connection, tables.balances, moment)
    if not found:
        return None
    confirmed = (await source(connection, "balance", moment)).last_good
    return snapshots.balance_from_row(found[0], confirmed or from_microseconds(found[0]["recorded_at"]))


async def tasks(connection: AsyncConnection, moment: datetime) -> list[ProviderTask]:
    """The tasks by the provider's account, the newest first."""
    found = [snapshots.task_from_row(row) for row in await as_of(connection, tables.tasks, moment)]
    dated = sorted(found, key=lambda each: each.id)
    return sorted(
        dated, key=lambda each: each.created_at.timestamp() if each.created_at else 0.0, reverse=True
    )


def counts(moment: datetime) -> ColumnElement[bool]:
    """Whether a ledger entry counts: no other of its kind for the same task of the provider's goes before.

    What follows from the provider's task does not count either where an entry of its kind was reported for
    the job that the task belongs to.
    """
    table, other = tables.ledger, tables.ledger.alias("other")
    stamp = to_microseconds(moment)
    goes_before = or_(
        other.c.rank < table.c.rank, and_(other.c.rank == table.c.rank, other.c.id < table.c.id)
    )
    known = and_(other.c.kind == table.c.kind, other.c.recorded_at <= stamp, goes_before)
    rival = select(other.c.id).where(
        table.c.provider_task != "", other.c.provider_task == table.c.provider_task, known
    )
    made = tables.jobs.alias("made")
    reported = (
        select(other.c.id)
        .join(made, made.c.id == other.c.job)
        .where(
            table.c.rank > 0,
            made.c.provider_task == table.c.provider_task,
            other.c.rank == 0,
            known,
            _known_at(made, moment),
        )
    )
    return and_(table.c.recorded_at <= stamp, ~rival.exists(), ~reported.exists())


async def _entries(
    connection: AsyncConnection, condition: ColumnElement[bool], moment: datetime
) -> list[LedgerEntry]:
    table = tables.ledger
    statement = select(table).where(condition, counts(moment)).order_by(table.c.at, table.c.id)
    return [rows.entry_from_row(row) for row in (await connection.execute(statement)).mappings()]


async def _ended(
    connection: AsyncConnection, table: Table, window: Window, moment: datetime
) -> list[RowMapping]:
    statement = (
        select(table)
        .where(
            table.c.ended_at >= to_microseconds(window.start),
            table.c.ended_at < to_microseconds(window.end),
            _known_at(table, moment),
        )
        .order_by(table.c.ended_at, table.c.id)
    )
    return list((await connection.execute(statement)).mappings())


def _known_at(table: FromClause, moment: datetime) -> ColumnElement[Any]:
    """The versions that were what we knew at `moment`."""
    stamp = to_microseconds(moment)
    return and_(table.c.superseded_at > stamp, table.c.recorded_at + 0 <= stamp, ~table.c.gone)
