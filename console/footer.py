"""The footer: at most six keys that work here and now, and where to find the rest."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from rich.text import Text

from console.keymap import Keymap
from console.lines import Lines
from console.pen import Pen, styled
from core.message import Message, _

__all__ = ["MOST_HINTS", "Footer", "Hint"]

MOST_HINTS = 6

Hint = tuple[str, Message]
"""What to press, as people write it, and what it does."""


class Footer(Lines):
    """One line at the bottom."""

    DEFAULT_CSS = "Footer { height: 1; width: 1fr; }"

    def __init__(self) -> None:
        super().__init__(id="footer")

    def tell(self, hints: Sequence[Hint], keymap: Keymap, pen: Pen, width: int) -> None:
        """Show the hints that fit; help and palette always stay."""
        right = self._hint((keymap.shown("help"), _("help")), pen).append("   ")
        right.append_text(self._hint((keymap.shown("palette"), _("palette")), pen)).append(" ")
        left = styled(" ")
        for hint in hints[:MOST_HINTS]:
            part = self._hint(hint, pen)
            gap = "   " if len(left.plain) > 1 else ""
            if left.cell_len + len(gap) + part.cell_len + 3 + right.cell_len > width:
                break
            left.append(gap).append_text(part)
        self.show([Pen.pad(left, max(width - right.cell_len, 0)).append_text(right)])

    @staticmethod
    def _hint(hint: Hint, pen: Pen) -> Text:
        key, label = hint
        return (
            styled(key, pen.ink.accent + Style(bold=True))
            .append(" ")
            .append_text(pen.text(label, pen.ink.muted))
        )
