"""The letters of a PDF: which font they come from, how wide they are, and which must be shaped.

Matplotlib brings a font along that has Latin, Greek, Cyrillic and Arabic letters and all our glyphs, so that
a document is the same on every machine. Widths are in ems: times the size of the letters.
"""

from __future__ import annotations

import enum
import unicodedata
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from matplotlib import get_data_path

__all__ = [
    "FIRST_STRONG_ISOLATE",
    "POP_ISOLATE",
    "Face",
    "font_file",
    "needs_shaping",
    "shapeable",
    "width_of",
]

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
"""The controls that are kept in a text until it is ordered (`core.render.direction`)."""

_harfbuzz: Any = import_module("uharfbuzz")
"""It has no types, so that what is asked of it isn't checked."""

_NO_SHAPE = "□"
_KEPT = frozenset({FIRST_STRONG_ISOLATE, POP_ISOLATE, "\u200c"})
"""What is invisible and has an effect all the same: isolates, and what keeps Persian letters from joining."""
_WIDEST_CACHE = 20_000


class Face(enum.Enum):
    """A cut of the font, by what fpdf2 calls its style."""

    PLAIN = ""
    BOLD = "B"


_FILES = {Face.PLAIN: "DejaVuSans.ttf", Face.BOLD: "DejaVuSans-Bold.ttf"}


def font_file(face: Face) -> Path:
    """Where the font is installed."""
    return Path(get_data_path(), "fonts", "ttf", _FILES[face])


def shapeable(text: str, face: Face) -> str:
    """`text` with boxes for what the font can't draw, without what is invisible; isolates are kept."""
    if text.isascii():
        return text
    known = _covered(face)
    return "".join(_drawn(each, known) for each in unicodedata.normalize("NFC", text))


def needs_shaping(text: str) -> bool:
    """Whether letters of `text` join, stack or run to the left, so that HarfBuzz must set them."""
    return not text.isascii() and any(map(_is_complex, text))


def width_of(text: str, face: Face) -> float:
    """How wide `text`, of one direction, is set."""
    if not needs_shaping(text):
        return sum(_advance(character, face) for character in text)
    return _shaped_width(text, face)


def _drawn(character: str, known: frozenset[int]) -> str:
    """What is drawn of a character: itself, nothing, or a box."""
    category = unicodedata.category(character)
    if character in _KEPT or (ord(character) in known and category not in {"Cf", "Cc"}):
        return character
    return "" if category in {"Cf", "Cc", "Mn", "Me"} else _NO_SHAPE


def _is_complex(character: str) -> bool:
    code = ord(character)
    return 0x300 <= code < 0x370 or 0x590 <= code < 0x1E00 or 0xFB1D <= code < 0xFF00


@lru_cache(maxsize=_WIDEST_CACHE)
def _shaped_width(text: str, face: Face) -> float:
    buffer = _harfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    font = _font(face)
    _harfbuzz.shape(font, buffer)
    return sum(each.x_advance for each in buffer.glyph_positions) / font.face.upem


@lru_cache(maxsize=_WIDEST_CACHE)
def _advance(character: str, face: Face) -> float:
    font = _font(face)
    glyph = font.get_nominal_glyph(ord(character))
    return font.get_glyph_h_advance(glyph) / font.face.upem if glyph else 0.0


@lru_cache(maxsize=len(Face))
def _font(face: Face) -> Any:
    return _harfbuzz.Font(_harfbuzz.Face(_harfbuzz.Blob.from_file_path(str(font_file(face)))))


@lru_cache(maxsize=len(Face))
def _covered(face: Face) -> frozenset[int]:
    """The characters that the font can draw."""
    return frozenset(_font(face).face.unicodes)
