"""A Gantt chart: stretches of work as bars against time, the present marked."""

from __future__ import annotations

from datetime import datetime

from rich.text import Text

from console.blocks.block import BlockWidget
from console.blocks.drawing import Drawing, Entry
from console.pen import Pen, styled
from core.message import _
from core.moment import to_epoch
from core.page import Gantt, GanttBar
from core.render.layout import width_of
from core.render.ticks import time_ticks
from core.units import Instant, Severity

__all__ = ["GanttBlock"]

_LATE = "▒"
"""The part of a bar that lies after its due date."""


class GanttBlock(BlockWidget[Gantt]):
    """Stretches of work."""

    @property
    def counts_time(self) -> bool:
        return True

    @property
    def has_cursor(self) -> bool:
        return bool(self.block.bars)

    def draw(self, width: int, height: int) -> Drawing:
        pen, bars = self.pen, self.block.bars
        if not bars:
            return Drawing(pen.wrapped(_("Nothing is planned in this time."), width, pen.ink.muted))
        names = min(max(width_of(pen.words(bar.name)) for bar in bars), max(width // 4, 8))
        states = [pen.state(bar.state) for bar in bars]
        words = min(max(state.cell_len for state in states), max(width // 5, 4))
        room = max(width - names - words - 4, 10)
        lines: list[Text] = []
        for bar, state in zip(bars, states, strict=True):
            line = Pen.pad(pen.text(bar.name), names).append("  ")
            line.append_text(Pen.pad(state, words)).append("  ")
            lines.append(line.append_text(self._bar(bar, room)))
        axis = styled(" " * (names + words + 4)).append_text(self._axis(room))
        entries = [Entry(bar.key, bar.action, self._copied(bar)) for bar in bars]
        return Drawing(lines, (axis,), entries, foot=self._legend())

    def _legend(self) -> Text:
        """What the marks mean that no word stands beside."""
        if not any(bar.due is not None and bar.due < bar.end for bar in self.block.bars):
            return Text(end="")
        pen = self.pen
        late = styled(_LATE, pen.ink.severity(Severity.SERIOUS))
        return late.append(f" {pen.words(_('too late'))}", pen.ink.faint)

    def _column(self, moment: datetime, room: int) -> int:
        gantt = self.block
        length = max((gantt.end - gantt.start).total_seconds(), 1)
        return round((moment - gantt.start).total_seconds() / length * room)

    def _bar(self, bar: GanttBar, room: int) -> Text:
        ink = self.pen.ink
        start = max(0, min(room - 1, self._column(bar.start, room)))
        end = max(start + 1, min(room, self._column(bar.end, room)))
        present = self._column(self.pen.formatter.now, room)
        late = end if bar.due is None else max(start, self._column(bar.due, room))
        text = Text(end="", no_wrap=True)
        for column in range(room):
            if start <= column < end:
                severity = bar.state.severity if column < late else Severity.SERIOUS
                solid = "█" if column < late else _LATE
                text.append(solid if column != present else "▓", ink.severity(severity))
            elif column == present:
                text.append("┊", ink.muted)
            else:
                text.append("·" if column % 4 == 0 else " ", ink.line)
        return text

    def _axis(self, room: int) -> Text:
        """The present, and round places of the axis with their moments as far as they stand clear of it."""
        gantt, pen = self.block, self.pen
        start, end = to_epoch(gantt.start), to_epoch(gantt.end)
        labels: dict[int, Text] = {}
        taken = range(0)
        present, now = self._column(pen.formatter.now, room), pen.text(_("now"), pen.ink.text)
        if 0 <= present < room:
            place = max(0, min(present - now.cell_len // 2, room - now.cell_len))
            labels[place], taken = now, range(place - 1, place + now.cell_len + 1)
        for tick in time_ticks(start, end, pen.formatter.zone, most=max(2, min(8, room // 12))):
            column = round((tick.at - start) / max(end - start, 1) * room)
            last = column + len(tick.label)
            if last <= room and not any(at in taken for at in range(column, last)):
                labels[column] = styled(tick.label, pen.ink.faint)
        axis = Text(end="", no_wrap=True)
        for column, label in sorted(labels.items()):
            axis.append(" " * (column - axis.cell_len)).append_text(label)
        return axis

    def _copied(self, bar: GanttBar) -> str:
        show = self.pen.formatter.value
        return "\t".join(
            (self.pen.words(bar.name), show(bar.state), show(Instant(bar.start)), show(Instant(bar.end)))
        )
