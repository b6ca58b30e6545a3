"""The filter: one line above the footer while it is being written."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message as Event
from textual.timer import Timer
from textual.widgets import Input

from console.lines import Lines
from console.pen import Pen
from core.message import _
from core.page import Table

__all__ = ["FilterBar"]

DEBOUNCE_SECONDS = 0.08


class FilterBar(Horizontal):
    """Takes the words to filter by and says how many rows fit."""

    BINDINGS = [  # noqa: RUF012 - Textual's way
        Binding("escape", "clear", show=False),
        Binding("down,tab", "keep", show=False),
    ]

    DEFAULT_CSS = """
    FilterBar { height: 1; display: none; padding: 0 1; }
    FilterBar #filter-sign { width: 2; height: 1; }
    FilterBar #filter-count { width: 26; height: 1; }
    FilterBar Input { width: 1fr; }
    """

    class Edited(Event):
        """The words changed and then rested for a moment."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Closed(Event):
        """The person left the filter; `cleared` when they don't want it any more."""

        def __init__(self, *, cleared: bool) -> None:
            super().__init__()
            self.cleared = cleared

    def __init__(self) -> None:
        super().__init__(id="filter-bar")
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Lines(id="filter-sign")
        yield Input(id="filter", compact=True)
        yield Lines(id="filter-count")

    def ask(self, text: str) -> None:
        """Open with the present words."""
        field = self.query_one(Input)
        with self.prevent(Input.Changed):
            field.value = text
        self.display = True
        field.focus()

    def hide(self) -> None:
        """Go away without a word."""
        if self._timer is not None:
            self._timer.stop()
        self.display = False

    def tell(self, table: Table | None, pen: Pen) -> None:
        """Say how many rows fit."""
        if not self.display:
            return
        self.query_one("#filter-sign", Lines).show([pen.text("/", pen.ink.accent)])
        if table is not None:
            words = pen.text(_("{found} of {all}", found=table.total, all=table.unfiltered), pen.ink.muted)
            self.query_one("#filter-count", Lines).show([Pen.pad(words, 26, right=True)])

    @on(Input.Changed)
    def _edited(self, event: Input.Changed) -> None:
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        text = event.value
        self._timer = self.set_timer(DEBOUNCE_SECONDS, lambda: self.post_message(self.Edited(text)))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_keep()

    def action_keep(self) -> None:
        """Keep the filter and go to the rows."""
        self._flush()
        self.hide()
        self.post_message(self.Closed(cleared=False))

    def action_clear(self) -> None:
        """Drop the filter."""
        self.hide()
        self.post_message(self.Closed(cleared=True))

    def _flush(self) -> None:
        self.post_message(self.Edited(self.query_one(Input).value))
