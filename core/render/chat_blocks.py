"""The blocks of a page as lines for a chat's bubble, which on a phone is some 36 characters wide.

So a table is a short paragraph for each row, the least important columns left out, unless all of it fits
into such a width; what is long is folded until somebody opens it; labels and what a row is about are bold;
and every state has its glyph and its word. Charts and plans are the figures that say the same: their pictures
are `core.render.png`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.message import Message, _
from core.page import (
    Block,
    Chart,
    Checklist,
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
    Timeline,
    TimelineEntry,
)
from core.render.charting import figures
from core.render.chat_lines import Box, Line, Piece, Style, bold, italic, line
from core.render.chat_tables import DOT, folded, table_lines
from core.render.remarks import count_of, used_of
from core.render.values import Formatter
from core.units import Quantity, Share, Span, Unit

__all__ = ["block_lines", "drawable", "picture_lines", "title_line"]

_METER_CELLS = 16
_LONG_TEXT = 600
"""Characters from which on a text is folded until somebody opens it."""


def block_lines(block: Block, formatter: Formatter, *, titled: bool = True) -> list[Line]:
    """The block as lines, its title first unless that stands above it already; never a blank line."""
    match block:
        case Note():
            return [line(f"{block.severity.glyph} ", formatter.message(block.text))]
        case Meter():
            return list(_meter(block, formatter))
        case Facts():
            body = _facts(block.facts, formatter)
        case Table():
            body = table_lines(block, formatter)
        case Chart():
            body = picture_lines(block, formatter)
        case Lights():
            body = list(_lights(block, formatter))
        case Timeline():
            body = _timeline(block, formatter)
        case Checklist():
            body = list(_checklist(block, formatter))
        case Gantt():
            body = picture_lines(block, formatter)
        case Conversation():
            body = list(_conversation(block, formatter))
        case Code():
            body = list(_code(block, formatter))
        case Document():
            body = list(_document(block, formatter))
    return [title_line(block, formatter, capitals=True), *body] if titled else body


def drawable(block: Block) -> bool:
    """Whether there is anything in the block to be drawn as a picture."""
    match block:
        case Chart():
            return block.end > block.start and any(map(figures, block.series))
        case Gantt():
            return block.end > block.start and bool(block.bars)
        case _:
            return False


def picture_lines(block: Chart | Gantt, formatter: Formatter) -> list[Line]:
    """What a picture of the block shows, in figures."""
    if isinstance(block, Gantt):
        return list(_gantt(block, formatter))
    lines = _facts(block.figures, formatter) if block.figures else list(_series(block, formatter))
    if drawable(block):
        return [*lines, *_levels(block, formatter)]
    return [line(italic(formatter.message(block.empty))), *(lines if block.figures else [])]


def title_line(block: Block, formatter: Formatter, *, capitals: bool = False) -> Line:
    """The block's title, with its unit or how much of everything it shows."""
    title = formatter.message(block.title)
    pieces: list[Piece | str] = [bold(title.upper() if capitals else title)]
    if isinstance(block, Chart) and block.unit.value:
        pieces.append(f" ({formatter.unit(block.unit)})")
    if isinstance(block, Table) and (count := count_of(block, formatter)):
        pieces.append(italic(f"  {count}"))
    return line(*pieces, leads=True)


def _facts(facts: Iterable[Fact], formatter: Formatter) -> list[Line]:
    lines: list[Line] = []
    for fact in facts:
        label = formatter.beside(formatter.value(fact.label))
        said = formatter.beside(formatter.detailed(fact.value))
        note = f"{DOT}{formatter.message(fact.note)}" if fact.note else ""
        lines.append(line(bold(f"{label}:"), f" {said}", italic(note)))
    return lines


def _series(chart: Chart, formatter: Formatter) -> Iterator[Line]:
    """The figures of each series, the same as `charting.figure_table`'s most important ones."""
    for series in chart.series:
        name = formatter.beside(formatter.value(series.name))
        found = figures(series)
        if found is None:
            yield line(bold(f"{name}:"), " ", italic(formatter.message(chart.empty)))
            continue
        digits = 2 if max(abs(found.lowest), abs(found.highest)) < 10 else 1
        said = formatter.message(
            _(
                "last {last}, mean {mean}, highest {highest}",
                last=Quantity(found.last, chart.unit, digits),
                mean=Quantity(found.mean, chart.unit, digits),
                highest=Quantity(found.highest, chart.unit, digits),
            )
        )
        yield line(bold(f"{name}:"), f" {said}")


def _levels(chart: Chart, formatter: Formatter) -> Iterator[Line]:
    for level in chart.thresholds:
        value = formatter.beside(formatter.value(Quantity(level.value, chart.unit)))
        yield line(f"{level.severity.glyph} {formatter.message(level.label)}: {value}")


def _meter(meter: Meter, formatter: Formatter) -> Iterator[Line]:
    title = bold(f"{formatter.message(meter.title)}:")
    used = formatter.beside(used_of(meter, formatter))
    note = italic(f"{DOT}{formatter.message(meter.note)}" if meter.note else "")
    share = meter.share
    if share is None or formatter.reason(meter.value):
        yield line(title, f" {meter.severity.glyph} {used}", note)
    else:
        filled = round(min(max(share, 0.0), 1.0) * _METER_CELLS)
        bar = "█" * filled + "░" * (_METER_CELLS - filled)
        yield line(title, f" {meter.severity.glyph} {formatter.beside(formatter.value(Share(share)))}")
        yield line(Piece(bar, Style.CODE))
        if not _is_share(meter):
            yield line(used, note)
        elif meter.note:
            yield line(italic(formatter.message(meter.note)))


def _is_share(meter: Meter) -> bool:
    """Whether what is measured is a share of everything, which the line above says already."""
    return meter.limit.unit is Unit.PERCENT and meter.limit.value == 100


def _lights(lights: Lights, formatter: Formatter) -> Iterator[Line]:
    for light in lights.lights:
        name = bold(formatter.beside(formatter.value(light.name)))
        word = formatter.beside(formatter.value(light.state.word))
        note = f"{DOT}{formatter.beside(formatter.value(light.note))}" if light.note else ""
        yield line(f"{light.state.severity.glyph} ", name, f"{DOT}{word}", italic(note))


def _timeline(timeline: Timeline, formatter: Formatter) -> list[Line]:
    if not timeline.entries:
        return [line(italic(formatter.message(timeline.empty)))]
    return folded([[_entry(entry, formatter)] for entry in timeline.entries])


def _entry(entry: TimelineEntry, formatter: Formatter) -> Line:
    when = bold(formatter.beside(formatter.moment(entry.start)))
    word = formatter.beside(formatter.value(entry.state.word))
    text = formatter.beside(formatter.value(entry.text))
    said = f"{DOT}{word}{DOT}{text}"
    return line(f"{entry.state.severity.glyph} ", when, said, _lasted(entry, formatter))


def _lasted(entry: TimelineEntry, formatter: Formatter) -> Piece:
    if entry.length is not None:
        return italic(f"{DOT}{formatter.value(Span(entry.length))}")
    return italic(f"{DOT}{formatter.message(_('still open'))}" if entry.open else "")


def _checklist(checklist: Checklist, formatter: Formatter) -> Iterator[Line]:
    for item in checklist.items:
        by = formatter.beside(formatter.value(item.by))
        when = formatter.moment(item.at) if item.at else ""
        after = ", ".join(part for part in (by, when) if part)
        text = formatter.beside(formatter.value(item.text))
        yield line("☑ " if item.done else "☐ ", text, italic(f"{DOT}{after}" if after else ""))


def _gantt(gantt: Gantt, formatter: Formatter) -> Iterator[Line]:
    if not gantt.bars:
        yield line(italic(formatter.message(_("Nothing is planned in this time."))))
    for bar in gantt.bars:
        span = formatter.message(
            _("{start} to {end}", start=formatter.moment(bar.start), end=formatter.moment(bar.end))
        )
        name = bold(formatter.beside(formatter.value(bar.name)))
        word = formatter.beside(formatter.value(bar.state.word))
        yield line(f"{bar.state.severity.glyph} ", name, f"{DOT}{word}{DOT}{span}")


def _conversation(conversation: Conversation, formatter: Formatter) -> Iterator[Line]:
    for said in conversation.utterances:
        after = [formatter.beside(formatter.moment(said.at))]
        if said.internal:
            after.append(formatter.message(_("internal")))
        author = bold(formatter.beside(formatter.value(said.author)))
        yield line(author, DOT + DOT.join(after), leads=True)
        yield from _text(formatter.paragraph(said.text), Box.QUOTE)


def _code(code: Code, formatter: Formatter) -> Iterator[Line]:
    yield line(Piece(formatter.value(code.code), Style.CODE))
    if code.link:
        yield line(formatter.beside(formatter.value(code.link)))
    until: Message = _("Valid until {moment}.", moment=code.expires)
    yield line(italic(formatter.message(until)))


def _document(document: Document, formatter: Formatter) -> Iterator[Line]:
    texts = [formatter.paragraph(each) for each in document.paragraphs]
    folded = sum(map(len, texts)) > _LONG_TEXT
    for index, text in enumerate(texts):
        if index:
            yield Line((), Box.FOLDED if folded else Box.NONE)
        yield from _text(text, Box.FOLDED if folded else Box.NONE)


def _text(text: str, box: Box) -> Iterator[Line]:
    """A text with its own line breaks; a long one in a box is folded."""
    if box is Box.QUOTE and len(text) > _LONG_TEXT:
        box = Box.FOLDED
    for each in text.split("\n"):
        yield line(each.expandtabs(4), box=box)
