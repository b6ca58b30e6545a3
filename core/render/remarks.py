"""Sentences that several surfaces say about a block, each in one place."""

from __future__ import annotations

from collections.abc import Iterable

from core.message import _
from core.page import Chart, Meter, Table
from core.render.charting import value_range
from core.render.values import NOT_AVAILABLE, Formatter
from core.units import Quantity

__all__ = ["axes_of", "count_of", "reasons_of", "used_of"]


def count_of(table: Table, formatter: Formatter) -> str:
    """How much of everything a table shows: "500 of 12,431"; empty when it shows all."""
    counts = {"shown": len(table.rows), "total": table.total, "all": table.unfiltered}
    cut, filtered = len(table.rows) < table.total, bool(table.query.text) and table.total < table.unfiltered
    if cut and filtered:
        said = _("{shown} of {total} that match “{filter}”, {all} in all", filter=table.query.text, **counts)
    elif filtered:
        said = _("{total} of {all} match “{filter}”", filter=table.query.text, **counts)
    elif cut:
        said = _("{shown} of {total}", **counts)
    else:
        return ""
    return formatter.message(said)


def reasons_of(table: Table, columns: Iterable[int], formatter: Formatter) -> str:
    """Why cells of these columns are absent, each reason once: "n/a: not reported"; empty when none is."""
    kept = tuple(columns)
    found = {formatter.reason(row.cells[index]): None for row in table.rows for index in kept}
    reasons = "; ".join(reason for reason in found if reason)
    return f"{formatter.message(NOT_AVAILABLE)}: {reasons}" if reasons else ""


def axes_of(chart: Chart, formatter: Formatter) -> str:
    """What a chart without axes spans, in time and in value, and its thresholds."""
    bottom, top = value_range(chart)
    span = formatter.message(
        _(
            "{start} to {end}, from {bottom} to {top} {unit}",
            start=formatter.moment(chart.start, full=True),
            end=formatter.moment(chart.end, full=True),
            bottom=float(bottom),
            top=float(top),
            unit=formatter.unit(chart.unit),
        )
    )
    levels: list[str] = []
    for each in chart.thresholds:
        level = formatter.value(Quantity(each.value, chart.unit))
        levels.append(f"{each.severity.glyph} {formatter.message(each.label)}: {level}")
    return "; ".join([span, *levels])


def used_of(meter: Meter, formatter: Formatter) -> str:
    """How much of a limit is used: "623 MB of 1,000 MB"; the value alone when there is no share of it."""
    used = formatter.detailed(meter.value)
    if meter.share is None or formatter.reason(meter.value):
        return used
    return formatter.message(_("{used} of {limit}", used=used, limit=meter.limit))
