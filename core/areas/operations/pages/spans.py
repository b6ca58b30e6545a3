"""The time ranges that can be looked at, and series drawn over them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.message import Message, _
from core.moment import Window, from_epoch, to_epoch
from core.page import ChartSeries
from core.store.series import LEVELS, SeriesKey, read_buckets, read_raw

__all__ = ["SPANS", "Span", "drawn"]


@dataclass(frozen=True, slots=True)
class Span:
    """A time range on offer, what it is called, and the seconds from one drawn point to the next."""

    value: str
    label: Message
    length: timedelta
    step: int

    def window(self, moment: datetime) -> Window:
        """The range that ends with the step that is still filling at `moment`."""
        return Window.last(self.length, from_epoch(-(-to_epoch(moment) // self.step) * self.step))


SPANS = {
    span.value: span
    for span in (
        Span("1h", _("last hour"), timedelta(hours=1), 60),
        Span("24h", _("last 24 hours"), timedelta(hours=24), 900),
        Span("7d", _("last 7 days"), timedelta(days=7), 3_600),
        Span("90d", _("last 90 days"), timedelta(days=90), 21_600),
    )
}
"""The ranges by the words that ask for them (operations.md 3.1)."""


async def drawn(
    connection: AsyncConnection,
    key: SeriesKey,
    name: Message | str,
    span: Span,
    moment: datetime,
    *,
    scale: float = 1.0,
) -> ChartSeries:
    """The series as a line: the mean of each step, gaps where nothing was measured, extremes beside it."""
    window = span.window(moment)
    if span.step < LEVELS[0]:
        known = await _by_step(connection, key, window, span.step, moment)
        values = {time: (value, value, value) for time, value in known.items()}
    else:
        found = await read_buckets(connection, key, window, span.step, moment)
        values = {each.start: (each.mean, each.low, each.high) for each in found}
    times = range(to_epoch(window.start), to_epoch(window.end), span.step)
    scaled = {time: tuple(part * scale for part in parts) for time, parts in values.items()}
    points = tuple((time, scaled[time][0] if time in scaled else None) for time in times)
    low = tuple(scaled[time][1] if time in scaled else None for time in times)
    high = tuple(scaled[time][2] if time in scaled else None for time in times)
    return ChartSeries(name, points, low, high)


async def _by_step(
    connection: AsyncConnection, key: SeriesKey, window: Window, step: int, moment: datetime
) -> dict[int, float]:
    """The last value of each step."""
    samples = await read_raw(connection, key, window, moment)
    return {time // step * step: value for time, value in samples if value is not None}
