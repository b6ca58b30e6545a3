"""From a series' key to its row, and making that row when the series is new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.store.series.incoming import stage
from core.store.series.model import SeriesKey, SeriesSamples
from core.store.series.rollups import refresh_rollups
from core.store.statements import insert_missing
from core.store.tables import SAMPLE, SERIES

__all__ = ["KnownSeries", "find_series", "make_series"]

_SUBJECTS_PER_STATEMENT = 500


@dataclass(frozen=True, slots=True)
class KnownSeries:
    """A series' row (`core.store.tables.SERIES`)."""

    id: int
    step: int
    unit: str
    raw_since: int
    changed_at: int


async def find_series(connection: AsyncConnection, keys: Iterable[SeriesKey]) -> dict[SeriesKey, KnownSeries]:
    """The rows of those series that have one."""
    subjects: dict[str, set[str]] = defaultdict(set)
    wanted = set(keys)
    for key in wanted:
        subjects[key.area].add(key.subject)
    found: dict[SeriesKey, KnownSeries] = {}
    for area, names in subjects.items():
        ordered = sorted(names)
        for start in range(0, len(ordered), _SUBJECTS_PER_STATEMENT):
            some = ordered[start : start + _SUBJECTS_PER_STATEMENT]
            statement = select(SERIES).where(SERIES.c.area == area, SERIES.c.subject.in_(some))
            for row in (await connection.execute(statement)).all():
                key = SeriesKey(row.area, row.subject, row.name)
                if key in wanted:
                    found[key] = KnownSeries(row.id, row.step, row.unit, row.raw_since, row.changed_at)
    return found


async def make_series(
    connection: AsyncConnection, batch: Sequence[SeriesSamples]
) -> dict[SeriesKey, KnownSeries]:
    """The rows of every series in the batch, made where new and adjusted where step or unit differ."""
    known = await find_series(connection, (each.key for each in batch))
    new = {each.key: each for each in batch if each.key not in known}
    if new:
        rows = [
            {
                "area": key.area,
                "subject": key.subject,
                "name": key.name,
                "step": each.step,
                "unit": each.unit,
                "raw_since": 0,
                "changed_at": 0,
            }
            for key, each in new.items()
        ]
        await connection.execute(insert_missing(connection.dialect.name, SERIES), rows)
        known |= await find_series(connection, new)
    adjusted = [each for each in batch if _differs(known[each.key], each)]
    for each in adjusted:
        await _adjust(connection, known[each.key], each)
    if adjusted:
        known |= await find_series(connection, (each.key for each in adjusted))
    return known


def _differs(known: KnownSeries, given: SeriesSamples) -> bool:
    return given.step < known.step or given.unit != known.unit


async def _adjust(connection: AsyncConnection, known: KnownSeries, given: SeriesSamples) -> None:
    """Take over a changed unit or a finer step; the finer step's further roll-ups are made at once."""
    step = min(known.step, given.step)
    await connection.execute(update(SERIES).where(SERIES.c.id == known.id).values(step=step, unit=given.unit))
    if step < known.step:
        samples = await connection.execute(select(SAMPLE).where(SAMPLE.c.series == known.id))
        rows = [(series, time, value, known_after) for series, time, value, known_after in samples.all()]
        await stage(connection, rows)
        await refresh_rollups(connection, [step])
