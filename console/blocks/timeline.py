"""A timeline: what happened when, how bad it was and how long it lasted, newest first."""

from __future__ import annotations

from rich.text import Text

from console.blocks.block import BlockWidget
from console.blocks.drawing import Drawing, Entry
from console.blocks.rows import Cells, set_columns
from console.pen import Pen, styled
from core.message import _
from core.page import Kind, Timeline, TimelineEntry
from core.units import Instant, Severity, Span

__all__ = ["TimelineBlock"]

_ONE_LINE_FROM = 54


class TimelineBlock(BlockWidget[Timeline]):
    """What happened."""

    @property
    def has_cursor(self) -> bool:
        return bool(self.block.entries)

    def draw(self, width: int, height: int) -> Drawing:
        pen = self.pen
        ink = pen.ink
        events = self.block.entries
        if not events:
            return Drawing(pen.wrapped(self.block.empty, width, ink.muted))
        entries = [Entry(each.key, each.action, self._copied(each)) for each in events]
        info = pen.text(_("{count}", count=len(events)), ink.faint)
        if width < _ONE_LINE_FROM:
            lines = [line for each in events for line in self._two_lines(each, width)]
            owners = [index // 2 for index in range(len(lines))]
            return Drawing(lines, entries=entries, owners=owners, info=info)
        none = Text(end="")
        columns = [
            Cells(none, Kind.MOMENT, 1, [pen.value(Instant(each.start)) for each in events]),
            Cells(none, Kind.STATE, 1, [pen.state(each.state) for each in events]),
            Cells(none, Kind.TEXT, 1, [pen.text(each.text) for each in events]),
            Cells(none, Kind.NUMBER, 2, [self._lasted(each) for each in events]),
        ]
        _heading, drawn, _hidden = set_columns(columns, width, headings=False)
        return Drawing(drawn, entries=entries, info=info)

    def _two_lines(self, entry: TimelineEntry, width: int) -> list[Text]:
        """State, moment and length above, the words below: for a narrow column."""
        lasted = self._lasted(entry)
        head = (
            self.pen.state(entry.state)
            .append("  ")
            .append_text(self.pen.value(Instant(entry.start), self.pen.ink.faint))
        )
        if lasted.plain and head.cell_len + lasted.cell_len + 2 <= width:
            head = Pen.pad(head, width - lasted.cell_len).append_text(lasted)
        return [head, styled("  ").append_text(self.pen.text(entry.text, self.pen.ink.muted))]

    def _copied(self, entry: TimelineEntry) -> str:
        show = self.pen.formatter.value
        return "\t".join((show(Instant(entry.start)), show(entry.state), self.pen.words(entry.text)))

    def _lasted(self, entry: TimelineEntry) -> Text:
        pen = self.pen
        if entry.open:
            return pen.text(_("still open"), pen.ink.severity(max(entry.state.severity, Severity.NOTICE)))
        return pen.value(Span(entry.length), pen.ink.muted) if entry.length is not None else Text(end="")
