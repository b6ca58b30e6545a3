"""A document: paragraphs set in lines that are comfortable to read."""

from __future__ import annotations

from rich.text import Text

from console.blocks.block import BlockWidget
from console.blocks.drawing import Drawing
from core.page import Document

__all__ = ["DocumentBlock"]

_LONGEST_LINE = 92


class DocumentBlock(BlockWidget[Document]):
    """A longer text."""

    def draw(self, width: int, height: int) -> Drawing:
        lines: list[Text] = []
        for paragraph in self.block.paragraphs:
            if lines:
                lines.append(Text(end=""))
            lines.extend(self.pen.wrapped(paragraph, min(width, _LONGEST_LINE)))
        return Drawing(lines)
