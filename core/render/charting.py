"""Charts prepared for drawing, without any drawing: cleaned, thinned, summed up.

The rules: a gap stays a gap, a peak survives thinning, and nothing that isn't a finite number is drawn.
Points are (seconds since 1970, value or `None`), in order of time.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.message import Message, _
from core.moment import to_epoch
from core.page import Chart, ChartSeries, Column, Kind, Row, Table
from core.render.ticks import Tick, time_ticks, value_ticks
from core.render.values import Formatter
from core.units import Absent, Quantity, Severity, Unit, Value

__all__ = [
    "Figures",
    "Level",
    "Line",
    "Plan",
    "clean",
    "figure_table",
    "figures",
    "peaks",
    "plan",
    "sparkline",
    "thin",
    "value_range",
]

Points = Sequence[tuple[int, float | None]]

_BLOCKS = "▁▂▃▄▅▆▇█"
_GAP_FACTOR = 1.5
"""Two neighbours further apart than this many steps have a gap between them."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a series says in numbers. `percentile` is the 95th by nearest rank (plume.md 8.2)."""

    last: float
    lowest: float
    highest: float
    mean: float
    percentile: float
    count: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line to draw, thinned to the columns there are."""

    name: str
    points: tuple[tuple[int, float | None], ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A threshold to draw as a line across the chart."""

    value: float
    label: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a drawing of a chart needs: its lines, both axes and the levels worth a line.

    `bar` is the seconds a bar stands for where points are drawn as bars, and 0 where they are a line.
    """

    unit: Unit
    start: int
    end: int
    bottom: float
    top: float
    lines: tuple[Line, ...]
    thresholds: tuple[Level, ...]
    time_ticks: tuple[Tick, ...]
    value_ticks: tuple[Tick, ...]
    bar: int = 0

    @property
    def empty(self) -> bool:
        """Whether no line has any value."""
        return not any(value is not None for line in self.lines for _moment, value in line.points)


def plan(chart: Chart, formatter: Formatter, width: int, height: int) -> Plan:
    """Lay `chart` out for `width` columns and `height` rows of characters."""
    start, end = to_epoch(chart.start), to_epoch(chart.end)
    bottom, top = value_range(chart)
    ticks = value_ticks(bottom, top, formatter, most=max(2, min(6, height // 2)))
    bottom, top = min(bottom, ticks[0].at), max(top, ticks[-1].at)
    return Plan(
        unit=chart.unit,
        start=start,
        end=end,
        bottom=bottom,
        top=top,
        lines=tuple(
            Line(formatter.value(series.name), thin(series, chart.step, start, end, width))
            for series in chart.series
        ),
        thresholds=tuple(
            Level(each.value, formatter.message(each.label), each.severity)
            for each in chart.thresholds
            if bottom <= each.value <= top
        ),
        time_ticks=time_ticks(
            start, end, formatter.zone, most=max(2, min(6, width // 12)), moments=formatter.moments
        ),
        value_ticks=ticks,
        bar=chart.step if chart.bars else 0,
    )


def value_range(chart: Chart) -> tuple[float, float]:
    """The least and greatest value to draw.

    Zero is in it unless values are negative, as signal strengths are. A threshold is in it when it is no
    more than twice as high as the highest value, else it would press the lines flat.
    """
    lows: list[float] = []
    highs: list[float] = []
    for series in chart.series:
        values = _finite(value for _moment, value in series.points)
        lows += [min(values), *_finite(series.low)] if values else []
        highs += [max(values), *_finite(series.high)] if values else []
    low, high = min(lows, default=0.0), max(highs, default=1.0)
    near = [each.value for each in chart.thresholds if low <= each.value <= 2 * high]
    high = max([high, *near])
    low = min(low, 0.0) if high > 0 else low
    return (low, high) if high > low else (low, low + 1.0)


def clean(points: Points, step: int, start: int, end: int) -> list[tuple[int, float | None]]:
    """The points from `start` up to `end`, whatever is not finite made a gap, and a gap put in between
    neighbours that are more than one and a half steps apart."""
    widest = step * _GAP_FACTOR if step > 0 else math.inf
    result: list[tuple[int, float | None]] = []
    previous: int | None = None
    for moment, value in points:
        if not start <= moment < end:
            continue
        if previous is not None and moment - previous > widest:
            result.append((previous + step, None))
        result.append((moment, value if value is not None and math.isfinite(value) else None))
        previous = moment
    return result


def thin(
    series: ChartSeries, step: int, start: int, end: int, width: int
) -> tuple[tuple[int, float | None], ...]:
    """The series in about two points for each of `width` columns: the least and greatest value there.

    A column that begins or ends in a gap says so, so that the line is broken there; a gap narrower than
    one column between two values is not seen.
    """
    points = clean(series.points, step, start, end)
    extremes = _extremes(series)
    if width <= 0 or (len(points) <= 2 * width and not extremes):
        return tuple(points)
    moments = [moment for moment, _value in points]
    result: list[tuple[int, float | None]] = []
    first = 0
    for column in range(width):
        last = bisect_left(moments, start + (end - start) * (column + 1) / width, first)
        if last > first:
            result.extend(_column(points[first:last], extremes))
        first = last
    return tuple(result)


def figures(series: ChartSeries) -> Figures | None:
    """The series in numbers, or nothing when it has no value; extremes within buckets count."""
    values = _finite(value for _moment, value in series.points)
    if not values:
        return None
    ranked = sorted(values)
    return Figures(
        last=values[-1],
        lowest=min([*_finite(series.low), ranked[0]]),
        highest=max([*_finite(series.high), ranked[-1]]),
        mean=math.fsum(values) / len(values),
        percentile=ranked[math.ceil(0.95 * len(values)) - 1],
        count=len(values),
    )


def peaks(series: ChartSeries) -> Points:
    """The series' points, each with the greatest value of its bucket where that is known."""
    if len(series.high) != len(series.points):
        return series.points
    return [
        (moment, value if high is None else high)
        for (moment, value), high in zip(series.points, series.high, strict=True)
    ]


def figure_table(chart: Chart) -> Table:
    """The figures of all series as a table, the same for every surface."""
    columns = (
        Column("series", _("Series"), Kind.TEXT, 1),
        Column("last", _("Last"), Kind.NUMBER, 1),
        Column("lowest", _("Lowest"), Kind.NUMBER, 2),
        Column("highest", _("Highest"), Kind.NUMBER, 1),
        Column("mean", _("Mean"), Kind.NUMBER, 1),
        Column("percentile", _("95th percentile"), Kind.NUMBER, 2),
        Column("points", _("Points"), Kind.NUMBER, 3),
    )
    expected = _expected(chart)
    rows = tuple(
        Row(str(index), (series.name, *_cells(figures(series), chart, expected)))
        for index, series in enumerate(chart.series)
    )
    return Table(chart.key, chart.title, columns, rows, len(rows), len(rows), chart.empty)


def sparkline(points: Points, start: int, end: int, width: int, bottom: float, top: float) -> str:
    """One row of block characters for `start` to `end`: the greatest value of each column, gaps as spaces."""
    highest: list[float | None] = [None] * width
    for moment, value in points:
        if value is None or not math.isfinite(value) or not start <= moment < end:
            continue
        column = (moment - start) * width // (end - start)
        known = highest[column]
        highest[column] = value if known is None else max(known, value)
    scale = (len(_BLOCKS) - 1) / (top - bottom) if top > bottom else 0.0
    return "".join(
        " " if value is None else _BLOCKS[round(min(max(value - bottom, 0.0), top - bottom) * scale)]
        for value in highest
    )


def _finite(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None and math.isfinite(value)]


def _extremes(series: ChartSeries) -> dict[int, tuple[float | None, float | None]]:
    """The least and greatest value within each point's bucket, by the point's moment."""
    if len(series.low) != len(series.points) or len(series.high) != len(series.points):
        return {}
    return {
        moment: (low, high)
        for (moment, _value), low, high in zip(series.points, series.low, series.high, strict=True)
    }


def _column(
    points: Points, extremes: dict[int, tuple[float | None, float | None]]
) -> list[tuple[int, float | None]]:
    """What is drawn of the points that share one column."""
    candidates = [(value, moment) for moment, value in points if value is not None]
    if not candidates:
        return [points[0]]
    for moment, value in points:
        if value is not None and extremes:
            candidates.extend((extreme, moment) for extreme in _finite(extremes.get(moment, ())))
    (least, at_least), (greatest, at_greatest) = min(candidates), max(candidates)
    drawn: list[tuple[int, float | None]] = [(at_least, least)]
    if greatest > least:
        drawn.append((at_greatest, greatest))
        drawn.sort(key=lambda point: point[0])
    if points[0][1] is None:
        drawn.insert(0, points[0])
    if points[-1][1] is None:
        drawn.append(points[-1])
    return drawn


def _expected(chart: Chart) -> int:
    length = (chart.end - chart.start).total_seconds()
    return math.ceil(length / chart.step) if chart.step > 0 else 0


def _cells(found: Figures | None, chart: Chart, expected: int) -> tuple[Value, ...]:
    count = found.count if found else 0
    points: Message = _("{count} of {expected}", count=count, expected=max(expected, count))
    if found is None:
        return (*[Absent(chart.empty)] * 5, points)
    digits = 2 if max(abs(found.lowest), abs(found.highest)) < 10 else 1
    numbers = (found.last, found.lowest, found.highest, found.mean, found.percentile)
    return (*(Quantity(number, chart.unit, digits) for number in numbers), points)
