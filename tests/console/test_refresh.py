"""Refreshing: in place, honest about age and trouble, and never in the way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from console.blocks.table import TableBlock
from core.errors import UnreachableError
from core.message import _
from core.moment import FrozenClock
from core.page import Column, Page, Row, Table
from core.store.page_cache import PageCache
from core.units import Quantity

from . import pages
from .conftest import MakeApp
from .fake_backend import FakeBackend
from .screen import settle, text_of

SIZE = (120, 40)


def list_page(keys: str, values: dict[str, float] | None = None) -> Page:
    values = values or {}
    rows = tuple(Row(key, (f"row {key}", Quantity(values.get(key, 1.0)))) for key in keys)
    columns = (Column("name", _("Name"), priority=1), Column("value", _("Value"), priority=1))
    table = Table("list", _("List"), columns, rows, len(rows), len(rows))
    return Page("list", _("List page"), pages.GOOD, (table,), as_of=pages.NOW)


async def look(pilot_app: object, backend: FakeBackend) -> None:
    backend.mark += 1
    await pilot_app.deck.live.look()  # type: ignore[attr-defined]


async def test_a_refresh_keeps_cursor_scroll_and_the_order_under_the_cursor(
    make_app: MakeApp, backend: FakeBackend
) -> None:
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    backend.page = list_page(letters)
    app = make_app()
    async with app.run_test(size=(120, 30)) as pilot:
        await settle(pilot)
        await pilot.press("G", "k")
        block = app.deck.focused_block
        assert isinstance(block, TableBlock)
        top = block.top
        backend.page = list_page(letters[::-1], {"c": 9.0})
        await look(app, backend)
        await settle(pilot)
        assert app.deck.focused_block is block
        assert block.entry is not None
        assert block.entry.key == "Y"
        assert block.top == top
        assert [row.key for row in block.block.rows] == list(letters)
        assert "order held" in await text_of(pilot)
        await pilot.press("g")
        await look(app, backend)
        assert [row.key for row in block.block.rows] == list(letters[::-1])


async def test_only_lines_that_differ_are_repainted(make_app: MakeApp, backend: FakeBackend) -> None:
    backend.page = list_page("abcdef")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        block = app.deck.focused_block
        assert block is not None
        repainted: list[object] = []
        whole = block.refresh

        def refresh(*regions: object, **options: object) -> object:
            repainted.append([getattr(region, "y", None) for region in regions] or "everything")
            return whole(*regions, **options)  # type: ignore[arg-type]

        block.refresh = refresh  # type: ignore[method-assign,assignment]
        backend.page = list_page("abcdef", {"c": 2.0})
        await look(app, backend)
        assert repainted == [[4]]  # frame, heading, a, b, then c
        repainted.clear()
        await look(app, backend)
        assert repainted == []


async def test_a_row_that_goes_leaves_the_cursor_where_it_was(
    make_app: MakeApp, backend: FakeBackend
) -> None:
    backend.page = list_page("abcdef")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("j", "j")
        backend.page = list_page("abdef")
        await look(app, backend)
        block = app.deck.focused_block
        assert block is not None
        assert block.entry is not None
        assert block.entry.key == "d"


async def test_an_error_keeps_the_last_good_page_and_says_why(
    make_app: MakeApp, backend: FakeBackend
) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2")
        await settle(pilot)
        backend.failing = UnreachableError(_("The store does not answer."))
        await pilot.press("r")
        text = await text_of(pilot)
        assert "The store does not answer." in text
        assert "Till Reception 01" in text
        backend.failing = None
        await pilot.press("r")
        assert "does not answer" not in await text_of(pilot)


async def test_a_defect_in_a_page_does_not_end_the_console(make_app: MakeApp, backend: FakeBackend) -> None:
    app = make_app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        backend.failing = ZeroDivisionError("defect")
        await pilot.press("2")
        text = await text_of(pilot)
        assert "could not be made" in text
        backend.failing = None
        await pilot.press("3")
        assert "WAN · Harbour Office" in await text_of(pilot)


async def test_a_source_that_does_not_answer_is_told_with_its_next_try(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("3")
        text = await text_of(pilot)
        assert "Stale: last answer 9 min ago. Plume does not answer. Next try in 20 s." in text


async def test_ages_go_on_without_asking_again(
    make_app: MakeApp, backend: FakeBackend, clock: FrozenClock
) -> None:
    app = make_app(refresh_seconds=1e9)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2")
        await settle(pilot)
        asked = len(backend.invocations)
        clock.advance(3 * 60)
        app.deck.live.tick()
        text = await text_of(pilot)
        assert "3 min ago" in text
        assert "40 min ago" in text  # inside a block
        assert "17:45 EAT" in text
        assert len(backend.invocations) == asked


async def test_the_first_screen_is_painted_before_the_backend_is_open(
    make_app: MakeApp, backend: FakeBackend, clock: FrozenClock, tmp_path: Path
) -> None:
    cache = PageCache(tmp_path / "pages", clock)
    app = make_app(page_cache=cache)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
    backend.opening = asyncio.Event()
    backend.invocations.clear()
    clock.advance(timedelta(hours=2).total_seconds())
    app = make_app(page_cache=cache)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        from .screen import screen_text

        text = screen_text(app.screen)
        assert backend.invocations == []
        assert "Order 4711 is 2 h 10 min beh" in text
        assert "2 h ago" in text
        assert "from the last session" in text
        assert "engine ○ starting" in text
        assert "Network     ▲" in text  # the rail too
        backend.opening.set()
        text = await text_of(pilot)
        assert "from the last session" not in text
        assert "10 s ago" in text


async def test_a_backend_that_cannot_open_is_told_and_can_be_tried_again(
    make_app: MakeApp, backend: FakeBackend
) -> None:
    async def fail() -> None:
        raise UnreachableError(_("The database does not answer."))

    backend.open = fail  # type: ignore[method-assign]
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        assert "The database does not answer." in await text_of(pilot)
        del backend.open
        await pilot.press("r")
        assert "Overview · Harbour Office" in await text_of(pilot)


async def test_hidden_panes_are_not_drawn(make_app: MakeApp, backend: FakeBackend) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2")
        await settle(pilot)
        hidden = next(block for block in app.deck.page_view.blocks if block.block.key == "devices")
        drawn: list[int] = []
        hidden.draw = lambda *size: drawn.append(1)  # type: ignore[method-assign,assignment,return-value]
        await pilot.press("3")
        await look(app, backend)
        await settle(pilot)
        assert drawn == []


async def test_changed_data_of_the_same_page_is_shown(make_app: MakeApp, backend: FakeBackend) -> None:
    backend.page = list_page("ab")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        page = list_page("abc")
        backend.page = replace(page, blocks=(*page.blocks, pages.wan_chart(pages.NOW)))
        await look(app, backend)
        text = await text_of(pilot)
        assert "row c" in text
        assert "WAN, last 24 h" in text
