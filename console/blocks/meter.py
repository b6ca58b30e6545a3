"""A meter: how much of a limit is used, as figures and as a bar with its thresholds."""

from __future__ import annotations

from rich.text import Text

from console.blocks.block import BlockWidget
from console.blocks.drawing import Drawing
from console.pen import Pen
from core.message import Message
from core.page import Meter
from core.units import Absent, Severity, Share

__all__ = ["MeterBlock"]


class MeterBlock(BlockWidget[Meter]):
    """A value against its limit."""

    def draw(self, width: int, height: int) -> Drawing:
        meter, pen = self.block, self.pen
        ink = pen.ink
        figures = pen.value(meter.value, ink.strong)
        figures.append(" / ", ink.faint).append_text(pen.value(meter.limit, ink.muted))
        share = meter.share
        if share is not None:
            part = pen.value(Share(share, 0), ink.severity(meter.severity))
            if figures.cell_len + part.cell_len + 2 <= width:
                figures = Pen.pad(figures, width - part.cell_len).append_text(part)
        elif isinstance(meter.value, Absent):
            figures.append(f"  {pen.words(meter.value.reason)}", ink.faint)
        lines = [figures, self._bar(width)]
        reached = [
            t
            for t in meter.thresholds
            if not isinstance(meter.value, Absent) and meter.value.value >= t.value
        ]
        for threshold in reached[-1:]:
            lines.append(
                pen.mark(threshold.severity).append_text(
                    pen.text(threshold.label, ink.severity(threshold.severity))
                )
            )
        if meter.note:
            lines.extend(pen.wrapped(meter.note, width, ink.muted))
        return Drawing(lines)

    @property
    def severity(self) -> Severity | None:
        severity = self.block.severity
        return severity if severity > Severity.UNKNOWN else None

    @property
    def heading(self) -> Message:
        return self.block.title

    def _bar(self, width: int) -> Text:
        """The used part thick, the rest thin, a mark where each threshold lies."""
        meter, ink = self.block, self.pen.ink
        share = meter.share
        used = 0 if share is None or share != share else max(0, min(width, round(share * width)))
        if share and used == 0 and share > 0:
            used = 1
        marks = {
            min(width - 1, int(t.value / meter.limit.value * width)): t.severity
            for t in meter.thresholds
            if meter.limit.value and 0 < t.value <= meter.limit.value
        }
        bar = Text(end="", no_wrap=True)
        for column in range(width):
            if column in marks:
                bar.append("┃", ink.severity(marks[column]))
            elif column < used:
                bar.append("━", ink.severity(meter.severity))
            else:
                bar.append("─", ink.line)
        return bar
