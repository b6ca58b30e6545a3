"""A link as a QR code of half blocks, two rows of its squares in one line of text.

What is drawn are its light squares, where text is light on dark, or else its dark ones. Who can't tell takes
the former: most phones read one that is the other way round as well.
"""

from __future__ import annotations

__all__ = ["qr_lines"]

_QUIET = 2
"""Light squares around it, half of what the standard asks for: phones need no more."""

_BLOCKS = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
"""By whether the upper and the lower square are drawn."""


def qr_lines(link: str, *, light_on_dark: bool = True) -> list[str]:
    """The lines, all of the same width, twice as wide as high; none for an empty link or one too long."""
    if not link:
        return []
    import segno

    try:
        code = segno.make(link, error="l", micro=False)
    except ValueError:
        return []
    dark = [list(map(bool, row)) for row in code.matrix]
    side = len(dark) + 2 * _QUIET
    drawn = [[light_on_dark] * side for _row in range(side + side % 2)]
    for y, row in enumerate(dark, _QUIET):
        for x, square in enumerate(row, _QUIET):
            drawn[y][x] = square is not light_on_dark
    pairs = zip(drawn[::2], drawn[1::2], strict=True)
    return ["".join(_BLOCKS[squares] for squares in zip(*pair, strict=True)) for pair in pairs]
