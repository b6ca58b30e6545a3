"""A plan as a picture: a row for each stretch of work against time, the present marked."""

from __future__ import annotations

from core.moment import to_epoch
from core.page import Gantt
from core.render.png_canvas import LONGEST_NAME, SMALL, Drawn, canvas, fitting, font, times, title
from core.render.png_style import PictureStyle
from core.render.values import Formatter
from core.units import Severity

__all__ = ["draw_gantt"]

_BAR_HEIGHT, _FRAME_HEIGHT, _TALLEST = 46, 190, 4_000
"""Pixels for each bar, for what is above and below them, and for all of it."""
_MOST_BARS = 60
_CHARACTER = 0.019
"""The share of the axes' width that a character of a state takes."""


def draw_gantt(gantt: Gantt, formatter: Formatter, style: PictureStyle) -> Drawn:
    """A row for each bar, first on top, its name before it, its state's glyph and word on it."""
    bars = gantt.bars[:_MOST_BARS]
    start, end = to_epoch(gantt.start), to_epoch(gantt.end)
    if not bars or end <= start:
        raise ValueError("a plan without a bar can't be drawn")
    figure, axes = canvas(min(_FRAME_HEIGHT + _BAR_HEIGHT * len(bars), _TALLEST), style)
    for row, bar in enumerate(bars):
        colour = style.severities[bar.state.severity]
        first, last = max(to_epoch(bar.start), start), min(to_epoch(bar.end), end)
        if last > first:
            axes.barh(row, last - first, left=first, height=0.62, color=colour, linewidth=0)
            late = last if bar.due is None else max(to_epoch(bar.due), first)
            if late < last:
                red = style.severities[Severity.SERIOUS]
                axes.barh(row, last - late, left=late, height=0.62, color=red, linewidth=0)
            _state(axes, row, (first, last), (start, end), formatter.state(bar.state), style)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_yticks(range(len(bars)), [fitting(formatter.value(bar.name), LONGEST_NAME) for bar in bars])
    axes.grid(axis="x", color=style.grid, linewidth=1)
    present = to_epoch(formatter.now)
    if start < present < end:
        axes.axvline(present, color=style.severities[Severity.CRITICAL], linewidth=1.8, linestyle=(0, (2, 2)))
    times(axes, start, end, formatter, style)
    title(figure, formatter.message(gantt.title), formatter, style)
    return figure


def _state(
    axes: Drawn, row: int, bar: tuple[int, int], span: tuple[int, int], said: str, style: PictureStyle
) -> None:
    """A bar's state: within it where it is long enough, else on the side of it that has more room."""
    long = bar[1] - bar[0] > _CHARACTER * (len(said) + 2) * (span[1] - span[0])
    after = span[1] - bar[1] > bar[0] - span[0]
    place, aligned, offset = (
        (bar[0], "left", 8) if long else (bar[1], "left", 6) if after else (bar[0], "right", -6)
    )
    axes.annotate(
        fitting(said, LONGEST_NAME),
        (place, row),
        xytext=(offset, 0),
        textcoords="offset points",
        ha=aligned,
        va="center",
        color=style.background if long else style.text,
        fontproperties=font(SMALL),
        parse_math=False,
        annotation_clip=False,
    )
