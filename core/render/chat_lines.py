"""The text of a chat message before it is HTML: lines of styled pieces, measured and cut as a reader counts.

Telegram counts the characters that remain after its tags and entities were read (telegram.md 4, 5), so the
cutting is done here, on the characters themselves; only what has been cut is escaped, and tags are put around
it, in `html_of`. No tag can be left open by a cut, and no entity can be cut in two.
"""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from core.render.direction import RIGHT_TO_LEFT_MARK

__all__ = [
    "BLANK",
    "Box",
    "Line",
    "Piece",
    "Style",
    "bold",
    "cut_line",
    "directed",
    "html_of",
    "italic",
    "line",
    "pack",
    "plain_of",
]

_JOINER = "\u200d"
_SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")
_HEAVIEST_CHARACTER = 6
"""More bytes than one character takes in HTML, "&amp;" being the longest, for tags to have room as well."""


class Style(enum.Enum):
    """How a piece of a line is written; the value is its tag."""

    PLAIN = ""
    BOLD = "b"
    ITALIC = "i"
    CODE = "code"


class Box(enum.Enum):
    """What stands around neighbouring lines; the value is the tag that opens it."""

    NONE = ""
    GRID = "<pre>"
    QUOTE = "<blockquote>"
    FOLDED = "<blockquote expandable>"

    @property
    def closing(self) -> str:
        """The tag that closes it."""
        return {Box.NONE: "", Box.GRID: "</pre>"}.get(self, "</blockquote>")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text in one style; safe to show, and not escaped."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a message, without a line break in it.

    One that `leads` stays with the line after it: a title is not the last line of a message.
    """

    pieces: tuple[Piece, ...]
    box: Box = Box.NONE
    leads: bool = False

    @property
    def text(self) -> str:
        """What is read of it."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def blank(self) -> bool:
        """Whether nothing is seen of it."""
        return not self.text.strip()


BLANK = Line(())


def line(*pieces: Piece | str, box: Box = Box.NONE, leads: bool = False) -> Line:
    """A line of these pieces, plain where they are bare text."""
    made = (Piece(piece) if isinstance(piece, str) else piece for piece in pieces)
    return Line(tuple(piece for piece in made if piece.text), box, leads)


def bold(text: str) -> Piece:
    """`text` in bold."""
    return Piece(text, Style.BOLD)


def italic(text: str) -> Piece:
    """`text` in italics."""
    return Piece(text, Style.ITALIC)


def html_of(lines: Sequence[Line]) -> str:
    """The lines in Telegram's HTML; reading it back gives `plain_of` of the same lines."""
    written: list[str] = []
    for index, each in enumerate(lines):
        opens = index == 0 or lines[index - 1].box is not each.box
        closes = index + 1 == len(lines) or lines[index + 1].box is not each.box
        written.append(
            (each.box.value if opens else "")
            + "".join(_piece_html(piece) for piece in each.pieces)
            + (each.box.closing if closes else "")
        )
    return "\n".join(written)


def plain_of(lines: Sequence[Line]) -> str:
    """The lines as text without any tag."""
    return "\n".join(each.text for each in lines)


def directed(lines: Iterable[Line], *, right_to_left: bool) -> list[Line]:
    """The lines with a mark at the beginning of each that runs from the right; a grid never does."""
    if not right_to_left:
        return list(lines)
    mark = Piece(RIGHT_TO_LEFT_MARK)
    return [
        each if each.blank or each.box is Box.GRID else replace(each, pieces=(mark, *each.pieces))
        for each in lines
    ]


def pack(lines: Iterable[Line], longest: int, heaviest: int) -> list[tuple[Line, ...]]:
    """The lines in messages of at most `longest` characters and `heaviest` bytes of HTML, cut at line ends.

    A line that is longer than a message is broken at a space. No message begins or ends with a blank line,
    and a message that would hold nothing is left out.
    """
    messages: list[tuple[Line, ...]] = []
    filling = _Filling(longest, heaviest)
    for each in _broken(lines, longest, heaviest):
        if not filling.takes(each):
            kept = filling.without_leading()
            messages.append(filling.message)
            filling = _Filling(longest, heaviest)
            if filling.takes(*kept, each):
                filling.add(*kept)
            else:
                messages.append(_trimmed(kept))
        filling.add(each)
    messages.append(filling.message)
    return [message for message in messages if message]


def cut_line(whole: Line, longest: int) -> Line:
    """The line in at most `longest` characters, the cut marked."""
    if len(whole.text) <= longest:
        return whole
    head, _rest = _cut_at(whole, _place(whole.text, longest - 1, at_space=False))
    return replace(head, pieces=(*head.pieces, Piece("…")))


class _Filling:
    """A message that is being filled with lines."""

    def __init__(self, longest: int, heaviest: int) -> None:
        self._longest, self._heaviest = longest, heaviest
        self._length = self._weight = 0
        self._lines: list[Line] = []

    def takes(self, *lines: Line) -> bool:
        """Whether there is room for the lines; an empty message takes any that `_broken` made."""
        length = self._length + sum(len(each.text) + 1 for each in lines) - 1
        weight = self._weight + sum(map(_weight, lines))
        alone = not self._lines and len(lines) == 1
        return alone or (length <= self._longest and weight <= self._heaviest)

    def add(self, *lines: Line) -> None:
        self._lines.extend(lines)
        self._length += sum(len(each.text) + 1 for each in lines)
        self._weight += sum(map(_weight, lines))

    def without_leading(self) -> list[Line]:
        """Take away the lines at the end that stay with what comes after them; never all there are."""
        kept: list[Line] = []
        while len(self._lines) > 1 and self._lines[-1].leads:
            kept.insert(0, self._lines.pop())
        return kept

    @property
    def message(self) -> tuple[Line, ...]:
        """The lines without blank ones around them."""
        return _trimmed(self._lines)


def _trimmed(lines: Sequence[Line]) -> tuple[Line, ...]:
    first, last = 0, len(lines)
    while first < last and lines[first].blank:
        first += 1
    while last > first and lines[last - 1].blank:
        last -= 1
    return tuple(lines[first:last])


def _broken(lines: Iterable[Line], longest: int, heaviest: int) -> Iterator[Line]:
    """The lines, each of them short enough to be a message of its own."""
    room = min(longest, heaviest // _HEAVIEST_CHARACTER)
    for each in lines:
        rest = each
        while len(rest.text) > room:
            head, rest = _cut_at(rest, _place(rest.text, room, at_space=True))
            yield head
        yield rest


def _cut_at(whole: Line, place: int) -> tuple[Line, Line]:
    """The line up to `place`, and from there on without the space it was cut at."""
    head: list[Piece] = []
    tail: list[Piece] = []
    passed = 0
    for piece in whole.pieces:
        here = max(place - passed, 0)
        passed += len(piece.text)
        if here:
            head.append(replace(piece, text=piece.text[:here]))
        if here < len(piece.text):
            rest = piece.text[here:]
            tail.append(replace(piece, text=rest if tail else rest.removeprefix(" ")))
    return replace(whole, pieces=tuple(head)), replace(whole, pieces=tuple(tail))


def _place(text: str, most: int, *, at_space: bool) -> int:
    """Where to cut so that at most `most` characters come before, nothing that is drawn as one torn apart."""
    space = text.rfind(" ", most // 2, most + 1) if at_space else -1
    if space > 0:
        return space
    place = max(most, 1)
    while place > 1 and _joined(text[place - 1], text[place]):
        place -= 1
    return place if place > 1 else max(most, 1)


def _joined(before: str, after: str) -> bool:
    return (
        unicodedata.category(after).startswith("M")
        or _JOINER in (before, after)
        or _SKIN_TONES[0] <= after <= _SKIN_TONES[1]
    )


def _weight(each: Line) -> int:
    """The bytes of the line's HTML, with the tags and the line break around it."""
    return len(html_of([each]).encode("utf-8", "surrogatepass")) + 1


def _piece_html(piece: Piece) -> str:
    text, tag = escape(piece.text, quote=False), piece.style.value
    return f"<{tag}>{text}</{tag}>" if tag else text
