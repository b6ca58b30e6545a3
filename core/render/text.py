"""A page as plain text, for a pipe, a file or a terminal of any width.

Every value passes the formatter, which makes foreign text safe once more (reliability.md S1). Tables drop
their least important columns where there is no room and say which; cut lists say of how many.
"""

from __future__ import annotations

from core.message import _
from core.moment import to_epoch
from core.page import (
    Block,
    Chart,
    Code,
    Conversation,
    Document,
    Fact,
    Facts,
    Kind,
    Lights,
    Meter,
    Note,
    Page,
    Table,
    Timeline,
    TimelineEntry,
)
from core.render.charting import figure_table, figures, peaks, sparkline, value_range
from core.render.heading import heading
from core.render.layout import columns, cut, keep_columns, pad, width_of, wrap
from core.render.qr import qr_lines
from core.render.remarks import axes_of, count_of, reasons_of, used_of
from core.render.values import Formatter
from core.units import Share, Span

__all__ = ["render"]

_INDENT = "  "
_NARROWEST = 40
_METER_CELLS = 24


def render(page: Page, formatter: Formatter, *, width: int = 100) -> str:
    """`page` as lines of at most `width` cells (40 at least), ending in a newline."""
    width = max(width, _NARROWEST)
    top = heading(page, formatter)
    moment = ", ".join(part for part in (top.moment, top.age) if part)
    lines = wrap("   ".join(part for part in (top.title, top.verdict, moment) if part), width)
    if top.remark:
        lines.extend(wrap(top.remark, width))
    wound = formatter.at(page.at)
    for block in page.blocks:
        lines += ["", *_block(block, wound, width)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _block(block: Block, formatter: Formatter, width: int) -> list[str]:
    """A block's title and, indented below it, its lines; a note and a meter are their own title."""
    room = width - len(_INDENT)
    match block:
        case Note():
            return _hanging(f"{block.severity.glyph} ", formatter.message(block.text), width)
        case Meter():
            return _meter(block, formatter, width)
        case Facts():
            body = _facts(block.facts, formatter, room)
        case Table():
            body = _table(block, formatter, room)
        case Chart():
            body = _chart(block, formatter, room)
        case Lights():
            body = _lights(block, formatter, room)
        case Timeline():
            body = _timeline(block, formatter, room)
        case Conversation():
            body = _conversation(block, formatter, room)
        case Document():
            body = _document(block, formatter, room)
        case Code():
            body = _code(block, formatter, room)
        case _:
            return _block(block.lower(), formatter, width)
    return [*wrap(_title(block, formatter), width), *(_INDENT + line for line in body)]


def _title(block: Block, formatter: Formatter) -> str:
    title = formatter.message(block.title)
    count = count_of(block, formatter) if isinstance(block, Table) else ""
    if isinstance(block, Chart) and block.unit.value:
        return f"{title} ({formatter.unit(block.unit)})"
    return f"{title}  {count}" if count else title


def _facts(facts: tuple[Fact, ...], formatter: Formatter, room: int) -> list[str]:
    labels = [formatter.value(fact.label) for fact in facts]
    widest = min(max((width_of(label) for label in labels), default=0), room // 2)
    lines: list[str] = []
    for label, fact in zip(labels, facts, strict=True):
        said = formatter.detailed(fact.value)
        note = f"  {formatter.message(fact.note)}" if fact.note else ""
        start = pad(label, widest) + _INDENT
        if width_of(start) > widest + len(_INDENT):
            lines += [*wrap(label, room), *_hanging(" " * (widest + len(_INDENT)), said + note, room)]
        else:
            lines += _hanging(start, said + note, room)
    return lines


def _table(table: Table, formatter: Formatter, room: int) -> list[str]:
    if not table.rows:
        return wrap(formatter.message(table.empty), room)
    titles = [formatter.message(column.title) for column in table.columns]
    cells = [[formatter.value(cell) for cell in row.cells] for row in table.rows]
    widths = [max(map(width_of, column)) for column in zip(titles, *cells, strict=True)]
    kept = keep_columns(widths, [column.priority for column in table.columns], room)
    rows = [[row[index] for index in kept] for row in (titles, *cells)]
    right = [table.columns[index].kind is Kind.NUMBER for index in kept]
    lines = columns(rows, right, room)
    lines.insert(1, "-" * max(map(width_of, lines)))
    dropped = [title for index, title in enumerate(titles) if index not in kept]
    if dropped:
        lines += wrap(formatter.message(_("Not shown: {columns}.", columns=", ".join(dropped))), room)
    reasons = reasons_of(table, kept, formatter)
    return lines + (wrap(reasons, room) if reasons else [])


def _chart(chart: Chart, formatter: Formatter, room: int) -> list[str]:
    """A row of blocks for each series on one common scale, then the figures."""
    start, end = to_epoch(chart.start), to_epoch(chart.end)
    if end <= start or not any(map(figures, chart.series)):
        return wrap(formatter.message(chart.empty), room) + _facts(chart.figures, formatter, room)
    bottom, top = value_range(chart)
    names = [cut(formatter.value(series.name), room // 3) for series in chart.series]
    named = max(map(width_of, names))
    steps = (end - start) // chart.step if chart.step > 0 else room
    cells = max(min(room - named - len(f"{_INDENT}||"), steps), 1)
    lines: list[str] = []
    for name, series in zip(names, chart.series, strict=True):
        blocks = sparkline(peaks(series), start, end, cells, bottom, top)
        lines.append(f"{pad(name, named)}{_INDENT}|{blocks}|")
    lines += wrap(axes_of(chart, formatter), room)
    given = _facts(chart.figures, formatter, room)
    return lines + (given or _table(figure_table(chart), formatter, room))


def _meter(meter: Meter, formatter: Formatter, width: int) -> list[str]:
    title = formatter.message(meter.title)
    note = f"  {formatter.message(meter.note)}" if meter.note else ""
    used = used_of(meter, formatter)
    share = meter.share
    if share is None or formatter.reason(meter.value):
        return _hanging(f"{title}  ", f"{meter.severity.glyph} {used}{note}", width)
    filled = round(min(max(share, 0.0), 1.0) * _METER_CELLS)
    bar = "█" * filled + "░" * (_METER_CELLS - filled)
    said = f"{bar} {meter.severity.glyph} {formatter.value(Share(share))}  {used}{note}"
    return _hanging(f"{title}  ", said, width)


def _lights(lights: Lights, formatter: Formatter, room: int) -> list[str]:
    rows = [
        [formatter.state(each.state), formatter.value(each.name), formatter.value(each.note or "")]
        for each in lights.lights
    ]
    return columns(rows, [False] * 3, room)


def _timeline(timeline: Timeline, formatter: Formatter, room: int) -> list[str]:
    if not timeline.entries:
        return wrap(formatter.message(timeline.empty), room)
    starts = [formatter.moment(entry.start) for entry in timeline.entries]
    states = [formatter.state(entry.state) for entry in timeline.entries]
    widest_start, widest_state = max(map(width_of, starts)), max(map(width_of, states))
    lines: list[str] = []
    for entry, start, state in zip(timeline.entries, starts, states, strict=True):
        before = f"{pad(start, widest_start, right=True)}{_INDENT}{pad(state, widest_state)}{_INDENT}"
        lines += _hanging(before, formatter.value(entry.text) + _lasted(entry, formatter), room)
    return lines


def _lasted(entry: TimelineEntry, formatter: Formatter) -> str:
    if entry.length is not None:
        return f" ({formatter.value(Span(entry.length))})"
    return f" ({formatter.message(_('still open'))})" if entry.open else ""


def _conversation(conversation: Conversation, formatter: Formatter, room: int) -> list[str]:
    lines: list[str] = []
    for said in conversation.utterances:
        internal = f" ({formatter.message(_('internal'))})" if said.internal else ""
        lines += wrap(f"{formatter.moment(said.at)}  {formatter.value(said.author)}{internal}", room)
        lines += (_INDENT + line for line in wrap(formatter.paragraph(said.text), room - len(_INDENT)))
    return lines


def _document(document: Document, formatter: Formatter, room: int) -> list[str]:
    lines: list[str] = []
    for paragraph in document.paragraphs:
        lines += ["", *wrap(formatter.paragraph(paragraph), room)]
    return lines[1:]


def _code(code: Code, formatter: Formatter, room: int) -> list[str]:
    """The code in words, then its link, to be scanned where there is room and to be copied."""
    scanned = qr_lines(code.link)
    fits = bool(scanned) and len(scanned[0]) <= room
    link = wrap(formatter.paragraph(code.link), room) if code.link else []
    return [*_facts(code.lower().facts, formatter, room), *link, *(["", *scanned] if fits else [])]


def _hanging(start: str, text: str, width: int) -> list[str]:
    """`text` after `start`, its further lines indented to stand below its beginning."""
    taken = width_of(start)
    if taken > width // 2:
        return [*wrap(start.rstrip(), width), *(_INDENT + line for line in wrap(text, width - len(_INDENT)))]
    first, *rest = wrap(text, width - taken) or [""]
    return [start + first, *(" " * taken + line for line in rest)]
