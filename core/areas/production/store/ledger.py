"""The credit ledger as it lies in the store, as of any moment: its entries, and what they add up to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, and_, case, func, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.production.model import Bucket, EntryKind, LedgerEntry
from core.areas.production.rules.ledger_sums import EntryTotal, LedgerSums, sum_by_day
from core.areas.production.rules.periods import offsets
from core.areas.production.store import reading, rows, tables
from core.moment import Window
from core.store.metadata import from_microseconds, to_microseconds
from core.units import Money

__all__ = ["count", "counts", "entries", "entries_of_job", "entry_totals", "last_entry_at", "sums"]

_EPOCH = date(1970, 1, 1)
_DAY = timedelta(days=1) // timedelta(microseconds=1)


async def entries(
    connection: AsyncConnection, moment: datetime, *, window: Window | None = None, most: int | None = None
) -> list[LedgerEntry]:
    """The entries that count, in the order in which they happened; those of `window`, the last `most`."""
    table = tables.ledger
    condition: ColumnElement[bool] = true()
    if window is not None:
        start, end = to_microseconds(window.start), to_microseconds(window.end)
        condition = and_(table.c.at >= start, table.c.at < end)
    return await _entries(connection, condition, moment, most)


async def entries_of_job(connection: AsyncConnection, key: str, moment: datetime) -> list[LedgerEntry]:
    """The entries that count of one job, or of its task at the provider's, in the order they happened."""
    table = tables.ledger
    condition = table.c.job == key
    known = await reading.job(connection, key, moment)
    if known is not None and known.provider_task:
        condition = or_(condition, table.c.provider_task == known.provider_task)
    return await _entries(connection, condition, moment)


async def count(connection: AsyncConnection, moment: datetime) -> int:
    """How many entries count."""
    statement = select(func.count()).select_from(tables.ledger).where(counts(moment))
    return (await connection.execute(statement)).scalar_one()


async def last_entry_at(connection: AsyncConnection, moment: datetime) -> datetime | None:
    """When the last entry happened; nothing where nobody ever reported to the ledger."""
    last = (await _extent(connection, moment))[1]
    return None if last is None else from_microseconds(last)


async def sums(connection: AsyncConnection, zone: ZoneInfo, moment: datetime) -> LedgerSums | None:
    """What the ledger adds up to by the days of a zone; nothing where nobody ever reported to it."""
    totals = await entry_totals(connection, zone, moment)
    return sum_by_day(totals) if totals else None


async def entry_totals(connection: AsyncConnection, zone: ZoneInfo, moment: datetime) -> list[EntryTotal]:
    """The entries that count, added up by the database for each local day, kind, bucket and currency.

    Of entries with more and with less than no credits there are two totals: the sign says which way the
    cost goes. An entry without credits costs nothing.
    """
    table = tables.ledger
    first, last = await _extent(connection, moment)
    if first is None or last is None:
        return []
    day = ((table.c.at + _offset(zone, first, last)) // _DAY).label("day")
    below = case((table.c.credits < 0, 1), else_=0).label("below")
    group = (day, table.c.kind, table.c.bucket, table.c.currency, below)
    cost = func.sum(case((table.c.credits == 0, 0), else_=func.abs(table.c.cost)))
    statement = select(*group, func.sum(table.c.credits), cost).where(counts(moment)).group_by(*group)
    return [
        EntryTotal(
            day=_EPOCH + timedelta(days=int(days)),
            kind=EntryKind(kind),
            credits=rows.amount(int(charged)),
            bucket=None if bucket is None else Bucket(bucket),
            cost=None if currency is None or cost is None else Money(rows.amount(int(cost)), currency),
        )
        for days, kind, bucket, currency, _below, charged, cost in await connection.execute(statement)
    ]


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
            reading.known_at(made, moment),
        )
    )
    return and_(table.c.recorded_at <= stamp, ~rival.exists(), ~reported.exists())


async def _entries(
    connection: AsyncConnection, condition: ColumnElement[bool], moment: datetime, most: int | None = None
) -> list[LedgerEntry]:
    table = tables.ledger
    statement = select(table).where(condition, counts(moment)).limit(most)
    newest_first = statement.order_by(table.c.at.desc(), table.c.id.desc())
    found = (await connection.execute(newest_first)).mappings().all()
    return [rows.entry_from_row(row) for row in reversed(found)]


async def _extent(connection: AsyncConnection, moment: datetime) -> tuple[int | None, int | None]:
    """When the first and the last entry happened, in microseconds."""
    table = tables.ledger
    statement = select(func.min(table.c.at), func.max(table.c.at))
    first, last = (
        await connection.execute(statement.where(table.c.recorded_at <= to_microseconds(moment)))
    ).one()
    return first, last


def _offset(zone: ZoneInfo, first: int, last: int) -> ColumnElement[int]:
    """By how many microseconds the local time of an entry is ahead of UTC."""
    table = tables.ledger
    held = offsets(zone, from_microseconds(first), from_microseconds(last))
    plain = [(to_microseconds(since), offset // timedelta(microseconds=1)) for since, offset in held]
    offset: ColumnElement[int] = literal(plain[0][1], BigInteger)
    if len(plain) > 1:
        later = [(table.c.at >= since, literal(shift, BigInteger)) for since, shift in reversed(plain[1:])]
        offset = case(*later, else_=offset)
    return offset
