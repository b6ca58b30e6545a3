"""A timeline: what happened when, how bad it was and how long it lasted, newest first."""

from __future__ import annotations

from rich.text import Text

from console.blocks.block import BlockWidget
from console.blocks.drawing import Drawing, Entry
from console.blocks.rows import Cells, set_columns
from core.message import _
from core.page import Kind, Timeline, TimelineEntry
from core.units import Instant, Severity, Span

__all__ = ["TimelineBlock"]


class TimelineBlock(BlockWidget[Timeline]):
    """What happened."""

    def draw(self, width: int, height: int) -> Drawing:
        pen = self.pen
        ink = pen.ink
        events = self.block.entries
        if not events:
            return Drawing(pen.wrapped(self.block.empty, width, ink.muted))
        none = Text(end="")
        columns = [
            Cells(none, Kind.MOMENT, 1, [pen.value(Instant(each.start)) for each in events]),
            Cells(none, Kind.STATE, 1, [pen.state(each.state) for each in events]),
            Cells(none, Kind.TEXT, 1, [pen.text(each.text) for each in events]),
            Cells(none, Kind.NUMBER, 2, [self._lasted(each) for each in events]),
        ]
        _heading, lines, _hidden = set_columns(columns, width, headings=False)
        entries = [
            Entry(each.key, each.action, "\t".join((pen.formatter.value(Instant(each.start)), pen.formatter.value(each.state), pen.words(each.text))))
            for each in events
        ]
        return Drawing(lines, entries=entries, info=pen.text(_("{count}", count=len(events)), ink.faint))

    def _lasted(self, entry: TimelineEntry) -> Text:
        pen = self.pen
        if entry.open:
            return pen.text(_("still open"), pen.ink.severity(max(entry.state.severity, Severity.NOTICE)))
        return pen.value(Span(entry.length), pen.ink.muted) if entry.length is not None else Text(end="")
