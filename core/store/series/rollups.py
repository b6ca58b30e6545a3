"""Keeping the roll-ups of series true to their samples, in SQL and for the touched buckets only.

The finest roll-up of a series is made from its samples, each coarser one from the one before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Table, TextClause, and_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.store.series.incoming import INCOMING
from core.store.series.model import LEVELS, STEPS_PER_LEVEL, levels_of
from core.store.statements import fixed, upsert
from core.store.tables import ROLLUP, SAMPLE, SERIES

__all__ = ["bucket_start", "refresh_rollups"]

_MEASURES = ("low", "high", "total", "count", "settled_after")


def bucket_start(time: ColumnElement[int], length: int) -> ColumnElement[int]:
    """The start of the bucket of `length` seconds that `time` falls into."""
    return time - time % length


async def refresh_rollups(connection: AsyncConnection, steps: Iterable[int]) -> None:
    """Make anew every roll-up that covers an incoming sample; `steps` are those of the series among them."""
    links = {link for step in set(steps) for link in pairwise((0, *levels_of(step)))}
    for finer, level in sorted(links, key=lambda link: link[1]):
        await connection.execute(_refresh(connection.dialect.name, finer, level))


@cache
def _refresh(dialect: str, finer: int, level: int) -> TextClause:
    """The statement that makes one level from the next finer one, or from the samples where `finer` is 0."""
    span = SERIES.c.step * STEPS_PER_LEVEL
    if finer:
        rows = _summed_rollups(_touched(level, span <= finer), finer, level)
    else:
        below = max((each for each in LEVELS if each < level), default=0)
        rows = _summed_samples(_touched(level, and_(span <= level, span > below)), level)
    return fixed(dialect, upsert(dialect, ROLLUP, rows, _MEASURES))


def _touched(level: int, condition: ColumnElement[bool]) -> FromClause:
    """The (series, start) of each bucket with an incoming sample, of series that meet the condition."""
    start = bucket_start(INCOMING.c.time, level).label("start")
    series = select(INCOMING.c.series, start).join(SERIES, SERIES.c.id == INCOMING.c.series)
    return series.where(condition).distinct().subquery()


def _summed_samples(buckets: FromClause, level: int) -> Select[Any]:
    return (
        select(
            buckets.c.series,
            literal(level),
            buckets.c.start,
            func.min(SAMPLE.c.value),
            func.max(SAMPLE.c.value),
            func.sum(SAMPLE.c.value),
            func.count(SAMPLE.c.value),
            func.max(SAMPLE.c.time + SAMPLE.c.known_after) - buckets.c.start,
        )
        .join(SAMPLE, _inside(SAMPLE, buckets, level))
        .group_by(buckets.c.series, buckets.c.start)
    )


def _summed_rollups(buckets: FromClause, finer: int, level: int) -> Select[Any]:
    return (
        select(
            buckets.c.series,
            literal(level),
            buckets.c.start,
            func.min(ROLLUP.c.low),
            func.max(ROLLUP.c.high),
            func.sum(ROLLUP.c.total),
            func.sum(ROLLUP.c.count),
            func.max(ROLLUP.c.time + ROLLUP.c.settled_after) - buckets.c.start,
        )
        .join(ROLLUP, and_(_inside(ROLLUP, buckets, level), ROLLUP.c.step == finer))
        .group_by(buckets.c.series, buckets.c.start)
    )


def _inside(table: Table, buckets: FromClause, level: int) -> ColumnElement[bool]:
    """The condition that a row is of the bucket's series and time."""
    end = buckets.c.start + level
    return and_(table.c.series == buckets.c.series, table.c.time >= buckets.c.start, table.c.time < end)
