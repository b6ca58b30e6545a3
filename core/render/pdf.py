"""A page as a PDF: what is printed, sent and filed.

It is written in the manner of its reader's language, as a chat is: in Arabic from right to left, tables too.
Foreign text is only ever set as letters; what the font can't draw is a box. This module loads matplotlib and
fpdf2, which takes a second or two, so that it is imported when there is a document to write.
"""

from __future__ import annotations

from dataclasses import replace

from core.message import _
from core.page import Page, Table
from core.render.heading import heading
from core.render.pdf_blocks import draw_block
from core.render.pdf_file import About, pdf_of
from core.render.pdf_fonts import Face
from core.render.pdf_sheet import BODY, MARGIN, SMALL, TITLE, Align, Sheets
from core.render.pdf_tables import is_wide
from core.render.png_style import LIGHT
from core.render.values import Formatter

__all__ = ["lay_out", "render"]

_RULE_HEIGHT = 0.8


def render(page: Page, formatter: Formatter, *, width: int = 100) -> bytes:
    """`page` as the bytes of a PDF, the same for the same page and moment; `width` has no meaning here."""
    formatter = formatter.for_reading()
    about = About(heading(page, formatter).title, formatter.language.code, formatter.now)
    return pdf_of(lay_out(page, formatter), about)


def lay_out(page: Page, formatter: Formatter) -> Sheets:
    """The sheets of `page`, filled, for a formatter that writes for one reader."""
    wound = formatter.at(page.at)
    sheets = Sheets(formatter.right_to_left)
    sheets.landscape = any(isinstance(each, Table) and is_wide(each, sheets, wound) for each in page.blocks)
    _head(page, sheets, formatter)
    for block in page.blocks:
        draw_block(block, sheets, wound)
    _feet(page, sheets, formatter)
    return sheets


def _head(page: Page, sheets: Sheets, formatter: Formatter) -> None:
    """What it is, how it stands, of when it is, and how far that is the present."""
    top = heading(page, formatter)
    verdict = replace(BODY, size=11.0, face=Face.BOLD, colour=LIGHT.severities[page.verdict.severity])
    sheets.write(formatter.beside(top.title), TITLE)
    sheets.write(top.verdict, verdict)
    if page.as_of is not None:
        sheets.write(formatter.message(_("As of {moment}", moment=top.moment)), SMALL)
    if top.remark:
        sheets.write(top.remark, SMALL)
    sheets.fill(0.0, sheets.room, _RULE_HEIGHT, LIGHT.grid, below=3.0)
    sheets.y += 3.0 + _RULE_HEIGHT


def _feet(page: Page, sheets: Sheets, formatter: Formatter) -> None:
    """At the foot of each sheet what it is of and which of how many."""
    top = heading(page, formatter)
    count = len(sheets.drawn)
    said = [formatter.beside(top.title)]
    if sheets.full:
        said.insert(0, formatter.message(_("It is cut here: there is more than a document holds.")))
    elif page.as_of is not None:
        said.append(formatter.message(_("As of {moment}", moment=top.moment)))
    drawn = sheets.drawn
    for number in range(1, count + 1):
        foot = Sheets(sheets.right_to_left, sheets.landscape, [drawn[number - 1]])
        foot.y = foot.height - MARGIN - SMALL.height
        place = formatter.message(_("Page {number} of {total}", number=number, total=count))
        room = foot.room - 90.0
        foot.put(foot.set(" · ".join(said), SMALL, room, most=1), SMALL, 0.0, room)
        foot.put(foot.set(place, SMALL, 88.0, most=1), SMALL, room, 90.0, align=Align.END)
