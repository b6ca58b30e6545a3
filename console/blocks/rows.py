"""Rows of cells set in columns: what tables, lights, timelines and checklists are drawn with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from console.blocks.drawing import LazyLines
from console.pen import Pen
from core.page import Kind
from core.render.layout import keep_columns

__all__ = ["Cells", "set_columns"]

_GAP = 2
_WIDEST_GAP = 4
_WIDEST = 60
"""The most cells of a column while others want room."""
_NARROWEST = 6


@dataclass(frozen=True, slots=True)
class Cells:
    """A column to be drawn: its heading, what it holds, how important it is, and its cells."""

    heading: Text
    kind: Kind
    priority: int
    cells: Sequence[Text]

    @property
    def right(self) -> bool:
        """Whether it stands at the right, as numbers do."""
        return self.kind is Kind.NUMBER

    def width(self) -> int:
        """The cells it would take without being cut."""
        return max((cell.cell_len for cell in self.cells), default=0)


def set_columns(
    columns: Sequence[Cells], width: int, *, headings: bool = True
) -> tuple[Text | None, LazyLines, int]:
    """The heading line, the rows' lines, and how many columns were left out for want of room.

    The least important columns go first (`Column.priority`); then the widest text is cut.
    """
    count = len(columns[0].cells) if columns else 0
    whole = [max(each.width(), each.heading.cell_len if headings else 0) for each in columns]
    kept = keep_columns([min(each, 28) for each in whole], [each.priority for each in columns], width)
    shown = [columns[index] for index in kept]
    wanted = [min(whole[index], _WIDEST) for index in kept]
    widths = _fit(wanted, [each.kind for each in shown], width)
    widths = _grown(widths, [whole[index] for index in kept], width)
    spare = width - sum(widths) - _GAP * max(len(widths) - 1, 0)
    gap = " " * min(_GAP + (spare // (len(widths) - 1) if len(widths) > 1 else 0), _WIDEST_GAP)

    def line(cells: Sequence[Text]) -> Text:
        text = Text(end="", no_wrap=True)
        for index, (column, cell, size) in enumerate(zip(shown, cells, widths, strict=True)):
            if index:
                text.append(gap)
            text.append_text(Pen.pad(cell, size, right=column.right))
        return text

    heading = line([each.heading for each in shown]) if headings and shown else None
    lines = LazyLines(count, lambda row: line([each.cells[row] for each in shown]))
    return heading, lines, len(columns) - len(kept)


def _grown(widths: Sequence[int], whole: Sequence[int], room: int) -> list[int]:
    """The widths with what room there is to spare given to those that are cut, from left to right."""
    spare = max(0, room - sum(widths) - _GAP * max(len(widths) - 1, 0))
    grown: list[int] = []
    for width, most in zip(widths, whole, strict=True):
        more = min(spare, most - width)
        grown.append(width + more)
        spare -= more
    return grown


def _fit(widths: list[int], kinds: list[Kind], room: int) -> list[int]:
    """Column widths that fit into `room`: text gives way first, then the widest of what is left."""
    over = sum(widths) + _GAP * max(len(widths) - 1, 0) - room
    for flexible in (
        [index for index, kind in enumerate(kinds) if kind is Kind.TEXT],
        list(range(len(widths))),
    ):
        while over > 0 and flexible:
            widest = max(flexible, key=lambda index: widths[index])
            if widths[widest] <= _NARROWEST:
                break
            widths[widest] -= 1
            over -= 1
    return widths
