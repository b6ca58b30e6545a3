"""A chart: lines over time with the figures that say the same; sparklines where it is small.

The plotting library takes longer to load than the rest of a page to draw, so the first charts of a session
are painted as sparklines and drawn properly as soon as it is there.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import ClassVar

from rich.text import Text

from console.blocks.block import FRAME_HEIGHT, FRAME_WIDTH, BlockWidget
from console.blocks.drawing import Drawing, Wish
from console.ink import Ink
from console.pen import Pen, styled
from core.message import _
from core.page import Chart, ChartSeries, Fact
from core.render import charting
from core.units import Absent, Quantity, Severity

__all__ = ["ChartBlock"]

_PLOT_NATURAL, _PLOT_MOST = 11, 36
"""How many lines the plot itself would like; it has at least `_SMALLEST` of them."""

_PLOTTING_LIBRARY = "plotext"
_SMALLEST = (40, 8)

# The plotting library colours by red, green and blue only. It is given these marks, which stand for the
# theme's colours, so that a theme of the terminal's own colours works as well.
_LINE_MARKS = tuple((1, 0, number) for number in range(1, 5))
_LEVEL_MARKS = {severity: (2, 0, int(severity)) for severity in Severity}


class ChartBlock(BlockWidget[Chart]):
    """Series over time."""

    _can_plot: ClassVar[bool] = False
    """Whether the plotting library is loaded, which is not yet so while a thread is still importing it."""

    def draw(self, width: int, height: int) -> Drawing:
        chart, pen = self.block, self.pen
        plan = charting.plan(chart, pen.formatter, max(width - 8, 1), max(height - 1, 1))
        if plan.empty:
            return Drawing([Text(end=""), *pen.wrapped(chart.empty, width, pen.ink.muted), Text(end="")])
        small = width < _SMALLEST[0]
        figures = self._figures(width, most=3 if small else max(1, min(3, height - 5)))
        room = max(height - len(figures), 1)
        if small or room < _SMALLEST[1] or not self._can_plot:
            lines = self._sparklines(plan, width, room)
            lines += [Text(end="")] * (0 if small else room - len(lines))
        else:
            lines = self._plotted(plan, width, room)
        return Drawing([*lines, *figures])

    def wish(self, width: int) -> Wish:
        figures = 1 if self.block.figures else max(1, min(len(self.block.series), 3))
        if width - FRAME_WIDTH < _SMALLEST[0]:
            small = 2 * figures + FRAME_HEIGHT
            return Wish(small, small, small)
        rest = figures + FRAME_HEIGHT
        return Wish(_SMALLEST[1] + rest, _PLOT_NATURAL + rest, _PLOT_MOST + rest)

    def _fits(self, width: int, height: int) -> bool:
        return self._drawn_for == (width, height) or height == 0

    async def on_mount(self) -> None:
        if not self._can_plot:
            self.run_worker(self._plot_when_loaded(), group="plotting", exit_on_error=False)

    @classmethod
    def load_library(cls) -> None:
        """Load the plotting library, so that every chart drawn from now on is a plot."""
        import_module(_PLOTTING_LIBRARY)
        ChartBlock._can_plot = True

    async def _plot_when_loaded(self) -> None:
        await asyncio.to_thread(self.load_library)
        self.redraw()

    def _plotted(self, plan: charting.Plan, width: int, height: int) -> list[Text]:
        from core.render import plot

        colours = plot.Colours(_LINE_MARKS, _LEVEL_MARKS)
        drawn = plot.draw(plan, width, height, colours)
        return [
            _inked(Text.from_ansi(line, end="", no_wrap=True), self.pen.ink) for line in drawn.split("\n")
        ]

    def _sparklines(self, plan: charting.Plan, width: int, height: int) -> list[Text]:
        """A row of blocks for each line, its name before it."""
        ink = self.pen.ink
        names = min(max(len(line.name) for line in plan.lines), max(width // 4, 1))
        lines: list[Text] = []
        for index, line in enumerate(plan.lines[:height]):
            blocks = charting.sparkline(
                line.points, plan.start, plan.end, max(width - names - 2, 1), plan.bottom, plan.top
            )
            name = Pen.pad(self.pen.text(line.name, ink.muted), names + 2)
            lines.append(name.append(blocks, ink.series[index % len(ink.series)]))
        return lines

    def _figures(self, width: int, most: int) -> list[Text]:
        """The figures the page gives, in one line, or for each series those that can be worked out."""
        if self.block.figures:
            return [self._figure_line(self.block.figures, width)]
        return [
            self._series_figures(index, each, width) for index, each in enumerate(self.block.series[:most])
        ]

    def _figure_line(self, facts: tuple[Fact, ...], width: int) -> Text:
        line = Text(end="", no_wrap=True)
        for fact in facts:
            part = (
                self.pen.text(fact.label, self.pen.ink.muted)
                .append(" ")
                .append_text(self.pen.value(fact.value, self.pen.ink.text))
            )
            if line.plain and line.cell_len + part.cell_len + 3 > width:
                break
            line.append("   " if line.plain else "").append_text(part)
        return line

    def _series_figures(self, index: int, series: ChartSeries, width: int) -> Text:
        found, unit = charting.figures(series), self.block.unit
        ink = self.pen.ink
        start = self.pen.text(series.name, ink.series[index % len(ink.series)]).append("  ")
        if found is None:
            return start.append_text(self.pen.value(Absent(self.block.empty)))
        digits = 2 if max(abs(found.lowest), abs(found.highest)) < 10 else 1
        facts = tuple(
            Fact(label, Quantity(value, unit, digits))
            for label, value in (
                (_("last"), found.last),
                (_("95th"), found.percentile),
                (_("max"), found.highest),
                (_("mean"), found.mean),
                (_("min"), found.lowest),
            )
        )
        return start.append_text(self._figure_line(facts, width - start.cell_len))


def _inked(text: Text, ink: Ink) -> Text:
    """The plotted line in the theme's colours; axes and their labels in a faint one."""
    styles = {mark: ink.series[index] for index, mark in enumerate(_LINE_MARKS)}
    styles |= {mark: ink.severity(severity) for severity, mark in _LEVEL_MARKS.items()}
    result = styled(text.plain, ink.faint)
    for span in text.spans:
        colour = getattr(span.style, "color", None)
        triplet = tuple(colour.triplet) if colour is not None and colour.triplet else None
        if triplet in styles:
            result.stylize(styles[triplet], span.start, span.end)
    return result
