"""The menu of what people ask most, on platforms whose conversations begin with one (whatsapp.md A1, A6)."""

from __future__ import annotations

from collections.abc import Sequence

from core.message import Message, _
from core.page import Action
from core.relay.drafting import Draft
from core.relay.offers import Offer, Purpose
from core.relay.own_commands import OwnCommands
from core.relay.performing import Performing
from core.relay.turn import Outcome
from core.relay.views import View
from core.relay.workflows import chosen, workflows_for

__all__ = ["LAPSED", "MainMenu"]

LAPSED = _("I waited long enough for an answer, so I stopped asking. Nothing was done.")
"""What is said before the menu to somebody whose question silence ended."""

_WHICH = _("What do you need?")
_EVERYTHING = Action("help", _("Everything else"))


class MainMenu:
    """Shows the menu, and begins what is chosen from it."""

    def __init__(self, performing: Performing, own: OwnCommands) -> None:
        self._performing = performing
        self._own = own

    async def show(self, draft: Draft, lead: Message | None = None) -> None:
        """Stop whatever is being asked, and show the menu; to people for whom nothing stands in it, hello."""
        draft.end()
        offered = self._offered(draft)
        if not offered:
            await self._own.perform(draft, "start", ())
            return
        rows = tuple((Offer(each.label, Purpose.RUN, each),) for each in offered)
        draft.say(_WHICH, lead=lead, rows=rows)

    async def choose(self, draft: Draft, text: str) -> None:
        """Begin what a digit chooses; of anything else, say what would do, and change nothing."""
        offered = self._offered(draft)
        action = chosen(text, offered)
        if action is _EVERYTHING:
            await self._own.perform(draft, _EVERYTHING.command, ())
        elif action is not None:
            await self._performing.perform(draft, View.of(action))
        elif not offered:
            await self.show(draft)
        else:
            draft.outcome = Outcome.REFUSED
            draft.say(_("That isn’t in the menu. Reply 1-{last}.", last=str(len(offered))))

    def _offered(self, draft: Draft) -> Sequence[Action]:
        """What stands in this person's menu, in its order; nothing for people who may ask none of the six."""
        workflows = workflows_for(lambda name: self._performing.find(draft, name))
        return (*workflows, _EVERYTHING) if workflows else ()
