"""The sheets of a PDF while they are filled: from top to bottom, and on to the next when one is full.

Places count from where a reader of the language begins: from the left, or from the right. What is drawn is
only recorded here, so that every sheet can say how many there are; `core.render.pdf_file` writes it.
Lengths are points, a 72nd of an inch.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.render.pdf_fonts import Face
from core.render.pdf_lines import SetLine, set_lines, set_width

__all__ = [
    "BODY",
    "HEAD",
    "MARGIN",
    "MOST_SHEETS",
    "SMALL",
    "TITLE",
    "Align",
    "Box",
    "Letters",
    "Picture",
    "Sheets",
    "Words",
]

MARGIN = 42.0
"""What is left free around a sheet."""

MOST_SHEETS = 150
"""Sheets of a document; what comes after is left out, and the last one says so."""

_SHORT, _LONG = 595.28, 841.89
_FOOT = 22.0
_LEADING = 1.35
_ASCENT = 1.02
"""Where a line's letters stand, in ems below its top."""


class Align(enum.Enum):
    """On which side of its room a text stands, as its reader sees it."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Letters:
    """How letters look: their size in points, their cut, their colour as `#rrggbb`."""

    size: float
    face: Face
    colour: str

    @property
    def height(self) -> float:
        """From one line to the next."""
        return self.size * _LEADING


TITLE = Letters(17.0, Face.BOLD, "#1f2731")
HEAD = Letters(11.5, Face.BOLD, "#1f2731")
BODY = Letters(9.0, Face.PLAIN, "#1f2731")
SMALL = Letters(8.0, Face.PLAIN, "#4b5663")


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; `x` is its left end and `y` its base."""

    x: float
    y: float
    line: SetLine
    letters: Letters


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG by its upper left corner; `says` is what it shows, in words."""

    x: float
    y: float
    width: float
    height: float
    content: bytes = field(repr=False)
    says: str = ""


@dataclass(slots=True)
class Sheets:
    """The sheets so far, and where on the last one is free room."""

    right_to_left: bool
    landscape: bool = False
    drawn: list[list[Words | Box | Picture]] = field(default_factory=lambda: [[]])
    y: float = MARGIN
    full: bool = False

    @property
    def width(self) -> float:
        return _LONG if self.landscape else _SHORT

    @property
    def height(self) -> float:
        return _SHORT if self.landscape else _LONG

    @property
    def room(self) -> float:
        """How wide what is drawn may be."""
        return self.width - 2 * MARGIN

    @property
    def tallest(self) -> float:
        """How high something may be that stands on one sheet."""
        return self.height - 2 * MARGIN - _FOOT

    def fits(self, height: float) -> bool:
        """Whether so much is free below."""
        return self.y + height <= self.height - MARGIN - _FOOT

    def make_room(self, height: float) -> bool:
        """Begin a new sheet unless so much is free below; says whether it did."""
        if self.fits(height) or self.y == MARGIN:
            return False
        if len(self.drawn) == MOST_SHEETS:
            self.full = True
            return False
        self.drawn.append([])
        self.y = MARGIN
        return True

    def skip(self, height: float) -> None:
        """Leave room, unless a sheet begins here."""
        if self.y > MARGIN:
            self.y += height

    def write(self, text: str, letters: Letters, *, indent: float = 0.0) -> None:
        """A text in as many lines as it takes, over sheets' ends where it must."""
        for line in self.set(text, letters, self.room - indent):
            self.make_room(letters.height)
            if self.full:
                return
            self.put((line,), letters, indent, self.room - indent)
            self.y += letters.height

    def set(self, text: str, letters: Letters, width: float, *, most: int = 0) -> tuple[SetLine, ...]:
        """The lines of a text that are no wider than `width`."""
        room = width / letters.size
        return set_lines(text, letters.face, room, right_to_left=self.right_to_left, most=most)

    def put(
        self,
        lines: Sequence[SetLine],
        letters: Letters,
        start: float,
        width: float,
        *,
        align: Align = Align.START,
        below: float = 0.0,
    ) -> None:
        """Lines one below the other from here on (`below` further down); the place to go on stays."""
        if self.full:
            return
        to_right = (align is Align.END) != self.right_to_left
        for number, line in enumerate(lines):
            left = self._left(start, width)
            if to_right:
                left += width - line.width * letters.size
            base = self.y + below + number * letters.height + _ASCENT * letters.size
            self.drawn[-1].append(Words(left, base, line, letters))

    def fill(self, start: float, width: float, height: float, colour: str, *, below: float = 0.0) -> None:
        """A rectangle from here down."""
        if not self.full:
            self.drawn[-1].append(Box(self._left(start, width), self.y + below, width, height, colour))

    def fitted(self, pixels: tuple[int, int], width: float) -> tuple[float, float]:
        """How large a picture is drawn: so wide, unless a sheet has no room for it and a title then."""
        wide, high = pixels
        scale = min(width / wide, (self.tallest - 4 * HEAD.height) / high)
        return wide * scale, high * scale

    def picture(self, content: bytes, size: tuple[float, float], says: str) -> None:
        """A picture of that width and height."""
        width, height = size
        self.make_room(height)
        if not self.full:
            left = self._left(0.0, width)
            self.drawn[-1].append(Picture(left, self.y, width, height, content, says))
        self.y += height

    def natural_width(self, text: str, letters: Letters) -> float:
        """How wide a text is on one line."""
        return set_width(text, letters.face) * letters.size

    def _left(self, start: float, width: float) -> float:
        """Where something is drawn that begins at `start`, for who reads in the document's direction."""
        return self.width - MARGIN - start - width if self.right_to_left else MARGIN + start
