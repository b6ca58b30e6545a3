"""Text of both directions on one line.

A line's direction is that of its first strong letter, and a foreign name or a figure inside it drags its
neighbours along: "3 · شبكة" turns around. So a value whose direction may differ from its line's is put
between isolates, and a line of a right-to-left language begins with a mark that says so (Unicode Annex 9).
Foreign text brings no such controls of its own: `core.text` has replaced them.
"""

from __future__ import annotations

import unicodedata

__all__ = ["RIGHT_TO_LEFT_MARK", "has_right_to_left", "isolated", "right_to_left", "without_marks"]

RIGHT_TO_LEFT_MARK = "\u200f"

_FIRST_STRONG_ISOLATE = "\u2068"
_POP_ISOLATE = "\u2069"
_ARABIC_LETTER_MARK = "\u061c"
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_LETTERS = frozenset({"R", "AL"})
_RIGHT = _LETTERS | {"AN"}


def right_to_left(code: str) -> bool:
    """Whether the language `code` (`ar`, `ar_EG`) is written from right to left."""
    return code.replace("-", "_").split("_")[0].lower() in _RIGHT_TO_LEFT


def has_right_to_left(text: str) -> bool:
    """Whether a letter of `text` is of a script that is written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(each) in _LETTERS for each in text)


def isolated(text: str, *, right: bool) -> str:
    """`text` as it can stand in a line that runs from the `right`, or from the left, without turning it."""
    if text.isascii() and not right:
        return text
    directions = {unicodedata.bidirectional(character) for character in text}
    turns = "L" in directions if right else not directions.isdisjoint(_RIGHT)
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}" if turns else text


def without_marks(text: str) -> str:
    """`text` of a locale's patterns without the marks in them, which isolates make needless."""
    return text.replace(RIGHT_TO_LEFT_MARK, "").replace("\u200e", "").replace(_ARABIC_LETTER_MARK, "")
