"""Sizes: two columns or one, a folded rail, and the sentence for a terminal that is too small."""

from __future__ import annotations

import pytest

from console.blocks.drawing import Wish
from console.page_layout import Placed, place_blocks
from core.page import Place

from .conftest import MakeApp
from .screen import settle, text_of


def block(place: Place, natural: int, least: int | None = None, most: int | None = None) -> Placed:
    wish = Wish(
        least if least is not None else min(natural, 6), natural, most if most is not None else natural
    )
    return place, lambda _width: wish


def test_main_and_side_stand_beside_each_other_when_there_is_room() -> None:
    main, side, wide = place_blocks(
        [block(Place.MAIN, 8), block(Place.SIDE, 6), block(Place.WIDE, 5)], 96, 40
    )
    assert (main.x, side.x) == (0, main.width + 1)
    assert main.width > side.width
    assert side.right == wide.right == 96
    assert main.bottom == side.bottom == wide.y


def test_many_side_blocks_stand_in_columns_whose_ends_are_level() -> None:
    regions = place_blocks([block(Place.SIDE, height) for height in (9, 5, 5, 5, 4, 5)], 96, 40)
    left = [region for region in regions if region.x == 0]
    assert [region.height for region in left] == [9, 5, 5]
    assert {region.bottom for region in (left[-1], regions[-1])} == {19}
    assert regions == sorted(regions, key=lambda region: (region.x, region.y))  # read down, then right


def test_short_side_blocks_alone_begin_at_the_left() -> None:
    regions = place_blocks([block(Place.WIDE, 9), *(block(Place.SIDE, 5) for _ in range(3))], 96, 40)
    assert [(region.x, region.y) for region in regions[1:]] == [(0, 9), (0, 14), (48, 9)]


def test_a_wide_view_has_more_columns_and_fills_its_width() -> None:
    regions = place_blocks([block(Place.SIDE, 6) for _ in range(4)], 177, 40)
    assert len({region.x for region in regions}) == 4
    assert max(region.right for region in regions) == 177


def test_a_short_main_block_does_not_leave_a_hole_beside_long_side_blocks() -> None:
    main, *side = place_blocks([block(Place.MAIN, 3), *(block(Place.SIDE, 10) for _ in range(3))], 96, 40)
    assert main.width < 60
    assert max(region.bottom for region in side) <= 23


def test_side_blocks_longer_than_the_main_one_go_on_below_it() -> None:
    main, *side = place_blocks([block(Place.MAIN, 12), *(block(Place.SIDE, 6) for _ in range(5))], 96, 60)
    assert [region.x > main.right for region in side[:3]] == [True, True, True]
    assert min(region.y for region in side[3:]) >= main.bottom
    assert {region.x for region in side[3:]} == {0, 48}


def test_one_column_keeps_the_order_of_the_page() -> None:
    regions = place_blocks([block(Place.SIDE, 5), block(Place.MAIN, 5), block(Place.WIDE, 5)], 70, 40)
    assert [region.y for region in regions] == [0, 5, 10]
    assert {region.width for region in regions} == {70}


def test_a_long_list_gives_way_so_that_the_page_fits() -> None:
    regions = place_blocks([block(Place.WIDE, 10), block(Place.MAIN, 430)], 96, 38)
    assert regions[0].height == 10
    assert regions[-1].bottom == 38


def test_room_to_spare_goes_to_what_can_grow() -> None:
    facts, chart = place_blocks([block(Place.WIDE, 6), block(Place.WIDE, 13, 9, 30)], 96, 40)
    assert facts.height == 6
    assert chart.height == 30


def test_blocks_never_overlap() -> None:
    blocks = [block(place, height) for place in Place for height in (3, 17, 60)]
    for width in (60, 84, 176):
        regions = place_blocks(blocks, width, 30)
        for index, one in enumerate(regions):
            assert one.right <= width
            assert not any(one.overlaps(other) for other in regions[index + 1 :])


@pytest.mark.parametrize(("width", "height"), [(79, 24), (80, 23), (40, 10)])
async def test_a_small_terminal_is_told_what_is_needed(make_app: MakeApp, width: int, height: int) -> None:
    app = make_app()
    async with app.run_test(size=(width, height)) as pilot:
        text = await text_of(pilot)
        assert "opsdeck needs 80 × 24" in text
        assert f"this terminal has {width} × {height}" in text
        assert "Overview" not in text
        await pilot.resize_terminal(100, 30)
        assert "Overview · Harbour Office" in await text_of(pilot)


async def test_the_rail_folds_below_a_hundred_columns(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        assert " 3 WAN " in await text_of(pilot)
        await pilot.resize_terminal(99, 30)
        await settle(pilot)
        text = await text_of(pilot)
        assert " 3 WAN " not in text
        assert " 3 ●" in text


async def test_a_narrow_table_drops_what_matters_least_and_says_so(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("2")
        text = await text_of(pilot)
        assert "2 more columns when wider" in text
        await pilot.resize_terminal(200, 60)
        text = await text_of(pilot)
        assert "more columns" not in text
        assert "Seen" in text
