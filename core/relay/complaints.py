"""What is wrong with an answer, as a chat says it: nobody types the names of parameters there. Pure."""

from __future__ import annotations

import re

from core.message import Language, Message

__all__ = ["nameless"]

_NAME = "{parameter}"
_NAMED = re.compile(r"\{parameter\}\s*:\s*")
_ONLY_A_FIELD = re.compile(r"\{(\w+)\}")
_BEGINS_WITH_A_FIELD = re.compile(r"\{(\w+)\}.+")


def nameless(message: Message, language: Language) -> Message:
    """A complaint without the parameter's name in front, in the words of `language`; else the same message.

    The question follows that the complaint is about, so that everybody knows what it is of.
    """
    if not message.id.startswith(_NAME) or message.many is not None:
        return message
    words = _words(message, language)
    named = _NAMED.match(words)
    if named is None:
        return message
    words, arguments = words[named.end() :], dict(message.arguments)
    field = _ONLY_A_FIELD.fullmatch(words)
    reason = arguments.get(field[1]) if field is not None else None
    if isinstance(reason, Message):
        return nameless(reason, language)
    return _beginning(Message(words, message.arguments), language)


def _beginning(message: Message, language: Language) -> Message:
    """The message as a sentence of its own, which begins with a capital letter."""
    field = _BEGINS_WITH_A_FIELD.fullmatch(message.id)
    if field is None:
        return Message(message.id[:1].upper() + message.id[1:], message.arguments)
    first = dict(message.arguments).get(field[1])
    if not isinstance(first, Message) or first.many is not None:
        return message
    begun = _beginning(Message(_words(first, language), first.arguments), language)
    arguments = ((name, begun if name == field[1] else value) for name, value in message.arguments)
    return Message(message.id, tuple(arguments))


def _words(message: Message, language: Language) -> str:
    """What the language says, its fields not filled in."""
    return language.text(Message(message.id, context=message.context))
