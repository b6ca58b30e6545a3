"""Pages as WhatsApp shows them: marks that nobody forges, lengths that hold, both directions (S3)."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.message import ENGLISH, _
from core.page import Column, Fact, Facts, Note, Page, Row, Table
from core.render.chat_lines import Box, Piece, Style, bold, italic, line
from core.render.chat_whatsapp import (
    WhatsAppLimits,
    length_of,
    whatsapp_markup,
    whatsapp_notice,
    whatsapp_page,
)
from core.render.values import Formatter
from core.units import Severity, State
from tests.notify.alerted import NOON

FORMATTER = Formatter(ENGLISH, ZoneInfo("UTC"), NOON)
LIMITS = WhatsAppLimits(1_600)
FOREIGN = st.text(max_size=60)


def page(text: str) -> Page:
    facts = Facts("f", _("Facts"), (Fact(_("name"), text),))
    return Page("p", _("Order"), State(Severity.GOOD, _("GOOD")), (facts, Note("n", _("{t}", t=text))))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (line(bold("Order:"), " ORD-1"), "*Order:* ORD-1"),
        (line("a ", italic("b"), " c"), "a _b_ c"),
        (line(italic(" · note")), " _· note_"),
        (line("x", bold("y")), "xy"),
        (line(bold("y"), "x"), "yx"),
        (line(Piece("42", Style.CODE)), "`42`"),
        (line("said", box=Box.QUOTE), "> said"),
        (line(bold("a*b_c~d`e")), "*a∗b_c∼dˋe*"),
        (line("_x_ my_machine __"), "ˍxˍ my_machine ˍˍ"),
        (line(bold("  ")), "  "),
    ],
)
def test_marks(written: object, expected: str) -> None:
    assert whatsapp_markup([written]) == expected  # type: ignore[list-item]


def test_a_grid_stands_between_fences() -> None:
    grid = [line("a  b", box=Box.GRID), line("c  d", box=Box.GRID)]
    assert whatsapp_markup([line("t"), *grid, line("u")]) == "t\n```\na  b\nc  d\n```\nu"


@given(FOREIGN)
def test_s3_foreign_text_marks_nothing(text: str) -> None:
    written = whatsapp_markup([line(f"x {text} y".replace("\n", " "))])
    assert not re.search(r"[*~`]", written)
    assert not re.search(r"(?<![^\W_])_|_(?![^\W_])", written)


@given(st.lists(FOREIGN, max_size=12), st.sampled_from([200, 1_600]))
def test_no_message_is_too_long(texts: list[str], longest: int) -> None:
    rows = tuple(Row(str(index), (text, "🙂" * 40)) for index, text in enumerate(texts))
    columns = (Column("a", _("A")), Column("b", _("B")))
    table = Table("t", _("T"), columns, rows, total=len(rows), unfiltered=len(rows))
    made = whatsapp_page(
        Page("p", _("P"), State(Severity.GOOD, _("GOOD")), (table,)), FORMATTER, WhatsAppLimits(longest)
    )
    assert made.texts
    assert all(0 < length_of(each) <= longest for each in made.texts)


def test_an_emoji_counts_as_two() -> None:
    assert length_of("a🙂") == 3


def test_a_notice_keeps_its_beginning_and_its_reason() -> None:
    lines = [_("{text}", text="word " * 100)] * 20
    said = whatsapp_notice(_("Late"), lines, _("It is yours."), Severity.WARNING, FORMATTER, LIMITS)
    assert length_of(said) <= 1_600
    assert "*Late*" in said
    assert said.endswith("_It is yours._")


def test_plain_has_no_marks() -> None:
    made = whatsapp_page(page("a*b"), FORMATTER, LIMITS, plain=True)
    assert "a*b" in made.texts[0]
    assert "*Order*" not in made.texts[0]
    assert "*Order*" in whatsapp_page(page("a"), FORMATTER, LIMITS).texts[0]
