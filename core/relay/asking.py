"""One question of a dialog: what is asked, what may be pressed, and what an answer means.

A list of choices is shown ten at a time. An answer may be pressed, typed as it stands on its button, or
given as its number in the list: not every chat has buttons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.command import Choice, ChoiceType, Command, Effect, Parameter
from core.errors import InputError
from core.message import ENGLISH, Language, Message, _
from core.page import Action
from core.relay.dialog import Dialog
from core.relay.keyboard import pages_of
from core.relay.offers import Offer, Purpose, Rows
from core.relay.views import ROWS
from core.text import clean

__all__ = ["CANCEL", "ENOUGH", "SKIP", "Question", "cancel_offer", "question"]

SKIP, ENOUGH, CANCEL = "@skip", "@enough", "@cancel"
"""Answers that are no value: leave this one out, leave out all that are left, stop."""
OFFSET = "@offset"
"""The answer that turns the list of choices."""

_SKIP = _("Skip")
_LABEL = 40
_SHORT = 14
"""A label up to this length leaves room for another beside it."""


@dataclass(frozen=True, slots=True)
class Question:
    """The open question of a dialog, with the values on offer; it is answered in the person's `language`."""

    command: Command
    parameter: Parameter
    choices: tuple[Choice, ...]
    offset: int = 0
    last: bool = False
    """Whether nothing is left to ask after it."""
    language: Language = ENGLISH

    @property
    def optional(self) -> bool:
        """Whether it may stay without an answer."""
        return not self.parameter.required

    @property
    def shown(self) -> tuple[Choice, ...]:
        """The choices shown at present."""
        return self.choices[self.offset : self.offset + ROWS]

    def read(self, text: str) -> str:
        """The value that an answer means.

        Raises:
            InputError: it can't be used; the sentence says what would do.
        """
        text = text.strip()
        value = self._chosen(text)
        if value is None:
            try:
                self.parameter.type.parse(text)
            except InputError:
                if not isinstance(self.parameter.type, ChoiceType):
                    raise
                raise InputError(
                    _("“{text}” is none of the answers below.", text=clean(text, _LABEL))
                ) from None
            value = text
        return value

    def leaves_out(self, text: str) -> bool:
        """Whether an answer says, by its button or in words, that this one stays without a value."""
        skips = text == SKIP or self._says(text, _SKIP)
        return self.optional and (skips or self.leaves_all_out(text))

    def leaves_all_out(self, text: str) -> bool:
        """Whether an answer says so of this one and of all that are left."""
        return self.optional and (text == ENOUGH or self._says(text, self._enough))

    def rows(self) -> Rows:
        """What can be pressed."""
        offers = [self._offer(_label(choice.label), choice.value) for choice in self.shown]
        short = all(len(str(offer.label)) <= _SHORT for offer in offers)
        width = 3 if short else 1
        lines = [tuple(offers[start : start + width]) for start in range(0, len(offers), width)]
        lines += pages_of(len(self.choices), self.offset, self._turn)
        return (*lines, (*self._ways_past(), cancel_offer(self.command.name)))

    def _ways_past(self) -> list[Offer]:
        """What leaves it without an answer: one way where nothing else is left, nothing done before a yes."""
        if not self.optional:
            return []
        skip = self._offer(_SKIP, SKIP)
        if self.last and self.command.effect is Effect.DANGER:
            return [skip]
        enough = self._offer(self._enough, ENOUGH)
        return [enough] if self.last else [skip, enough]

    @property
    def _enough(self) -> Message:
        """What the way past all that are left is called."""
        match self.command.effect:
            case Effect.READ:
                return _("Show it now")
            case Effect.WRITE:
                return _("Do it now")
            case Effect.DANGER:
                return _("That is all")

    def _says(self, text: str, label: Message) -> bool:
        """Whether somebody wrote what stands on a button, in their language or in English."""
        return text.strip().casefold() in (str(label).casefold(), self.language.text(label).casefold())

    def _chosen(self, text: str) -> str | None:
        """The choice that was typed: its value, its label, or its number among those shown."""
        wanted = text.casefold()
        for choice in self.choices:
            label = choice.label if isinstance(choice.label, str) else self.language.text(choice.label)
            if wanted in (choice.value.casefold(), str(choice.label).casefold(), label.casefold()):
                return choice.value
        if text.isdecimal() and 1 <= int(text) <= len(self.shown):
            return self.shown[int(text) - 1].value
        return None

    def _offer(self, label: Message | str, value: str) -> Offer:
        meaning = Action(self.command.name, _("{label}", label=label), ((self.parameter.name, value),))
        return Offer(label, Purpose.ANSWER, meaning)

    def _turn(self, label: Message, offset: int) -> Offer:
        meaning = Action(self.command.name, label, ((self.parameter.name, ""), (OFFSET, str(offset))))
        return Offer(label, Purpose.ANSWER, meaning)


def question(
    command: Command, dialog: Dialog, choices: Sequence[Choice], language: Language = ENGLISH
) -> Question | None:
    """The dialog's open question, if one is open and still a question of this command's."""
    parameter = command.parameter(dialog.asking)
    if parameter is None:
        return None
    usable = tuple(choice for choice in choices if choice.value)
    past = replace(dialog, skipped=(*dialog.skipped, parameter.name), at_length=True)
    last = past.next_question(command) is None
    return Question(command, parameter, usable, dialog.offset, last, language)


def cancel_offer(command: str) -> Offer:
    """The way out of any question."""
    label = _("Cancel")
    return Offer(label, Purpose.ANSWER, Action(command, label, ((CANCEL, ""),)))


def _label(label: Message | str) -> Message | str:
    return label if isinstance(label, Message) else clean(label, _LABEL)
