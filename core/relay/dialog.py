"""What a person is being asked, as a value that survives a restart (reliability.md R13).

Secrets stand in it encrypted, by whoever puts them there; everything else in plain text.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, cast

from core.command import Command, Parameter
from core.encoding import decode, encode

__all__ = ["AT_MENU", "FILTER", "Dialog", "known_names", "state_name"]

AT_MENU = "MENU"
"""The name of the state in which nothing is asked."""

FILTER = "@filter"
"""The question for words to find rows by, which is no parameter of any command."""

_Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Dialog:
    """A command that is being prepared.

    `arguments` is what is known, `secrets` what is known and encrypted, `skipped` what the person doesn't
    want to say. `asking` names the open question; `offset` is where its list of choices was opened.
    `confirming` is the handle that confirms a danger once nothing is left to ask. `at_length` says that what
    may be left out is asked for as well. `began` is when it began, in seconds since 1970. `refused` says that
    it was refused when all was known: what is to be done now must be seen and confirmed.
    """

    command: str
    arguments: _Pairs = ()
    secrets: _Pairs = ()
    skipped: tuple[str, ...] = ()
    asking: str = ""
    offset: int = 0
    confirming: str = ""
    at_length: bool = False
    began: int = 0
    refused: bool = False

    @property
    def state(self) -> str:
        """What is being asked, by its name: `defect:severity`."""
        return f"{self.command}:{self.asking or 'confirm'}"

    def encoded(self) -> str:
        """As text, without loss."""
        return encode({each.name: getattr(self, each.name) for each in fields(self)})

    @classmethod
    def decoded(cls, text: str) -> Dialog:
        """What `encoded` gave.

        Raises:
            ValueError: the text is of another version.
        """
        try:
            return cls(**cast("dict[str, Any]", decode(text)))
        except TypeError as error:
            raise ValueError("not an encoded dialog") from error

    def answered(self, name: str, value: str) -> Dialog:
        """With an answer to the open question."""
        return replace(self, arguments=(*self.without(name).arguments, (name, value)), asking="", offset=0)

    def told_secretly(self, encrypted: _Pairs) -> Dialog:
        """With secret answers, which whoever hands them over has encrypted."""
        before = self
        for name, _token in encrypted:
            before = before.without(name)
        return replace(before, secrets=(*before.secrets, *encrypted), asking="", offset=0)

    def without(self, name: str) -> Dialog:
        """As if that question had not been answered."""
        return replace(
            self,
            arguments=tuple(pair for pair in self.arguments if pair[0] != name),
            secrets=tuple(pair for pair in self.secrets if pair[0] != name),
        )

    def next_question(self, command: Command) -> Parameter | None:
        """What must be asked next; what may be left out comes last, and only in a dialog at length."""
        known = {name for name, _value in (*self.arguments, *self.secrets)} | set(self.skipped)
        given = dict(self.arguments)
        left = [
            each
            for each in command.parameters
            if each.name not in known and each.default is None and each.asked_for(given)
        ]
        required = [each for each in left if each.required]
        if required:
            return required[0]
        return left[0] if left and self.at_length else None


def state_name(encoded: str) -> str:
    """The name of what an encoded dialog asks; of an empty one, or one of another version, `AT_MENU`."""
    if not encoded:
        return AT_MENU
    try:
        return Dialog.decoded(encoded).state
    except ValueError:
        return AT_MENU


def known_names(encoded: str) -> tuple[str, ...]:
    """What an encoded dialog knows already, by the names of its parameters."""
    if not encoded:
        return ()
    try:
        dialog = Dialog.decoded(encoded)
    except ValueError:
        return ()
    return tuple(name for name, _value in (*dialog.arguments, *dialog.secrets))
