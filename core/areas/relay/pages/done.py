"""The page of a command that did something: one sentence."""

from __future__ import annotations

from core.message import Message, _
from core.page import Note, Page
from core.units import Severity, State

__all__ = ["done_page"]


def done_page(
    key: str, text: Message, severity: Severity = Severity.GOOD, *, title: Message | None = None
) -> Page:
    """The page with the sentence; the area's own title unless it is given another."""
    return Page(key, title or _("Relay"), State(severity, _("DONE")), (Note("note", text, severity),))
