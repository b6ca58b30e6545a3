"""Tables of a PDF: as wide as their words ask for, their heads on every sheet, no row broken in two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from core.message import _
from core.page import Kind, Row, Table
from core.render.layout import keep_columns
from core.render.pdf_fonts import Face
from core.render.pdf_lines import SetLine
from core.render.pdf_sheet import BODY, SMALL, Align, Letters, Sheets
from core.render.png_style import LIGHT
from core.render.remarks import count_of, reasons_of
from core.render.values import Formatter
from core.units import State, Value

__all__ = ["MOST_ROWS", "draw_cells", "draw_table", "is_wide", "shortened"]

MOST_ROWS = 500
"""Rows of a table; a document is to be read, and CSV has all of them."""

_GAP, _PADDING = 8.0, 2.5
_NARROWEST = 38.0
_WIDEST = 240.0
_MOST_LINES = 5
"""Lines of a cell, beyond which it is cut."""

_HEAD = replace(SMALL, face=Face.BOLD)
_SHADE, _RULE = "#eceae4", LIGHT.grid


Said: TypeAlias = tuple[str, Letters]
"""A text and how it is set."""


@dataclass(frozen=True, slots=True)
class _Cell:
    lines: tuple[SetLine, ...]
    letters: Letters
    align: Align


def draw_table(table: Table, sheets: Sheets, formatter: Formatter) -> None:
    """The rows under their columns' titles, or what to say when there are none."""
    if not table.rows:
        sheets.write(formatter.message(table.empty), SMALL)
        return
    rows = table.rows[:MOST_ROWS]
    titles = [formatter.message(column.title) for column in table.columns]
    least = [round(_NARROWEST + _GAP)] * len(titles)
    kept = keep_columns(least, [column.priority for column in table.columns], round(sheets.room))
    said = [[(formatter.value(row.cells[index]), BODY) for index in kept] for row in rows]
    widths = _widths([[(titles[index], _HEAD) for index in kept], *said], sheets)
    aligns = [Align.END if table.columns[index].kind is Kind.NUMBER else Align.START for index in kept]
    head = [
        _Cell(sheets.set(titles[index], _HEAD, width, most=2), _HEAD, align)
        for index, width, align in zip(kept, widths, aligns, strict=True)
    ]
    _draw_row(head, widths, sheets, shaded=True, with_next=3 * BODY.height)
    for row in rows:
        cells = _cells(row, kept, widths, aligns, sheets, formatter)
        if sheets.make_room(_height(cells)):
            _draw_row(head, widths, sheets, shaded=True)
        _draw_row(cells, widths, sheets)
        if sheets.full:
            return
    dropped = [title for index, title in enumerate(titles) if index not in kept]
    if dropped:
        sheets.write(formatter.message(_("Not shown: {columns}.", columns=", ".join(dropped))), SMALL)
    if reasons := reasons_of(replace(table, rows=rows), kept, formatter):
        sheets.skip(_PADDING)
        sheets.write(reasons, SMALL)


def draw_cells(rows: Sequence[Sequence[Said]], sheets: Sheets) -> None:
    """Rows of texts in columns without a head: labels and their values, states with what they are of."""
    if not rows:
        return
    widths = _widths(rows, sheets)
    for row in rows:
        cells = [
            _Cell(sheets.set(text, letters, width, most=4 * _MOST_LINES), letters, Align.START)
            for (text, letters), width in zip(row, widths, strict=True)
        ]
        sheets.make_room(_height(cells))
        _draw_row(cells, widths, sheets)
        if sheets.full:
            return


def is_wide(table: Table, sheets: Sheets, formatter: Formatter) -> bool:
    """Whether the table asks for more width than the sheet has."""
    texts = [[formatter.message(column.title) for column in table.columns]]
    texts += [[formatter.value(cell) for cell in row.cells] for row in table.rows[:MOST_ROWS]]
    natural = [max(sheets.natural_width(row[index], BODY) for row in texts) for index in range(len(texts[0]))]
    return sum(min(each, _WIDEST / 2) + _GAP for each in natural) > sheets.room


def shortened(table: Table, formatter: Formatter) -> str:
    """How much of everything the document shows of a table: "500 of 12,431"; empty when it shows all."""
    return count_of(replace(table, rows=table.rows[:MOST_ROWS]), formatter)


def _cells(
    row: Row,
    kept: Sequence[int],
    widths: Sequence[float],
    aligns: Sequence[Align],
    sheets: Sheets,
    formatter: Formatter,
) -> list[_Cell]:
    made: list[_Cell] = []
    for index, width, align in zip(kept, widths, aligns, strict=True):
        value = row.cells[index]
        letters = _letters(value)
        made.append(
            _Cell(sheets.set(formatter.value(value), letters, width, most=_MOST_LINES), letters, align)
        )
    return made


def _letters(value: Value) -> Letters:
    if isinstance(value, State):
        return replace(BODY, colour=LIGHT.severities[value.severity])
    return BODY


def _widths(rows: Sequence[Sequence[Said]], sheets: Sheets) -> list[float]:
    """How wide each column is set: as it asks for, the widest narrowed until all of them fit."""
    count = len(rows[0])
    natural = [max(sheets.natural_width(*row[index]) + 1 for row in rows) for index in range(count)]
    widths = [min(max(each, 12.0), sheets.room) for each in natural]
    over = sum(widths) + _GAP * (count - 1) - sheets.room
    while over > 0.01 and max(widths) > _NARROWEST:
        widest = max(widths)
        wide = [index for index, each in enumerate(widths) if each > widest - 0.01]
        second = max((each for each in widths if each <= widest - 0.01), default=0.0)
        step = min(over / len(wide), widest - max(second, _NARROWEST))
        for index in wide:
            widths[index] -= step
        over -= step * len(wide)
    return widths


def _height(cells: Sequence[_Cell]) -> float:
    return max(len(each.lines) * each.letters.height for each in cells) + 2 * _PADDING


def _draw_row(
    cells: Sequence[_Cell],
    widths: Sequence[float],
    sheets: Sheets,
    *,
    shaded: bool = False,
    with_next: float = 0.0,
) -> None:
    """A row and the line below it; a head stays `with_next` so much of what is below it."""
    height = _height(cells)
    sheets.make_room(height + with_next)
    if shaded:
        sheets.fill(0.0, sheets.room, height, _SHADE)
    start = 0.0
    for cell, width in zip(cells, widths, strict=True):
        sheets.put(cell.lines, cell.letters, start, width, align=cell.align, below=_PADDING)
        start += width + _GAP
    sheets.fill(0.0, sheets.room, 0.4, _RULE, below=height)
    sheets.y += height
