"""A page's main data as CSV (RFC 4180, UTF-8, CRLF), safe to open in a spreadsheet (reliability.md S13).

What is written is the page's first chart, else its first table, else its first facts:

- A chart gives a row for every bucket from its start to its end, also where nothing came: `time`, then
  each series with its unit (`Downstream (Mbps)`), and its least and greatest values where those are
  known. A gap is an empty field.
- A table gives its rows, numbers as plain numbers with the unit in the header; a column of several units
  is followed by one that names them. Absent values are empty fields.
- Facts give `label,value,unit`.

Moments are ISO 8601 in UTC, shares 0 to 1, lengths of time seconds. Text fields that a spreadsheet would
take for a formula get an apostrophe in front; numbers never do.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence

from core.message import Message, _
from core.moment import from_epoch, to_epoch
from core.page import Chart, ChartSeries, Fact, Facts, Meter, Page, Table
from core.render.json import iso
from core.render.values import Formatter
from core.text import csv_field
from core.units import Absent, Instant, Money, Quantity, Share, Span, State, Value

__all__ = ["main_block", "render"]

_MOST_BUCKETS = 1_000_000
"""A chart of more buckets than this, which no page makes, is written without its empty rows."""


def render(page: Page, formatter: Formatter, *, width: int = 100) -> str:
    """The page's main data as CSV text; `width` has no meaning here."""
    formatter = formatter.at(page.at)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    block = main_block(page)
    if isinstance(block, Chart):
        writer.writerows(_chart_rows(block, formatter))
    elif isinstance(block, Table):
        writer.writerows(_table_rows(block, formatter))
    else:
        writer.writerows(_facts_rows(block.facts, formatter))
    return stream.getvalue()


def main_block(page: Page) -> Chart | Table | Facts:
    """The block that CSV is written from: what is a table by nature before what is lowered to one."""
    chart = next((block for block in page.blocks if isinstance(block, Chart)), None)
    if chart is not None:
        return chart
    lowered = [block.lower() for block in page.blocks if not isinstance(block, Table)]
    for blocks in (page.blocks, lowered):
        table = next((block for block in blocks if isinstance(block, Table)), None)
        if table is not None:
            return table
    facts = tuple(
        fact for block in page.blocks if isinstance(block, Facts | Meter) for fact in block.lower().facts
    )
    return Facts(page.key, page.title, facts or (Fact(_("Verdict"), page.verdict),))


def _chart_rows(chart: Chart, formatter: Formatter) -> Iterator[list[str]]:
    header = ["time"]
    columns: list[dict[int, float | None]] = []
    for series in chart.series:
        for name, column in _series_columns(series, formatter):
            header.append(csv_field(f"{name} ({chart.unit.value})" if chart.unit.value else name))
            columns.append(column)
    yield header
    for moment in _buckets(chart):
        yield [iso(from_epoch(moment)), *(_number(column.get(moment)) for column in columns)]


def _series_columns(
    series: ChartSeries, formatter: Formatter
) -> Iterator[tuple[str, dict[int, float | None]]]:
    """The series by moment and, where they are known, the least and greatest values of its buckets."""
    name = formatter.value(series.name)
    moments = [moment for moment, _value in series.points]
    yield name, dict(series.points)
    for word, extremes in ((_("lowest"), series.low), (_("highest"), series.high)):
        if len(extremes) == len(moments):
            yield f"{name} {formatter.message(word)}", dict(zip(moments, extremes, strict=True))


def _buckets(chart: Chart) -> list[int]:
    """Every moment with a bucket: those of the points, and between them those where nothing came."""
    start, end = to_epoch(chart.start), to_epoch(chart.end)
    found = {moment for series in chart.series for moment, _value in series.points}
    if chart.step > 0 and (end - start) // chart.step <= _MOST_BUCKETS:
        phase = (min(found, default=start) - start) % chart.step
        found.update(range(start + phase, end, chart.step))
    return sorted(found)


def _table_rows(table: Table, formatter: Formatter) -> Iterator[list[str]]:
    fields = [[_field(cell, formatter) for cell in row.cells] for row in table.rows]
    header: list[str] = []
    mixed: list[bool] = []
    for index, column in enumerate(table.columns):
        title = formatter.message(column.title)
        units = {row[index][1] for row in fields if row[index][0]}
        mixed.append(len(units) > 1)
        unit = units.pop() if len(units) == 1 else ""
        header.append(csv_field(f"{title} ({unit})" if unit else title))
        if mixed[index]:
            header.append(csv_field(formatter.message(_("{column} unit", column=title))))
    yield header
    for row in fields:
        yield [
            part
            for index, (text, unit) in enumerate(row)
            for part in ((text, csv_field(unit)) if mixed[index] else (text,))
        ]


def _facts_rows(facts: Sequence[Fact], formatter: Formatter) -> Iterator[list[str]]:
    yield ["label", "value", "unit"]
    for fact in facts:
        text, unit = _field(fact.value, formatter)
        yield [csv_field(formatter.value(fact.label)), text, csv_field(unit)]


def _field(value: Value, formatter: Formatter) -> tuple[str, str]:
    """The field for `value`, and the unit it is in."""
    match value:
        case Absent():
            return "", ""
        case Quantity(number, unit):
            return _number(number), unit.value
        case Share(part):
            return _number(part), "share"
        case Span(length):
            return _number(length.total_seconds()), "s"
        case Money(amount, currency):
            return (str(amount) if amount.is_finite() else ""), currency
        case Instant(moment):
            return iso(moment), ""
        case State(_severity, word):
            return csv_field(formatter.value(word)), ""
        case str() | Message():
            return csv_field(formatter.value(value)), ""
        case int():
            return str(value), ""


def _number(number: float | None) -> str:
    """All digits, no group marks, no needless `.0`; nothing for what is not there."""
    if number is None or not math.isfinite(number):
        return ""
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)
