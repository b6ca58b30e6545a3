"""Words and values as styled text: the one place where the console turns data into something drawn.

Everything is made as `Text`, never as markup, and has passed `core.text` (reliability.md S1, S2, S24).
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.style import Style
from rich.text import Text

from console.ink import Ink
from core.message import Message
from core.render.layout import wrap
from core.render.values import Formatter
from core.text import clean, paragraph
from core.units import Absent, Instant, Severity, State, Value

__all__ = ["Pen", "styled"]


def styled(text: str, style: Style | str | None = None) -> Text:
    """Text whose style ends where it ends; a base style would spread to whatever is appended."""
    return Text(end="", no_wrap=True).append(paragraph(text), style)


@dataclass(frozen=True, slots=True)
class Pen:
    """How one person's console writes: their language and zone, and the theme's colours."""

    formatter: Formatter
    ink: Ink

    def words(self, words: Message | str) -> str:
        """A message or foreign text as one safe line."""
        return self.formatter.message(words) if isinstance(words, Message) else clean(words)

    def text(self, words: Message | str, style: Style | None = None) -> Text:
        """The same, styled."""
        return styled(self.words(words), style or self.ink.text)

    def mark(self, severity: Severity) -> Text:
        """A severity's mark, coloured, with a space after it."""
        return styled(f"{severity.glyph} ", self.ink.severity(severity))

    def value(self, value: Value, style: Style | None = None) -> Text:
        """A value for a cell: states with their colour, what is absent or old news in a fainter one."""
        if isinstance(value, State):
            return self.state(value)
        text = self.formatter.value(value)
        if isinstance(value, Absent) or self.formatter.reason(value):
            return styled(text, self.ink.faint)
        if isinstance(value, Instant):
            return styled(text, style or self.ink.muted)
        return styled(text, style or self.ink.text)

    def state(self, state: State) -> Text:
        """Glyph and word; the word keeps quiet while all is well."""
        colour = self.ink.severity(state.severity)
        calm = state.severity <= Severity.GOOD
        word = self.formatter.value(state.word)
        text = styled(state.severity.glyph, colour)
        return text.append(
            f" {word}",
            (self.ink.text if state.severity is Severity.GOOD else self.ink.muted) if calm else colour,
        )

    def wrapped(self, words: Message | str, width: int, style: Style | None = None) -> list[Text]:
        """A longer text in lines of at most `width` cells."""
        safe = self.formatter.paragraph(words)
        return [styled(line, style or self.ink.text) for line in wrap(safe, width)]

    @staticmethod
    def cut(text: Text, width: int) -> Text:
        """`text` in at most `width` cells, the cut marked."""
        if text.cell_len <= width:
            return text
        text = text.copy()
        text.truncate(max(width, 0), overflow="ellipsis")
        return text

    @staticmethod
    def pad(text: Text, width: int, *, right: bool = False) -> Text:
        """`text` cut or filled to exactly `width` cells."""
        text = Pen.cut(text, width)
        fill = " " * (width - text.cell_len)
        if not fill:
            return text
        if right:
            return styled(fill).append_text(text)
        return text.copy().append(fill)
