"""A table for a chat's bubble: a grid where it fits into a phone's width, else some lines for each row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.page import Kind, Row, Table
from core.render.chat_lines import Box, Line, Piece, bold, italic, line
from core.render.layout import columns, width_of
from core.render.remarks import reasons_of
from core.render.values import Formatter
from core.units import State

__all__ = ["DOT", "folded", "table_lines"]

DOT = " · "
"""What stands between two things that are said on one line."""

_PHONE_WIDTH = 34
"""Monospaced characters that a narrow phone shows on one line."""

_MANY_ROWS = 6
"""A table of more rows leaves its least important columns out, and folds what comes after them."""


def table_lines(table: Table, formatter: Formatter) -> list[Line]:
    """The rows of a table, or what to say when there are none; and why cells are without a value."""
    if not table.rows:
        return [line(italic(formatter.message(table.empty)))]
    few = len(table.rows) <= _MANY_ROWS
    shown = [index for index, column in enumerate(table.columns) if few or column.priority < 3]
    lines = _grid(table, shown, formatter)
    if not lines:
        rows = [list(_row(table, row, shown, formatter)) for row in table.rows]
        lines = folded(rows)
    reasons = reasons_of(table, shown, formatter)
    return [*lines, line(italic(reasons))] if reasons else lines


def folded(entries: Sequence[Sequence[Line]]) -> list[Line]:
    """The lines of entries: of many, those after the first few are folded."""
    first = entries if len(entries) <= 2 * _MANY_ROWS else entries[:_MANY_ROWS]
    rest = entries[len(first) :]
    return [
        *(each for entry in first for each in entry),
        *(replace(each, box=Box.FOLDED) for entry in rest for each in entry),
    ]


def _grid(table: Table, shown: Sequence[int], formatter: Formatter) -> list[Line]:
    """The table with aligned columns where all of it fits into a phone's width; nothing where it doesn't.

    Right-to-left text can't be aligned by counting characters, and two columns alone are pairs, not a grid.
    """
    if formatter.right_to_left or len(shown) < 3:
        return []
    titles = [formatter.message(table.columns[index].title) for index in shown]
    rows = [titles, *([formatter.value(row.cells[index]) for index in shown] for row in table.rows)]
    widths = [max(width_of(row[place]) for row in rows) for place in range(len(shown))]
    if sum(widths) + 2 * (len(widths) - 1) > _PHONE_WIDTH:
        return []
    right = [table.columns[index].kind is Kind.NUMBER for index in shown]
    return [line(text, box=Box.GRID) for text in columns(rows, right, _PHONE_WIDTH)]


def _row(table: Table, row: Row, shown: Sequence[int], formatter: Formatter) -> Iterator[Line]:
    """A row: when, what it is about, and how that stands, and below it the rest with labels."""
    subject = _subject(table, shown)
    when = shown[0] if table.columns[shown[0]].kind is Kind.MOMENT else subject
    head = [bold(_cell(row, when, formatter))]
    if subject != when:
        head.append(Piece(f"{DOT}{_cell(row, subject, formatter)}"))
    used = {when, subject}
    for index in shown:
        state = row.cells[index]
        if isinstance(state, State) and index not in used:
            word = formatter.beside(formatter.value(state.word))
            head = [Piece(f"{state.severity.glyph} "), *head, Piece(f"{DOT}{word}")]
            used.add(index)
            break
    rest = [index for index in shown if index not in used]
    said = _labelled(table, row, rest, formatter)
    yield line(*head, leads=bool(said))
    if said:
        yield line(said)


def _labelled(table: Table, row: Row, shown: Sequence[int], formatter: Formatter) -> str:
    """Cells with their columns' titles; those without a value together, after the others."""
    titles = {index: formatter.message(table.columns[index].title) for index in shown}
    absent = [index for index in shown if formatter.reason(row.cells[index])]
    said = [
        f"{titles[index]}: {_cell(row, index, formatter)}"
        for index in shown
        if index not in absent and row.cells[index] != ""
    ]
    if absent:
        said.append(f"{', '.join(titles[index] for index in absent)}: {_cell(row, absent[0], formatter)}")
    return DOT.join(said)


def _cell(row: Row, index: int, formatter: Formatter) -> str:
    return formatter.beside(formatter.value(row.cells[index]))


def _subject(table: Table, shown: Sequence[int]) -> int:
    """The column that says what a row is about: the first text of the most important ones."""
    kept = [index for index in shown if table.columns[index].priority == 1] or list(shown)
    texts = [index for index in kept if table.columns[index].kind is Kind.TEXT]
    return (texts or kept)[0]
