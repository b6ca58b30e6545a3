"""What stands around the deck's page, told from how things are: header, rail, page head, footer, filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.text import Text

from console.backend import EngineView
from console.blocks.table import TableBlock
from console.filter_bar import FilterBar
from console.footer import Footer
from console.header import Header, HeaderState
from console.lines import Lines
from console.page_head import PageHead
from console.pen import Pen, styled
from console.rail import Rail, rail_width
from console.rewind import next_range
from console.situation import Situation, hints
from core.message import _
from core.page import Table

if TYPE_CHECKING:
    from console.screens.deck import DeckScreen

__all__ = ["LEAST_HEIGHT", "LEAST_WIDTH", "DeckSurroundings"]

LEAST_WIDTH, LEAST_HEIGHT = 80, 24
_FOLD_BELOW = 100
_AROUND_CONTENT = 4
"""Columns beside the content: its padding, the scroll bar, and one before that."""

_STORED = _("This is from the last session; it is being asked for anew.")


class DeckSurroundings:
    """Writes everything around the deck's page."""

    @property
    def _deck(self) -> DeckScreen:
        return cast("DeckScreen", self)

    def tell(self) -> None:
        """Write everything around the page anew."""
        deck = self._deck
        if not deck.is_mounted or not deck.has_views:
            return
        pen = deck.pen()
        shown = deck.page_view
        width = deck.size.width
        folded = width < _FOLD_BELOW
        # Not the content's own size: that of the layout still to come is what counts.
        content = max(width - rail_width(folded=folded) - _AROUND_CONTENT, 1) if width else 80
        self._tell_header(pen)
        deck.query_one(Rail).tell(deck.lights, deck.current_pane, pen, folded=folded)
        head = deck.query_one(PageHead)
        head.tell(
            shown.page,
            pen,
            content,
            trouble=shown.trouble,
            busy=deck.busy_with or (_STORED if shown.stored else None),
            at=deck.at,
        )
        self.tell_footer()
        deck.query_one(FilterBar).tell(shown.table, pen)

    def _tell_header(self, pen: Pen) -> None:
        deck = self._deck
        state = HeaderState(
            engine=deck.backend.engine() if deck.is_open else EngineView.starting(),
            scope=deck.scope.title if deck.scope else "",
            demo=deck.ops.options.demo,
            read_only=deck.ops.options.read_only or deck.principal.read_only,
            paused=deck.live.paused,
            at=deck.at,
        )
        deck.query_one(Header).tell(state, pen, deck.size.width)

    def tell_footer(self) -> None:
        """Show the keys that work here and now."""
        deck = self._deck
        found = hints(deck.situation, deck.keymap)
        deck.query_one(Footer).tell(found, deck.keymap, deck.pen(), deck.size.width)

    @property
    def situation(self) -> Situation:
        """What can be done right now."""
        deck = self._deck
        shown = deck.page_view
        block, page = shown.focused_block, shown.page
        view = deck.trail.current
        entry = block.entry if block else None
        return Situation(
            has_page=page is not None,
            has_blocks=bool(shown.reachable),
            can_open=entry is not None and entry.action is not None,
            has_rows=entry is not None,
            has_table=view.answer is None
            and page is not None
            and any(isinstance(each, Table) for each in page.blocks),
            has_columns=isinstance(block, TableBlock) and view.answer is None,
            has_actions=page is not None and bool(page.actions),
            has_ranges=next_range(deck.command(view.command), dict(view.arguments)) is not None,
            has_scope=deck.scope is not None,
            can_go_back=deck.trail.can_go_back,
            can_return=deck.trail.can_return,
            filtered=bool(shown.table_query.text),
            zoomed=shown.zoomed,
            paused=deck.live.paused,
            past=deck.at is not None,
            answer=view.answer is not None,
        )

    def tell_too_small(self, width: int, height: int) -> None:
        """Say how large a terminal is needed."""
        deck = self._deck
        pen = deck.pen()
        sentences = (
            (_("opsdeck needs {width} × {height}", width=LEAST_WIDTH, height=LEAST_HEIGHT), pen.ink.strong),
            (_("this terminal has {width} × {height}", width=width, height=height), pen.ink.muted),
        )
        lines = [Text(end="")] * max(0, height // 2 - 1)
        for words, style in sentences:
            line = pen.text(words, style)
            lines.append(styled(" " * max(0, (width - line.cell_len) // 2)).append_text(line))
        deck.query_one("#too-small", Lines).show(lines)
