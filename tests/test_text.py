"""The inlet for foreign text: S1 (terminal), S4 (secrets), S13 (formulas), S22 (time)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import MAXIMUM_LENGTH, cell, clean, csv_field, paragraph, redact, shorten
from tests.render.sample import CORPUS, repr_of

UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb]"
)
ANY_TEXT = st.text(st.characters()) | st.text(
    st.sampled_from("\x00\x1b\x9b\r\n\t \u202e\u2028\ud800\u0301\u200da=]")
)

TELEGRAM = "1234567890:CANARY-not-a-real-token-0000000000"
JSON_TOKEN = "eyJDQU5BUlkiOjF9.eyJDQU5BUlkiOjJ9.Q0FOQVJZLXNpZ25hdHVyZQ"


@pytest.mark.parametrize("text", CORPUS, ids=repr_of)
def test_nothing_unsafe_comes_out(text: str) -> None:
    assert not UNSAFE.search(clean(text))
    assert not re.search("[\t\n]", clean(text))
    assert not UNSAFE.search(paragraph(text))
    clean(text).encode()
    paragraph(text).encode()


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (0x00, 0x08),
        (0x0B, 0x1F),
        (0x7F, 0x9F),
        (0x061C, 0x061C),
        (0x200E, 0x200F),
        (0x2028, 0x202E),
        (0x2066, 0x2069),
        (0xD800, 0xDFFF),
        (0xFFF9, 0xFFFB),
    ],
)
def test_each_unsafe_character_is_replaced(first: int, last: int) -> None:
    characters = "".join(map(chr, range(first, last + 1)))
    assert set(paragraph(characters)) == set(clean(characters, 3_000)) == {"\ufffd"}


@given(ANY_TEXT, st.integers(0, 30))
def test_clean_is_safe_short_and_final(text: str, limit: int) -> None:
    once = clean(text, limit)
    assert not UNSAFE.search(once)
    assert not set(once) & {"\n", "\t"}
    assert len(once) <= limit
    assert clean(once, limit) == once


@given(ANY_TEXT, st.integers(0, 30))
def test_paragraph_is_safe_short_and_final(text: str, limit: int) -> None:
    once = paragraph(text, limit)
    assert not UNSAFE.search(once)
    assert len(once) <= limit
    assert paragraph(once, limit) == once


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  Front \t desk\n", "Front desk"),
        ("one\r\ntwo", "one two"),
        ("over\rwrite", "over\ufffdwrite"),
        ("\x1b[2Jx", "\ufffd[2Jx"),
        ("lone\x1b", "lone\ufffd"),
        ("\u202eabc", "\ufffdabc"),
        ("a\u2028b", "a\ufffdb"),
        ("\ud800", "\ufffd"),
        ("[@click=app.quit]go[/]", "[@click=app.quit]go[/]"),
        ("Café ☕ 漢字 e\u0301", "Café ☕ 漢字 e\u0301"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_one_line(text: str, line: str) -> None:
    assert clean(text) == line


def test_a_paragraph_keeps_its_lines_and_tabs() -> None:
    assert paragraph("a\r\n\tb\n\nc\rd\x1b") == "a\n\tb\n\nc\ufffdd\ufffd"


@pytest.mark.parametrize("function", [clean, paragraph])
def test_a_cut_is_always_marked(function: Callable[[str, int], str]) -> None:
    assert function("a" * 11, 10) == "a" * 9 + "…"
    assert function("a" * 10, 10) == "a" * 10
    assert function("ab" + "\r\n" * 500 + "c", 10).endswith("…")
    assert function("ab" + " " * 500 + "c", 10).endswith("…")


def test_long_foreign_text_is_capped_without_being_asked() -> None:
    assert len(clean("&" * 5_000)) == MAXIMUM_LENGTH


@pytest.mark.parametrize(
    "whole",
    ["e\u0301\u0327", "👩\u200d👩\u200d👧", "❤\ufe0f", "👍\U0001f3fe", "1\ufe0f\u20e3", "क\u093e"],
    ids=repr_of,
)
def test_no_combining_sequence_is_broken(whole: str) -> None:
    text = "ab" + whole + "cd"
    for limit in range(1, len(text)):
        kept = shorten(text, limit).removesuffix("…")
        assert kept in {"", "a", "ab", "ab" + whole, "ab" + whole + "c"}


def test_no_room_is_no_text() -> None:
    assert shorten("abc", 0) == ""
    assert shorten("abc", 1) == "…"
    assert shorten("", 0) == ""


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (0, "0"), (False, "False"), (-61.5, "-61.5"), ("\x1b", "\ufffd")]
)
def test_a_cell_takes_any_scalar(value: object, text: str) -> None:
    assert cell(value) == text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\x00=1"], ids=repr_of)
def test_no_field_is_a_formula(text: str) -> None:
    assert csv_field(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Reception", "a=1", "'=1", " 1"])
def test_other_fields_stay_as_they_are(text: str) -> None:
    assert csv_field(text) == text


@pytest.mark.parametrize(
    ("text", "canary"),
    [
        (f"POST https://api.telegram.org/bot{TELEGRAM}/getMe", "CANARY"),
        (f"token {TELEGRAM} was refused", "CANARY"),
        ("Authorization: Basic Q0FOQVJZ", "Q0FOQVJZ"),
        ("Basic:Q0FOQVJZOnNlY3JldA==", "Q0FO"),
        ("{'authorization': 'Bearer canarysecret'}", "canarysecret"),
        ("bearer canary-not-a-real-token", "canary"),
        (f"Bearer {JSON_TOKEN}", "Q0FO"),
        (f'{{"token":"{JSON_TOKEN}"}}', "Q0FO"),
        (f"({JSON_TOKEN[:-1]}", "Q0FO"),
        ("postgresql://deck:canary@db.invalid/opsdeck", "canary"),
        ("postgresql://deck:can@ry:canary@db.invalid:5432/opsdeck", "ry"),
        ("redis://:canary@cache.invalid:6379/0", "canary"),
        ('{"access_token": "canary-opaque"}', "canary"),
        ("{'refresh_token': 'canary-opaque'}", "canary"),
        ("grant_type=x&client_secret=canary&scope=y", "canary"),
        ("password=canary", "canary"),
    ],
)
def test_what_looks_like_a_credential_is_replaced(text: str, canary: str) -> None:
    assert canary not in redact(text)
    assert "[redacted]" in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "Basic authentication failed",
        "The Bearer token expired.",
        "the bearer token, it seems, expired",
        "Basic Settings",
        "Robot 12 said: hello",
        "12:34:56 8c:85:90:00:00:01",
        "https://plume.invalid:8443/a@b?x=1",
        "postgresql://deck@db.invalid/opsdeck",
        "order 1234567: ready",
        "The password is wrong: try again",
        "PLUME_API_BASE",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert redact(text) == text


def test_only_the_credential_goes() -> None:
    assert redact("postgresql://deck:canary@db.invalid/x") == "postgresql://[redacted]@db.invalid/x"
    assert redact(f"bad token {TELEGRAM}.") == "bad token 1234567890:[redacted]."
    assert redact("a=1&client_secret=canary&b=2") == "a=1&client_secret=[redacted]&b=2"


@given(ANY_TEXT | st.text(st.sampled_from("Basic :/=@eyJ.0123456789_token'")))
def test_redacting_twice_changes_nothing(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize("function", [clean, paragraph, redact, cell])
@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1",
        "\x1b",
        " ",
        "\r\n",
        "\u0301",
        "eyJ-",
        "eyJaaaaaaaa.",
        "eyJ",
        "bot1",
        "bot1234567:",
        "1234567:",
        "Basic ",
        "Basic :",
        "://a:",
        "://a@",
        "://",
        "password=",
        "password'",
        "authorization ",
        "access_",
    ],
    ids=repr_of,
)
def test_a_megabyte_takes_about_ten_times_a_tenth_of_it(function: Callable[[str], str], piece: str) -> None:
    line = piece * (1_000_000 // len(piece))
    whole = min(_seconds(function, line) for _attempt in range(5))
    tenth = min(_seconds(function, line[: len(line) // 10]) for _attempt in range(5))
    # One that looks back for each sign takes a hundred times as long, and more than a second for the tenth;
    # the second granted is for a machine short of memory, which lengthens the longer text more.
    assert whole < 40 * tenth + 1.0


def _seconds(function: Callable[[str], str], line: str) -> float:
    """Processor time, which other programs on this machine don't lengthen."""
    start = time.process_time()
    function(line)
    return time.process_time() - start
