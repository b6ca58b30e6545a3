"""What is made of each thing that comes in from a chat, whatever platform it came by.

The order of its questions is that of trust: is there a person behind it, are they sending too much, was it
dealt with before, who are they; only then what it means (`hearing`, `pressing`) and what is done about it
(`performing`).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from random import Random

from limits.aio.storage import Storage

from core.areas.relay.settings import RelaySettings
from core.deck import Deck
from core.errors import StoreError
from core.message import _
from core.moment import Clock
from core.relay.chat_line import ChatLine
from core.relay.dialog import Dialog
from core.relay.drafting import Draft
from core.relay.ending import end_silent
from core.relay.guard import Admission, Guard
from core.relay.handles import new_handle
from core.relay.hearing import Hearing
from core.relay.inbound import ChatKind, Inbound, Membership, Moved, Press, Text
from core.relay.main_menu import MainMenu
from core.relay.manners import Manners
from core.relay.moving_window import ClockStorage
from core.relay.own_commands import OwnCommands
from core.relay.people import principal_of
from core.relay.performing import Performing
from core.relay.pressing import Pressing
from core.relay.secrecy import Secrecy
from core.relay.sessions.database import DatabaseDialogs
from core.relay.sessions.store import DialogStore
from core.relay.situation import Situation, Situations
from core.relay.turn import Outcome, Turn
from core.settings import CoreSettings

__all__ = ["Conversations"]

log = logging.getLogger("opsdeck.relay")

_TOO_MUCH = _("That is more than I can answer. Wait a little, then go on.")
_NOT_WORDS = _("I read words and buttons only. /help lists what you can ask.")
_NOT_YOURS = _("I don’t act on forwarded messages. Write it yourself.")


class Conversations:
    """One engine for every chat. `lines` are the platforms, by channel.

    `randomness` makes the buttons' handles and must not be guessable: `secrets.SystemRandom()` but in tests.
    `manners` say how it goes there, by default as `settings` have it. `dialogs` keep what is being asked, by
    default in the database; `storage` counts what users send: without one each process counts by itself.
    """

    def __init__(
        self,
        deck: Deck,
        lines: Mapping[str, ChatLine],
        settings: RelaySettings,
        clock: Clock,
        randomness: Random,
        storage: Storage | None = None,
        *,
        manners: Manners | None = None,
        dialogs: DialogStore | None = None,
    ) -> None:
        self._clock = clock
        self._randomness = randomness
        self._channels = frozenset(lines)
        self._store = deck.services.store
        self._manners = manners or Manners(settings.dialog_silence, settings.per_minute)
        self._zone = deck.services.settings.of(CoreSettings).zone
        self._guard = Guard(settings, storage or ClockStorage(clock), self._manners.per_minute)
        self._situations = Situations(self._store, dialogs or DatabaseDialogs())
        secrecy, own = Secrecy(deck.services.vault, lines, settings), OwnCommands(deck)
        performing = Performing(deck, secrecy)
        menu = MainMenu(performing, own)
        self._hearing = Hearing(deck, performing, own, self._guard, secrecy, menu, settings.prefix)
        self._pressing = Pressing(performing, own, self._guard, menu)

    async def take(self, inbound: Inbound) -> Turn:
        """What one thing that came in leads to; effects of commands have happened by then.

        Raises:
            StoreError: the database can't be read, so that nothing is known of who sent it.
        """
        if inbound.sender is None or _means_nothing(inbound):
            return Turn(Outcome.IGNORED)
        refused = await self.admit(inbound)
        if refused is not None:
            return refused
        situation = await self._situations.of(inbound)
        if situation.handled:
            return Turn(Outcome.IGNORED)
        draft = self._draft(inbound, situation)
        with self._guard.slot(_user(inbound)) as free:
            return await self._converse(draft) if free else _too_much(draft)

    async def admit(self, inbound: Inbound) -> Turn | None:
        """Count what came in; what it leads to when its sender sends too much: one notice, then nothing.

        Raises:
            StoreError: the database can't be read.
        """
        admission = await self._guard.admit(_user(inbound))
        if admission is Admission.LET_IN:
            return None
        if admission is Admission.SILENT:
            return Turn(Outcome.LIMITED)
        situation = await self._situations.of(inbound)
        return Turn(Outcome.IGNORED) if situation.handled else _too_much(self._draft(inbound, situation))

    async def expire(self) -> Sequence[Turn]:
        """End the dialogs that were silent too long, with a word each; what was said and recorded.

        Where there is a menu the word is said when its person writes again.
        """
        if self._manners.menu:
            return ()
        return await end_silent(self._store, self._channels, self._clock.now(), self._zone)

    def _draft(self, inbound: Inbound, situation: Situation) -> Draft:
        """The turn in the making; from a group the answer goes to the person's private chat."""
        assert inbound.sender is not None
        now, session = self._clock.now(), situation.dialog
        language = session.language if session is not None and session.ends_at > now else ""
        principal = principal_of(
            inbound.channel,
            inbound.chat,
            inbound.sender,
            situation.identity,
            situation.person,
            self._zone,
            language,
        )
        draft = Draft(inbound, situation, principal, now, self._randomness, self._manners)
        draft.session_language = language
        if draft.begun and session is not None:
            draft.dialog = _decoded(session.state)
        identity = situation.identity
        if not draft.private and identity is not None and identity.paired and identity.chat:
            draft.chat = identity.chat
        return draft

    async def _converse(self, draft: Draft) -> Turn:
        secret = draft.dialog is not None and bool(draft.dialog.secrets)
        try:
            await self._understand(draft)
        except StoreError:
            raise
        except Exception as error:
            return self._apologise(draft, error, secret=secret)
        return draft.turn()

    async def _understand(self, draft: Draft) -> None:
        content = draft.inbound.content
        if isinstance(content, Press):
            await self._pressing.press(draft)
        elif not isinstance(content, Text):
            draft.outcome = Outcome.ANSWERED if draft.private else Outcome.IGNORED
            if draft.private:
                draft.say(_NOT_WORDS)
        elif content.forwarded:
            draft.outcome = Outcome.REFUSED
            if draft.private:
                draft.say(_NOT_YOURS)
        else:
            await self._hearing.hear(draft, content.text)

    def _apologise(self, draft: Draft, error: Exception, *, secret: bool) -> Turn:
        """A fault of ours: the log has it under a reference, the person has the reference and no more."""
        reference = new_handle(self._randomness)[:8]
        cause = None if secret else error  # what an error says may quote what was typed
        log.error("fault %s in a conversation: %s", reference, type(error).__name__, exc_info=cause)
        failed = draft.failed(f"fault {reference}: {type(error).__name__}")
        if failed.alone:
            failed.say(
                _(
                    "Something went wrong here, not with you. Say {reference} to whoever runs this.",
                    reference=reference,
                )
            )
        return failed.turn()


def _means_nothing(inbound: Inbound) -> bool:
    """Whether nobody is to be answered: what is no message, or wasn't meant for us, or was said before."""
    content = inbound.content
    if inbound.chat_kind is ChatKind.CHANNEL or isinstance(content, Membership | Moved):
        return True  # where we are in and out is noted when it is recorded
    return isinstance(content, Text) and (content.edited or not content.addressed)


def _user(inbound: Inbound) -> str:
    """Who sent it, as they are counted."""
    assert inbound.sender is not None
    return f"{inbound.channel}:{inbound.sender.user}"


def _too_much(draft: Draft) -> Turn:
    draft.outcome = Outcome.LIMITED
    if draft.alone:
        draft.say(_TOO_MUCH)
    return draft.turn()


def _decoded(state: str) -> Dialog | None:
    """A dialog of an older version is over: its person begins again."""
    if not state:
        return None
    try:
        return Dialog.decoded(state)
    except ValueError:
        return None
