"""Writing samples: as they arrive, late or again; and a whole history at once."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Table,
    TextClause,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    true,
    update,
)

from core.moment import to_epoch
from core.store.series.incoming import INCOMING, IncomingRow, stage
from core.store.series.keys import KnownSeries, make_series
from core.store.series.model import Sample, SeriesKey, SeriesSamples, levels_of
from core.store.series.rollups import refresh_rollups
from core.store.statements import fixed, insert_missing, insert_rows, upsert
from core.store.tables import SAMPLE, SAMPLE_VERSION, SERIES

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["load_history", "write_many", "write_samples"]

_SERIES_AT_A_TIME = 200


async def write_samples(
    transaction: Transaction, key: SeriesKey, samples: Iterable[Sample], *, step: int, unit: str = ""
) -> None:
    """Write samples of one series, in any order, known or not (see `write_many`)."""
    await write_many(transaction, [SeriesSamples(key, samples, step, unit)])


async def write_many(transaction: Transaction, batch: Iterable[SeriesSamples]) -> None:
    """Write samples of many series at once, with their roll-ups.

    A sample that is known with the same value is left as it is. One that differs becomes the value known
    from the transaction's second on, and what it takes the place of is kept for reads of the past. Samples
    older than their series' raw ones are left out, because their roll-ups can't be made anew. A value
    that is no number (NaN, infinity) counts as none.
    """
    connection = transaction.connection
    dialect = connection.dialect.name
    now = to_epoch(transaction.recorded_at)
    batches = list(batch)
    series = await make_series(connection, batches)
    samples: dict[SeriesKey, dict[int, float | None]] = {}
    for each in batches:
        samples.setdefault(each.key, {}).update(each.samples)
    rows = [row for key, values in samples.items() for row in _rows(series[key], values.items(), now)]
    await stage(connection, rows)
    known = await connection.execute(_drop_known(dialect))
    if known.rowcount == len(rows):
        return
    await connection.execute(_keep_superseded(dialect))
    await connection.execute(_put_in_place(dialect))
    await refresh_rollups(connection, {series[key].step for key in samples})
    await connection.execute(_mark_changed(dialect))


async def load_history(transaction: Transaction, batch: Iterable[SeriesSamples]) -> None:
    """Write a past: samples that count as recorded when their slot was over, so that the past shows them.

    For the demo, and for importing what was on screen elsewhere at the time. Samples that are there
    already are kept as they are.
    """
    connection = transaction.connection
    statement = insert_missing(connection.dialect.name, SAMPLE)
    batches = list(batch)
    series = await make_series(connection, batches)
    for start in range(0, len(batches), _SERIES_AT_A_TIME):
        touched: dict[int, dict[int, IncomingRow]] = {}
        changed: list[dict[str, int]] = []
        for each in batches[start : start + _SERIES_AT_A_TIME]:
            known = series[each.key]
            rows = _rows(known, each.samples, None)
            await insert_rows(connection, statement, rows)
            finest = min(levels_of(known.step), default=known.step)
            touched.setdefault(known.id, {}).update({row[1] // finest: row for row in rows})
            newest = max((row[1] + row[3] for row in rows), default=0)
            changed.append({"of": known.id, "newest": newest})
        await stage(connection, [row for buckets in touched.values() for row in buckets.values()])
        await refresh_rollups(connection, {series[each.key].step for each in batches})
        later = update(SERIES).where(
            SERIES.c.id == bindparam("of"), SERIES.c.changed_at < bindparam("newest")
        )
        await connection.execute(later.values(changed_at=bindparam("newest")), changed)


def _rows(series: KnownSeries, samples: Iterable[Sample], now: int | None) -> list[IncomingRow]:
    """The samples as rows: recorded `now` (at once for one of the future), or when their slot was over.

    Those older than the series' raw samples are left out; a value that is no number becomes none.
    """
    since, step, finite = series.raw_since, series.step, math.isfinite
    return [
        (
            series.id,
            time,
            value if value is None or finite(value) else None,
            step if now is None else max(now - time, 0),
        )
        for time, value in samples
        if time >= since
    ]


@cache
def _drop_known(dialect: str) -> TextClause:
    """Leave only samples that are new or differ."""
    same = exists().where(_same_slot(SAMPLE), SAMPLE.c.value.is_not_distinct_from(INCOMING.c.value))
    return fixed(dialect, delete(INCOMING).where(same))


@cache
def _keep_superseded(dialect: str) -> TextClause:
    """Keep as versions the values about to be replaced, but for those of this very second.

    Written with a look-up for each incoming sample: a join might be run from the wrong side, which is
    the whole of the samples.
    """
    earlier = exists().where(_same_slot(SAMPLE), SAMPLE.c.known_after < INCOMING.c.known_after)
    rows = select(
        INCOMING.c.series, INCOMING.c.time, _present(SAMPLE.c.known_after), _present(SAMPLE.c.value)
    )
    names = ["series", "time", "known_after", "value"]
    return fixed(dialect, insert(SAMPLE_VERSION).from_select(names, rows.where(earlier)))


@cache
def _put_in_place(dialect: str) -> TextClause:
    return fixed(dialect, upsert(dialect, SAMPLE, select(INCOMING).where(true()), ["value", "known_after"]))


@cache
def _mark_changed(dialect: str) -> TextClause:
    """Note when the last of each series' incoming samples becomes known: now, or later for the future's."""
    known_at = func.max(INCOMING.c.time + INCOMING.c.known_after)
    newest = select(known_at).where(INCOMING.c.series == SERIES.c.id).correlate(SERIES).scalar_subquery()
    changed = and_(SERIES.c.id.in_(select(INCOMING.c.series)), SERIES.c.changed_at < newest)
    return fixed(dialect, update(SERIES).where(changed).values(changed_at=newest))


def _present(column: ColumnElement[float]) -> ScalarSelect[float]:
    """What the sample of the incoming one's slot has in `column` now."""
    return select(column).where(_same_slot(SAMPLE)).correlate(INCOMING).scalar_subquery()


def _same_slot(table: Table) -> ColumnElement[bool]:
    return (table.c.series == INCOMING.c.series) & (table.c.time == INCOMING.c.time)
