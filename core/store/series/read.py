"""Reading series, as they were known at a moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    and_,
    exists,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from core.moment import Window, to_epoch
from core.store.series.keys import KnownSeries, find_series
from core.store.series.model import Bucket, Sample, SeriesKey, levels_of
from core.store.series.rollups import bucket_start
from core.store.tables import ROLLUP, SAMPLE, SAMPLE_VERSION, SERIES

__all__ = ["latest", "latest_of_all", "raw_since", "read_buckets", "read_raw"]

_MEASURES = (ROLLUP.c.time, ROLLUP.c.low, ROLLUP.c.high, ROLLUP.c.total, ROLLUP.c.count)


async def read_raw(connection: AsyncConnection, key: SeriesKey, window: Window, at: datetime) -> list[Sample]:
    """The samples of the window that were known at `at`, in order of time.

    Times are seconds since 1970; `None` is a slot for which the source said that there is no value.
    """
    series = (await find_series(connection, [key])).get(key)
    if series is None:
        return []
    known = _known(series, _span(to_epoch(window.start), to_epoch(window.end)), to_epoch(at)).subquery()
    rows = await connection.execute(select(known.c.time, known.c.value).order_by(known.c.time))
    return [(time, value) for time, value in rows.all()]


async def read_buckets(
    connection: AsyncConnection, key: SeriesKey, window: Window, bucket: int, at: datetime
) -> list[Bucket]:
    """The window's samples known at `at`, summed up in buckets of `bucket` seconds (a multiple of 900).

    Every bucket that overlaps the window comes whole; those without a value are left out. Buckets are of
    UTC: they begin at multiples of `bucket` since 1970.

    Raises:
        ValueError: `bucket` is not a multiple of 900.
    """
    if bucket <= 0 or bucket % 900:
        raise ValueError("a bucket is a multiple of 900 seconds")
    series = (await find_series(connection, [key])).get(key)
    if series is None:
        return []
    start = to_epoch(window.start) // bucket * bucket
    end = -(-to_epoch(window.end) // bucket) * bucket
    level = max((level for level in levels_of(series.step) if bucket % level == 0), default=None)
    if level is None:
        parts = _summed(_known(series, _span(start, end), to_epoch(at)).subquery(), "time", bucket)
    elif to_epoch(at) >= series.changed_at:
        parts = select(*_MEASURES).where(_of_level(series, level, start, end))
    else:
        parts = _rollups_known(series, level, start, end, to_epoch(at))
    if level is not None and level < bucket:
        parts = _regrouped(parts.subquery(), bucket)
    whole = parts.subquery()
    rows = await connection.execute(select(whole).where(whole.c.count > 0).order_by(whole.c.time))
    return [Bucket(time, low, high, total, int(count)) for time, low, high, total, count in rows.all()]


async def raw_since(connection: AsyncConnection, key: SeriesKey) -> int:
    """Since when, in seconds, the series' raw samples are kept; before, there are roll-ups only."""
    series = (await find_series(connection, [key])).get(key)
    return 0 if series is None else series.raw_since


async def latest(connection: AsyncConnection, key: SeriesKey, at: datetime) -> tuple[int, float] | None:
    """The newest sample with a value that was known at `at`."""
    series = (await find_series(connection, [key])).get(key)
    return None if series is None else await _latest(connection, series, to_epoch(at))


async def latest_of_all(
    connection: AsyncConnection, area: str, name: str, at: datetime
) -> dict[str, tuple[int, float]]:
    """By subject, the newest sample with a value known at `at` of every series of that area and name."""
    of_name = (SERIES.c.area == area, SERIES.c.name == name)
    moment = to_epoch(at)
    newest = (
        select(SAMPLE.c.time)
        .where(SAMPLE.c.series == SERIES.c.id, *_valued(moment))
        .order_by(SAMPLE.c.time.desc())
        .limit(1)
        .correlate(SERIES)
        .scalar_subquery()
    )
    statement = (
        select(SERIES.c.subject, SAMPLE.c.time, SAMPLE.c.value)
        .join(SAMPLE, and_(SAMPLE.c.series == SERIES.c.id, SAMPLE.c.time == newest))
        .where(*of_name)
    )
    found = {row.subject: (row.time, row.value) for row in await connection.execute(statement)}
    changed = select(SERIES.c.subject).where(*of_name, SERIES.c.changed_at > moment)
    keys = [SeriesKey(area, subject, name) for subject in (await connection.execute(changed)).scalars()]
    for key, series in (await find_series(connection, keys)).items():
        value = await _latest(connection, series, moment)
        if value is not None:
            found[key.subject] = value
    return found


async def _latest(connection: AsyncConnection, series: KnownSeries, at: int) -> tuple[int, float] | None:
    statement = (
        select(SAMPLE.c.time, SAMPLE.c.value)
        .where(SAMPLE.c.series == series.id, *_valued(at))
        .order_by(SAMPLE.c.time.desc())
        .limit(1)
    )
    present = (await connection.execute(statement)).first()
    if at < series.changed_at:
        since = 0 if present is None else present.time
        known = _known(series, _span(since, at + 1), at).subquery()
        statement = select(known.c.time, known.c.value).where(known.c.value.is_not(None))
        present = (await connection.execute(statement.order_by(known.c.time.desc()).limit(1))).first()
    return None if present is None else (present.time, present.value)


def _valued(at: int) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a sample that has a value and was known at `at`."""
    return (
        SAMPLE.c.value.is_not(None),
        SAMPLE.c.time <= at,
        SAMPLE.c.time + SAMPLE.c.known_after <= at,
    )


def _span(start: int, end: int) -> FromClause:
    """The stretch from `start` to before `end` as a row, in the form `_known` takes."""
    return select(literal(start, BigInteger).label("start"), literal(end, BigInteger).label("end")).subquery()


def _known(series: KnownSeries, spans: FromClause, at: int) -> Select[Any] | CompoundSelect[Any]:
    """The (start of the span, time, value) of each sample within `spans` that was known at `at`.

    That is the present value of those recorded by then, and for those replaced since the newest of the
    values before.
    """
    present = (
        select(spans.c.start, SAMPLE.c.time, SAMPLE.c.value)
        .join(SAMPLE, _within(SAMPLE.c, series, spans))
        .where(SAMPLE.c.time <= at)
    )
    if at >= series.changed_at:
        return present
    version, later = SAMPLE_VERSION.alias("version"), SAMPLE_VERSION.alias("later")
    superseded_by_then = exists().where(
        later.c.series == version.c.series,
        later.c.time == version.c.time,
        later.c.known_after > version.c.known_after,
        later.c.time + later.c.known_after <= at,
    )
    past = (
        select(spans.c.start, version.c.time, version.c.value)
        .join(version, _within(version.c, series, spans))
        .join(SAMPLE, and_(SAMPLE.c.series == version.c.series, SAMPLE.c.time == version.c.time))
        .where(
            version.c.time + version.c.known_after <= at,
            SAMPLE.c.time + SAMPLE.c.known_after > at,
            ~superseded_by_then,
        )
    )
    return union_all(present.where(SAMPLE.c.time + SAMPLE.c.known_after <= at), past)


def _within(columns: Any, series: KnownSeries, spans: FromClause) -> ColumnElement[bool]:
    return and_(columns.series == series.id, columns.time >= spans.c.start, columns.time < spans.c.end)


def _of_level(series: KnownSeries, level: int, start: int, end: int) -> ColumnElement[bool]:
    return and_(
        ROLLUP.c.series == series.id, ROLLUP.c.step == level, ROLLUP.c.time >= start, ROLLUP.c.time < end
    )


def _rollups_known(series: KnownSeries, level: int, start: int, end: int, at: int) -> CompoundSelect[Any]:
    """The roll-ups of a level as they were at `at`: made anew from samples where they changed since."""
    settled_at = ROLLUP.c.time + ROLLUP.c.settled_after
    settled = select(*_MEASURES).where(_of_level(series, level, start, end), settled_at <= at)
    changed = (
        select(ROLLUP.c.time.label("start"), (ROLLUP.c.time + literal(level, BigInteger)).label("end"))
        .where(_of_level(series, level, start, end), settled_at > at, ROLLUP.c.time <= at)
        .subquery()
    )
    return union_all(settled, _summed(_known(series, changed, at).subquery(), "start", level))


def _summed(known: FromClause, by: str, bucket: int) -> Select[Any]:
    """Known samples summed up by the bucket that the column `by` falls into, in the shape of roll-ups."""
    start = bucket_start(known.c[by], bucket)
    value = known.c.value
    return select(
        start.label("time"),
        func.min(value).label("low"),
        func.max(value).label("high"),
        func.sum(value).label("total"),
        func.count(value).label("count"),
    ).group_by(start)


def _regrouped(parts: FromClause, bucket: int) -> Select[Any]:
    """Roll-ups gathered into longer buckets, in the same shape."""
    start = bucket_start(parts.c.time, bucket)
    return select(
        start.label("time"),
        func.min(parts.c.low).label("low"),
        func.max(parts.c.high).label("high"),
        func.sum(parts.c.total).label("total"),
        func.sum(parts.c.count).label("count"),
    ).group_by(start)
