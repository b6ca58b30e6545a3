"""Blocks of figures: a chart over time, a meter against a limit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.message import Message, _
from core.page.lowered import Column, Fact, Facts, Kind, Place, Row, Table, as_message
from core.units import Absent, Instant, Quantity, Severity, Unit, Value

__all__ = ["Chart", "ChartSeries", "Meter", "Threshold"]


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """One line of a chart: values at moments in seconds since 1970, `None` where there is a gap.

    `low` and `high`, where given, are the extremes within each point's bucket.
    """

    name: Message | str
    points: tuple[tuple[int, float | None], ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Threshold:
    """A level worth a line across a chart or a mark on a meter."""

    value: float
    label: Message
    severity: Severity = Severity.WARNING


@dataclass(frozen=True, slots=True)
class Chart:
    """Series over time from `start` to `end`, with the figures that say the same in text.

    `step` is the seconds between two points when none is missing. With `bars` each point is the amount of
    the step that begins there, and is drawn as a bar from zero.
    """

    key: str
    title: Message
    unit: Unit
    start: datetime
    end: datetime
    step: int
    series: tuple[ChartSeries, ...]
    thresholds: tuple[Threshold, ...] = ()
    figures: tuple[Fact, ...] = ()
    empty: Message = field(default_factory=lambda: _("No data in this range."))
    place: Place = Place.WIDE
    bars: bool = False

    def lower(self) -> Table:
        """A row for each moment, a column for each series; gaps stay gaps."""
        values: dict[int, list[Value]] = {}
        gap = Absent(_("gap"))
        for index, series in enumerate(self.series):
            for moment, value in series.points:
                row = values.setdefault(moment, [gap] * len(self.series))
                row[index] = gap if value is None else Quantity(value, self.unit, 2)
        columns = (
            Column("time", _("Time"), Kind.MOMENT, 1),
            *(Column(f"series{i}", as_message(s.name), Kind.NUMBER, 1) for i, s in enumerate(self.series)),
        )
        rows = tuple(
            Row(str(moment), (Instant(datetime.fromtimestamp(moment, self.start.tzinfo)), *cells))
            for moment, cells in sorted(values.items())
        )
        return Table(self.key, self.title, columns, rows, len(rows), len(rows), self.empty, place=self.place)


@dataclass(frozen=True, slots=True)
class Meter:
    """How much of a limit is used; `share` is 0 to 1, or absent."""

    key: str
    title: Message
    value: Quantity | Absent
    limit: Quantity
    thresholds: tuple[Threshold, ...] = ()
    note: Message | None = None
    place: Place = Place.SIDE

    @property
    def share(self) -> float | None:
        """The used part of the limit, or nothing when the value is absent or the limit is zero."""
        if isinstance(self.value, Absent) or not self.limit.value:
            return None
        return self.value.value / self.limit.value

    @property
    def severity(self) -> Severity:
        """The worst threshold reached."""
        if isinstance(self.value, Absent):
            return Severity.UNKNOWN
        reached = [t.severity for t in self.thresholds if self.value.value >= t.value]
        return max(reached, default=Severity.GOOD)

    def lower(self) -> Facts:
        facts = (Fact(self.title, self.value, self.note), Fact(_("Limit"), self.limit))
        return Facts(self.key, self.title, facts, self.place)
