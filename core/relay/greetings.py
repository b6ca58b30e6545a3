"""The words that begin a conversation anew, at any time and in any language (whatsapp.md A6). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.relay.folding import folded
from core.relay.languages import LANGUAGES, known_language

__all__ = ["greeting_in", "is_greeting", "language_asked", "word_for_menu"]

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("hi", "hello"), "en"),
        "hola": "es",
        **dict.fromkeys(("bonjour", "salut"), "fr"),
        **dict.fromkeys(("oi", "ola"), "pt"),
        **dict.fromkeys(("مرحبا", "السلام"), "ar"),
    }
)
"""Each greeting without accents, and the language it is of."""

_MENU = "menu"
"""A word of four of the languages: it begins anew and says nothing of the language, but with its accent."""

_SPANISH_MENU = "menú"

_FOR_MENU: Mapping[str, str] = MappingProxyType(
    {"en": "hi", "es": "hola", "fr": "bonjour", "pt": "oi", "ar": "مرحبا"}
)
_ASKING = frozenset({"lang", "language", "idioma", "langue", "اللغة", "لغة"})
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("english", "ingles", "anglais", "الانجليزية"), "en"),
        **dict.fromkeys(("spanish", "espanol", "espagnol", "espanhol", "الاسبانية"), "es"),
        **dict.fromkeys(("french", "francais", "frances", "الفرنسية"), "fr"),
        **dict.fromkeys(("portuguese", "portugues", "portugais", "البرتغالية"), "pt"),
        **dict.fromkeys(("arabic", "arabe", "العربية"), "ar"),
    }
)


def is_greeting(text: str) -> bool:
    """Whether the message begins with a word that begins anew: the whole first word, whatever follows."""
    first = _first(text)
    return first in _WORDS or first == _MENU


def greeting_in(text: str) -> str:
    """The language of the greeting that a message begins with; empty if it is none, or of no one language."""
    if _first(text) == _MENU:
        return "es" if text.strip().casefold().startswith(_SPANISH_MENU) else ""
    return _WORDS.get(_first(text), "")


def language_asked(text: str) -> str | None:
    """The language that `lang xx` asks for: empty if there is no such, none if nothing is said of it."""
    words = folded(text).split()
    if len(words) != 2 or words[0] not in _ASKING:
        return None
    return words[1] if words[1] in LANGUAGES else _NAMES.get(words[1], known_language(words[1]))


def word_for_menu(language: str) -> str:
    """The word that people who read a language are told."""
    return _FOR_MENU.get(language, _FOR_MENU["en"])


def _first(text: str) -> str:
    return next(iter(folded(text).split()), "")
