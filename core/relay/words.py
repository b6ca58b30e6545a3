"""What somebody wrote, read as a command with its arguments. Pure.

`/incident_open Router is down`, `incident open title="Router is down"` and `/incident_open@our_bot …` are
the same: a name's words are separated by spaces, underscores or hyphens, in any letter case, with or
without the slash (or the mark that is set in its place). Arguments come in order or as `name=value`, in
quotes where a word isn't enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.command import Command, Parameter, TextType
from core.errors import InputError
from core.message import _

__all__ = ["Asked", "Names", "bind", "slash", "tokens"]

_TOKEN = re.compile(
    r"""(?:[^\s"“”]+=)?"[^"]*"|(?:[^\s"“”]+=)?“[^”]*”|\S+"""  # a quoted value, maybe named, or a word
)
_NAMED = re.compile(r"([a-z][a-z0-9_-]*)=(.*)", re.DOTALL | re.IGNORECASE)
_SEPARATORS = re.compile(r"[_\-\s]+")
_QUOTES = '"“”'
_LONGEST_NAME = 5
"""Words that a command's name has at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A command's name as the registry has it, or empty when there is none; and what was said after it.

    `slashed` says that it was written as a command, so that it can't be meant as an answer.
    """

    name: str
    rest: tuple[str, ...]
    slashed: bool


class Names:
    """Every name that somebody may call a command by; `prefix` marks a command as the slash does."""

    def __init__(self, names: Iterable[str], aliases: Mapping[str, str], prefix: str = "/") -> None:
        self._marks = ("/", prefix)
        self._names = {_words(alias): name for alias, name in aliases.items()}
        self._names |= {_words(name): name for name in names}

    def read(self, text: str) -> Asked:
        """The command that `text` begins with; the longest name that fits wins."""
        found = tokens(text)
        slashed = text.lstrip().startswith(self._marks)
        if not found:
            return Asked("", (), slashed)
        head = found[0][1:].partition("@")[0] if slashed else found[0]
        words = [head, *found[1:]]
        for length in range(min(_LONGEST_NAME, len(words)), 0, -1):
            name = self._names.get(_words(" ".join(words[:length])))
            if name is not None:
                return Asked(name, tuple(words[length:]), slashed)
        return Asked("", tuple(words), slashed)


def slash(name: str) -> str:
    """A command's name as it is written in a chat: `/incident_open`."""
    return "/" + _SEPARATORS.sub("_", name)


def tokens(text: str) -> list[str]:
    """The words of a text; what stands in quotes is one word, quotes and all."""
    return _TOKEN.findall(text)


def bind(command: Command, rest: Sequence[str]) -> dict[str, str]:
    """The words after a command's name as its arguments.

    Those without a name go to the required parameters in their order and then to the others. The last one
    that is required takes all words that are left, unless it names a thing and something else could follow.
    A word that a choice or a number can't be is left to the next parameter. Secrets are never taken by order.

    Raises:
        InputError: there are more words than parameters.
    """
    given: dict[str, str] = {}
    words: list[str] = []
    for token in rest:
        named = _NAMED.fullmatch(token)
        parameter = command.parameter(named[1].lower()) if named else None
        if named is not None and parameter is not None:
            given[parameter.name] = _unquoted(named[2])
        else:
            words.append(token)
    free = [each for each in command.parameters if each.name not in given and not each.secret]
    required = [each for each in free if each.required and each.default is None]
    order = [*required, *(each for each in free if each not in required)]
    for parameter in order:
        if not words:
            break
        last = parameter is order[-1] or (parameter in required[-1:] and not parameter.source)
        everything = " ".join(map(_unquoted, words))
        if last and _takes(parameter, everything):
            given[parameter.name] = everything
            words = []
        elif _fits(parameter, word := _unquoted(words[0])):
            given[parameter.name] = word
            del words[0]
    return _with_leftover(command, given, order, words) if words else given


def _with_leftover(
    command: Command, given: dict[str, str], wanted: Sequence[Parameter], words: Sequence[str]
) -> dict[str, str]:
    """Let the first parameter that got nothing complain of what it can't be; others are too many."""
    if not wanted:
        raise InputError(_("“{name}” takes nothing after it.", name=slash(command.name)))
    empty = next((each for each in wanted if each.name not in given), None)
    if empty is None:
        raise InputError(_("“{word}” is one word too many.", word=_unquoted(words[0])[:60]))
    given[empty.name] = " ".join(map(_unquoted, words))
    return given


def _takes(parameter: Parameter, text: str) -> bool:
    """Whether a parameter for text can be all of it."""
    kind = parameter.type
    return isinstance(kind, TextType) and (not kind.pattern or re.fullmatch(kind.pattern, text) is not None)


def _fits(parameter: Parameter, word: str) -> bool:
    """Whether a word can be meant for a parameter: anything may be text."""
    if isinstance(parameter.type, TextType):
        return True
    try:
        parameter.type.parse(word)
    except InputError:
        return False
    return True


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] in _QUOTES and text[-1] in _QUOTES:
        return text[1:-1]
    return text


def _words(name: str) -> str:
    return _SEPARATORS.sub(" ", name).strip().casefold()
