"""Text in cells: how wide it is on a terminal, and how it is cut, padded, wrapped and set in columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

__all__ = ["columns", "cut", "keep_columns", "pad", "width_of", "wrap"]

GAP = "  "
"""What stands between two columns."""

_SHORTEST = 6
"""No column is cut below this many cells."""

_JOINER = "\u200d"
"""What glues emoji together; a cut text must not end in it, or it would take the mark of the cut along."""

_WORD = re.compile(r"(\s*)(\S+)")

_NARROWEST = 4
"""Lines are wrapped to at least this many cells: an indent of half of it and one wide character."""


def width_of(text: str) -> int:
    """The terminal cells `text` takes: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells, the cut marked."""
    if width_of(text) <= width:
        return text
    if width <= 1:
        return "…"[:width]
    head = _head(text, width - 1)
    return head.rstrip(_JOINER) + "…" if width_of(head) < width else "…"


def pad(text: str, width: int, *, right: bool = False) -> str:
    """`text` filled with spaces to `width` cells, on the left side when it stands `right`."""
    fill = " " * (width - width_of(text))
    return fill + text if right else text + fill


def wrap(text: str, width: int) -> list[str]:
    """The lines of `text`, each at most `width` cells; its own line breaks are kept, long words cut."""
    lines: list[str] = []
    for line in text.split("\n"):
        lines.extend(_wrap_line(line.expandtabs(4), max(width, _NARROWEST)))
    return lines


def keep_columns(widths: Sequence[int], priorities: Sequence[int], room: int) -> list[int]:
    """The indexes of the columns that fit into `room` cells; the least important go first, from the right.

    Columns of priority 1 always stay.
    """
    kept = list(range(len(widths)))
    for index in sorted(kept, key=lambda each: (-priorities[each], -each)):
        if _total(widths, kept) <= room or priorities[index] <= 1:
            break
        kept.remove(index)
    return kept


def columns(rows: Sequence[Sequence[str]], right: Sequence[bool], room: int) -> list[str]:
    """`rows` as lines of aligned columns; the widest columns are cut until the lines fit into `room`."""
    if not rows:
        return []
    widths = [max(width_of(row[index]) for row in rows) for index in range(len(rows[0]))]
    over = _total(widths, range(len(widths))) - room
    while over > 0 and max(widths) > _SHORTEST:
        widest = widths.index(max(widths))
        second = max((width for index, width in enumerate(widths) if index != widest), default=0)
        step = min(over, max(widths[widest] - max(second, _SHORTEST), 1))
        widths[widest] -= step
        over -= step
    return [
        GAP.join(
            pad(cut(text, width), width, right=stands_right)
            for text, width, stands_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in rows
    ]


def _total(widths: Sequence[int], kept: Iterable[int]) -> int:
    each = [widths[index] for index in kept]
    return sum(each) + len(GAP) * max(len(each) - 1, 0)


def _wrap_line(line: str, width: int) -> list[str]:
    indent = line[: len(line) - len(line.lstrip(" "))][: width // 2]
    lines: list[str] = []
    current = ""
    for spaces, word in _WORD.findall(line):
        joined = current + spaces + word if current else indent + word
        if width_of(joined) <= width:
            current = joined
            continue
        if current:
            lines.append(current)
        current = indent + word
        while len(head := _head(current, width)) < len(current):
            lines.append(head)
            current = indent + current[len(head) :]
    return [*lines, current]


def _head(text: str, width: int) -> str:
    """The longest beginning of `text` that takes at most `width` cells, one character at least."""
    if text.isascii():
        return text[: max(width, 1)]
    taken = 0
    for index, character in enumerate(text):
        taken += _width(character)
        if taken > width and index > 0:
            return text[:index]
    return text


@lru_cache(maxsize=2_048)
def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
