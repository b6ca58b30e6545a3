"""An argument parser whose complaints are opsdeck's own: one sentence that says what would do."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

from core.errors import InputError
from core.message import Message, _

__all__ = ["Parser", "whole_number"]

_ARGUMENT = re.compile(r"argument (?P<name>[^:]+): (?P<reason>.+)", re.DOTALL)
_LONGEST = 60


class Parser(argparse.ArgumentParser):
    """Raises `InputError` where argparse would print its usage and leave.

    What isn't given on the line is not in the options either, so that a command under another one
    never undoes what was given before its name.
    """

    def __init__(self, **options: Any) -> None:
        formatter = argparse.RawDescriptionHelpFormatter
        super().__init__(
            allow_abbrev=False, argument_default=argparse.SUPPRESS, formatter_class=formatter, **options
        )
        self.set_defaults(parser=self)
        self._aside: Sequence[argparse.Action] = ()

    def parse_known_args(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, args: Iterable[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """As always; but a command that takes arguments may have others under it: `order 1`, `order move`.

        The first word tells them apart, which argparse alone would take for an argument in either case.
        """
        words = sys.argv[1:] if args is None else list(args)
        places = [each for each in self._actions if not each.option_strings]
        under = next((each for each in places if isinstance(each, argparse._SubParsersAction)), None)
        if under is not None and len(places) > 1:
            first = next((word for word in words if not word.startswith("-")), "")
            self._aside = [each for each in places if (each is under) != (first in under.choices)]
        try:
            return super().parse_known_args(words, namespace)
        finally:
            self._aside = ()

    def _get_positional_actions(self) -> list[argparse.Action]:
        return [each for each in super()._get_positional_actions() if each not in self._aside]

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """The options of a command line; their `parser` is that of its last command.

        Raises:
            InputError: a word of it means nothing, or something is missing.
        """
        options, unknown = self.parse_known_args(arguments)
        if unknown:
            options.parser.refuse(unknown[0])
        return options

    def refuse(self, word: str) -> NoReturn:
        """Say that a word means nothing to this command."""
        word = word.partition("=")[0][:_LONGEST]
        if not word.startswith("-"):
            raise InputError(self._with_hint(_("“{word}” is one word too many", word=word)))
        known = [name for action in self._actions for name in action.option_strings]
        raise InputError(self._with_hint(_("There is no option {word}", word=word), word, known))

    def error(self, message: str) -> NoReturn:
        """Raise what argparse has to complain about."""
        found = _ARGUMENT.fullmatch(message)
        reason = f"{found['name']} {found['reason']}" if found else message
        reason = reason.replace("expected one argument", "needs a value")
        raise InputError(self._with_hint(_("{reason}", reason=reason)))

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices or value == argparse.SUPPRESS:
            return  # the last is what argparse checks where nothing was written
        word, known = str(value)[:_LONGEST], [str(choice) for choice in action.choices]
        if isinstance(action, argparse._SubParsersAction):
            raise InputError(self._with_hint(_("There is no command “{word}”", word=word), word, known))
        name, listed = "/".join(action.option_strings) or action.dest, ", ".join(known)
        raise InputError(
            _("{name} can't be “{word}”; it is one of: {known}.", name=name, word=word, known=listed)
        )

    def _with_hint(self, complaint: Message, word: str = "", known: Sequence[str] = ()) -> Message:
        """The complaint with the nearest of the known words, or with where to look."""
        nearest = difflib.get_close_matches
        near = nearest(word, known, n=2, cutoff=0.8) or nearest(word, known, n=1)
        if len(near) == 2:
            said = {"complaint": complaint, "near": near[0], "other": near[1]}
            return _("{complaint}; did you mean “{near}” or “{other}”?", **said)
        if near:
            return _("{complaint}; did you mean “{near}”?", complaint=complaint, near=near[0])
        program = self.prog
        return _("{complaint}. “{program} --help” lists what there is.", complaint=complaint, program=program)


def whole_number(least: int) -> Callable[[str], int]:
    """What reads a whole number of at least `least` from the command line."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(f"takes a whole number from {least}, not “{text[:_LONGEST]}”")
        return int(text)

    return read
