"""A checklist: what is done, by whom and when, and what is still to do."""

from __future__ import annotations

from rich.text import Text

from console.blocks.block import BlockWidget
from console.blocks.drawing import Drawing, Entry
from console.blocks.rows import Cells, set_columns
from console.pen import styled
from core.message import _
from core.page import Checklist, Kind
from core.units import Instant, Severity

__all__ = ["ChecklistBlock"]


class ChecklistBlock(BlockWidget[Checklist]):
    """Things to do."""

    @property
    def has_cursor(self) -> bool:
        return bool(self.block.items)

    def draw(self, width: int, height: int) -> Drawing:
        pen = self.pen
        ink = pen.ink
        items = self.block.items
        if not items:
            return Drawing(pen.wrapped(_("Nothing to do."), width, ink.muted))
        none = Text(end="")
        marks = [
            styled("✓", ink.severity(Severity.GOOD)) if each.done else styled("○", ink.muted)
            for each in items
        ]
        texts = [pen.text(each.text, ink.muted if each.done else ink.text) for each in items]
        whens = [pen.value(Instant(each.at), ink.faint) if each.at else none for each in items]
        columns = [
            Cells(none, Kind.STATE, 1, marks),
            Cells(none, Kind.TEXT, 1, texts),
            Cells(none, Kind.TEXT, 2, [pen.text(each.by, ink.faint) for each in items]),
            Cells(none, Kind.MOMENT, 2, whens),
        ]
        _heading, lines, _hidden = set_columns(columns, width, headings=False)
        entries = [
            Entry(each.key, each.action, f"[{'x' if each.done else ' '}] {pen.words(each.text)}")
            for each in items
        ]
        done = sum(1 for each in items if each.done)
        info = pen.text(_("{done} of {all} done", done=done, all=len(items)), ink.muted)
        return Drawing(lines, entries=entries, info=info)
