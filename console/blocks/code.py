"""A pairing code, written large enough to be read out, with its link and how long it is valid."""

from __future__ import annotations

from rich.text import Text

from console.blocks.block import BlockWidget
from console.blocks.drawing import Drawing
from core.message import _
from core.page import Code
from core.units import Instant

__all__ = ["CodeBlock"]


class CodeBlock(BlockWidget[Code]):
    """A code to type elsewhere."""

    @property
    def counts_time(self) -> bool:
        return True

    def draw(self, width: int, height: int) -> Drawing:
        pen = self.pen
        ink = pen.ink
        spaced = " ".join(pen.words(self.block.code))
        valid = pen.text(_("valid until {moment}", moment=Instant(self.block.expires)), ink.muted)
        if self.block.expires <= pen.formatter.now:
            valid = pen.text(_("no longer valid"), ink.severities[4])
        link = pen.wrapped(self.block.link, width, ink.muted)
        return Drawing([Text(end=""), pen.text(f"  {spaced}", ink.strong), Text(end=""), valid, *link])
