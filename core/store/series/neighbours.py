"""The samples on either side of given moments, for a counter that is read in between."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Select, and_, exists, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from core.moment import Window, from_epoch, to_epoch
from core.store.series.keys import KnownSeries, find_series
from core.store.series.model import SeriesKey
from core.store.series.read import read_raw
from core.store.tables import SAMPLE, SAMPLE_VERSION

__all__ = ["Neighbours", "read_neighbours"]

Neighbours = tuple[tuple[int, float] | None, tuple[int, float] | None]
"""The last sample up to a moment and the first after it, each as time and value, where there is one."""

_TIMES_PER_STATEMENT = 400


async def read_neighbours(
    connection: AsyncConnection, key: SeriesKey, times: Sequence[int], at: datetime
) -> list[Neighbours]:
    """For each of `times`, in seconds since 1970, the neighbouring samples with a value known at `at`."""
    series = (await find_series(connection, [key])).get(key)
    if series is None:
        return [(None, None) for _time in times]
    revised = select(exists().where(SAMPLE_VERSION.c.series == series.id))
    if to_epoch(at) < series.changed_at and await connection.scalar(revised):
        return await _among_versions(connection, key, times, at)
    found: dict[int, Neighbours] = {}
    for start in range(0, len(times), _TIMES_PER_STATEMENT):
        some = times[start : start + _TIMES_PER_STATEMENT]
        for row in await connection.execute(_statement(series, some, to_epoch(at))):
            before = None if row.earlier is None else (row.earlier, row.low)
            after = None if row.later is None else (row.later, row.high)
            found[row.time] = (before, after)
    return [found[time] for time in times]


def _statement(
    series: KnownSeries, times: Sequence[int], at: int
) -> Select[tuple[int, int, float, int, float]]:
    """Two index seeks for each moment, and one look-up for what each of them found."""
    wanted = union_all(
        *(
            select(literal(time, BigInteger).label("time"), literal(min(time, at), BigInteger).label("until"))
            for time in sorted(set(times))
        )
    )
    moments = wanted.subquery("moment")
    known = (
        SAMPLE.c.series == series.id,
        SAMPLE.c.value.is_not(None),
        SAMPLE.c.time + SAMPLE.c.known_after <= at,
    )
    # Ordered and limited to one, and with one bound each: or SQLite reads every sample on that side.
    up_to = select(SAMPLE.c.time).where(*known, SAMPLE.c.time <= moments.c.until)
    beyond = select(SAMPLE.c.time).where(*known, SAMPLE.c.time > moments.c.time, SAMPLE.c.time <= at)
    earlier = up_to.order_by(SAMPLE.c.time.desc()).limit(1)
    later = beyond.order_by(SAMPLE.c.time).limit(1)
    ends = select(
        moments.c.time,
        earlier.correlate(moments).scalar_subquery().label("earlier"),
        later.correlate(moments).scalar_subquery().label("later"),
    ).subquery("ends")
    low, high = SAMPLE.alias("low"), SAMPLE.alias("high")
    return (
        select(
            ends.c.time, ends.c.earlier, low.c.value.label("low"), ends.c.later, high.c.value.label("high")
        )
        .outerjoin(low, and_(low.c.series == series.id, low.c.time == ends.c.earlier))
        .outerjoin(high, and_(high.c.series == series.id, high.c.time == ends.c.later))
    )


async def _among_versions(
    connection: AsyncConnection, key: SeriesKey, times: Sequence[int], at: datetime
) -> list[Neighbours]:
    """The same where samples have been replaced since: from all that was known at `at`."""
    everything = Window(from_epoch(0), from_epoch(to_epoch(at) + 1))
    samples = await read_raw(connection, key, everything, at)
    known = [(time, value) for time, value in samples if value is not None]
    found: list[Neighbours] = []
    for time in times:
        place = bisect_right(known, time, key=lambda sample: sample[0])
        found.append((known[place - 1] if place else None, known[place] if place < len(known) else None))
    return found
