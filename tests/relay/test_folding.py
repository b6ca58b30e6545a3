"""Words as people type them on phones, made alike."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.relay.folding import folded, with_plain_digits


@pytest.mark.parametrize(
    ("typed", "alike"),
    [
        ("  ¡HOLA!  ", "hola"),
        ("menú!", "menu"),
        ("Olá,  tudo bem?", "ola tudo bem"),
        ("Français", "francais"),
        ("مَرْحَبًا", "مرحبا"),
        ("مرحبـــا", "مرحبا"),
        ("السلام، عليكم!", "السلام عليكم"),
        ("ＨＩ", "hi"),
        ("𝐇𝐨𝐥𝐚", "hola"),
        ("٣", "3"),
        ("۳", "3"),
        ("3️⃣", "3"),
        ("👋", ""),
        ("👋 hi", "hi"),
        ("", ""),
    ],
)
def test_what_is_typed_differently_and_means_the_same_is_the_same(typed: str, alike: str) -> None:
    assert folded(typed) == alike


@settings(deadline=None)
@given(st.text(max_size=10))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
    assert once == " ".join(once.split())


@settings(deadline=None)
@given(st.text(max_size=60))
def test_letter_case_makes_no_difference(text: str) -> None:
    assert folded(text.upper().lower()) == folded(text.lower().upper().lower())


def test_a_very_long_message_is_looked_at_only_at_its_beginning() -> None:
    assert len(folded("hola " * 100_000)) <= 200


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**9))
def test_digits_of_each_script_are_the_same_number(number: int) -> None:
    for zero in ("٠", "۰"):
        written = "".join(chr(ord(zero) + int(digit)) for digit in str(number))
        assert with_plain_digits(f"ORD-{written}") == f"ORD-{number}"
