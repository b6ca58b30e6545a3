"""A widget that shows a few lines of text and repaints only when they change."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.strip import Strip
from textual.widget import Widget

from console.pen import Pen

__all__ = ["Lines"]


class Lines(Widget, can_focus=False):
    """Lines, one under the other, cut at the widget's width."""

    DEFAULT_CSS = "Lines { height: auto; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._lines: tuple[Text, ...] = ()

    @property
    def plain(self) -> str:
        """The text without its colours."""
        return "\n".join(line.plain for line in self._lines)

    def show(self, lines: Sequence[Text]) -> None:
        """Show these lines from now on."""
        new = tuple(lines)
        if new == self._lines and all(a.spans == b.spans for a, b in zip(new, self._lines, strict=True)):
            return
        grown = len(new) != len(self._lines)
        self._lines = new
        self.refresh(layout=grown and self.styles.is_auto_height)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        text = Pen.pad(self._lines[y], width)
        return Strip(list(text.render(self.app.console)), text.cell_len).apply_style(self.rich_style)
