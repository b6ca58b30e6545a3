"""A terminal's screen as a picture: text from a monospaced font, lines and blocks drawn as shapes.

No font joins box drawing without seams, and the one at hand has no braille at all; drawn as shapes both
look as they do in a terminal.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyte
from PIL import Image, ImageDraw, ImageFont
from pyte.screens import Char

__all__ = ["WIDTH", "draw_screen"]

WIDTH, HEIGHT = 9, 19
"""A cell, in pixels."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom."""

_SIZE = 15
_BASELINE = 15
_SIXTEEN = {
    "black": "#1a1e24",
    "red": "#d05c5c",
    "green": "#54b06c",
    "brown": "#c9a13b",
    "blue": "#5a8fd6",
    "magenta": "#b072c0",
    "cyan": "#4caeb8",
    "white": "#d0d4da",
    "brightblack": "#6a7280",
    "brightred": "#f08080",
    "brightgreen": "#7fd694",
    "brightbrown": "#efd06a",
    "brightblue": "#86b4f2",
    "brightmagenta": "#d49ae2",
    "brightcyan": "#7fd6de",
    "brightwhite": "#ffffff",
}

# Box drawing by the weights of its four arms, up right down left: 0 none, 1 light, 2 heavy, 3 double.
_ARMS = {
    "─": "0101", "━": "0202", "│": "1010", "┃": "2020", "┌": "0110", "┐": "0011", "└": "1100", "┘": "1001",
    "├": "1110", "┤": "1011", "┬": "0111", "┴": "1101", "┼": "1111", "╭": "0110", "╮": "0011", "╰": "1100",
    "╯": "1001", "┏": "0220", "┓": "0022", "┗": "2200", "┛": "2002", "┣": "2220", "┫": "2022", "┳": "0222",
    "┻": "2202", "╋": "2222", "═": "0303", "║": "3030", "╔": "0330", "╗": "0033", "╚": "3300", "╝": "3003",
    "╴": "0001", "╵": "1000", "╶": "0100", "╷": "0010", "╸": "0002", "╹": "2000", "╺": "0200", "╻": "0020",
    "╼": "0201", "╾": "0102", "╽": "1020", "╿": "2010",
}  # fmt: skip
_ROUND = {"╭": (1, 1), "╮": (-1, 1), "╰": (1, -1), "╯": (-1, -1)}
_THICKNESS = {"1": 1, "2": 3, "3": 3}

# Blocks as boxes (left, top, right, bottom) in eighths of the cell.
_BLOCKS: dict[str, tuple[Box, ...]] = {
    "█": ((0, 0, 8, 8),),
    "▀": ((0, 0, 8, 4),),
    "▔": ((0, 0, 8, 1),),
    "▐": ((4, 0, 8, 8),),
    "▕": ((7, 0, 8, 8),),
    **{chr(0x2580 + eighths): ((0, 8 - eighths, 8, 8),) for eighths in range(1, 8)},
    **{chr(0x2590 - eighths): ((0, 0, eighths, 8),) for eighths in range(1, 8)},
}
_QUARTERS = ((0, 0, 4, 4), (4, 0, 8, 4), (0, 4, 4, 8), (4, 4, 8, 8))
for _sign, _which in zip(
    "▖▗▘▙▚▛▜▝▞▟", ("2", "3", "0", "023", "03", "012", "013", "1", "12", "123"), strict=True
):
    _BLOCKS[_sign] = tuple(_QUARTERS[int(each)] for each in _which)
_SHADES = {"░": 0.25, "▒": 0.5, "▓": 0.75}

_BRAILLE = 0x2800
_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""Column and row of the dots of a braille sign, in the order of the bits of its number."""


def draw_screen(screen: pyte.Screen, *, foreground: str, background: str) -> Image.Image:
    """The screen's cells with their colours, as a picture of few colours."""
    image = Image.new("RGB", (screen.columns * WIDTH, screen.lines * HEIGHT), background)
    draw = ImageDraw.Draw(image)
    for row, column, cell, cells in _cells(screen):
        front, back = _colour(cell.fg, foreground), _colour(cell.bg, background)
        if cell.reverse:
            front, back = back, front
        left, top = column * WIDTH, row * HEIGHT
        box = (left, top, left + cells * WIDTH - 1, top + HEIGHT - 1)
        if back != background:
            draw.rectangle(box, fill=back)
        _draw_sign(draw, cell, box, front, back)
        if cell.underscore:
            draw.line((left, box[3] - 1, box[2], box[3] - 1), fill=front)
        if cell.strikethrough:
            draw.line((left, top + HEIGHT // 2, box[2], top + HEIGHT // 2), fill=front)
    return image.quantize(128, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def _cells(screen: pyte.Screen) -> Iterator[tuple[int, int, Char, int]]:
    """Row, column, content and width of each cell; the second cell of a wide sign belongs to the first."""
    for row in range(screen.lines):
        line = screen.buffer[row]
        for column in range(screen.columns):
            if line[column].data == "":
                continue
            wide = column + 1 < screen.columns and line[column + 1].data == ""
            yield row, column, line[column], 2 if wide else 1


def _colour(name: str, default: str) -> str:
    if name == "default":
        return default
    return _SIXTEEN.get(name) or f"#{name}"


def _draw_sign(
    draw: ImageDraw.ImageDraw, cell: Char, box: tuple[int, int, int, int], front: str, back: str
) -> None:
    sign = cell.data
    left, top, right, _bottom = box
    if not sign.strip():
        return
    if sign in _ARMS:
        _draw_lines(draw, sign, left, top, front)
    elif sign in _BLOCKS:
        for part in _BLOCKS[sign]:
            _draw_part(draw, part, left, top, front)
    elif sign in _SHADES:
        draw.rectangle(box, fill=_mixed(front, back, _SHADES[sign]))
    elif _BRAILLE <= ord(sign[0]) < _BRAILLE + 256:
        _draw_braille(draw, ord(sign[0]) - _BRAILLE, left, top, front)
    elif (font := _font(sign, cell.bold)) is not None:
        draw.text((left, top + _BASELINE), sign, font=font, fill=front, anchor="ls")
    else:
        draw.rectangle((left + 1, top + 3, right - 1, top + HEIGHT - 4), outline=front)


def _draw_lines(draw: ImageDraw.ImageDraw, sign: str, left: int, top: int, colour: str) -> None:
    """Box drawing: an arm from the middle of the cell to each edge that has one, or around the corner."""
    x, y, right, bottom = left + WIDTH // 2, top + HEIGHT // 2, left + WIDTH - 1, top + HEIGHT - 1
    if sign in _ROUND:
        _draw_corner(draw, _ROUND[sign], (left, top, right, bottom), colour)
        return
    upright, level = ((x, top, x, y), (x, y, x, bottom)), ((x, y, right, y), (left, y, x, y))
    for weight, arm in zip(_ARMS[sign], (upright[0], level[0], upright[1], level[1]), strict=True):
        if weight != "0":
            spread = _THICKNESS[weight] // 2
            across, along = (spread, 0) if arm in upright else (0, spread)
            draw.rectangle((arm[0] - across, arm[1] - along, arm[2] + across, arm[3] + along), fill=colour)


def _draw_corner(draw: ImageDraw.ImageDraw, towards: tuple[int, int], box: Box, colour: str) -> None:
    """A rounded corner with arms towards the right (1) or left (-1), and the bottom (1) or top (-1)."""
    left, top, right, bottom = box
    across, along = towards
    x, y, radius = left + WIDTH // 2, top + HEIGHT // 2, WIDTH // 2
    centre_x, centre_y = x + radius * across, y + radius * along
    draw.line((centre_x, y, right if across > 0 else left, y), fill=colour)
    draw.line((x, centre_y, x, bottom if along > 0 else top), fill=colour)
    start = {(1, 1): 180, (-1, 1): 270, (-1, -1): 0, (1, -1): 90}[towards]
    around = (centre_x - radius, centre_y - radius, centre_x + radius, centre_y + radius)
    draw.arc(around, start, start + 90, fill=colour)


def _draw_part(draw: ImageDraw.ImageDraw, part: Box, left: int, top: int, colour: str) -> None:
    """A box of eighths; its edges fall on whole pixels, and its neighbours' on the same."""
    x1, y1, x2, y2 = part
    box = (left + round(x1 * WIDTH / 8), top + round(y1 * HEIGHT / 8), left + round(x2 * WIDTH / 8) - 1)
    draw.rectangle((*box, max(top + round(y2 * HEIGHT / 8) - 1, box[1])), fill=colour)


def _draw_braille(draw: ImageDraw.ImageDraw, dots: int, left: int, top: int, colour: str) -> None:
    for bit, (column, row) in enumerate(_DOTS):
        if dots >> bit & 1:
            x, y = left + 1 + column * 5, top + 2 + row * 5
            draw.rectangle((x, y, x + 1, y + 1), fill=colour)


def _mixed(front: str, back: str, share: float) -> str:
    pairs = [(int(front[at : at + 2], 16), int(back[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


@cache
def _font(sign: str, bold: bool) -> ImageFont.FreeTypeFont | None:
    """A font that has this sign, or none."""
    return next((font for signs, font in _fonts(bold) if ord(sign[0]) in signs), None)


@cache
def _fonts(bold: bool) -> tuple[tuple[frozenset[int], ImageFont.FreeTypeFont], ...]:
    """The monospaced font that matplotlib ships and, for rarer signs, its wider sister, with their signs."""
    from matplotlib import get_data_path
    from matplotlib.ft2font import FT2Font

    folder = Path(get_data_path()) / "fonts" / "ttf"
    kind = "-Bold" if bold else ""
    files = [folder / f"{name}{kind}.ttf" for name in ("DejaVuSansMono", "DejaVuSans")]
    return tuple(
        (frozenset(FT2Font(str(file)).get_charmap()), ImageFont.truetype(file, _SIZE)) for file in files
    )
