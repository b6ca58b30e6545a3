"""Lights: the state of several things, one a line."""

from __future__ import annotations

from rich.text import Text

from console.blocks.block import BlockWidget
from console.blocks.drawing import Drawing, Entry
from console.blocks.rows import Cells, set_columns
from console.pen import styled
from core.message import _
from core.page import Kind, Light, Lights
from core.units import Severity

__all__ = ["LightsBlock"]


class LightsBlock(BlockWidget[Lights]):
    """States at a glance."""

    @property
    def has_cursor(self) -> bool:
        return bool(self.block.lights)

    def draw(self, width: int, height: int) -> Drawing:
        pen = self.pen
        ink = pen.ink
        lights = self.block.lights
        if not lights:
            return Drawing(pen.wrapped(_("Nothing to show."), width, ink.muted))
        none = Text(end="")
        glyphs = [styled(each.state.severity.glyph, ink.severity(each.state.severity)) for each in lights]
        columns = [
            Cells(none, Kind.STATE, 1, glyphs),
            Cells(none, Kind.TEXT, 1, [pen.text(each.name) for each in lights]),
            Cells(none, Kind.STATE, 1, [pen.state(each.state)[2:] for each in lights]),
        ]
        if any(each.note for each in lights):
            columns.append(
                Cells(none, Kind.TEXT, 2, [pen.text(each.note or "", ink.muted) for each in lights])
            )
        _heading, lines, _hidden = set_columns(columns, width, headings=False)
        entries = [Entry(each.key, each.action, self._copied(each)) for each in lights]
        return Drawing(lines, entries=entries, info=self._summary())

    def _copied(self, light: Light) -> str:
        pen = self.pen
        return "\t".join(
            (pen.words(light.name), pen.formatter.value(light.state.word), pen.words(light.note or ""))
        )

    def _summary(self) -> Text:
        """How many there are of each state worth a look."""
        text = Text(end="")
        for severity in sorted(Severity, reverse=True):
            count = sum(1 for each in self.block.lights if each.state.severity is severity)
            if count and severity > Severity.GOOD:
                text.append(
                    f"{' ' if text.plain else ''}{severity.glyph} {count}", self.pen.ink.severity(severity)
                )
        return text
