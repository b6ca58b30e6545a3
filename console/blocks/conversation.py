"""A conversation: who said what when, oldest first; internal remarks are marked as such."""

from __future__ import annotations

from rich.text import Text

from console.blocks.block import BlockWidget
from console.blocks.drawing import Drawing, Entry
from console.pen import styled
from core.message import _
from core.page import Conversation
from core.units import Instant

__all__ = ["ConversationBlock"]

_LONGEST_LINE = 92


class ConversationBlock(BlockWidget[Conversation]):
    """What was said."""

    @property
    def has_cursor(self) -> bool:
        return bool(self.block.utterances)

    def draw(self, width: int, height: int) -> Drawing:
        pen = self.pen
        ink = pen.ink
        if not self.block.utterances:
            return Drawing(pen.wrapped(_("Nobody has said anything yet."), width, ink.muted))
        lines: list[Text] = []
        owners: list[int] = []
        entries: list[Entry] = []
        for index, said in enumerate(self.block.utterances):
            head = pen.text(said.author, ink.strong if not said.internal else ink.muted)
            head.append("  ").append_text(pen.value(Instant(said.at), ink.faint))
            if said.internal:
                head.append("  ").append_text(pen.text(_("internal"), ink.severities[3]))
            body = pen.wrapped(
                said.text, min(width - 2, _LONGEST_LINE), ink.muted if said.internal else ink.text
            )
            part = [head, *(styled("  ").append_text(line) for line in body), Text(end="")]
            lines += part
            owners += [index] * len(part)
            entries.append(Entry(f"{said.at.isoformat()} {index}", None, pen.formatter.paragraph(said.text)))
        return Drawing(lines[:-1], entries=entries, owners=owners[:-1])
