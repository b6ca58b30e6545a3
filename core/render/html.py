"""A page as one HTML file that needs nothing else: to be put on a web server, sent, or printed.

It holds no script and loads nothing, and says so to the browser itself (its content security policy), so
that foreign text could do nothing even if it got through; all of it is escaped all the same. Colours follow
the reader's choice of light or dark, and never stand alone: each state has its glyph and its word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from importlib import resources

from core.message import Message, _
from core.page import (
    Block,
    Chart,
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
from core.render.charting import figure_table
from core.render.heading import heading
from core.render.remarks import axes_of, count_of, reasons_of, used_of
from core.render.values import Formatter
from core.units import Absent, Severity, Span, State, Value

__all__ = ["render"]

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = "page.css"


def render(page: Page, formatter: Formatter, *, width: int = 100) -> str:
    """`page` as a whole HTML document; `width` has no meaning here."""
    top = heading(page, formatter)
    wound = formatter.at(page.at)
    verdict = _tag("p", _state(page.verdict, wound), f"verdict {_severity(page.verdict.severity)}")
    said = [_tag("p", escape(text), "when") for text in (top.moment, top.remark) if text]
    style = resources.files("core.render").joinpath(_STYLE).read_text(encoding="utf-8")
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{escape(wound.language.code)}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{escape(top.title)}</title>",
            f"<style>\n{style}</style>",
            "</head>",
            "<body>",
            "<main>",
            _tag("h1", escape(top.title)),
            verdict,
            *said,
            *(_block(block, wound) for block in page.blocks),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _block(block: Block, formatter: Formatter) -> str:
    match block:
        case Note():
            glyph = f'<span class="{_severity(block.severity)}">{block.severity.glyph}</span>'
            return _tag("p", f"{glyph} {escape(formatter.message(block.text))}", "note")
        case Meter():
            return _section(block.title, "", _meter(block, formatter), formatter)
        case Facts():
            return _section(block.title, "", _facts(block.facts, formatter), formatter)
        case Table():
            return _section(block.title, count_of(block, formatter), _table(block, formatter), formatter)
        case Chart():
            return _section(block.title, block.unit.value, _chart(block, formatter), formatter)
        case Lights():
            return _section(block.title, "", _lights(block, formatter), formatter)
        case Timeline():
            return _section(block.title, "", _timeline(block, formatter), formatter)
        case Conversation():
            return _section(block.title, "", _conversation(block, formatter), formatter)
        case Document():
            texts = (_tag("p", _lines(formatter.paragraph(each))) for each in block.paragraphs)
            return _section(block.title, "", "\n".join(texts), formatter)
        case _:
            return _block(block.lower(), formatter)


def _section(title: Message, remark: str, body: str, formatter: Formatter) -> str:
    head = escape(formatter.message(title))
    if remark:
        head += f" <small>{escape(remark)}</small>"
    return f"<section>\n{_tag('h2', head)}\n{body}\n</section>"


def _facts(facts: Iterable[Fact], formatter: Formatter) -> str:
    lines = ["<dl>"]
    for fact in facts:
        note = f" <small>{escape(formatter.message(fact.note))}</small>" if fact.note else ""
        lines.append(_tag("dt", escape(formatter.value(fact.label))))
        lines.append(_tag("dd", _value(fact.value, formatter, formatter.detailed) + note))
    return "\n".join([*lines, "</dl>"])


def _table(table: Table, formatter: Formatter) -> str:
    if not table.rows:
        return _tag("p", escape(formatter.message(table.empty)), "empty")
    kinds = ["number" if column.kind is Kind.NUMBER else "" for column in table.columns]
    titles = [escape(formatter.message(column.title)) for column in table.columns]
    lines = ['<div class="wide"><table>', "<thead>", _row("th", titles, kinds), "</thead>", "<tbody>"]
    for row in table.rows:
        cells = [_value(cell, formatter, formatter.value) for cell in row.cells]
        lines.append(_row("td", cells, kinds))
    lines += ["</tbody>", "</table></div>"]
    reasons = reasons_of(table, range(len(table.columns)), formatter)
    return "\n".join([*lines, *([_tag("p", escape(reasons), "empty")] if reasons else [])])


def _row(tag: str, cells: list[str], kinds: list[str]) -> str:
    return "<tr>" + "".join(_tag(tag, cell, kind) for cell, kind in zip(cells, kinds, strict=True)) + "</tr>"


def _chart(chart: Chart, formatter: Formatter) -> str:
    """A chart as the figures that say the same, with what they span."""
    figures = _facts(chart.figures, formatter) if chart.figures else ""
    if not any(value is not None for series in chart.series for _moment, value in series.points):
        return _tag("p", escape(formatter.message(chart.empty)), "empty") + figures
    span = _tag("p", escape(axes_of(chart, formatter)), "empty")
    return "\n".join([span, figures or _table(figure_table(chart), formatter)])


def _meter(meter: Meter, formatter: Formatter) -> str:
    note = f" <small>{escape(formatter.message(meter.note))}</small>" if meter.note else ""
    said = f'<span class="{_severity(meter.severity)}">{meter.severity.glyph}</span> '
    return _tag("p", said + escape(used_of(meter, formatter)) + note)


def _lights(lights: Lights, formatter: Formatter) -> str:
    lines = ['<ul class="lights">']
    for light in lights.lights:
        note = f" <small>{escape(formatter.value(light.note))}</small>" if light.note else ""
        name = f"<strong>{escape(formatter.value(light.name))}</strong>"
        lines.append(_tag("li", f"{name} {_state(light.state, formatter)}{note}"))
    return "\n".join([*lines, "</ul>"])


def _timeline(timeline: Timeline, formatter: Formatter) -> str:
    if not timeline.entries:
        return _tag("p", escape(formatter.message(timeline.empty)), "empty")
    lines = ['<ol class="timeline">']
    for entry in timeline.entries:
        moment = escape(formatter.moment(entry.start))
        when = f'<time datetime="{escape(entry.start.isoformat())}">{moment}</time>'
        lasted = _lasted(entry, formatter)
        after = f" <small>{escape(lasted)}</small>" if lasted else ""
        text = escape(formatter.value(entry.text)) + after
        lines.append(_tag("li", f"{when} {_state(entry.state, formatter)} {text}"))
    return "\n".join([*lines, "</ol>"])


def _lasted(entry: TimelineEntry, formatter: Formatter) -> str:
    if entry.length is not None:
        return formatter.value(Span(entry.length))
    return formatter.message(_("still open")) if entry.open else ""


def _conversation(conversation: Conversation, formatter: Formatter) -> str:
    lines = ['<ol class="conversation">']
    for said in conversation.utterances:
        internal = f" ({escape(formatter.message(_('internal')))})" if said.internal else ""
        who = f"<strong>{escape(formatter.value(said.author))}</strong>{internal}"
        text = _lines(formatter.paragraph(said.text))
        lines.append(_tag("li", f"{who} <small>{escape(formatter.moment(said.at))}</small><br>{text}"))
    return "\n".join([*lines, "</ol>"])


def _value(value: Value, formatter: Formatter, say: Callable[[Value], str]) -> str:
    """A value, escaped, with the colour of a state; an absent one tells why where the pointer rests."""
    if isinstance(value, State):
        return _state(value, formatter)
    text = escape(say(value))
    if isinstance(value, Absent):
        return f'<span class="absent" title="{escape(formatter.reason(value))}">{text}</span>'
    return text


def _state(state: State, formatter: Formatter) -> str:
    word = escape(formatter.value(state.word))
    return f'<span class="state {_severity(state.severity)}">{state.severity.glyph} {word}</span>'


def _severity(severity: Severity) -> str:
    return severity.name.lower()


def _lines(text: str) -> str:
    return "<br>\n".join(escape(line) for line in text.split("\n"))


def _tag(name: str, content: str, kind: str = "") -> str:
    """An element; `content` is HTML already."""
    return f'<{name} class="{kind}">{content}</{name}>' if kind else f"<{name}>{content}</{name}>"
