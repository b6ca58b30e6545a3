"""A turn in the making: what is answered, what stands behind its buttons, where the dialog stands then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from random import Random

from core.message import Message
from core.page import Page
from core.principal import Principal
from core.relay.complaints import nameless
from core.relay.dialog import AT_MENU, Dialog, state_name
from core.relay.handles import data_of, new_handle
from core.relay.inbound import ChatKind, Inbound
from core.relay.languages import language_of
from core.relay.manners import Manners
from core.relay.offers import Offer, Rows
from core.relay.reply import Button, Delivery, Reply
from core.relay.situation import Situation
from core.relay.turn import DialogChange, Finished, Handle, Outcome, Turn

__all__ = ["Draft"]


class Draft:
    """Collects what one thing that came in leads to.

    `principal` is who asks, `chat` where they are answered: the chat it came from, or, when that is a group,
    the person's private one. `dialog` is what they were being asked, if it isn't over; `session_language`
    that of the greeting which began the session.
    """

    def __init__(
        self,
        inbound: Inbound,
        situation: Situation,
        principal: Principal,
        now: datetime,
        randomness: Random,
        manners: Manners,
    ) -> None:
        self.inbound = inbound
        self.situation = situation
        self.principal = principal
        self.now = now
        self.chat = inbound.chat
        self.dialog: Dialog | None = None
        self.outcome = Outcome.ANSWERED
        self.error = ""
        self.manners = manners
        self.hidden = False
        self.session_language = ""
        self._randomness = randomness
        self._finished: Finished | None = None
        self._replies: list[Reply] = []
        self._handles: list[Handle] = []
        self._used: list[str] = []
        self._change: DialogChange | None = None

    @property
    def user(self) -> str:
        """The platform's id of who asks."""
        return self.inbound.sender.user if self.inbound.sender is not None else ""

    @property
    def private(self) -> bool:
        """Whether nobody reads along in the chat it came from."""
        return self.inbound.chat_kind is ChatKind.PRIVATE

    @property
    def alone(self) -> bool:
        """Whether nobody else reads the answer."""
        return self.private or self.chat != self.inbound.chat

    @property
    def begun(self) -> bool:
        """Whether a session was going on when it came in."""
        known = self.situation.dialog
        return known is not None and known.ends_at > self.now

    @property
    def lapsed(self) -> bool:
        """Whether something was being asked, and silence has ended it since."""
        known = self.situation.dialog
        return known is not None and not self.begun and bool(known.state)

    @property
    def answered(self) -> bool:
        """Whether anything is said already."""
        return bool(self._replies)

    @property
    def key(self) -> str:
        """The same when the same thing comes in again."""
        return f"{self.inbound.line}:{self.inbound.key}"

    def say(
        self,
        text: Message | None = None,
        *,
        lead: Message | None = None,
        page: Page | None = None,
        rows: Rows = (),
        edits: str = "",
        chat: str = "",
        delivery: Delivery = Delivery.MESSAGE,
        format: str = "",  # noqa: A002  as in Reply
    ) -> None:
        """Answer. `edits` names the message that is changed instead, `chat` another place than usual."""
        text, lead = self._in_a_chat(text), self._in_a_chat(lead)
        key, place = f"{self.key}:{len(self._replies)}", chat or self.chat
        buttons = tuple(tuple(self._button(each, key, place) for each in row) for row in rows)
        self._replies.append(Reply(key, place, lead, page, text, buttons, edits, delivery, format))

    def ask(
        self,
        dialog: Dialog,
        text: Message | None = None,
        *,
        lead: Message | None = None,
        page: Page | None = None,
        rows: Rows = (),
        edits: str = "",
    ) -> None:
        """Ask something, and wait for the answer."""
        self.say(text, lead=lead, page=page, rows=rows, edits=edits)
        self.keep(dialog)

    def keep(self, dialog: Dialog) -> None:
        """The dialog as it stands from now on; silence ends it."""
        self.dialog = dialog
        self._change = self._dialog_change(dialog.encoded(), self.now + self.manners.silence)

    def end(self) -> None:
        """Whatever dialog there was is over."""
        self.dialog = None
        if self.situation.dialog is not None or self._change is not None:
            self._change = self._dialog_change(None, None)

    def finish(self, command: str, began: int) -> None:
        """A workflow came to its end."""
        seconds = self.now.timestamp() - began if began else 0.0
        self._finished = Finished(command, max(seconds, 0.0))

    def use(self, handle: str) -> None:
        """The handle was pressed."""
        self._used.append(handle)

    def handle_of(self, offer: Offer) -> str:
        """The handle that the newest answer's button for this offer has."""
        newest = self._replies[-1].key
        found = [
            each.handle for each in self._handles if each.reply == newest and each.action is offer.action
        ]
        return found[-1]

    def turn(self) -> Turn:
        """All of it."""
        return Turn(
            outcome=self.outcome,
            replies=tuple(self._replies),
            handles=tuple(self._handles),
            used=tuple(self._used),
            dialog=self._session() if self.manners.menu else self._change,
            error=self.error,
            language=self.principal.language,
            zone=self.principal.zone.key,
            person=self.principal.name,
            states=(self._state_before, self._state_now) if self.manners.menu else ("", ""),
            finished=self._finished,
            hidden=self.hidden,
        )

    def failed(self, error: str) -> Draft:
        """The same with nothing in it, for an apology: the dialog stays as it was."""
        anew = Draft(self.inbound, self.situation, self.principal, self.now, self._randomness, self.manners)
        anew.chat, anew.error = self.chat, error
        anew.session_language, anew.hidden = self.session_language, self.hidden
        return anew

    def greet_in(self, language: str) -> None:
        """Answer in the language of a greeting while the session lasts.

        A language that the person asked for (`lang xx`) goes before that of any greeting until they ask for
        another, as a word of greeting is no choice; what others noted of them comes after both.
        """
        if language:
            self.session_language = language
            identity = self.situation.identity
            if identity is None or not identity.language:
                self.in_language(language)

    def in_language(self, language: str) -> None:
        """Answer in another language from now on."""
        self.principal = replace(self.principal, language=language)

    def _in_a_chat(self, words: Message | None) -> Message | None:
        return None if words is None else nameless(words, language_of(self.principal.language))

    def _button(self, offer: Offer, reply: str, chat: str) -> Button:
        handle = new_handle(self._randomness)
        self._handles.append(
            Handle(
                handle=handle,
                channel=self.inbound.channel,
                chat=chat,
                user=self.user,
                reply=reply,
                purpose=offer.purpose.value,
                action=offer.action,
                expires_at=self.now + offer.within,
                once=offer.once,
            )
        )
        return Button(offer.label, data_of(handle))

    def _dialog_change(self, state: str | None, ends_at: datetime | None) -> DialogChange:
        return DialogChange(self.inbound.channel, self.chat, self.user, state, ends_at)

    def _session(self) -> DialogChange:
        """The session as it goes on: every message keeps it alive, whether it changed anything or not."""
        known = self.situation.dialog if self.begun else None
        began_at = known.began_at if known is not None and known.began_at is not None else self.now
        state = (known.state if known is not None else "") if self._change is None else self._change.state
        return replace(
            self._dialog_change(state or "", self.now + self.manners.silence),
            language=self.session_language,
            began_at=began_at,
        )

    @property
    def _state_before(self) -> str:
        known = self.situation.dialog
        return state_name(known.state) if known is not None and self.begun else AT_MENU

    @property
    def _state_now(self) -> str:
        return self._state_before if self._change is None else state_name(self._change.state or "")
