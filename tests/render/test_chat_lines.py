"""Chat text: nothing foreign is markup, and no cut breaks anything (reliability.md S3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.render.chat_lines import (
    Box,
    Line,
    Piece,
    Style,
    bold,
    cut_line,
    directed,
    html_of,
    line,
    pack,
    plain_of,
)

from .sample import CORPUS, repr_of
from .telegram_html import UnreadableError, read

LONGEST, HEAVIEST = 4_096, 32_000

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)
pieces = st.builds(Piece, texts, st.sampled_from(Style))
lines = st.lists(
    st.builds(Line, st.lists(pieces, max_size=4).map(tuple), st.sampled_from(Box), st.booleans()),
    min_size=1,
    max_size=12,
)


@given(lines)
def test_s3_any_text_is_read_back_as_it_was(many: list[Line]) -> None:
    text, _entities = read(html_of(many))
    assert text == plain_of(many)


@pytest.mark.parametrize("foreign", [text for text in CORPUS if text.isprintable()], ids=repr_of)
def test_hostile_text_is_only_text(foreign: str) -> None:
    text, entities = read(html_of([line(bold(foreign))]))
    assert text == foreign
    assert [entity.tag for entity in entities] == ["b"]


@given(lines, st.integers(20, 80))
def test_every_message_is_short_enough_and_whole(many: list[Line], longest: int) -> None:
    messages = pack(many, longest, HEAVIEST)
    for message in messages:
        text, _entities = read(html_of(message))
        assert 0 < len(text) <= longest
        assert text.strip()
    assert "".join("".join(map(plain_of, messages)).split()) == "".join(plain_of(many).split())


@given(st.text(st.sampled_from("&<>a "), min_size=1, max_size=30))
def test_escaping_never_makes_a_message_too_heavy(text: str) -> None:
    for message in pack([line(text * 200)], LONGEST, 8_000):
        assert len(html_of(message).encode()) <= 8_000


@pytest.mark.parametrize("before", [4_094, 4_095, 4_096])
def test_characters_of_two_utf16_units_count_as_one_and_stay_whole(before: int) -> None:
    """Telegram counts code points; a family of emoji is not torn apart either."""
    family = "👩‍👩‍👧‍👦"
    messages = [plain_of(message) for message in pack([line("x" * before + family + "y")], LONGEST, HEAVIEST)]
    assert all(len(message) <= LONGEST for message in messages)
    assert "".join(messages) == "x" * before + family + "y"
    assert any(message.startswith(family) for message in messages) or before + len(family) <= LONGEST


def test_a_message_of_exactly_the_limit_is_one() -> None:
    assert len(pack([line("😀" * LONGEST)], LONGEST, HEAVIEST)) == 1
    assert len(pack([line("😀" * 2_048), line("😀" * 2_047)], LONGEST, HEAVIEST)) == 1
    assert len(pack([line("😀" * 2_048), line("😀" * 2_048)], LONGEST, HEAVIEST)) == 2


def test_fault_12_messages_are_cut_at_line_ends() -> None:
    many = [line(bold(f"row {number}"), " of many") for number in range(1_000)]
    for message in pack(many, LONGEST, HEAVIEST):
        assert plain_of(message).startswith("row ")
        assert plain_of(message).endswith(" of many")


def test_a_line_that_leads_is_never_the_last_of_a_message() -> None:
    rows = [each for number in range(300) for each in (line(f"row {number}", leads=True), line("x" * 20))]
    messages = pack(rows, 400, HEAVIEST)
    assert len(messages) > 10
    assert all(plain_of(message).startswith("row ") for message in messages)
    assert [plain_of(each) for each in pack([line("a", leads=True), line("b" * 9)], 9, 99)] == ["a", "b" * 9]


def test_a_long_line_is_broken_at_a_space() -> None:
    first, second = pack([line("word " * 1_000)], LONGEST, HEAVIEST)
    assert plain_of(first).endswith("word")
    assert plain_of(second).startswith("word")


@pytest.mark.parametrize("box", [Box.GRID, Box.QUOTE, Box.FOLDED])
def test_a_box_is_closed_where_a_message_ends_and_opened_again(box: Box) -> None:
    for message in pack([line("a <line> of it", box=box) for _number in range(900)], LONGEST, HEAVIEST):
        text, entities = read(html_of(message))
        (around,) = entities
        assert (around.start, around.length) == (0, len(text))
        assert around.expandable is (box is Box.FOLDED)


def test_boxes_side_by_side_stay_apart() -> None:
    text, entities = read(html_of([line("a", box=Box.GRID), line("b", box=Box.QUOTE), line("c")]))
    assert text == "a\nb\nc"
    assert [(entity.tag, entity.start, entity.length) for entity in entities] == [
        ("pre", 0, 1),
        ("blockquote", 2, 1),
    ]


def test_blank_lines_stand_only_inside_a_message() -> None:
    assert [plain_of(each) for each in pack([line(), line("a"), line(" "), line("b"), line()], 99, 999)] == [
        "a\n \nb"
    ]
    assert pack([line(), line("  ")], 99, 999) == []


def test_a_cut_line_says_that_it_was_cut() -> None:
    cut = cut_line(line(bold("abc"), "defgh"), 6)
    assert html_of([cut]) == "<b>abc</b>de…"
    assert cut_line(line("abc"), 3) == line("abc")


def test_lines_from_the_right_say_so_and_grids_do_not() -> None:
    marked = directed([line("مرحبا"), line("1 2", box=Box.GRID), line()], right_to_left=True)
    assert [each.text for each in marked] == ["\u200fمرحبا", "1 2", ""]
    assert directed([line("hello")], right_to_left=False) == [line("hello")]


@pytest.mark.parametrize(
    "refused",
    ["1<2", "<p>x</p>", "<b>x", "x</b>", "<b><i>x</b></i>"],
    ids=["unclosed", "p", "open", "end", "crossed"],
)
def test_the_reading_here_is_as_strict_as_telegram(refused: str) -> None:
    with pytest.raises(UnreadableError):
        read(refused)
