"""Text set in lines for a PDF: wrapped at words, each line in runs of one direction as they stand on paper.

Directions are resolved by fpdf2's implementation of Unicode Annex 9, for each line by itself, since what it
does with long texts of nothing but punctuation takes too long; an isolate that a line's end cuts goes on in
the next line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection

from core.render.direction import has_right_to_left
from core.render.pdf_fonts import (
    FIRST_STRONG_ISOLATE,
    POP_ISOLATE,
    Face,
    needs_shaping,
    shapeable,
    width_of,
)

__all__ = ["Run", "SetLine", "set_lines", "set_width"]

_WORD = re.compile(r"([ \t]*)([^ \t]+)")
_CONTROLS = frozenset({FIRST_STRONG_ISOLATE, POP_ISOLATE})
_ISOLATES = str.maketrans("", "", FIRST_STRONG_ISOLATE + POP_ISOLATE)
_MOST_CHARACTERS = 400
"""Characters of a line, however narrow they are."""


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a line that runs in one direction; `shaped` when its letters must be set by HarfBuzz."""

    text: str
    right_to_left: bool
    shaped: bool
    width: float


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line's runs from left to right, and how wide they are together, in ems."""

    runs: tuple[Run, ...]

    @property
    def width(self) -> float:
        return sum(each.width for each in self.runs)


def set_lines(
    text: str, face: Face, room: float, *, right_to_left: bool = False, most: int = 0
) -> tuple[SetLine, ...]:
    """The lines of `text`, none wider than `room` ems; its own line breaks are kept, long words cut.

    In a document that runs `right_to_left`, a text without a letter of such a script keeps its order: it is a
    name or a figure. Of more lines than `most`, if that isn't 0, the last ends in an ellipsis.
    """
    lines = [line for each in text.split("\n") for line in _wrapped(shapeable(each, face), face, room)]
    if most and len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1], face, room)]
    right_to_left = right_to_left and has_right_to_left(text)
    return tuple(SetLine(tuple(_runs(line, face, right_to_left))) for line in _reopened(lines))


def set_width(text: str, face: Face) -> float:
    """How many ems `text` takes on one line."""
    return width_of(shapeable(text, face).translate(_ISOLATES), face)


def _wrapped(text: str, face: Face, room: float) -> Iterator[str]:
    current, taken = "", 0.0
    for spaces, word in _WORD.findall(text.expandtabs(4)):
        before = width_of(spaces, face)
        width = width_of(word.translate(_ISOLATES), face)
        fits = taken + before + width <= room and len(current) + len(spaces + word) <= _MOST_CHARACTERS
        if fits:
            current, taken = current + spaces + word, taken + before + width
            continue
        if current:
            yield current
        *whole, current = _broken(word, face, room)
        yield from whole
        taken = width_of(current.translate(_ISOLATES), face)
    yield current


def _broken(word: str, face: Face, room: float) -> list[str]:
    """A word in parts that fit."""
    parts: list[str] = []
    current, taken = "", 0.0
    for character in word:
        width = width_of(character, face) if character not in _CONTROLS else 0.0
        if current and (taken + width > room or len(current) >= _MOST_CHARACTERS):
            parts.append(current)
            current, taken = "", 0.0
        current, taken = current + character, taken + width
    return [*parts, current]


def _cut(line: str, face: Face, room: float) -> str:
    """The beginning of a line, with room for the mark of the cut."""
    mark = "…"
    while line and width_of((line + mark).translate(_ISOLATES), face) > room:
        line = line[:-1]
    return line.rstrip() + mark


def _reopened(lines: Sequence[str]) -> Iterator[str]:
    """Lines whose isolates are their own: those open at the end of one are closed, and opened in the next."""
    open_ones = 0
    for line in lines:
        before = FIRST_STRONG_ISOLATE * open_ones
        for character in line:
            open_ones += character == FIRST_STRONG_ISOLATE
            open_ones -= character == POP_ISOLATE and open_ones > 0
        yield before + line + POP_ISOLATE * open_ones


def _runs(line: str, face: Face, right_to_left: bool) -> Iterator[Run]:
    if not right_to_left and not has_right_to_left(line):
        text = line.translate(_ISOLATES)
        if text:
            yield Run(text, False, needs_shaping(text), width_of(text, face))
        return
    base = TextDirection.RTL if right_to_left else TextDirection.LTR
    resolved = BidiParagraph(text=line, base_direction=base, preserve_bn_chars=True).get_characters()
    levels = [
        (level, "".join(each.character for each in part).translate(_ISOLATES))
        for level, part in groupby(resolved, lambda each: each.embedding_level)
    ]
    for level, text in _reordered([(level, text) for level, text in levels if text]):
        right = level % 2 == 1
        yield Run(text, right, right or needs_shaping(text), width_of(text, face))


def _reordered(runs: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Runs in the order they stand on paper (Unicode Annex 9, rule L2)."""
    for level in range(max((each for each, _text in runs), default=0), 0, -1):
        runs = list(_turned(runs, level))
    return runs


def _turned(runs: Sequence[tuple[int, str]], level: int) -> Iterator[tuple[int, str]]:
    """Runs with the stretches of this level and above turned around."""
    for turns, part in groupby(runs, lambda each: each[0] >= level):
        stretch = list(part)
        yield from reversed(stretch) if turns else stretch
