"""Pages drawn on a terminal that stays as it is: the console's blocks, one below the other, in colour.

Colours are the terminal's own sixteen, because nobody knows its background; rich leaves them out where
`NO_COLOR` is set or the terminal has none. Everything drawn is `Text` made by the console's pen, never
markup, so that no foreign word can steer the terminal (reliability.md S1, S2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.style import Style
from rich.text import Text

from console.blocks import widget_for
from console.blocks.chart import ChartBlock
from console.ink import Ink
from console.pen import Pen, styled
from console.theme import read_theme, shipped_folder
from core.message import ENGLISH, Message
from core.moment import from_epoch
from core.page import Block, Chart, Code, Freshness, Note, Page, Table
from core.render.heading import heading
from core.render.remarks import reasons_of
from core.render.values import Formatter
from core.units import Severity

__all__ = ["make_pen", "page_lines", "print_finding", "print_page"]

_WIDEST = 120
"""Wider than this, lines are hard to follow from one end to the other."""

_INDENT = 2
_CHART_HEIGHT = 12


def print_page(page: Page, formatter: Formatter) -> None:
    """Draw `page` on standard output, as wide as the terminal is."""
    console = _console()
    _print_lines(page_lines(page, make_pen(formatter), min(console.width, _WIDEST)), console)


def _print_lines(lines: Sequence[Text], console: Console | None = None) -> None:
    """Write lines to standard output, cut at its width."""
    console = console or _console()
    for line in lines:
        line.rstrip()
        console.print(line, end="\n", no_wrap=True, overflow="ellipsis", crop=True, soft_wrap=False)


def print_finding(severity: Severity, what: Message, remedy: Message | None) -> None:
    """Write a finding behind its severity's mark, and below it what to do."""
    console, pen = _console(), make_pen(Formatter(ENGLISH, ZoneInfo("UTC"), from_epoch(0)))
    lines = list(_marked(what, pen, console.width, severity))
    if remedy is not None:
        indent = " " * _INDENT
        wrapped = pen.wrapped(remedy, console.width - _INDENT, pen.ink.muted)
        lines += [styled(indent).append_text(line) for line in wrapped]
    _print_lines(lines, console)


def make_pen(formatter: Formatter) -> Pen:
    """The pen that writes in the terminal's own colours."""
    return Pen(formatter, Ink.of(read_theme(shipped_folder() / "sixteen.toml")))


def page_lines(page: Page, pen: Pen, width: int) -> list[Text]:
    """The page as lines of at most `width` cells: its heading, then each block after an empty line."""
    lines = list(_heading(page, pen, width))
    wound = Pen(pen.formatter.at(page.at), pen.ink)
    for block in page.blocks:
        lines.append(styled(""))
        lines.extend(_block(block, wound, width))
    return lines


def _heading(page: Page, pen: Pen, width: int) -> Iterator[Text]:
    """Title, verdict and age on one line, or on two where that is too long; then why it isn't the present."""
    ink = pen.ink
    words = heading(page, pen.formatter)
    fresh = page.source_state.freshness is Freshness.LIVE
    title, _dot, crumb = words.title.partition(" · ")
    left = styled(title, ink.strong)
    if crumb:
        left.append(" · ", ink.faint).append(crumb, ink.text)
    right = styled(words.verdict, ink.severity(page.verdict.severity) + Style(bold=True))
    if words.age:
        right.append("   ").append(words.age, ink.muted if fresh else ink.severity(Severity.WARNING))
    if left.cell_len + right.cell_len + 2 <= width:
        yield Pen.pad(left, width - right.cell_len).append_text(right)
    else:
        yield Pen.cut(left, width)
        yield right
    if words.remark:
        yield from _marked(words.remark, pen, width, Severity.NOTICE if fresh else Severity.WARNING)


def _block(block: Block, pen: Pen, width: int) -> Iterator[Text]:
    """The block's title and, indented below it, what the console draws inside its frame."""
    if isinstance(block, Note):
        yield from _marked(block.text, pen, width, block.severity)
        return
    if isinstance(block, Chart):
        ChartBlock.load_library()  # the console draws sparklines until it is there
    widget = widget_for(block, pen)
    room = width - _INDENT
    # what goes to a terminal scrolls, so that a QR code may be as high as it is
    drawing = widget.draw(room, 0 if isinstance(block, Code) else _CHART_HEIGHT)
    title = pen.text(widget.heading, pen.ink.accent + Style(bold=True))
    if widget.severity is not None:
        title = pen.mark(widget.severity).append_text(title)
    unit = styled(f"({block.unit.value})" if isinstance(block, Chart) and block.unit.value else "")
    for aside in (unit, drawing.info, drawing.foot):
        if aside.plain:
            title.append("  ").append_text(aside)
    yield Pen.cut(title, width)
    lines = [*drawing.head, *drawing.lines]
    if isinstance(block, Table) and (reasons := reasons_of(block, range(len(block.columns)), pen.formatter)):
        lines += pen.wrapped(reasons, room, pen.ink.faint)
    for line in lines:
        yield styled(" " * _INDENT).append_text(line)


def _marked(words: Message | str, pen: Pen, width: int, severity: Severity) -> Iterator[Text]:
    """A sentence behind its severity's mark."""
    style = pen.ink.text if severity <= Severity.NOTICE else pen.ink.severity(severity)
    for index, line in enumerate(pen.wrapped(words, width - _INDENT, style)):
        yield (pen.mark(severity) if index == 0 else styled(" " * _INDENT)).append_text(line)


def _console() -> Console:
    return Console(highlight=False, markup=False, emoji=False)
