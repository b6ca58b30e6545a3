"""The usage area as it lies in the store, as of any moment: what pages are made from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.usage.model import Account, ApiCall, Bundle, PlanSnapshot, Purchase, Reading
from core.areas.usage.rules.days import CounterPoint
from core.areas.usage.store import tables
from core.areas.usage.store.rows import (
    call_from_row,
    plan_from_row,
    purchase_from_row,
    reading_from_row,
    warnings_from,
)
from core.areas.usage.store.tables import from_timestamp, to_timestamp
from core.moment import Window, from_epoch, to_epoch
from core.page import SourceState
from core.store.metadata import to_microseconds
from core.store.polls import health
from core.store.series import read_raw
from core.store.series.neighbours import read_neighbours
from core.store.versions import as_of

__all__ = [
    "SOURCE",
    "accounts",
    "bundle_at",
    "calls",
    "counter_at",
    "gaps",
    "plans",
    "purchases",
    "readings",
    "source",
]

SOURCE = "taara"
"""The name under which this source's polls are on record; their subject is the account's name."""


async def accounts(connection: AsyncConnection, moment: datetime) -> list[Account]:
    """Every account that is watched, or whose history was imported, by name."""
    rows = await as_of(connection, tables.accounts, moment)
    return [Account(row["name"], row["phone"]) for row in rows]


async def plans(connection: AsyncConnection, account: str, moment: datetime) -> list[PlanSnapshot]:
    """The plans of the last good poll, active ones first; none where it showed none."""
    poll = await _last_poll(connection, account, moment)
    return [] if poll is None else await _plans_of(connection, poll)


async def bundle_at(connection: AsyncConnection, account: str, moment: datetime) -> Bundle | None:
    """What the last good poll showed, with the whole purchase history known by then."""
    poll = await _last_poll(connection, account, moment)
    if poll is None:
        return None
    found = await _plans_of(connection, poll)
    return Bundle(
        subscriber=poll["subscriber"],
        plans=tuple(snapshot.plan for snapshot in found),
        purchases=tuple(await purchases(connection, account, moment)),
        warnings=warnings_from(poll["warnings"]),
    )


async def purchases(connection: AsyncConnection, account: str, moment: datetime) -> list[Purchase]:
    """Every purchase that was ever listed, newest first."""
    rows = await as_of(connection, tables.purchases, moment, account=account)
    poll = await _last_poll(connection, account, moment)
    held: dict[str, int | None] = {}
    if poll is not None:
        held = {each.plan.purchase_id: each.plan.stated_bytes for each in await _plans_of(connection, poll)}
    found = [purchase_from_row(row, held.get(row["id"])) for row in rows]
    return sorted(found, key=_newest_first)


async def readings(
    connection: AsyncConnection, account: str, lineage: str, window: Window, moment: datetime
) -> list[Reading]:
    """The readings of one plan in `window`, in order of time, with the last one before it.

    Of two in the same second the later written one comes last.
    """
    table = tables.records
    known = (
        table.c.account == account,
        table.c.lineage == lineage,
        table.c.recorded_at <= to_microseconds(moment),
    )
    start, end = to_timestamp(window.start), to_timestamp(window.end)
    before = table.c.timestamp < start
    order = (table.c.timestamp.desc(), table.c.id.desc())
    earlier = await connection.execute(select(table).where(*known, before).order_by(*order).limit(1))
    inside = await connection.execute(
        select(table)
        .where(*known, table.c.timestamp >= start, table.c.timestamp < end)
        .order_by(table.c.timestamp, table.c.id)
    )
    return [reading_from_row(row) for result in (earlier, inside) for row in result.mappings()]


async def counter_at(
    connection: AsyncConnection, account: str, lineage: str, instants: Sequence[datetime], moment: datetime
) -> list[CounterPoint]:
    """For each instant what is known of the counter of a plan's use on either side of it."""
    key = tables.consumed_key(account, lineage)
    found = await read_neighbours(connection, key, [to_epoch(instant) for instant in instants], moment)
    return [
        CounterPoint(
            instant,
            None if before is None else (from_epoch(before[0]), before[1]),
            None if after is None else (from_epoch(after[0]), after[1]),
        )
        for instant, (before, after) in zip(instants, found, strict=True)
    ]


async def gaps(
    connection: AsyncConnection, account: str, lineage: str, window: Window, moment: datetime
) -> list[tuple[datetime, timedelta]]:
    """The pairs of readings that span a gap, or hide some use, and reach into `window`.

    Each is the moment of its later reading and its length.
    """
    key = tables.gap_key(account, lineage)
    until = max(window.end, moment) + timedelta(seconds=1)
    found: list[tuple[datetime, timedelta]] = []
    for end, seconds in await read_raw(connection, key, Window(window.start, until), moment):
        if seconds is not None and end - seconds < window.end.timestamp():
            found.append((from_epoch(end), timedelta(seconds=seconds)))
    return found


async def calls(connection: AsyncConnection, account: str, moment: datetime, limit: int) -> list[ApiCall]:
    """The last calls to Taara for an account, newest first, at most `limit` of them."""
    table = tables.calls
    statement = (
        select(table)
        .where(
            table.c.account == account,
            table.c.timestamp <= to_timestamp(moment),
            table.c.recorded_at <= to_microseconds(moment),
        )
        .order_by(table.c.timestamp.desc(), table.c.id.desc())
        .limit(limit)
    )
    return [call_from_row(row) for row in (await connection.execute(statement)).mappings()]


async def source(
    connection: AsyncConnection, account: str, moment: datetime, interval: timedelta
) -> SourceState:
    """How fresh an account's data is, where it is polled every `interval`."""
    return await health(connection, SOURCE, account, moment, interval)


async def _last_poll(connection: AsyncConnection, account: str, moment: datetime) -> RowMapping | None:
    table = tables.polls
    statement = (
        select(table)
        .where(
            table.c.account == account,
            table.c.timestamp <= to_timestamp(moment),
            table.c.recorded_at <= to_microseconds(moment),
        )
        .order_by(table.c.timestamp.desc())
        .limit(1)
    )
    return (await connection.execute(statement)).mappings().first()


async def _plans_of(connection: AsyncConnection, poll: RowMapping) -> list[PlanSnapshot]:
    """The plans of a poll under the lineages they were recorded with, active ones first."""
    table = tables.records
    rows = await connection.execute(select(table).where(table.c.poll_id == poll["id"]).order_by(table.c.id))
    read_at = from_timestamp(poll["timestamp"])
    found = [PlanSnapshot(row["lineage"], plan_from_row(row), read_at) for row in rows.mappings()]
    return sorted(found, key=lambda each: not each.plan.active)


def _newest_first(purchase: Purchase) -> tuple[int, str]:
    day = purchase.purchased_on
    return (0 if day is None else -day.toordinal(), purchase.id)
