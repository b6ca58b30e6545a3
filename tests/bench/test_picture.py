"""Photographs: cells become pixels."""

from __future__ import annotations

import pyte
from PIL import Image

from bench.picture import HEIGHT, WIDTH, draw_screen

_FRONT, _BACK = (255, 255, 255), (0, 0, 0)


def _photograph(text: str) -> Image.Image:
    screen = pyte.Screen(6, 2)
    pyte.Stream(screen).feed(text)
    return draw_screen(screen, foreground="#ffffff", background="#000000").convert("RGB")


def _inked(picture: Image.Image, column: int, columns: int = 1) -> int:
    """How many pixels of these cells of the first row are not background."""
    cell = picture.crop((column * WIDTH, 0, (column + columns) * WIDTH, HEIGHT))
    return sum(count for count, colour in cell.getcolors(WIDTH * HEIGHT * columns) or () if colour != _BACK)


def test_the_picture_has_the_size_of_the_screen() -> None:
    assert _photograph("").size == (6 * WIDTH, 2 * HEIGHT)


def test_lines_join_without_a_seam() -> None:
    picture = _photograph("──╮")
    middle = HEIGHT // 2
    assert all(picture.getpixel((x, middle)) == _FRONT for x in range(2 * WIDTH))
    assert picture.getpixel((2 * WIDTH + WIDTH // 2, HEIGHT - 1)) == _FRONT


def test_blocks_fill_their_share_of_the_cell() -> None:
    picture = _photograph("█▄▝ ")
    assert _inked(picture, 0) == WIDTH * HEIGHT
    assert _inked(picture, 1) < WIDTH * HEIGHT * 0.6
    assert picture.getpixel((2 * WIDTH + WIDTH - 1, 0)) == _FRONT
    assert picture.getpixel((2 * WIDTH, HEIGHT - 1)) == _BACK
    assert _inked(picture, 3) == 0


def test_braille_is_drawn_dot_by_dot() -> None:
    picture = _photograph("⣿⠁")
    assert _inked(picture, 0) == 8 * _inked(picture, 1)


def test_a_wide_sign_takes_two_cells_even_without_a_font() -> None:
    picture = _photograph("港x")
    assert _inked(picture, 0) > 0
    assert _inked(picture, 1) > 0
    assert _inked(picture, 2) > 0


def test_colours_and_reverse_are_kept() -> None:
    picture = _photograph("\x1b[38;2;10;200;30m█\x1b[0;7m ")
    assert picture.getpixel((0, 0)) == (10, 200, 30)
    assert picture.getpixel((WIDTH, 0)) == _FRONT
