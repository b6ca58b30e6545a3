"""What is shown after something was done with an attachment."""

from __future__ import annotations

from collections.abc import Sequence

from core.areas.plant.pages.attachment import open_its_ticket
from core.message import Message, _
from core.page import Action, Note, Page
from core.units import Severity, State

__all__ = ["attached_page", "saved_page"]


def attached_page(names: Sequence[str], ticket: str) -> Page:
    """They belong to a ticket now."""
    said = _("{names} belongs to {ticket} now.", names=", ".join(names), ticket=ticket)
    return _page(names[0], said, open_its_ticket(ticket))


def saved_page(name: str, path: str) -> Page:
    """Its file can be opened."""
    said = _("{name} was written to {path}.", name=name, path=path)
    return _page(name, said, Action("media", _("Open {name}", name=name), (("media", name),)))


def _page(name: str, said: Message, *actions: Action) -> Page:
    return Page(
        key=f"plant.media.written.{name}",
        title=_("Photos and documents"),
        verdict=State(Severity.GOOD, _("DONE")),
        blocks=(Note("done", said, Severity.GOOD),),
        actions=(*actions, Action("media list", _("Photos and documents"))),
        crumb=name,
    )
