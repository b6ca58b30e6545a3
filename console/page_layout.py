"""Where the blocks of a page stand: two columns when there is room, one when there isn't."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement

from console.blocks.drawing import Wish
from core.page import Place

if TYPE_CHECKING:
    from textual.widget import Widget

    from console.blocks import BlockWidget

__all__ = ["TWO_COLUMNS_FROM", "PageLayout", "Placed", "place_blocks"]

Placed = tuple[Place, Callable[[int], Wish]]
"""Where a block wants to stand, and what it wishes for a width."""

TWO_COLUMNS_FROM = 84
_GAP = 1
_MAIN_SHARE = 0.6
_COLUMN_WIDTH = 42
"""The least width of a column where more than two stand side by side."""
_LEAST_CAP = 9
_PEEK = 3
"""Lines of the next block to be seen below one that fills the view."""
_MOST_PADDING = 6
"""Empty lines a block may get so that its column ends where the one beside it ends."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """A block in its column: which block, and what height it would like there."""

    index: int
    wish: Wish


@dataclass(frozen=True, slots=True)
class _Column:
    """Blocks below each other."""

    x: int
    width: int
    slots: tuple[_Slot, ...]


_Band = tuple[_Column, ...]


class PageLayout(Layout):
    """Places a page's block widgets inside a scrolling container."""

    name = "page"

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        blocks = cast("list[BlockWidget[Any]]", children)
        if len(blocks) == 1 and parent.has_class("-zoomed"):
            regions = [Region(0, 0, size.width, size.height)]
        else:
            regions = place_blocks([(block.place, block.wish) for block in blocks], size.width, size.height)
        return [
            WidgetPlacement(region, NULL_OFFSET, NULL_SPACING, block, 0, False, False)
            for block, region in zip(blocks, regions, strict=True)
        ]


def place_blocks(blocks: Sequence[Placed], width: int, height: int) -> list[Region]:
    """A region for each block, given as its place and its wish for a width, in a view of that size.

    Tall blocks give way until everything fits, down to a height that can still be read; past that the
    page scrolls. Room to spare goes to charts, and to the last blocks of a page.
    """
    bands = list(_bands(blocks, width))
    if not bands:
        return []
    heights = _heights(bands, height)
    regions: list[Region] = [Region(0, 0, 0, 0)] * len(blocks)
    y = 0
    for number, band in enumerate(bands):
        band_height = max(_column_height(column, heights) for column in band)
        if number == len(bands) - 1:
            band_height = max(band_height, min(height - y, band_height + _stretch(band, heights)))
        for column in band:
            _align(column, heights, band_height)
            top = y
            for slot in column.slots:
                regions[slot.index] = Region(column.x, top, column.width, heights[slot.index])
                top += heights[slot.index]
        y += band_height
    return regions


def _bands(blocks: Sequence[Placed], width: int) -> Iterable[_Band]:
    """Runs of blocks that stand side by side; a wide block is a run of its own."""
    run: list[int] = []
    for index, (place, _wish) in enumerate(blocks):
        if place is Place.WIDE:
            yield from _run_bands(blocks, run, width)
            yield (_column(blocks, [index], 0, width),)
            run = []
        else:
            run.append(index)
    yield from _run_bands(blocks, run, width)


def _run_bands(blocks: Sequence[Placed], run: Sequence[int], width: int) -> Iterable[_Band]:
    """The main blocks with as many side blocks as stand beside them; the others below, in columns."""
    main = [index for index in run if blocks[index][0] is Place.MAIN]
    side = [index for index in run if blocks[index][0] is Place.SIDE]
    if not run:
        return
    if width < TWO_COLUMNS_FROM or len(run) == 1 or not side:
        yield (_column(blocks, run, 0, width),)
        return
    left = round((width - _GAP) * _MAIN_SHARE)
    right = left + _GAP
    beside = width - right
    main_height = sum(blocks[index][1](left).natural for index in main)
    taken, used = 0, 0
    while main and taken < len(side):
        used += blocks[side[taken]][1](beside).natural
        if used > main_height + _MOST_PADDING:
            break
        taken += 1
    if not taken:  # nothing is called main, or it is less than what would stand beside it
        yield _balanced(blocks, run, width)
        return
    yield (_column(blocks, main, 0, left), _column(blocks, side[:taken], right, beside))
    if side[taken:]:
        yield _balanced(blocks, side[taken:], width)


def _balanced(blocks: Sequence[Placed], run: Sequence[int], width: int) -> _Band:
    """Columns of one width, read from top to bottom and left to right, with their ends as level as can be."""
    most = min(len(run), max(2, (width + _GAP) // (_COLUMN_WIDTH + _GAP)))
    lots = _level(blocks, run, (width - _GAP * (most - 1)) // most, most)
    count = len(lots)
    column_width = (width - _GAP * (count - 1)) // count
    edges = [number * (column_width + _GAP) for number in range(count)]
    ends = [*(edge - _GAP for edge in edges[1:]), width]
    return tuple(
        _column(blocks, [run[place] for place in lot], edge, end - edge)
        for lot, edge, end in zip(lots, edges, ends, strict=True)
    )


def _level(blocks: Sequence[Placed], run: Sequence[int], width: int, most: int) -> list[list[int]]:
    """The places in `run` in `most` lots or fewer, the highest of them as low as it can be."""
    heights = [blocks[index][1](width).natural for index in run]
    limit = max(heights)
    while len(lots := _cut(heights, limit)) > most:
        limit += 1
    return lots


def _cut(heights: Sequence[int], limit: int) -> list[list[int]]:
    """The places in `heights` in lots whose sums are at most `limit`, in order."""
    lots: list[list[int]] = []
    room = 0
    for place, height in enumerate(heights):
        if not lots or height > room:
            lots.append([])
            room = limit
        lots[-1].append(place)
        room -= height
    return lots


def _column(blocks: Sequence[Placed], indexes: Sequence[int], x: int, width: int) -> _Column:
    return _Column(x, width, tuple(_Slot(index, blocks[index][1](width)) for index in indexes))


def _heights(bands: Sequence[_Band], height: int) -> dict[int, int]:
    """The height of each block: its natural one, less where the view is short, more for what can grow."""
    slots = [slot for band in bands for column in band for slot in column.slots]
    heights = {slot.index: slot.wish.natural for slot in slots}
    if _total(bands, heights) > height:
        for cap in range(min(max(heights.values()), height), _LEAST_CAP - 1, -1):
            heights = {s.index: min(s.wish.natural, max(s.wish.least, cap)) for s in slots}
            if _total(bands, heights) <= height:
                break
        else:  # it scrolls anyway: only what would fill the view by itself is held back
            cap = max(_LEAST_CAP, height - _PEEK)
            heights = {s.index: min(s.wish.natural, max(s.wish.least, cap)) for s in slots}
    growing = True
    while growing and _total(bands, heights) < height:
        growing = False
        for slot in slots:
            if heights[slot.index] < slot.wish.most and slot.wish.most > slot.wish.natural:
                heights[slot.index] += 1
                if _total(bands, heights) > height:
                    heights[slot.index] -= 1
                else:
                    growing = True
    return heights


def _total(bands: Sequence[_Band], heights: dict[int, int]) -> int:
    return sum(max(_column_height(column, heights) for column in band) for band in bands)


def _column_height(column: _Column, heights: dict[int, int]) -> int:
    return sum(heights[slot.index] for slot in column.slots)


def _stretch(band: _Band, heights: dict[int, int]) -> int:
    """How much the last band may grow: as much as there is, if a list in it can use the room."""
    tallest = [slot for column in band for slot in column.slots if slot.wish.natural > heights[slot.index]]
    return 1_000 if tallest else 0


def _align(column: _Column, heights: dict[int, int], band_height: int) -> None:
    """Let a column end where its band ends: its blocks take what they still wish, the last one the rest."""
    spare = band_height - _column_height(column, heights)
    for slot in column.slots:
        more = max(0, min(spare, slot.wish.natural - heights[slot.index]))
        heights[slot.index] += more
        spare -= more
    framed = [slot for slot in column.slots if slot.wish.least > 2]
    if 0 < spare <= _MOST_PADDING and framed:
        heights[framed[-1].index] += spare
