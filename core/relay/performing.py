"""Commands in a chat: asked for what is missing, confirmed where they are dangerous, run, and shown."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from core.command import Command, Effect, Invocation
from core.deck import Deck
from core.errors import InputError, OpsdeckError, RefusedError, StoreBusyError
from core.message import Message, _
from core.page import Page
from core.relay.asking import Question, cancel_offer, question
from core.relay.asking_again import asked_again, led_back, shown_first
from core.relay.confirming import confirmation
from core.relay.dialog import FILTER, Dialog
from core.relay.drafting import Draft
from core.relay.guard import may
from core.relay.keyboard import action_rows, file_rows
from core.relay.languages import language_of
from core.relay.offers import Offer, Purpose
from core.relay.secrecy import SAFER, Secrecy
from core.relay.showing import show
from core.relay.turn import Outcome
from core.relay.views import FILE, View
from core.relay.views import FILTER as BY_WORDS
from core.relay.workflows import is_workflow
from core.vault import VaultError

__all__ = ["OVER", "TOO_MANY", "UNKNOWN", "Performing"]

UNKNOWN = _("I don’t know that. /help lists what you can ask.")
"""The answer to what there isn't and to what this person may not: they are not told which (S8)."""

OVER = _("That button doesn’t work any more. Ask again.")
"""The answer to a button that can't be pressed, whatever the reason (S7)."""

TOO_MANY = _("That was a lot for one hour. Ask again later.")
"""What somebody who isn't paired is told once when they ask too much."""

_TRIES = 3
_TRY_AGAIN = 1.0
"""How often a command is tried again while the database is busy, and after how many seconds."""

_LONGEST_FILTER = 60
_LANGUAGE = "language"
"""The command after which, and its argument in which, the person is answered."""
_NONE: Mapping[str, str] = MappingProxyType({})


class Performing:
    """Does what a person asks for, as far as their turn goes."""

    def __init__(self, deck: Deck, secrecy: Secrecy) -> None:
        self._deck = deck
        self._secrecy = secrecy

    async def perform(
        self, draft: Draft, view: View, *, secrets: Mapping[str, str] = _NONE, edits: str = ""
    ) -> None:
        """Begin with a command: whatever was being asked before is over, unless a message is only changed."""
        command = self.find(draft, view.command)
        if command is None:
            await self.refuse(draft, view.command)
            return
        if not edits:
            draft.end()
        if view.ask == BY_WORDS:
            dialog = Dialog(command.name, view.arguments, asking=FILTER)
            draft.ask(dialog, _("Which words to look for?"), rows=((cancel_offer(command.name),),))
        elif view.ask == FILE:
            draft.say(_("As which kind of file?"), rows=file_rows(view))
        elif any(each.secret for each in command.parameters) and not self._secrecy.allows(draft):
            self._secrecy.point_elsewhere(draft)
        else:
            began = int(draft.now.timestamp())
            dialog = Dialog(command.name, view.arguments, self._secrecy.keep(secrets), began=began)
            await self.proceed(draft, dialog, view, edits=edits)

    async def proceed(
        self, draft: Draft, dialog: Dialog, view: View | None = None, *, edits: str = "", answered: str = ""
    ) -> None:
        """Go on as far as it goes without the person. `answered` names the question just answered."""
        command = self.find(draft, dialog.command)
        if command is None:
            await self.refuse(draft, dialog.command)
            return
        view = view or View(command.name, dialog.arguments)
        parameter = dialog.next_question(command)
        if parameter is not None:
            at_length = command.effect is not Effect.READ
            await self._ask(draft, command, replace(dialog, asking=parameter.name, at_length=at_length))
        elif await shown_first(self._deck, command, dialog, draft.principal):
            await self._ask_to_confirm(draft, command, dialog)
        else:
            await self._run(draft, command, dialog, view, edits=edits, answered=answered)

    async def answer(self, draft: Draft, dialog: Dialog, text: str, extra: str = "") -> None:
        """Take the answer to the open question; `extra` is where the list of choices was turned to."""
        command = self.find(draft, dialog.command)
        if command is None:
            draft.end()
            await self.refuse(draft, dialog.command)
        elif dialog.asking == FILTER:
            draft.end()
            await self.proceed(
                draft,
                replace(dialog, asking=""),
                View(command.name, dialog.arguments, words=text[:_LONGEST_FILTER]),
            )
        elif (asked := await self._question(draft, command, dialog)) is None:
            draft.say(_("Use the buttons above, or /cancel."))
            draft.keep(dialog)
        elif extra:
            self._put(draft, replace(dialog, offset=int(extra)), asked, edits=draft.inbound.message)
        elif asked.leaves_out(text):
            left = (each.name for each in command.parameters if not each.required)
            all_of_them = asked.leaves_all_out(text)
            skipped = tuple(left) if all_of_them else (dialog.asking,)
            refused = dialog.refused and not all_of_them
            past = replace(dialog, skipped=(*dialog.skipped, *skipped), asking="", refused=refused)
            await self.proceed(draft, past)
        else:
            await self._take(draft, command, dialog, asked, text)

    async def confirm(self, draft: Draft, dialog: Dialog) -> None:
        """Run what was confirmed; the handle makes it happen once, however often it is pressed."""
        command = self.find(draft, dialog.command)
        draft.end()
        if command is None:
            await self.refuse(draft, dialog.command)
            return
        view = View(command.name, dialog.arguments)
        await self._run(draft, command, replace(dialog, confirming=""), view, key=dialog.confirming)

    def cancel(self, draft: Draft) -> None:
        """Stop whatever is being asked."""
        was_open = draft.dialog is not None
        draft.end()
        draft.say(_("Stopped. Nothing was done.") if was_open else _("There is nothing to stop."))

    async def refuse(self, draft: Draft, name: str) -> None:
        """Say that there is no such thing; if there is and they may not, leave a trace of the try."""
        draft.outcome = Outcome.REFUSED
        if name in self._deck.dispatcher.registry:
            try:
                await self._deck.run(Invocation(name, draft.principal))
            except RefusedError:
                draft.error = "refused"
        if draft.alone:
            draft.say(UNKNOWN)

    def find(self, draft: Draft, name: str) -> Command | None:
        """The command of that name, if this person may run it."""
        registry = self._deck.dispatcher.registry
        command = registry.find(name) if name in registry else None
        return command if may(command, draft.principal) else None

    async def _question(self, draft: Draft, command: Command, dialog: Dialog) -> Question | None:
        if command.parameter(dialog.asking) is None:
            return None
        given = dict(dialog.arguments)
        choices = await self._deck.choices(command.name, dialog.asking, draft.principal, given)
        return question(command, dialog, choices, language_of(draft.principal.language))

    async def _ask(
        self, draft: Draft, command: Command, dialog: Dialog, *, complaint: Message | None = None
    ) -> None:
        asked = await self._question(draft, command, dialog)
        assert asked is not None
        parameter = asked.parameter
        nothing = self._deck.nothing(command.name, parameter.name)
        if nothing is not None and parameter.required and not asked.choices:
            draft.end()
            rows = action_rows([nothing.action], partial(self.find, draft))
            draft.say(nothing.text, lead=complaint, rows=tuple(rows))
            return
        self._put(draft, dialog, asked, complaint=complaint)

    def _put(
        self,
        draft: Draft,
        dialog: Dialog,
        asked: Question,
        *,
        complaint: Message | None = None,
        edits: str = "",
    ) -> None:
        """Put the question. Before the first secret the console is pointed to."""
        asked = replace(asked, offset=dialog.offset)
        first_secret = asked.parameter.secret and not dialog.secrets
        lead = complaint or (SAFER if first_secret else None)
        draft.ask(dialog, asked.parameter.prompt, lead=lead, rows=asked.rows(), edits=edits)

    async def _take(self, draft: Draft, command: Command, dialog: Dialog, asked: Question, text: str) -> None:
        """Take an answer that is a value; one that can't be used leaves the question open.

        One that won't do beside what was said earlier leads back to that.
        """
        name, complaint = asked.parameter.name, None
        if asked.parameter.secret:
            complaint = await self._secrecy.delete(draft)
            if not self._secrecy.allows(draft):
                draft.end()
                self._secrecy.point_elsewhere(draft, complaint)
                return
        if complaint is not None:
            draft.say(complaint)
        try:
            value = asked.read(text)
            await self._deck.check(dialog.command, name, value, draft.principal, dict(dialog.arguments))
        except InputError as error:
            back = led_back(dialog, error) or dialog
            await self._ask(draft, command, back, complaint=error.message)
            return
        if asked.parameter.secret:
            dialog = dialog.told_secretly(self._secrecy.keep({name: value}))
        else:
            dialog = dialog.answered(name, value)
        await self.proceed(draft, dialog, answered=name)

    async def _ask_to_confirm(self, draft: Draft, command: Command, dialog: Dialog) -> None:
        """Show what would happen, and wait for a yes."""
        danger = await self._deck.danger(command.name, dict(dialog.arguments), draft.principal)
        page, refuse, confirm = confirmation(command.name, danger)
        draft.say(page=page, rows=((refuse, confirm),))
        draft.keep(replace(dialog, asking="", confirming=draft.handle_of(confirm)))

    async def _run(
        self,
        draft: Draft,
        command: Command,
        dialog: Dialog,
        view: View,
        *,
        key: str = "",
        edits: str = "",
        answered: str = "",
    ) -> None:
        try:
            arguments = dict(dialog.arguments) | self._secrecy.reveal(dialog)
            invocation = Invocation(
                command.name,
                draft.principal,
                arguments,
                query=view.query,
                confirmed=bool(key),
                key=_once(draft, key),
            )
            page = await self._run_patiently(invocation)
        except InputError as error:
            await self._complain(draft, command, dialog, error, answered)
        except VaultError:
            await self.proceed(draft, replace(dialog, secrets=()))
        except OpsdeckError as error:
            draft.end()
            again = _("Try again")
            action = view.action(again)
            rows = () if dialog.secrets or key else ((Offer(again, Purpose.RUN, action),),)
            draft.say(error.message, rows=rows)
        else:
            if command.name == _LANGUAGE:
                draft.in_language(arguments[_LANGUAGE])
            if not edits:
                draft.end()
                if is_workflow(command.name):
                    draft.finish(command.name, dialog.began)
            find = partial(self.find, draft)
            await show(self._deck, draft, command, page, view, find, edits=edits)

    async def _run_patiently(self, invocation: Invocation) -> Page:
        """Run it, and again while the database is busy with others: its key makes a write happen once.

        Raises:
            OpsdeckError: it can't be done.
        """
        for _try in range(_TRIES):
            with suppress(StoreBusyError):
                return await self._deck.run(invocation)
            await self._deck.services.clock.sleep(_TRY_AGAIN)
        return await self._deck.run(invocation)

    async def _complain(
        self, draft: Draft, command: Command, dialog: Dialog, error: InputError, answered: str
    ) -> None:
        """Say what is wrong, and ask again for what it is about, or for what was left out."""
        again, dialog = await asked_again(self._deck, command, dialog, error, answered, draft.principal)
        if again is None or (again.secret and not self._secrecy.allows(draft)):
            draft.end()
            draft.say(error.message)
            return
        await self._ask(draft, command, dialog, complaint=error.message)


def _once(draft: Draft, handle: str) -> str:
    """The key that makes a write happen once: of what came in, or of the handle that confirmed it."""
    if not handle:
        return draft.key
    return f"{draft.inbound.line}:confirmed:{hashlib.sha256(handle.encode()).hexdigest()}"
