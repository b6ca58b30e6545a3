"""Rows and what a person asked of them, made into a `Table`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from core.message import Message, _
from core.page import Column, Place, Row, Table
from core.query import TableQuery, select
from core.units import Absent, Instant, Money, Quantity, Share, Span, State, Value

__all__ = ["sort_value", "tabulate", "tabulate_shown"]

T = TypeVar("T")


def tabulate(
    key: str,
    title: Message,
    columns: Sequence[Column],
    rows: Iterable[Row],
    query: TableQuery | None = None,
    *,
    empty: Message | None = None,
    place: Place = Place.MAIN,
) -> Table:
    """The table of `rows`, filtered, sorted and cut as `query` asks; in the order given where it does not.

    A query that sorts by a column this table does not have leaves the order alone: a page with two
    tables gets one query.
    """
    query = query or TableQuery()
    index = next((i for i, column in enumerate(columns) if column.key == query.sort), None)

    def sort_key(row: Row) -> tuple[bool, object]:
        return (True, None) if index is None else _sort_key(row.cells[index])

    shown, total, unfiltered = select(rows, query, _haystack, None if index is None else sort_key)
    nothing = empty or _("Nothing to show.")
    if unfiltered and query.text.strip():
        nothing = _("No row matches “{text}”.", text=query.text)
    return Table(key, title, tuple(columns), tuple(shown), total, unfiltered, nothing, query, place)


def tabulate_shown(
    key: str,
    title: Message,
    columns: Sequence[Column],
    things: Sequence[T],
    row_of: Callable[[T], Row],
    query: TableQuery,
    *,
    empty: Message | None = None,
    place: Place = Place.MAIN,
) -> Table:
    """The table of thousands of `things`: only those that are shown are made into rows.

    A query that filters or sorts has to look at all of them.
    """
    if query.text.strip() or any(column.key == query.sort for column in columns):
        return tabulate(key, title, columns, map(row_of, things), query, empty=empty, place=place)
    shown = things[query.offset : query.offset + query.limit]
    count, nothing = len(things), empty or _("Nothing to show.")
    rows = tuple(map(row_of, shown))
    return Table(key, title, tuple(columns), rows, count, count, nothing, query, place)


def sort_value(value: Value) -> float | str:
    """What a value sorts by: numbers by size, states by badness, words alphabetically."""
    match value:
        case Quantity(number) | Share(number):
            return number
        case Money(amount):
            return float(amount)
        case Instant(moment):
            return moment.timestamp()
        case Span(length):
            return length.total_seconds()
        case State(severity):
            return -float(severity)
        case int():
            return float(value)
        case _:
            return str(value).casefold()


def _sort_key(value: Value) -> tuple[bool, object]:
    """(is absent, (kind, value)): numbers come before words where a column mixes them; NaN is no number."""
    if isinstance(value, Absent):
        return True, None
    found = sort_value(value)
    if isinstance(found, str):
        return False, (1, found)
    return math.isnan(found), (0, found)


def _haystack(row: Row) -> str:
    """Everything a filter may find in a row: its words and its states."""
    words = (cell.word if isinstance(cell, State) else cell for cell in row.cells)
    return " ".join(str(word) for word in words if isinstance(word, str | Message | int))
