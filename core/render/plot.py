"""Charts drawn in quarter blocks with plotext: the one module that imports it.

Quarter blocks are in every terminal font and fill an area without seams; braille, though finer, is in few.

Each drawing uses a figure of its own, so that no state is shared between charts; plotext's public
functions all draw on one. The library is loaded by the first drawing (40 to 50 milliseconds).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from core.render.charting import Line, Plan, sparkline
from core.render.layout import cut, width_of
from core.units import Severity

__all__ = ["SMALLEST", "Colour", "Colours", "draw"]

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

SMALLEST = (40, 8)
"""The least width and height of a chart with axes; anything smaller becomes sparklines."""

_MARKERS = ("hd", "dot")
_MARKER_SIGNS = ("▄▄", "••")
_BAR_GAP = 1.75
"""Columns from the end of a bar to the next one, so that at least one is seen to be empty."""
_ZERO = "▁"
"""The bar of a zero: less than the half row of the least value above it, and more than a missing one."""
_MOST_FILLED = 120
"""The longest line with a filled area below it: plotext fills in quadratic time."""

_COLOUR_SEQUENCE = re.compile("\x1b\\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Colours:
    """A theme's colours for charts: one for each line in turn, and one for each severity of threshold."""

    lines: Sequence[Colour]
    thresholds: Mapping[Severity, Colour] = field(default_factory=dict[Severity, Colour])


def draw(plan: Plan, width: int, height: int, colours: Colours | None) -> str:
    """The chart as `height` lines of at most `width` cells, with ANSI colours, no newline at the end.

    Without `colours` it is plain text, and the second line is told from the first by its dots.
    """
    if width <= 0 or height <= 0:
        return ""
    if width < SMALLEST[0] or height < SMALLEST[1]:
        return _sparklines(plan, width, height, colours)
    legend = _legend(plan, width, colours)
    figure = _figure(width, height - len(legend))
    for index, line in enumerate(plan.lines):
        marker, colour = _marker(index, colours), _line_colour(colours, index)
        if plan.bar:
            _add_bars(figure, plan, line, marker, colour, (plan.end - plan.start) / width)
        else:
            filled = len(plan.lines) == 1 and plan.bottom >= 0 and _fillable(line)
            _add_line(figure, plan, line, marker, colour, filled=filled)
    for threshold in plan.thresholds:
        figure.horizontal_line(threshold.value, color=_threshold_colour(colours, threshold.severity))
    figure.xlim(0, plan.end - plan.start)
    figure.ylim(plan.bottom, plan.top)
    figure.xticks(
        [tick.at - plan.start for tick in plan.time_ticks], [tick.label for tick in plan.time_ticks]
    )
    figure.yticks([tick.at for tick in plan.value_ticks], [tick.label for tick in plan.value_ticks])
    figure.xaxes(True, False)
    figure.yaxes(True, False)
    drawn = str(figure.build()).rstrip("\n")
    return "\n".join([*legend, drawn if colours else _COLOUR_SEQUENCE.sub("", drawn)])


def _figure(width: int, height: int) -> Any:
    """A new figure of exactly this size, whatever the terminal's, in the terminal's own colours."""
    figure = import_module("plotext._figure")._figure_class()
    figure._limit_size(False, False)
    figure.plot_size(width, height)
    figure._set_master_size()
    figure.canvas_color("default")
    figure.axes_color("default")
    figure.ticks_color("default")
    return figure


def _fillable(line: Line) -> bool:
    """Whether the area below a line can be filled: of a gap, plotext's filling would draw a zero."""
    return len(line.points) <= _MOST_FILLED and all(value is not None for _moment, value in line.points)


def _add_line(
    figure: Any, plan: Plan, line: Line, marker: str, colour: Colour | str, *, filled: bool
) -> None:
    """Add the line, the area below it `filled` or not.

    Plotext leaves a gap where a value is NaN, and takes no line without any value.
    """
    if all(value is None for _moment, value in line.points):
        return
    moments = [moment - plan.start for moment, _value in line.points]
    values = [math.nan if value is None else value for _moment, value in line.points]
    figure.plot(moments, values, marker=marker, color=colour, fillx=filled)


def _add_bars(figure: Any, plan: Plan, line: Line, marker: str, colour: Colour | str, column: float) -> None:
    """Add a bar for each value, as wide as its step less a gap; `column` is the seconds of one column.

    Plotext gives any bar half a row at least, which keeps the least value in sight but would make a zero look
    like one, so that a zero is only a mark on the base line.
    """
    length = max(plan.bar / 2, plan.bar - _BAR_GAP * column)
    for moment, value in sorted(line.points, key=lambda point: bool(point[1])):  # a mark hides no bar’s edge
        if value is not None:
            start, sign = moment - plan.start, marker if value else _ZERO
            figure.plot([start, start + length], [value] * 2, marker=sign, color=colour, fillx=bool(value))


def _legend(plan: Plan, width: int, colours: Colours | None) -> list[str]:
    """One line above the chart with what is drawn in which colour; none where there is nothing to tell."""
    entries = [
        (_marker_sign(index, colours), line.name, _line_colour(colours, index))
        for index, line in enumerate(plan.lines)
    ]
    entries += [("──", each.label, _threshold_colour(colours, each.severity)) for each in plan.thresholds]
    if len(entries) < 2:
        return []
    room = max(width // len(entries) - 5, 1)
    parts: list[str] = []
    for sign, name, colour in entries:
        parts.append(f"{_coloured(sign, colour)} {cut(name, room)}")
    return ["  ".join(parts)]


def _sparklines(plan: Plan, width: int, height: int, colours: Colours | None) -> str:
    """A row of blocks for each line that there is height for, its name before it where there is width."""
    rows: list[str] = []
    names = [cut(line.name, max(width // 3, 1)) for line in plan.lines]
    named = max((width_of(name) for name in names), default=0)
    for index, line in enumerate(plan.lines[:height]):
        label = f"{names[index]}{' ' * (named - width_of(names[index]))} " if width >= 24 else ""
        blocks = sparkline(line.points, plan.start, plan.end, width - width_of(label), plan.bottom, plan.top)
        rows.append(label + _coloured(blocks, _line_colour(colours, index)))
    return "\n".join(rows)


def _marker(index: int, colours: Colours | None) -> str:
    return _MARKERS[0] if colours else _MARKERS[index % len(_MARKERS)]


def _marker_sign(index: int, colours: Colours | None) -> str:
    return _MARKER_SIGNS[0] if colours else _MARKER_SIGNS[index % len(_MARKER_SIGNS)]


def _line_colour(colours: Colours | None, index: int) -> Colour | str:
    return colours.lines[index % len(colours.lines)] if colours and colours.lines else "default"


def _threshold_colour(colours: Colours | None, severity: Severity) -> Colour | str:
    return colours.thresholds.get(severity, "default") if colours else "default"


def _coloured(text: str, colour: Colour | str) -> str:
    if isinstance(colour, str):
        return text
    red, green, blue = colour
    return f"\x1b[38;2;{red};{green};{blue}m{text}\x1b[0m"
