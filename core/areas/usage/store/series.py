"""The time series of the charts, derived from the records within the transaction that writes those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import RowMapping, delete, insert, select

from core.areas.usage.model import Reading
from core.areas.usage.rules.meter import Advance, Meter, Samples, advance, shifted
from core.areas.usage.store import tables
from core.areas.usage.store.rows import reading_from_row
from core.areas.usage.store.tables import from_timestamp, to_timestamp
from core.moment import Window, from_epoch
from core.store.series import SeriesSamples, latest, load_history, read_raw, write_many
from core.store.store import Transaction

__all__ = ["derive", "derive_anew", "load_series"]


async def derive(
    transaction: Transaction, account: str, readings: Mapping[str, Reading], interval: timedelta
) -> None:
    """Take one further reading of each lineage into its series.

    One that isn't later than what is there makes the lineage's series anew.
    """
    table = tables.meters
    rows = await transaction.connection.execute(select(table).where(table.c.account == account))
    known = {row["lineage"]: _meter(row) for row in rows.mappings()}
    moved: dict[str, Advance] = {}
    for lineage, reading in readings.items():
        meter = known.get(lineage)
        if meter is not None and reading.at <= meter.last.at:
            await derive_anew(transaction, account, lineage, interval)
        else:
            moved[lineage] = advance(meter, [reading], interval)
    await write_many(
        transaction, [batch for name, each in moved.items() for batch in _series(account, name, each)]
    )
    await _keep(transaction, account, {name: each.meter for name, each in moved.items()})


async def derive_anew(transaction: Transaction, account: str, lineage: str, interval: timedelta) -> None:
    """Make a lineage's series from all of its records, after some that are older have joined them.

    The counter keeps its newest value, and is continued backwards: what was used before its beginning
    makes it negative there. Samples that are the same as before are left as they are.
    """
    connection, now = transaction.connection, transaction.recorded_at
    table = tables.records
    rows = await connection.execute(
        select(table)
        .where(table.c.account == account, table.c.lineage == lineage)
        .order_by(table.c.timestamp, table.c.id)
    )
    found = advance(None, [reading_from_row(row) for row in rows.mappings()], interval)
    newest = await latest(connection, tables.consumed_key(account, lineage), now)
    by = _offset(found.consumed, newest)
    meter = None if found.meter is None else Meter(found.meter.last, found.meter.consumed + int(by))
    gone = await _closed_gaps(transaction, account, lineage, found.gap)
    anew = Advance(meter, found.balance, shifted(found.consumed, by), (*found.gap, *gone))
    await write_many(transaction, _series(account, lineage, anew))
    await _keep(transaction, account, {lineage: meter})


async def load_series(
    transaction: Transaction, account: str, lineage: str, readings: Sequence[Reading], interval: timedelta
) -> None:
    """Write a lineage's whole past, as if each of its samples had been recorded in its time."""
    found = advance(None, readings, interval)
    await load_history(transaction, _series(account, lineage, found))
    await _keep(transaction, account, {lineage: found.meter})


def _offset(consumed: Samples, newest: tuple[int, float] | None) -> float:
    """What to add to a counter made anew, so that it agrees with the newest value that was there."""
    if newest is None:
        return 0.0
    return newest[1] - (dict(consumed).get(newest[0]) or 0.0)


async def _closed_gaps(transaction: Transaction, account: str, lineage: str, gaps: Samples) -> Samples:
    """The gaps that are none any more: samples that take them back."""
    key = tables.gap_key(account, lineage)
    ever = Window(from_epoch(0), transaction.recorded_at + timedelta(days=1))
    known = await read_raw(transaction.connection, key, ever, transaction.recorded_at)
    stay = dict(gaps)
    return tuple((at, None) for at, seconds in known if seconds is not None and at not in stay)


def _series(account: str, lineage: str, found: Advance) -> list[SeriesSamples]:
    batches = (
        SeriesSamples(tables.balance_key(account, lineage), found.balance, tables.STEP, "B"),
        SeriesSamples(tables.consumed_key(account, lineage), found.consumed, tables.STEP, "B"),
        SeriesSamples(tables.gap_key(account, lineage), found.gap, tables.STEP, "s"),
    )
    return [batch for batch in batches if batch.samples]


async def _keep(transaction: Transaction, account: str, meters: Mapping[str, Meter | None]) -> None:
    """Remember where the counters stand."""
    table = tables.meters
    kept = {name: meter for name, meter in meters.items() if meter is not None}
    if not kept:
        return
    old = delete(table).where(table.c.account == account, table.c.lineage.in_(list(kept)))
    await transaction.connection.execute(old)
    rows = [_meter_row(account, name, meter) for name, meter in kept.items()]
    await transaction.connection.execute(insert(table), rows)


def _meter_row(account: str, lineage: str, meter: Meter) -> dict[str, object]:
    last = meter.last
    return {
        "account": account,
        "lineage": lineage,
        "at": to_timestamp(last.at),
        "balance": last.balance,
        "expires_in_days": last.expires_in_days,
        "purchase_id": last.purchase_id,
        "exact": last.exact,
        "consumed": meter.consumed,
    }


def _meter(row: RowMapping) -> Meter:
    last = Reading(
        at=from_timestamp(row["at"]),
        balance=row["balance"],
        expires_in_days=row["expires_in_days"],
        purchase_id=row["purchase_id"],
        exact=bool(row["exact"]),
    )
    return Meter(last, row["consumed"])
