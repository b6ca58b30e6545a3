"""Words for people, kept as data until a surface renders them in the person's language.

A `Message` is a gettext id with its arguments. Every title, prompt, reason and error is one, so that
the same page can be read in any language for which a catalogue exists; English is the ids themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

__all__ = ["ENGLISH", "Language", "Message", "_", "listed", "plural", "sense"]


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence or a word for a person: what to say, and the values to say it with.

    `id` is the English text with `{name}` fields. `many` is its plural form, chosen by the argument
    `count`. Arguments may be any value a page may carry, another `Message` included. `context` says of
    what a word is said that other languages say otherwise of something else.
    """

    id: str
    arguments: tuple[tuple[str, object], ...] = ()
    many: str | None = None
    context: str = ""

    def __str__(self) -> str:
        return ENGLISH.text(self)


def _(text: str, /, **arguments: object) -> Message:
    """A message; the name is the one gettext's tools look for."""
    return Message(text, tuple(arguments.items()))


def plural(one: str, many: str, count: int, /, **arguments: object) -> Message:
    """A message whose form follows `count`, which is also its argument of that name."""
    return Message(one, (("count", count), *arguments.items()), many)


def sense(context: str, text: str, /, **arguments: object) -> Message:
    """A message said of one thing: of another the same English may be a different word elsewhere."""
    return Message(text, tuple(arguments.items()), context=context)


def listed(words: Sequence[Message]) -> Message:
    """One or several messages one after another, separated as the language does it."""
    return reduce(lambda before, label: _("{before}, {label}", before=before, label=label), words)


class _Arguments(dict[str, str]):
    """A message's arguments as text; a field that none of them fills stays as it is written."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


class Language:
    """One person's language: turns messages into text.

    `code` is a tag such as `en` or `pt_BR`; `catalogue` is where the translations come from; `show`
    turns an argument that is neither a message nor text into text, in the manner of that language.
    """

    def __init__(self, code: str, catalogue: NullTranslations, show: Callable[[object], str] = str) -> None:
        self.code = code
        self._catalogue = catalogue
        self._show = show

    @classmethod
    def load(cls, code: str, folder: Path, show: Callable[[object], str] = str) -> Language:
        """The language `code` from the compiled catalogue in `folder`, English where there is none."""
        file = folder / code / "LC_MESSAGES" / "opsdeck.mo"
        if not file.exists():
            return cls(code, NullTranslations(), show)
        with file.open("rb") as stream:
            return cls(code, GNUTranslations(stream), show)

    def showing(self, show: Callable[[object], str]) -> Language:
        """The same language with other eyes for values (a renderer's own way with numbers and times)."""
        return Language(self.code, self._catalogue, show)

    def text(self, message: Message) -> str:
        """The message in this language, its arguments filled in."""
        if not message.id:
            return ""  # to gettext the empty id is the catalogue's header
        arguments = dict(message.arguments)
        if message.many is None:
            own, english = self._own(message), message.id
        else:
            count = arguments.get("count")
            number = count if isinstance(count, int) else 0
            own = self._catalogue.ngettext(message.id, message.many, number)
            english = message.id if number == 1 else message.many
        if not arguments:
            return own
        filled = _Arguments({name: self._argument(value) for name, value in arguments.items()})
        for template in (own, english):
            try:
                return template.format_map(filled)
            except (AttributeError, LookupError, TypeError, ValueError):
                continue  # a translation with a broken field must not take the page down
        return english

    def _own(self, message: Message) -> str:
        """The translation in the message's context; without one there, that of the same words anywhere."""
        if message.context:
            own = self._catalogue.pgettext(message.context, message.id)
            if own != message.id:
                return own
        return self._catalogue.gettext(message.id)

    def _argument(self, value: object) -> str:
        if isinstance(value, Message):
            return self.text(value)
        return value if isinstance(value, str) else self._show(value)


ENGLISH = Language("en", NullTranslations())
