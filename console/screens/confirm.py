"""Asking before a danger: what would happen, with the safe answer ready."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button

from console.pen import Pen
from console.screens.dialog import Dialog
from core.danger import Danger
from core.message import _

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

    def __init__(self, danger: Danger, pen: Pen) -> None:
        super().__init__(pen)
        self._danger = danger

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -danger"):
            yield self.static(self._danger.what, classes="dialog-title")
            yield self.static(_("This can't be undone."), classes="dialog-text")
            if self._danger.touched is not None:
                yield self.static(self._danger.touched, classes="dialog-text")
            if self._danger.given:
                yield self.static(self._given(), classes="dialog-text muted")
            with Horizontal(classes="dialog-buttons"):
                yield Button(self.content(_("No, leave it")), id="no", compact=True)
                yield Button(self.content(_("Yes, do it")), id="yes", variant="error", compact=True)

    def _given(self) -> str:
        """What it would be done with, one thing a line."""
        return "\n".join(
            f"{self.pen.words(fact.label)}: {self.pen.formatter.value(fact.value)}"
            for fact in self._danger.given
        )

    def on_mount(self) -> None:
        self.query_one("#no", Button).focus()

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")
