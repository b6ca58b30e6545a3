"""A pairing code: to be read out and typed, how long it is valid, and its link as a QR code to be scanned."""

from __future__ import annotations

from rich.text import Text

from console.blocks.block import FRAME_HEIGHT, FRAME_WIDTH, BlockWidget
from console.blocks.drawing import Drawing, Wish
from console.pen import Pen, styled
from core.message import _
from core.page import Code
from core.render.qr import qr_lines
from core.units import Instant, Span

__all__ = ["CodeBlock"]

_GAP = 3
_LEAST_WORDS = 24
"""Columns that the code and its validity take beside the QR code."""


class CodeBlock(BlockWidget[Code]):
    """A code to type elsewhere, or to scan."""

    def __init__(self, block: Code, pen: Pen) -> None:
        super().__init__(block, pen)
        self._scanned: tuple[tuple[str, bool], list[str]] = (("", True), [])

    @property
    def counts_time(self) -> bool:
        return True

    def wish(self, width: int) -> Wish:
        """High enough for the QR code; what must be seen is the code and how long it is valid.

        Where the QR code stands beside them, it must be seen too: it is no higher than a small screen.
        """
        wish = super().wish(width)
        if self._stands_beside(width - FRAME_WIDTH):
            return Wish(wish.natural, wish.natural, wish.most)
        return Wish(min(len(self._words(width)) + FRAME_HEIGHT, wish.natural), wish.natural, wish.most)

    def draw(self, width: int, height: int) -> Drawing:
        """The QR code is left out where it could be seen in part only; `height` 0 asks for all there is."""
        words = self._words(width)
        code = self._qr()
        side = len(code[0]) if code else 0
        beside = self._stands_beside(width)
        room = height or len(words) + len(code)
        if not code or side > width or room < len(code) + (0 if beside else len(words)):
            return Drawing([*words, *self.pen.wrapped(self.block.link, width, self.pen.ink.muted)])
        scanned = [styled(line, self.pen.ink.text) for line in code]
        if not beside:
            return Drawing([*words, *scanned])
        left = width - side - _GAP
        words = [*self._words(left), *[Text(end="")] * len(scanned)]
        pairs = zip(words, scanned, strict=False)
        return Drawing([Pen.pad(word, left + _GAP).append_text(line) for word, line in pairs])

    def _fits(self, width: int, height: int) -> bool:
        return self._drawn_for == (width, height)

    def _stands_beside(self, width: int) -> bool:
        """Whether the QR code has room beside the words."""
        code = self._qr()
        return bool(code) and width >= _LEAST_WORDS + _GAP + len(code[0])

    def _words(self, width: int) -> list[Text]:
        """The code, large enough to be read out, and for how long it is valid."""
        pen, ink = self.pen, self.pen.ink
        spaced = " ".join(pen.words(self.block.code))
        code = spaced if len(spaced) + 2 <= width else pen.words(self.block.code)
        left = self.block.expires - pen.formatter.now
        if left.total_seconds() <= 0:
            valid = pen.wrapped(_("no longer valid"), width, ink.severities[4])
        else:
            until = Instant(self.block.expires)
            valid = pen.wrapped(_("valid until {moment}", moment=until), width, ink.muted)
            valid += pen.wrapped(_("{span} left", span=Span(left)), width, ink.muted)
        return [Text(end=""), pen.text(f"  {code}", ink.strong), Text(end=""), *valid]

    def _qr(self) -> list[str]:
        """The QR code's lines, made once for each link and kind of theme."""
        wanted = (self.block.link, self.pen.ink.dark)
        if self._scanned[0] != wanted:
            self._scanned = (wanted, qr_lines(self.block.link, light_on_dark=self.pen.ink.dark))
        return self._scanned[1]
