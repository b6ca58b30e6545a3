"""A link as a QR code of half blocks, beside the code in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import segno

from core.message import ENGLISH, _
from core.page import Code, Page
from core.render.qr import qr_lines
from core.render.text import render
from core.render.values import Formatter
from core.units import Severity, State

LINK = "https://t.me/ops_demo_bot?start=TYKF-HCTT-ZWN4"
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_LIGHT = {"█": (True, True), "▀": (True, False), "▄": (False, True), " ": (False, False)}


def dark_squares(lines: list[str]) -> list[list[bool]]:
    """The squares again, out of what is written."""
    rows: list[list[bool]] = []
    for line in lines:
        pairs = [_LIGHT[each] for each in line]
        rows += [[not upper for upper, _lower in pairs], [not lower for _upper, lower in pairs]]
    return rows


def page(link: str) -> Page:
    code = Code("code", _("Pairing code"), "TYKF-HCTT-ZWN4", link, NOW + timedelta(minutes=10))
    return Page("pair", _("Pairing"), State(Severity.NOTICE, _("WAITING")), (code,))


def text(link: str, width: int = 100) -> str:
    return render(page(link), Formatter(ENGLISH, ZoneInfo("UTC"), NOW), width=width)


def test_every_square_is_that_of_the_standard_with_two_light_ones_around() -> None:
    rows = dark_squares(qr_lines(LINK))
    wanted = [list(map(bool, row)) for row in segno.make(LINK, error="l", micro=False).matrix]
    side = len(wanted)
    assert [row[2:-2] for row in rows[2 : 2 + side]] == wanted
    around = [*rows[:2], *rows[2 + side :], *([*row[:2], *row[-2:]] for row in rows)]
    assert not any(square for row in around for square in row)


def test_dark_on_light_the_other_squares_are_drawn() -> None:
    light, dark = qr_lines(LINK), qr_lines(LINK, light_on_dark=False)
    other = str.maketrans("█▀▄ ", " ▄▀█")
    assert [line.translate(other) for line in light] == dark


def test_it_fits_a_small_terminal() -> None:
    lines = qr_lines(LINK)
    assert {len(line) for line in lines} == {len(lines[0])}
    assert len(lines[0]) <= 38
    assert len(lines) <= 19


def test_without_a_link_there_is_nothing_to_scan() -> None:
    assert qr_lines("") == []
    assert qr_lines("x" * 4_000) == [], "more than such a code can hold"
    assert "█" not in text("")


def test_text_has_the_code_the_link_and_the_qr_code() -> None:
    said = text(LINK)
    assert "TYKF-HCTT-ZWN4" in said
    assert LINK in said
    assert all(line.rstrip() in said for line in qr_lines(LINK))


def test_where_there_is_no_room_the_words_stand_alone() -> None:
    long = LINK + "x" * 200
    said = text(long, width=40)
    assert "TYKF-HCTT-ZWN4" in said
    assert "▀" not in said
