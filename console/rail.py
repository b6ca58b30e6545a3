"""The rail: every pane with its digit, its state and what is open there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text
from textual import events
from textual.message import Message as Event

from console.lines import Lines
from console.pen import Pen, styled
from core.area import Pane, PaneLight
from core.units import Severity

__all__ = ["Rail", "rail_width"]

WIDTH, FOLDED_WIDTH = 21, 6


class Rail(Lines):
    """The panes, one a line; folded to digits and glyphs where there is little room."""

    DEFAULT_CSS = f"""
    Rail {{ width: {WIDTH}; height: 1fr; padding: 0; }}
    Rail.-folded {{ width: {FOLDED_WIDTH}; }}
    """

    class Picked(Event):
        """The person clicked on a pane."""

        def __init__(self, pane: Pane) -> None:
            super().__init__()
            self.pane = pane

    def __init__(self, panes: Sequence[Pane]) -> None:
        super().__init__(id="rail")
        self._panes = tuple(panes)

    def tell(self, lights: Mapping[str, PaneLight], current: str, pen: Pen, *, folded: bool) -> None:
        """Show the state of every pane, the `current` one marked."""
        self.set_class(folded, "-folded")
        width = rail_width(folded=folded)
        blank = styled(" " * (width - 1)).append("│", pen.ink.line)
        rows = [
            self._row(pane, lights.get(pane.key), pane.key == current, pen, width) for pane in self._panes
        ]
        rest = max(self.size.height or 60, len(rows) + 2) - len(rows) - 1
        self.show([blank, *rows, *[blank] * rest])

    def _row(self, pane: Pane, light: PaneLight | None, current: bool, pen: Pen, width: int) -> Text:
        ink = pen.ink
        severity = light.state.severity if light else Severity.IDLE
        glyph, glyph_style = (severity.glyph, ink.severity(severity)) if light else ("·", ink.faint)
        row = styled("▌" if current else " ", ink.accent)
        row.append(f"{pane.digit or ' '} ", ink.accent if current else ink.faint)
        if width <= FOLDED_WIDTH:
            row.append(f"{glyph} ", glyph_style)
        else:
            count = str(light.open) if light and light.open else ""
            count = count if len(count) <= 3 else "99+"
            title = pen.text(pane.title, ink.strong if current else ink.text)
            row.append_text(Pen.pad(title, width - 10)).append(f" {glyph}", glyph_style)
            row.append(f"{count:>3} ", ink.text if current else ink.muted)
        if current:
            row.stylize(ink.cursor)
        return row.append("│", ink.line)

    def on_click(self, event: events.Click) -> None:
        index = event.y - 1
        if 0 <= index < len(self._panes):
            self.post_message(self.Picked(self._panes[index]))


def rail_width(*, folded: bool) -> int:
    """How many columns the rail takes."""
    return FOLDED_WIDTH if folded else WIDTH
