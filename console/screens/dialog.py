"""What the dialogs that open over the deck have in common."""

from __future__ import annotations

from typing import TypeVar

from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from console.pen import Pen
from core.message import Message

__all__ = ["Dialog"]

R = TypeVar("R")


class Dialog(ModalScreen[R | None]):
    """A framed box in the middle of the screen; escape leaves it without an answer."""

    BINDINGS = [Binding("escape", "leave", show=False)]  # noqa: RUF012 - Textual's way

    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog > .dialog { width: 72; max-width: 92%; height: auto; max-height: 90%; padding: 1 2; }
    Dialog .dialog-text { height: auto; margin-bottom: 1; }
    Dialog .dialog-foot { height: 1; margin-top: 1; }
    """

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self.pen = pen

    def static(self, words: Message | str, *, classes: str = "", id: str | None = None) -> Static:  # noqa: A002
        """Text that is never taken for markup."""
        return Static(self.content(words), classes=classes, id=id, markup=False)

    def content(self, words: Message | str) -> Content:
        """Safe text for widgets that would otherwise take a string for markup."""
        return Content(self.pen.formatter.paragraph(words))

    def action_leave(self) -> None:
        self.dismiss(None)
