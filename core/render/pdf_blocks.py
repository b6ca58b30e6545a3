"""The blocks of a page as they stand in a PDF.

Charts and plans are drawn as the pictures of `core.render.png`, with the figures that say the same below
them, so that nothing is in a picture alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from core.message import Message, _
from core.page import (
    Block,
    Chart,
    Code,
    Conversation,
    Document,
    Fact,
    Facts,
    Gantt,
    Lights,
    Meter,
    Note,
    Table,
)
from core.render.charting import figure_table
from core.render.chat_blocks import drawable
from core.render.pdf_fonts import Face
from core.render.pdf_sheet import BODY, HEAD, SMALL, Letters, Sheets
from core.render.pdf_tables import draw_cells, draw_table, shortened
from core.render.png import png_of, png_size
from core.render.png_style import LIGHT
from core.render.remarks import axes_of, used_of
from core.render.values import Formatter
from core.units import Severity, State, Value

__all__ = ["draw_block"]

_BEFORE, _AFTER_HEAD = 13.0, 3.0
_BAR_HEIGHT, _BAR_WIDTH = 7.0, 200.0
_INDENT = 10.0
_CHART_SHARE = 0.8
"""How much of a sheet's width a chart takes."""

_STRONG = replace(BODY, face=Face.BOLD)
_LABEL = replace(BODY, colour=SMALL.colour)


def draw_block(block: Block, sheets: Sheets, formatter: Formatter) -> None:
    """Draw a block where there is room, its title above it."""
    sheets.skip(_BEFORE)
    match block:
        case Note():
            colour = LIGHT.severities[block.severity]
            text = f"{block.severity.glyph} {formatter.message(block.text)}"
            sheets.write(text, replace(BODY, colour=colour))
        case Meter():
            _meter(block, sheets, formatter)
        case Facts():
            _title(block.title, "", sheets, formatter)
            _facts(block.facts, sheets, formatter)
        case Table():
            _title(block.title, shortened(block, formatter), sheets, formatter)
            draw_table(block, sheets, formatter)
        case Chart():
            _chart(block, sheets, formatter)
        case Gantt():
            _drawn(block, "", sheets, formatter)
            draw_table(block.lower(), sheets, formatter)
        case Lights():
            _title(block.title, "", sheets, formatter)
            _lights(block, sheets, formatter)
        case Conversation():
            _title(block.title, "", sheets, formatter)
            _conversation(block, sheets, formatter)
        case Document():
            _title(block.title, "", sheets, formatter)
            _document(block, sheets, formatter)
        case Code():
            _title(block.title, "", sheets, formatter)
            _facts(block.lower().facts, sheets, formatter)
            if block.link:
                sheets.write(formatter.value(block.link), SMALL)
        case _:
            _title(block.title, "", sheets, formatter)
            draw_table(block.lower(), sheets, formatter)


def _title(
    title: Message, remark: str, sheets: Sheets, formatter: Formatter, *, keep: float = 4 * BODY.height
) -> None:
    """A block's title, on one sheet with the beginning of what it is the title of: `keep` of its height."""
    sheets.make_room(HEAD.height + SMALL.height + keep)
    sheets.write(formatter.message(title), HEAD)
    if remark:
        sheets.write(remark, SMALL)
    sheets.skip(_AFTER_HEAD)


def _facts(facts: Iterable[Fact], sheets: Sheets, formatter: Formatter) -> None:
    rows: list[list[tuple[str, Letters]]] = []
    for fact in facts:
        said = formatter.detailed(fact.value)
        note = f" · {formatter.message(fact.note)}" if fact.note else ""
        rows.append(
            [(formatter.value(fact.label), _LABEL), (formatter.beside(said) + note, _of(fact.value, BODY))]
        )
    draw_cells(rows, sheets)


def _of(value: Value, letters: Letters) -> Letters:
    """Letters in the colour of a state."""
    return replace(letters, colour=_colour(value.severity)) if isinstance(value, State) else letters


def _colour(severity: Severity) -> str:
    return LIGHT.severities[severity]


def _chart(chart: Chart, sheets: Sheets, formatter: Formatter) -> None:
    _drawn(chart, formatter.unit(chart.unit), sheets, formatter)
    if not drawable(chart):
        sheets.write(formatter.message(chart.empty), SMALL)
        _facts(chart.figures, sheets, formatter)
        return
    sheets.write(axes_of(chart, formatter), SMALL)
    if chart.figures:
        _facts(chart.figures, sheets, formatter)
    else:
        draw_table(figure_table(chart), sheets, formatter)


def _drawn(figure: Chart | Gantt, remark: str, sheets: Sheets, formatter: Formatter) -> None:
    """The title and, where there is anything to draw, the picture with it."""
    if not drawable(figure):
        _title(figure.title, remark, sheets, formatter)
        return
    content = png_of(figure, formatter)
    pixels = png_size(content)
    share = _CHART_SHARE if isinstance(figure, Chart) else 1.0
    size = sheets.fitted(pixels, share * sheets.room)
    _title(figure.title, remark, sheets, formatter, keep=size[1])
    sheets.picture(content, size, formatter.message(figure.title))
    sheets.skip(_AFTER_HEAD)


def _meter(meter: Meter, sheets: Sheets, formatter: Formatter) -> None:
    """What is used of a limit, with a bar of the share."""
    note = f" · {formatter.message(meter.note)}" if meter.note else ""
    colour = _colour(meter.severity)
    sheets.make_room(HEAD.height + 3 * BODY.height)
    sheets.write(formatter.message(meter.title), HEAD)
    used = f"{meter.severity.glyph} {formatter.beside(used_of(meter, formatter))}{note}"
    sheets.write(used, replace(BODY, colour=colour))
    share = meter.share
    if share is None or formatter.reason(meter.value):
        return
    sheets.fill(0.0, _BAR_WIDTH, _BAR_HEIGHT, LIGHT.grid, below=_AFTER_HEAD)
    filled = _BAR_WIDTH * min(max(share, 0.0), 1.0)
    sheets.fill(0.0, filled, _BAR_HEIGHT, colour, below=_AFTER_HEAD)
    sheets.y += _AFTER_HEAD + _BAR_HEIGHT


def _lights(lights: Lights, sheets: Sheets, formatter: Formatter) -> None:
    draw_cells(
        [
            [
                (formatter.state(light.state), _of(light.state, BODY)),
                (formatter.value(light.name), _STRONG),
                (formatter.value(light.note) if light.note else "", _LABEL),
            ]
            for light in lights.lights
        ],
        sheets,
    )


def _conversation(conversation: Conversation, sheets: Sheets, formatter: Formatter) -> None:
    for said in conversation.utterances:
        author = formatter.beside(formatter.value(said.author))
        after = [formatter.beside(formatter.moment(said.at))]
        if said.internal:
            after.append(formatter.message(_("internal")))
        sheets.make_room(_STRONG.height + BODY.height)
        sheets.write(" · ".join([author, *after]), _STRONG)
        sheets.write(formatter.paragraph(said.text), BODY, indent=_INDENT)
        sheets.skip(_AFTER_HEAD)


def _document(document: Document, sheets: Sheets, formatter: Formatter) -> None:
    for paragraph in document.paragraphs:
        sheets.write(formatter.paragraph(paragraph), BODY)
        sheets.skip(BODY.height / 2)
