"""Asking before a danger: what would happen, with the safe answer ready."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button

from console.pen import Pen
from console.screens.dialog import Dialog
from core.message import Message, _

__all__ = ["ConfirmScreen"]


class ConfirmScreen(Dialog[bool]):
    """Answers true only when the person chose to go on."""

    BINDINGS = [  # noqa: RUF012 - Textual's way
        Binding("left,h", "app.focus_previous", show=False),
        Binding("right,l", "app.focus_next", show=False),
    ]

    DEFAULT_CSS = """
    ConfirmScreen .dialog-buttons { height: auto; align-horizontal: right; }
    ConfirmScreen .dialog-buttons Button { margin-left: 2; }
    """

    def __init__(self, title: Message, sentence: Message, details: Message | str, pen: Pen) -> None:
        super().__init__(pen)
        self._title = title
        self._sentence = sentence
        self._details = details

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -danger"):
            yield self.static(self._title, classes="dialog-title")
            yield self.static(self._sentence, classes="dialog-text")
            if self._details:
                yield self.static(self._details, classes="dialog-text muted")
            with Horizontal(classes="dialog-buttons"):
                yield Button(self.content(_("No, leave it")), id="no", compact=True)
                yield Button(self.content(_("Yes, do it")), id="yes", variant="error", compact=True)

    def on_mount(self) -> None:
        self.query_one("#no", Button).focus()

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")
