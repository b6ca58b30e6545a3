"""The lines around a block: title and counts above, remarks below, a thumb at the side."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text

from console.pen import styled

__all__ = ["bottom_line", "thumb", "top_line"]


def top_line(title: Text, info: Text, style: Style, width: int) -> Text:
    """The upper line, `title` in it at the left and `info` at the right where there is room."""
    line = styled("╭─ ", style).append_text(title).append(" ", style)
    rest = width - line.cell_len - 1
    if info.plain and info.cell_len + 4 <= rest:
        line.append("─" * (rest - info.cell_len - 3) + " ", style)
        return line.append_text(info).append(" ─╮", style)
    return line.append("─" * rest + "╮", style)


def bottom_line(foot: Text, style: Style, width: int) -> Text:
    """The lower line, `foot` in it at the right where there is room."""
    line = styled("╰", style)
    if foot.plain and foot.cell_len + 8 <= width:
        line.append("─" * (width - foot.cell_len - 5) + " ", style)
        return line.append_text(foot).append(" ─╯", style)
    return line.append("─" * (width - 2) + "╯", style)


def thumb(top: int, seen: int, count: int) -> range:
    """The rows of the side that show where the `seen` of `count` lines from `top` on are; none if all are."""
    if count <= seen:
        return range(0)
    size = max(1, round(seen * seen / count))
    start = round((seen - size) * top / (count - seen))
    return range(start, start + size)
