"""What a person asks of a table: a filter, an order and how many rows; and the rules that apply them.

The filter is the console's `/`: words that must all match, fuzzily (the letters in order), `!word` to
leave out what matches. Applied in the core over every row, so that a search never stops at the rows
that happened to be loaded (console.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

__all__ = ["TableQuery", "matches", "select"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TableQuery:
    """A filter, a column to sort by, and the slice of rows wanted."""

    text: str = ""
    sort: str = ""
    descending: bool = False
    limit: int = 500
    offset: int = 0


def matches(text: str, haystack: str) -> bool:
    """Whether every word of the filter `text` is found in `haystack`, letter case aside."""
    haystack = haystack.casefold()
    for word in text.casefold().split():
        if word.startswith("!") and len(word) > 1:
            if word[1:] in haystack:
                return False
        elif word != "!" and not _fuzzy(word, haystack):
            return False
    return True


def select(
    rows: Iterable[T],
    query: TableQuery,
    haystack: Callable[[T], str],
    sort_key: Callable[[T], tuple[bool, object]] | None,
) -> tuple[list[T], int, int]:
    """The wanted slice of `rows`, how many match, and how many there are at all.

    `sort_key` gives (is absent, value) and is asked once a row; the values must compare with one another.
    Absent ones stay last in either direction.
    """
    everything = list(rows)
    found = everything
    if query.text.strip():
        found = [row for row in everything if matches(query.text, haystack(row))]
    if sort_key is not None:
        keyed = [(sort_key(row), row) for row in found]
        present = [(value, row) for (absent, value), row in keyed if not absent]
        present.sort(key=_first, reverse=query.descending)
        found = [row for _value, row in present] + [row for (absent, _value), row in keyed if absent]
    return found[query.offset : query.offset + query.limit], len(found), len(everything)


def _first(pair: tuple[Any, object]) -> Any:
    return pair[0]


def _fuzzy(word: str, haystack: str) -> bool:
    """Whether the word stands in the haystack, or its letters do, in order, inside one of its words."""
    if word in haystack:
        return True
    return any(_subsequence(word, part) for part in haystack.split()) if len(word) > 2 else False


def _subsequence(word: str, text: str) -> bool:
    letters = iter(text)
    return all(letter in letters for letter in word)
