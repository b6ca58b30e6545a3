"""The words that begin a conversation anew, in any language and at any time (whatsapp.md A6)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.relay.greetings import greeting_in, is_greeting, language_asked, word_for_menu
from core.relay.languages import LANGUAGES

_GREETINGS = {
    "hi": "en",
    "hello": "en",
    "hola": "es",
    "menú": "es",
    "bonjour": "fr",
    "salut": "fr",
    "oi": "pt",
    "olá": "pt",
    "مرحبا": "ar",
    "السلام": "ar",
}
"""Every word of A6 with its language; `menu` is of none."""


@pytest.mark.parametrize(("word", "language"), _GREETINGS.items())
def test_a6_every_word_of_the_list_begins_anew_in_its_language(word: str, language: str) -> None:
    for typed in (word, word.upper(), f"  {word}!", f"¡{word}!", f"{word}, 3", f"{word}\nMACH-001"):
        assert is_greeting(typed), typed
        assert greeting_in(typed) == language, typed


@pytest.mark.parametrize("typed", ["menu", "MENU!", "Menu please"])
def test_menu_without_its_accent_begins_anew_and_says_nothing_of_the_language(typed: str) -> None:
    assert is_greeting(typed)
    assert greeting_in(typed) == ""


@pytest.mark.parametrize("typed", ["menú!", "¡Menú!", "MENÚ por favor", "menu\u0301"])
def test_menu_with_its_accent_is_spanish_however_it_is_typed(typed: str) -> None:
    assert is_greeting(typed)
    assert greeting_in(typed) == "es"


def test_the_greeting_of_two_words_counts() -> None:
    assert greeting_in("السلام عليكم") == "ar"


@pytest.mark.parametrize(
    "typed",
    ["history", "hinge broken", "holanda", "oil under the press", "menus", "say hi", "3", "", "!", "سلام"],
)
def test_only_the_whole_first_word_counts(typed: str) -> None:
    assert not is_greeting(typed)
    assert greeting_in(typed) == ""


@settings(deadline=None)
@given(st.text(max_size=80))
def test_what_has_a_language_is_a_greeting(text: str) -> None:
    assert greeting_in(text) in ("", *LANGUAGES)
    if greeting_in(text):
        assert is_greeting(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_that_people_are_told_begins_anew_in_their_language(language: str) -> None:
    assert greeting_in(word_for_menu(language)) == language


def test_who_reads_another_language_is_told_the_english_word() -> None:
    assert word_for_menu("") == word_for_menu("xx") == "hi"


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("lang fr", "fr"),
        ("LANG  ES!", "es"),
        ("Lang: pt", "pt"),
        ("idioma español", "es"),
        ("langue arabe", "ar"),
        ("language Français", "fr"),
        ("lang pt-BR", "pt"),
        ("اللغة العربية", "ar"),
    ],
)
def test_lang_asks_for_a_language_by_its_code_or_its_name(typed: str, language: str) -> None:
    assert language_asked(typed) == language


@pytest.mark.parametrize("typed", ["lang xx", "lang klingon", "idioma 5"])
def test_lang_with_an_unknown_code_asks_for_none_that_there_is(typed: str) -> None:
    assert language_asked(typed) == ""


@pytest.mark.parametrize("typed", ["lang", "", "fr", "language of the report", "the lang fr", "langfr"])
def test_other_words_ask_for_no_language(typed: str) -> None:
    assert language_asked(typed) is None
