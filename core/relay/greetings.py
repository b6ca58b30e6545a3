"""The words that begin a conversation anew, at any time and in any language (whatsapp.md A6). Pure."""

from __future__ import annotations

import unicodedata
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
        return "es" if _accented(text).startswith(_SPANISH_MENU) else ""
    return _WORDS.get(_first(text), "")


def language_asked(text: str) -> str | None:
    """The language that `lang xx` asks for: empty if there is no such, none if nothing is said of it."""
    words = [word for word in map(folded, text.split()) if word]
    if len(words) != 2 or words[0] not in _ASKING:
        return None
    language = words[1].split()[0]  # of `pt-BR` what stands before the country
    return language if language in LANGUAGES else _NAMES.get(language, known_language(language))


def word_for_menu(language: str) -> str:
    """The word that people who read a language are told."""
    return _FOR_MENU.get(language, _FOR_MENU["en"])


def _accented(text: str) -> str:
    """The text from its first letter on, its accents composed as they are written here."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    return composed[next((at for at, each in enumerate(composed) if each.isalnum()), 0) :]


def _first(text: str) -> str:
    return next(iter(folded(text).split()), "")
