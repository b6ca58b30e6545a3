r"""A page as Markdown (CommonMark with GitHub's tables), for a report, a ticket or a wiki.

Whatever comes from values is escaped, so that foreign text reads as it was written and can form no
heading, link, code or row: every character that could begin markup inside a line is always escaped,
those that could at the beginning of one are escaped there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.message import Message, _
from core.moment import to_epoch
from core.page import (
    Block,
    Chart,
    Conversation,
    Document,
    Fact,
    Facts,
    Kind,
    Meter,
    Note,
    Page,
    Table,
    Timeline,
)
from core.render.charting import figure_table, figures, peaks, sparkline, value_range
from core.render.heading import heading
from core.render.remarks import axes_of, count_of, reasons_of, used_of
from core.render.values import Formatter
from core.text import clean
from core.units import Share

__all__ = ["escape", "render"]

_INSIDE = re.compile(r"[\\`*_\[\]<>|~&$]")
_AT_START = re.compile(r"[#=:]|[+-](?!\d)")
_NUMBERED = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))")
_AUTOLINK = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp)(?=:)|\b(www)(?=\.)")
_SPARKLINE_CELLS = 48


def render(page: Page, formatter: Formatter, *, width: int = 100) -> str:
    """`page` as Markdown text ending in a newline; `width` has no meaning here."""
    top = heading(page, formatter)
    wound = formatter.at(page.at)
    moment = ", ".join(part for part in (top.moment, top.age) if part)
    parts = [
        f"# {escape(top.title)}",
        " · ".join(part for part in (f"**{escape(top.verdict)}**", escape(moment)) if part),
    ]
    if top.remark:
        parts.append(f"*{escape(top.remark)}*")
    for block in page.blocks:
        parts.extend(_block(block, wound))
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    """`text`, one line of it, as Markdown that reads exactly so."""
    text = _INSIDE.sub(r"\\\g<0>", text)
    text = _AUTOLINK.sub(lambda found: f"{found[0]}\\", text)
    return _NUMBERED.sub(r"\1\\", f"\\{text}" if _AT_START.match(text) else text, count=1)


def _block(block: Block, formatter: Formatter) -> list[str]:
    """The block's paragraphs, its heading first; a note has none."""
    match block:
        case Note():
            return [f"> {block.severity.glyph} {escape(formatter.message(block.text))}"]
        case Facts():
            body = [_facts(block.facts, formatter)]
        case Table():
            body = _table(block, formatter)
        case Chart():
            body = _chart(block, formatter)
        case Meter():
            body = [_meter(block, formatter)]
        case Timeline() if not block.entries:
            body = [escape(formatter.message(block.empty))]
        case Conversation():
            body = _conversation(block, formatter)
        case Document():
            body = [part for text in block.paragraphs for part in _paragraphs(text, formatter)]
        case _:
            return _block(block.lower(), formatter)
    return [f"## {escape(formatter.message(block.title))}", *body]


def _facts(facts: Sequence[Fact], formatter: Formatter) -> str:
    rows: list[list[str]] = []
    for fact in facts:
        note = f" {formatter.message(fact.note)}" if fact.note else ""
        rows.append([formatter.value(fact.label), formatter.detailed(fact.value) + note])
    return _grid([formatter.message(_("Fact")), formatter.message(_("Value"))], rows, [False, False])


def _table(table: Table, formatter: Formatter) -> list[str]:
    if not table.rows:
        return [escape(formatter.message(table.empty))]
    titles = [formatter.message(column.title) for column in table.columns]
    rows = [[formatter.value(cell) for cell in row.cells] for row in table.rows]
    parts = [_grid(titles, rows, [column.kind is Kind.NUMBER for column in table.columns])]
    below = (count_of(table, formatter), reasons_of(table, range(len(table.columns)), formatter))
    said = " ".join(f"{part}." for part in below if part)
    return [*parts, escape(said)] if said else parts


def _chart(chart: Chart, formatter: Formatter) -> list[str]:
    """The figures, and a row of blocks for each series on one common scale."""
    drawn = [series for series in chart.series if figures(series)]
    given = [_facts(chart.figures, formatter)] if chart.figures else []
    start, end = to_epoch(chart.start), to_epoch(chart.end)
    if not drawn or end <= start:
        return [escape(formatter.message(chart.empty)), *given]
    bottom, top = value_range(chart)
    steps = (end - start) // chart.step if chart.step > 0 else _SPARKLINE_CELLS
    cells = max(min(_SPARKLINE_CELLS, steps), 1)
    lines: list[str] = []
    for series in drawn:
        blocks = sparkline(peaks(series), start, end, cells, bottom, top)
        lines.append(f"- `|{blocks}|` {escape(formatter.value(series.name))}")
    return [
        escape(axes_of(chart, formatter)),
        "\n".join(lines),
        *(given or _table(figure_table(chart), formatter)),
    ]


def _meter(meter: Meter, formatter: Formatter) -> str:
    note = f" {formatter.message(meter.note)}" if meter.note else ""
    used = used_of(meter, formatter)
    if meter.share is None or formatter.reason(meter.value):
        return escape(f"{meter.severity.glyph} {used}{note}")
    return escape(f"{meter.severity.glyph} {formatter.value(Share(meter.share))}: {used}{note}")


def _conversation(conversation: Conversation, formatter: Formatter) -> list[str]:
    parts: list[str] = []
    for said in conversation.utterances:
        internal = f" ({formatter.message(_('internal'))})" if said.internal else ""
        parts.append(
            f"**{escape(formatter.value(said.author))}**, {escape(formatter.moment(said.at) + internal)}:"
        )
        parts.extend(_quoted(part) for part in _paragraphs(said.text, formatter))
    return parts


def _paragraphs(text: Message | str, formatter: Formatter) -> list[str]:
    """A longer text's paragraphs, its line breaks kept as hard ones."""
    paragraphs: list[str] = []
    for paragraph in re.split(r"\n\s*\n", formatter.paragraph(text)):
        lines = [escape(clean(line)) for line in paragraph.split("\n") if line.strip()]
        if lines:
            paragraphs.append("\\\n".join(lines))
    return paragraphs


def _quoted(paragraph: str) -> str:
    return "\n".join(f"> {line}" for line in paragraph.split("\n"))


def _grid(titles: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    rule = ["--:" if each else "---" for each in right]
    written = [[escape(text) for text in row] for row in (titles, *rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (written[0], rule, *written[1:]))
