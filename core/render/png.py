"""A chart or a plan as a picture for a phone, by matplotlib.

Only here is matplotlib loaded, which takes a second, so this module is imported when there is something to
draw, and `png_of` is called off the event loop. Everything is drawn by its objects alone: no current figure,
no changed setting, no file. Matplotlib isn't made for threads, so one picture is drawn at a time.
It shapes Arabic and orders its letters by itself (since 3.11, by HarfBuzz and SheenBidi).
"""

from __future__ import annotations

import math
import threading
from io import BytesIO

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from core.page import Chart, Gantt
from core.render.charting import Line, Plan, figures, plan
from core.render.png_canvas import LONGEST_NAME, SMALL, Drawn, canvas, fitting, font, times, title
from core.render.png_gantt import draw_gantt
from core.render.png_style import LIGHT, PictureStyle
from core.render.values import Formatter

__all__ = ["LARGEST_BYTES", "LARGEST_SIDES", "png_of", "png_size"]

LARGEST_SIDES = 10_000
"""Telegram takes a photo whose width and height together are no more (telegram.md 4)."""
LARGEST_BYTES = 10_000_000
"""Telegram takes a photo of no more bytes."""

_HEIGHT = 720
_COLUMNS, _ROWS = 360, 14
"""How finely a line is drawn, and how many rows of text the value axis could hold."""
_MOST_LEGEND_COLUMNS = 3

_drawing = threading.Lock()


def png_of(figure: Chart | Gantt, formatter: Formatter, style: PictureStyle = LIGHT) -> bytes:
    """`figure` as a PNG of 1,080 pixels' width; the same bytes for the same input.

    Raises:
        ValueError: there is nothing to draw (`core.render.chat_blocks.drawable` says so before).
    """
    with _drawing:
        chart = isinstance(figure, Chart)
        drawn = _chart(figure, formatter, style) if chart else draw_gantt(figure, formatter, style)
        buffer = BytesIO()
        agg: Drawn = FigureCanvasAgg(drawn)
        agg.print_png(buffer, metadata={"Software": None})
        # Its parts know one another, and three megabytes of pixels: they would stay until the garbage is
        # looked for, which a relay does seldom.
        drawn.clear()
        agg.renderer = None
    content = buffer.getvalue()
    assert drawn.bbox.width + drawn.bbox.height <= LARGEST_SIDES
    assert len(content) <= LARGEST_BYTES
    return content


def png_size(content: bytes) -> tuple[int, int]:
    """How many pixels wide and high a PNG is: what its header, its first chunk, says."""
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _chart(chart: Chart, formatter: Formatter, style: PictureStyle) -> Drawn:
    if chart.end <= chart.start or not any(map(figures, chart.series)):
        raise ValueError("a chart without a value can't be drawn")
    figure, axes = canvas(_HEIGHT, style)
    laid_out = plan(chart, formatter, _COLUMNS, _ROWS)
    for index, line in enumerate(laid_out.lines):
        colour = style.lines[index % len(style.lines)]
        if laid_out.bar:
            _bars(axes, line, laid_out, index, colour)
        else:
            _line(axes, line, colour, filled=len(laid_out.lines) == 1 and laid_out.bottom >= 0)
    for level in laid_out.thresholds:
        _level(axes, level.value, level.label, style.severities[level.severity], style)
    _values(axes, laid_out, formatter, style)
    times(axes, laid_out.start, laid_out.end, formatter, style)
    title(figure, formatter.message(chart.title), formatter, style)
    if len(laid_out.lines) > 1:
        _legend(axes, [line.name for line in laid_out.lines], style)
    return figure


def _line(axes: Drawn, line: Line, colour: str, *, filled: bool) -> None:
    """A line with its gaps; a value alone between two of them is a dot."""
    moments = [moment for moment, _value in line.points]
    values = [math.nan if value is None else value for _moment, value in line.points]
    axes.plot(moments, values, color=colour, linewidth=2.5, solid_capstyle="round")
    if filled:
        axes.fill_between(moments, values, color=colour, alpha=0.14, linewidth=0)
    around = [math.nan, *values, math.nan]
    alone = [
        place
        for place, value in enumerate(values)
        if not math.isnan(value) and math.isnan(around[place]) and math.isnan(around[place + 2])
    ]
    if alone:
        axes.plot(
            [moments[place] for place in alone],
            [values[place] for place in alone],
            color=colour,
            linestyle="none",
            marker="o",
            markersize=5,
        )


def _bars(axes: Drawn, line: Line, laid_out: Plan, index: int, colour: str) -> None:
    """A bar for each value from zero, those of several series side by side within their step."""
    share = 0.84 * laid_out.bar / len(laid_out.lines)
    left = 0.08 * laid_out.bar + index * share
    known = [(moment, value) for moment, value in line.points if value is not None]
    axes.bar(
        [moment + left for moment, _value in known],
        [value for _moment, value in known],
        width=share,
        align="edge",
        color=colour,
        linewidth=0,
    )


def _level(axes: Drawn, value: float, label: str, colour: str, style: PictureStyle) -> None:
    """A threshold as a dashed line with its name on it."""
    axes.axhline(value, color=colour, linewidth=1.8, linestyle=(0, (5, 4)))
    axes.annotate(
        fitting(label, LONGEST_NAME),
        (1.0, value),
        xycoords=("axes fraction", "data"),
        xytext=(-8, 5),
        textcoords="offset points",
        ha="right",
        va="bottom",
        color=colour,
        parse_math=False,
        fontproperties=font(SMALL),
        path_effects=[withStroke(linewidth=4, foreground=style.background)],
    )


def _values(axes: Drawn, laid_out: Plan, formatter: Formatter, style: PictureStyle) -> None:
    """The value axis: round numbers in the reader's language, and the unit above them."""
    height = laid_out.top - laid_out.bottom
    axes.set_ylim(laid_out.bottom, laid_out.top + 0.04 * height)
    axes.set_yticks([tick.at for tick in laid_out.value_ticks], [tick.label for tick in laid_out.value_ticks])
    axes.grid(axis="y", color=style.grid, linewidth=1)
    unit = formatter.unit(laid_out.unit)
    if unit:
        axes.annotate(
            unit,
            (0.0, 1.0),
            xycoords="axes fraction",
            xytext=(-8, 10),
            textcoords="offset points",
            ha="right",
            va="bottom",
            color=style.muted,
            parse_math=False,
            fontproperties=font(SMALL),
        )


def _legend(axes: Drawn, names: list[str], style: PictureStyle) -> None:
    """What is drawn in which colour, above the axes."""
    keys = [Patch(color=style.lines[index % len(style.lines)]) for index, _name in enumerate(names)]
    legend = axes.legend(
        keys,
        [str(number) for number, _name in enumerate(names)],
        loc="lower left",
        bbox_to_anchor=(0.0, 1.02),
        ncols=min(len(names), _MOST_LEGEND_COLUMNS),
        frameon=False,
        prop=font(SMALL),
        handlelength=0.8,
        handleheight=0.8,
        borderaxespad=0.0,
    )
    for text, name in zip(legend.get_texts(), names, strict=True):
        text.set_parse_math(False)
        text.set_color(style.text)
        text.set_text(fitting(name, LONGEST_NAME))  # only now: a label that begins with a low line is dropped
