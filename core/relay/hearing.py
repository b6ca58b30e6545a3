"""What words mean: a command, the answer to an open question, or neither (reliability.md S8, S10)."""

from __future__ import annotations

from core.command import Command
from core.deck import Deck
from core.errors import InputError
from core.message import _
from core.relay.aliases import SEED_COMMANDS, WITHOUT_ARGUMENTS
from core.relay.drafting import Draft
from core.relay.greetings import greeting_in, is_greeting, language_asked
from core.relay.guard import Admission, Guard
from core.relay.languages import LANGUAGES
from core.relay.main_menu import LAPSED, MainMenu
from core.relay.own_commands import OWN_COMMANDS, OwnCommands, is_code
from core.relay.performing import TOO_MANY, UNKNOWN, Performing
from core.relay.secrecy import Secrecy
from core.relay.turn import Outcome
from core.relay.views import View
from core.relay.words import Asked, Names, bind
from core.relay.workflows import MENU
from core.text import paragraph

__all__ = ["Hearing"]

_LONGEST_TEXT = 4_096
_CANCEL = "cancel"
_LANGUAGE = "language"
_TOO_LATE = _("I no longer wait for that answer. Begin again, please.")
_IN_PRIVATE = _("I answered you in private.")


class Hearing:
    """Reads what people write."""

    def __init__(
        self,
        deck: Deck,
        performing: Performing,
        own: OwnCommands,
        guard: Guard,
        secrecy: Secrecy,
        menu: MainMenu,
        prefix: str,
    ) -> None:
        self._performing = performing
        self._own = own
        self._guard = guard
        self._secrecy = secrecy
        self._menu = menu
        registered = [command.name for command in deck.dispatcher.registry]
        self._names = Names([*registered, *OWN_COMMANDS], SEED_COMMANDS, prefix)

    async def hear(self, draft: Draft, text: str) -> None:
        """Do what the words ask for.

        While a question is open, words are its answer, unless they begin with a slash: a new command takes
        the dialog's place. In a group only people who are known are heard, and codes that pair it.
        """
        text = paragraph(text, _LONGEST_TEXT).strip()
        asked = self._names.read(text)
        if draft.manners.menu and await self._begins_anew(draft, asked, text):
            return
        if not draft.private and not _heard_in_group(draft, asked):
            draft.outcome = Outcome.IGNORED
            return
        if asked.name == _CANCEL:
            self._performing.cancel(draft)
        elif draft.dialog is not None and not asked.slashed:
            await self._answer(draft, text)
        elif await self._too_many(draft):
            return
        elif asked.name == MENU:
            await self._menu.show(draft)
        elif asked.name in OWN_COMMANDS and self._is_own(draft, asked):
            await self._own.perform(draft, asked.name, asked.rest)
        elif asked.name:
            await self._command(draft, asked, text)
        elif await self._secrecy.warn(draft, text):
            return
        elif draft.manners.menu and not asked.slashed:
            await (self._menu.choose(draft, text) if draft.begun else self._menu.show(draft))
        elif draft.situation.dialog is not None and draft.dialog is None and not asked.slashed:
            draft.end()
            draft.say(_TOO_LATE)
        else:
            draft.outcome = Outcome.REFUSED
            draft.say(UNKNOWN)
        if draft.alone and not draft.private and draft.answered:
            draft.say(_IN_PRIVATE, chat=draft.inbound.chat)

    async def _begins_anew(self, draft: Draft, asked: Asked, text: str) -> bool:
        """Whether the words begin the conversation anew or change its language, whatever is being asked.

        A greeting, hello after a pairing, and whatever comes after silence ended a question lead to the menu.
        """
        language = language_asked(text)
        if is_greeting(text) or (asked.name == "start" and not asked.rest):
            if not await self._too_many(draft):
                draft.greet_in(greeting_in(text))
                await self._menu.show(draft, LAPSED if draft.lapsed else None)
        elif language is not None:
            await self._speak(draft, language)
        elif draft.lapsed and not asked.name:
            if not await self._secrecy.warn(draft, text) and not await self._too_many(draft):
                await self._menu.show(draft, LAPSED)
        else:
            return False
        return True

    async def _speak(self, draft: Draft, language: str) -> None:
        """Answer in another language from now on; what was being asked is asked again, unless it was that."""
        if not language:
            draft.say(_("I speak {languages}.", languages=", ".join(LANGUAGES)))
            return
        dialog = draft.dialog
        await self._performing.perform(draft, View(_LANGUAGE, ((_LANGUAGE, language),)))
        if dialog is not None and dialog.command != _LANGUAGE:
            await self._performing.proceed(draft, dialog)

    async def _command(self, draft: Draft, asked: Asked, text: str) -> None:
        """A command in words; a secret may stand in them only where it could be asked for."""
        name = asked.name
        if not asked.rest:
            others = WITHOUT_ARGUMENTS.get(name, ())
            name = next((each for each in others if self._performing.find(draft, each)), name)
        command = self._performing.find(draft, name)
        if command is None:
            if not await self._secrecy.warn(draft, text):
                await self._performing.refuse(draft, name)
            return
        try:
            given = bind(command, asked.rest)
        except InputError as error:
            if not await self._secrecy.warn(draft, text):
                draft.say(error.message)
            return
        secrets = _taken_out(command, given)
        if secrets and self._secrecy.allows(draft):
            complaint = await self._secrecy.delete(draft)
            if complaint is not None:
                draft.say(complaint)
        elif await self._secrecy.warn(draft, text):
            return
        await self._performing.perform(draft, View(command.name, tuple(given.items())), secrets=secrets)

    async def _answer(self, draft: Draft, text: str) -> None:
        """An answer; one that looks like a credential is none, unless a credential was asked for."""
        dialog = draft.dialog
        assert dialog is not None
        command = self._performing.find(draft, dialog.command)
        parameter = command.parameter(dialog.asking) if command is not None else None
        if not (parameter is not None and parameter.secret) and await self._secrecy.warn(draft, text):
            if command is None:
                draft.end()
            else:
                draft.keep(dialog)
            return
        await self._performing.answer(draft, dialog, text)

    async def _too_many(self, draft: Draft) -> bool:
        """Whether somebody who isn't paired has asked enough for this hour; they are told once."""
        admission = await self._guard.admit_command(draft.principal, draft.user)
        if admission is Admission.LET_IN:
            return False
        draft.outcome = Outcome.LIMITED
        if admission is Admission.TOLD and draft.alone:
            draft.say(TOO_MANY)
        return True

    def _is_own(self, draft: Draft, asked: Asked) -> bool:
        """Whether the conversation itself is meant, rather than the registry’s command of that name."""
        return is_code(" ".join(asked.rest)) or self._performing.find(draft, asked.name) is None


def _heard_in_group(draft: Draft, asked: Asked) -> bool:
    if not asked.slashed or not asked.name:
        return False
    return draft.alone or (asked.name in ("start", "pair") and is_code(" ".join(asked.rest)))


def _taken_out(command: Command, given: dict[str, str]) -> dict[str, str]:
    """The secrets among the arguments, which are then no longer among them."""
    return {
        each.name: given.pop(each.name) for each in command.parameters if each.secret and each.name in given
    }
