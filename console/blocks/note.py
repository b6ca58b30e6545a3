"""A note: one sentence with its severity's mark, without a frame."""

from __future__ import annotations

from textual.strip import Strip

from console.blocks.block import BlockWidget
from console.blocks.drawing import Drawing, Wish
from console.pen import Pen, styled
from core.page import Note
from core.units import Severity

__all__ = ["NoteBlock"]


class NoteBlock(BlockWidget[Note], can_focus=False):
    """A remark."""

    def draw(self, width: int, height: int) -> Drawing:
        ink, severity = self.pen.ink, self.block.severity
        style = ink.text if severity <= Severity.NOTICE else ink.severity(severity)
        lines = self.pen.wrapped(self.block.text, max(width - 2, 10), style)
        marked = [
            (self.pen.mark(severity) if index == 0 else styled("  ")).append_text(line)
            for index, line in enumerate(lines)
        ]
        return Drawing(marked)

    def wish(self, width: int) -> Wish:
        lines = len(self._drawing_for(max(width - 2, 1), 0).lines)
        return Wish(lines, lines, lines)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        lines = self._drawing_for(max(width - 2, 1), 0).lines
        if y >= len(lines):
            return Strip.blank(width, self.rich_style)
        return self._strip(Pen.pad(lines[y], width))
