"""One page on the screen: its blocks as widgets, kept from one refresh to the next."""

from __future__ import annotations

from typing import Any

from textual.containers import VerticalScroll
from textual.layout import Layout
from textual.message import Message as Event

from console.blocks import BlockWidget, widget_for
from console.blocks.table import TableBlock
from console.page_layout import PageLayout
from console.pen import Pen
from console.trail import View
from core.message import Message
from core.page import Page, Table
from core.query import TableQuery

__all__ = ["PageView"]


class PageView(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The blocks of one view. New data goes into the widgets there are; cursors and scroll stay."""

    DEFAULT_CSS = """
    PageView { width: 1fr; height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; }
    """

    class Shown(Event):
        """Another page, or newer data of the same, is on the screen."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self._page_layout = PageLayout()
        self.view = view
        self.table_query = TableQuery()
        self.page: Page | None = view.answer
        self.trouble: Message | None = None
        self.stored = False
        """Whether what is shown comes from the last session and was not asked for in this one."""
        self._zoomed: BlockWidget[Any] | None = None
        self._worked_in = ""
        """The key of the block that had the focus last."""

    @property
    def layout(self) -> Layout:
        """Places the blocks; Textual's stylesheets know only its own layouts by name."""
        return self._page_layout

    @property
    def blocks(self) -> list[BlockWidget[Any]]:
        """The widgets of the page's blocks, in order."""
        return [child for child in self.children if isinstance(child, BlockWidget)]

    @property
    def reachable(self) -> list[BlockWidget[Any]]:
        """Those that can have the focus."""
        return [block for block in self.blocks if block.can_focus and block.display]

    @property
    def focused_block(self) -> BlockWidget[Any] | None:
        """The block that has the focus."""
        return next((block for block in self.blocks if block.has_focus), None)

    @property
    def zoomed(self) -> bool:
        """Whether one block has the whole page."""
        return self._zoomed is not None

    async def show(self, page: Page, pen: Pen) -> None:
        """Show a page: update the blocks that are there, add and remove what differs."""
        self.page = page
        pen = Pen(pen.formatter.at(page.at), pen.ink)
        old = {(widget.block.key, type(widget.block)): widget for widget in self.blocks}
        focused = self.focused_block
        relayout = False
        wanted: list[BlockWidget[Any]] = []
        for block in page.blocks:
            widget = old.pop((block.key, type(block)), None)
            if widget is None:
                widget = widget_for(block, pen)
            elif widget.update(block, pen):
                relayout = True
            wanted.append(widget)
        async with self.batch():
            if old:
                if self._zoomed in old.values():
                    self.zoom(None)
                await self.remove_children(list(old.values()))
            await self._place(wanted)
        if relayout:
            self.refresh(layout=True)
        if focused is not None and focused not in wanted:
            self.focus_first()
        self.post_message(self.Shown())

    async def _place(self, wanted: list[BlockWidget[Any]]) -> None:
        """Mount what is new and bring all into order."""
        new = [widget for widget in wanted if not widget.is_attached]
        if new:
            await self.mount(*new)
        present = self.blocks
        if present != wanted:
            for index, widget in enumerate(wanted):
                if self.children[index] is not widget:
                    self.move_child(widget, before=index)
        if self._zoomed is not None:
            self.zoom(self._zoomed)

    def retell(self, pen: Pen) -> None:
        """Write again what counts time."""
        pen = Pen(pen.formatter.at(self.page.at if self.page else None), pen.ink)
        for widget in self.blocks:
            if widget.counts_time or widget.pen.ink is not pen.ink:
                widget.update(widget.block, pen)

    def on_descendant_focus(self) -> None:
        """Remember where the person works, for when they come back to this page."""
        focused = self.focused_block
        if focused is not None:
            self._worked_in = focused.block.key

    def focus_again(self) -> None:
        """Give the focus back to the block that had it last, else to the first."""
        last = next((block for block in self.reachable if block.block.key == self._worked_in), None)
        if last is None:
            self.focus_first()
        else:
            last.focus(scroll_visible=False)

    def focus_first(self) -> None:
        """Give the focus to the first block a person would work in: one with a cursor, if there is one."""
        blocks = self.reachable
        chosen = next((block for block in blocks if block.has_cursor), blocks[0] if blocks else None)
        if chosen is not None:
            chosen.focus(scroll_visible=False)

    @property
    def table(self) -> Table | None:
        """The table that the filter is about: the one that answers to it, else the longest."""
        widget = self._table_widget()
        return widget.block if widget is not None else None

    def focus_table(self) -> None:
        """Go to the table that the filter is about."""
        widget = self._table_widget()
        if widget is None:
            self.focus_first()
        else:
            self._focus(widget)

    def _table_widget(self) -> TableBlock | None:
        tables = [block for block in self.reachable if isinstance(block, TableBlock)]
        answering = [table for table in tables if table.block.query.text]
        return max(answering or tables, key=lambda table: table.block.unfiltered, default=None)

    def step_focus(self, step: int) -> None:
        """Move the focus to the next or previous block."""
        blocks = self.reachable
        if not blocks:
            return
        current = self.focused_block
        index = (blocks.index(current) + step) % len(blocks) if current in blocks else 0
        self._focus(blocks[index])

    def side_focus(self, step: int) -> None:
        """Move the focus to the nearest block on the right (`step` 1) or on the left (-1)."""
        current = self.focused_block
        if current is None:
            self.focus_first()
            return
        here = current.region
        aside = [
            block
            for block in self.reachable
            if (block.region.x >= here.right if step > 0 else block.region.right <= here.x)
        ]
        if aside:
            self._focus(min(aside, key=lambda block: abs(block.region.y - here.y)))

    def scroll_lines(self, lines: int) -> bool:
        """Scroll the page; false when it is already at that end."""
        target = max(0, min(self.scroll_offset.y + lines, int(self.max_scroll_y)))
        if target == self.scroll_offset.y:
            return False
        self.scroll_to(y=target, animate=False)
        return True

    def zoom(self, block: BlockWidget[Any] | None) -> None:
        """Give one block the whole page, or end that."""
        self._zoomed = block
        for each in self.blocks:
            each.display = block is None or each is block
        self.set_class(block is not None, "-zoomed")
        self.refresh(layout=True)

    def _focus(self, block: BlockWidget[Any]) -> None:
        block.focus(scroll_visible=False)
        self.scroll_to_widget(block, animate=False, origin_visible=False)
