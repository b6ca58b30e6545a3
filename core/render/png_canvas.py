"""What pictures have in common: their canvas, their letters, their title and their time axis."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

from matplotlib import get_data_path
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

from core.moment import from_epoch
from core.render.layout import cut
from core.render.png_style import PictureStyle
from core.render.ticks import time_ticks
from core.render.values import Formatter

__all__ = ["LARGE", "LONGEST_NAME", "SMALL", "Drawn", "canvas", "fitting", "font", "times", "title"]

SMALL, LARGE = 17, 23
"""Sizes of letters in points; at the density here a point is 1.39 pixels."""
LONGEST_NAME = 28
"""How many characters of a name are shown."""

Drawn = Any
"""A figure, or the axes in one. Matplotlib's own types are in part unknown, so that they are not checked."""

_WIDTH = 1_080
_DPI = 100
_LONGEST_TITLE = 56
_MOST_TIMES = 6
_NO_SHAPE = "□"


def canvas(height: int, style: PictureStyle) -> tuple[Drawn, Drawn]:
    """A figure of its own with one pair of axes, its frame but for the base left away."""
    figure: Drawn = Figure(
        figsize=(_WIDTH / _DPI, height / _DPI), dpi=_DPI, layout="constrained", facecolor=style.background
    )
    figure.get_layout_engine().set(w_pad=0.22, h_pad=0.18)
    axes: Drawn = figure.add_subplot()
    axes.set_facecolor(style.background)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(style.grid)
    axes.tick_params(colors=style.muted, length=0, pad=8)
    axes.set_axisbelow(True)
    return figure, axes


def title(figure: Drawn, text: str, formatter: Formatter, style: PictureStyle) -> None:
    """The title where a reader of the language begins."""
    right = formatter.right_to_left
    figure.suptitle(
        fitting(text, _LONGEST_TITLE),
        x=0.98 if right else 0.02,
        ha="right" if right else "left",
        color=style.text,
        fontproperties=font(LARGE, bold=True),
        parse_math=False,
    )


def times(axes: Drawn, start: int, end: int, formatter: Formatter, style: PictureStyle) -> None:
    """The time axis: round moments on the clocks of the reader's zone, which is named at its end."""
    ticks = time_ticks(start, end, formatter.zone, most=_MOST_TIMES, moments=formatter.moments)
    axes.set_xlim(start, end)
    axes.set_xticks([tick.at for tick in ticks], [tick.label for tick in ticks])
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(font(SMALL))
        label.set_parse_math(False)
    axes.annotate(
        f"{from_epoch(end - 1).astimezone(formatter.zone):%Z}",
        (1.0, 0.0),
        xycoords="axes fraction",
        xytext=(0, -36),
        textcoords="offset points",
        ha="right",
        va="top",
        color=style.muted,
        fontproperties=font(SMALL),
        parse_math=False,
    )


def fitting(text: str, width: int) -> str:
    """`text` cut to that many characters' width, those that the font has no shape for replaced by boxes."""
    known = _shapes()
    kept = (
        character if ord(character) in known else "" if _is_invisible(character) else _NO_SHAPE
        for character in text
    )
    return cut("".join(kept), width)


def font(size: int, *, bold: bool = False) -> FontProperties:
    """The font that matplotlib brings along, so that a picture is the same on every machine."""
    return FontProperties(fname=_file("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"), size=size)


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cf", "Mn", "Me"}


@lru_cache(maxsize=1)
def _shapes() -> frozenset[int]:
    """The characters that the font can draw."""
    return frozenset(FT2Font(_file("DejaVuSans.ttf")).get_charmap())


def _file(name: str) -> Path:
    return Path(get_data_path(), "fonts", "ttf", name)
