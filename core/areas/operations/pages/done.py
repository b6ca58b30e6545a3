"""The page that a write of the operations area answers with."""

from __future__ import annotations

from core.message import Message, _
from core.page import Action, Note, Page
from core.units import Severity, State

__all__ = ["done_page"]


def done_page(key: str, note: Message, actions: tuple[Action, ...] = ()) -> Page:
    """The page that a write answers with: one sentence, and where to go from there."""
    return Page(
        key=key,
        title=_("Done"),
        verdict=State(Severity.GOOD, _("DONE")),
        blocks=(Note("done", note, Severity.GOOD),),
        actions=actions,
    )
