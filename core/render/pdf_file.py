"""Filled sheets as a PDF file, by fpdf2.

The bytes are the same for the same sheets and moment: nothing in them comes from a clock or from chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from fpdf import FPDF
from fpdf.enums import TextDirection
from fpdf.fonts import TTFFont

from core.render.pdf_fonts import Face, font_file
from core.render.pdf_lines import Run
from core.render.pdf_sheet import Box, Picture, Sheets, Words

__all__ = ["About", "pdf_of"]

_FAMILY = "letters"
_CREATOR = "opsdeck"


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself: its title, the tag of its language, and when it was made."""

    title: str
    language: str
    made_at: datetime


def pdf_of(sheets: Sheets, about: About) -> bytes:
    """The whole file."""
    pdf = FPDF("landscape" if sheets.landscape else "portrait", unit="pt", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_title(about.title)
    pdf.set_lang(about.language.replace("_", "-"))
    pdf.set_creator(_CREATOR)
    pdf.set_producer(_CREATOR)
    pdf.set_creation_date(about.made_at)
    for face, characters in _used(sheets.drawn).items():
        pdf.add_font(_FAMILY, face.value, font_file(face), unicode_range=characters)
    for sheet in sheets.drawn:
        pdf.add_page()
        for each in sheet:
            match each:
                case Words():
                    _write(pdf, each)
                case Box():
                    pdf.set_fill_color(*_rgb(each.colour))
                    pdf.rect(each.x, each.y, each.width, each.height, style="F")
                case Picture():
                    pdf.image(
                        BytesIO(each.content), each.x, each.y, each.width, each.height, alt_text=each.says
                    )
    return bytes(pdf.output())


def _used(drawn: Sequence[Sequence[Words | Box | Picture]]) -> Mapping[Face, list[int]]:
    """The characters of each cut: fpdf2 looks at every one that it is not told to leave out.

    The space is always among them, as fpdf2 always puts it into the file.
    """
    used: dict[Face, set[str]] = {}
    for sheet in drawn:
        for each in sheet:
            if isinstance(each, Words):
                used.setdefault(each.letters.face, {" "}).update(*(run.text for run in each.line.runs))
    return {face: sorted(map(ord, used[face])) for face in Face if face in used}


def _write(pdf: FPDF, words: Words) -> None:
    letters = words.letters
    pdf.set_font(_FAMILY, letters.face.value, letters.size)
    pdf.set_text_color(*_rgb(letters.colour))
    x = words.x
    for run in words.line.runs:
        _write_run(pdf, run, x, words.y, letters.colour)
        x += run.width * letters.size


def _write_run(pdf: FPDF, run: Run, x: float, base: float, colour: str) -> None:
    """A run with its left end at `x`.

    What must be shaped is set glyph by glyph: fpdf2's own cells tear a letter from the marks above it, for
    they are of no script.
    """
    if not run.shaped:
        pdf.text(x, base, run.text)
        return
    pdf.text(x, base, "")  # which names the font on this sheet
    font = pdf.current_font
    assert isinstance(font, TTFFont)
    direction = TextDirection.RTL if run.right_to_left else TextDirection.LTR
    em = font.scale * pdf.font_size_pt / 1000
    red, green, blue = (each / 255 for each in _rgb(colour))
    drawn = [f"q {red:.4f} {green:.4f} {blue:.4f} rg BT"]
    shaped = font.shape_text(run.text, pdf.font_size_pt, {"features": {}, "fragment_direction": direction})
    for glyph in shaped:
        if glyph["mapped_char"] is None:
            continue
        left, low = x + glyph["x_offset"] * em, pdf.h - base + glyph["y_offset"] * em
        drawn.append(f"1 0 0 1 {left:.2f} {low:.2f} Tm ({font.escape_text(chr(glyph['mapped_char']))}) Tj")
        x += glyph["x_advance"] * em
    contents = pdf.pages[pdf.page].contents
    assert isinstance(contents, bytearray)
    contents += (" ".join([*drawn, "ET Q"]) + "\n").encode("latin-1")


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue
