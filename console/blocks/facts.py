"""Facts: labels and values in one column, or two when there is room."""

from __future__ import annotations

from rich.text import Text

from console.blocks.block import BlockWidget
from console.blocks.drawing import Drawing
from console.pen import Pen, styled
from core.page import Fact, Facts
from core.render.layout import width_of
from core.units import Instant

__all__ = ["FactsBlock", "fact_lines"]

_TWO_COLUMNS_FROM = 76
_GAP = 4


class FactsBlock(BlockWidget[Facts]):
    """Labelled values."""

    @property
    def counts_time(self) -> bool:
        return any(isinstance(fact.value, Instant) and fact.value.relative for fact in self.block.facts)

    def draw(self, width: int, height: int) -> Drawing:
        facts = self.block.facts
        if not facts:
            return Drawing((self.pen.text("—", self.pen.ink.faint),))
        if width < _TWO_COLUMNS_FROM or len(facts) < 4:
            return Drawing(fact_lines(self.pen, facts, width))
        half = (len(facts) + 1) // 2
        column = (width - _GAP) // 2
        left, right = fact_lines(self.pen, facts[:half], column), fact_lines(self.pen, facts[half:], column)
        empty = Text(end="")
        lines: list[Text] = []
        for index in range(max(len(left), len(right))):
            first = left[index] if index < len(left) else empty
            second = right[index] if index < len(right) else empty
            lines.append(Pen.pad(first, column + _GAP).append_text(second))
        return Drawing(lines)


def fact_lines(pen: Pen, facts: tuple[Fact, ...], width: int) -> list[Text]:
    """Facts as lines: labels in a column of their own, long values going on below themselves."""
    labels = [pen.words(fact.label) for fact in facts]
    label_width = min(max(map(width_of, labels), default=0), max(width * 3 // 5, 8))
    room = max(width - label_width - 2, 8)
    lines: list[Text] = []
    for fact, label in zip(facts, labels, strict=True):
        start = Pen.pad(Pen.cut(styled(label, pen.ink.muted), label_width), label_width + 2)
        value = pen.value(fact.value)
        note = pen.words(fact.note) if fact.note else pen.formatter.reason(fact.value)
        if note and value.cell_len + 2 + width_of(note) <= room:
            lines.append(start.append_text(value).append(f"  {note}", pen.ink.faint))
            continue
        long = isinstance(fact.value, str) or value.cell_len > room
        values = pen.wrapped(value.plain, room, pen.ink.text) if long and value.cell_len > room else [value]
        notes = pen.wrapped(note, room, pen.ink.faint) if note else []
        for index, line in enumerate([*values, *notes]):
            lead = start if index == 0 else styled(" " * (label_width + 2))
            lines.append(lead.copy().append_text(line))
    return lines
