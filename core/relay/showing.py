"""What came of a command, shown: the page with its buttons, more of them, or a file of it."""

from __future__ import annotations

from collections.abc import Callable

from core.command import Command
from core.deck import Deck
from core.message import Message, _
from core.page import Page
from core.principal import Role
from core.relay.aliases import NEXT_STEPS
from core.relay.drafting import Draft
from core.relay.greetings import word_for_menu
from core.relay.keyboard import more_rows, page_rows, pinned
from core.relay.lights import lights_line
from core.relay.reply import Delivery
from core.relay.views import MORE, View
from core.relay.workflows import is_workflow

__all__ = ["show"]


async def show(
    deck: Deck,
    draft: Draft,
    command: Command,
    page: Page,
    view: View,
    find: Callable[[str], Command | None],
    *,
    edits: str,
) -> None:
    """Show a page in the way that was asked for; `find` knows the commands that this person may run."""
    if view.file:
        draft.say(page=page, delivery=Delivery.DOCUMENT, format=view.file)
        return
    view, next_steps = pinned(page, view, command), NEXT_STEPS.get(command.name, ())
    if view.ask == MORE:
        rows = more_rows(page, view, find, next_steps)
        draft.say(_("More about {title}:", title=page.title), rows=rows)
        return
    rows = page_rows(page, view, find, next_steps)
    lead = None
    if command.name == "status" and draft.principal.role >= Role.VIEWER:
        lead = await lights_line(deck, draft.principal)
    draft.say(_way_back(draft, command), lead=lead, page=page, rows=rows, edits=edits)


def _way_back(draft: Draft, command: Command) -> Message | None:
    """How to come to the menu again, at the end of a workflow of a platform that has one."""
    if not draft.manners.menu or not is_workflow(command.name):
        return None
    return _("Send “{word}” for the menu.", word=word_for_menu(draft.principal.language))
