"""Pages as they are drawn on a terminal."""

from __future__ import annotations

import contextlib
import io
import re
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from console.cli import main
from console.printing import make_pen, page_lines, print_page
from core.message import ENGLISH
from core.page import Page
from core.query import TableQuery
from core.render.values import Formatter
from tests.console.pages import NOW, network, overview, wan
from tests.console.test_foreign_text import CORPUS, nasty_page

from .conftest import NOW as VECTORS_NOW
from .conftest import run

FORMATTER = Formatter(ENGLISH, ZoneInfo("UTC"), NOW)
PAGES = {"overview": overview(NOW), "wan": wan(NOW, "24h"), "every block": nasty_page("Harbour")}
_SEQUENCE = re.compile(r"\x1b\[[\d;]*m")


class Terminal(io.StringIO):
    """Where a page is printed that looks like a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _terminal_with_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")


def printed(page: Page) -> str:
    """What a terminal is sent for a page."""
    with contextlib.redirect_stdout(Terminal()) as terminal:
        print_page(page, FORMATTER)
    return terminal.getvalue()


def answered(*line: str) -> str:
    """What a terminal is sent for a command line."""
    with contextlib.redirect_stdout(Terminal()) as terminal:
        assert main(line) == 0
    return terminal.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120])
@pytest.mark.parametrize("name", PAGES)
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    lines = [line.plain for line in page_lines(PAGES[name], make_pen(FORMATTER), width)]

    assert len(lines) > 10
    assert [line for line in lines if cell_len(line.rstrip()) > width] == []


def test_a_page_is_drawn_in_colour_with_words_beside_every_mark() -> None:
    drawn = printed(PAGES["overview"])

    assert "\x1b[" in drawn
    plain = _SEQUENCE.sub("", drawn)
    assert "\x1b" not in plain
    assert "Overview" in plain.splitlines()[0]
    assert re.search(r"[▲■●] \w", plain)


def test_no_color_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert colours(printed(PAGES["overview"])) != set()
    monkeypatch.setenv("NO_COLOR", "1")

    assert colours(printed(PAGES["overview"])) == set()


def colours(drawn: str) -> set[str]:
    """The codes of colours in what was drawn."""
    codes = {code for each in re.findall(r"\x1b\[([\d;]*)m", drawn) for code in each.split(";")}
    return {code for code in codes if code.isdigit() and 30 <= int(code) <= 107}


def test_charts_are_drawn_with_their_axes_and_their_unit() -> None:
    lines = [line.plain for line in page_lines(wan(NOW, "24h"), make_pen(FORMATTER), 100)]

    assert any("(Mbps)" in line for line in lines)
    assert any("┤" in line for line in lines)


def test_a_wide_table_drops_columns_and_says_how_many() -> None:
    page: Page = network(NOW, TableQuery(), "24h")
    narrow = "\n".join(line.plain for line in page_lines(page, make_pen(FORMATTER), 44))

    assert "more column" in narrow


@pytest.mark.parametrize("text", CORPUS, ids=lambda text: ascii(text)[:24])
def test_foreign_text_stays_text(text: str) -> None:
    plain = _SEQUENCE.sub("", printed(nasty_page(text)))

    assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", plain) is None
    if text.startswith("[") and "\x1b" not in text:
        assert text[:12] in plain


@pytest.mark.usefixtures("desk")
def test_a_command_on_a_terminal_is_drawn_and_in_a_pipe_is_plain() -> None:
    drawn = answered("--now", VECTORS_NOW, "nodes")

    assert "\x1b[" in drawn
    piped = run("--now", VECTORS_NOW, "nodes").out
    assert "\x1b" not in piped
    for word in ("Reception", "online", "OPERATIONAL"):
        assert word in drawn
        assert word in piped


@pytest.mark.parametrize("line", [("status", "--format", "json"), ("db", "check"), ("config", "show")])
def test_data_for_programs_is_never_coloured(line: tuple[str, ...]) -> None:
    assert "\x1b" not in answered(*line)


def test_findings_of_the_doctor_are_marked_in_colour() -> None:
    with contextlib.redirect_stdout(Terminal()) as terminal:
        assert main(["doctor"]) == 1

    assert "Network isn't set up." in _SEQUENCE.sub("", terminal.getvalue())
    assert colours(terminal.getvalue()) != set()
