"""Pages as they are drawn on a terminal."""

from __future__ import annotations

import io
import re
import sys
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from console.printing import make_pen, page_lines, print_page
from core.message import ENGLISH
from core.page import Page
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


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm-256color")
    drawn = Terminal()
    monkeypatch.setattr(sys, "stdout", drawn)
    return drawn


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120])
@pytest.mark.parametrize("name", PAGES)
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    lines = [line.plain for line in page_lines(PAGES[name], make_pen(FORMATTER), width)]

    assert len(lines) > 10
    assert [line for line in lines if cell_len(line.rstrip()) > width] == []


def test_a_page_is_drawn_in_colour_with_words_beside_every_mark(terminal: Terminal) -> None:
    print_page(PAGES["overview"], FORMATTER)

    drawn = terminal.getvalue()
    assert "\x1b[" in drawn
    plain = _SEQUENCE.sub("", drawn)
    assert "\x1b" not in plain
    assert "Overview" in plain.splitlines()[0]
    assert re.search(r"[▲■●] \w", plain)


def test_no_color_is_obeyed(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    print_page(PAGES["overview"], FORMATTER)

    colours = {code for each in re.findall(r"\x1b\[([\d;]*)m", terminal.getvalue()) for code in each.split(";")}
    assert not {code for code in colours if code.isdigit() and 30 <= int(code) <= 107}


def test_charts_are_drawn_with_their_axes_and_their_unit() -> None:
    lines = [line.plain for line in page_lines(wan(NOW, "24h"), make_pen(FORMATTER), 100)]

    assert any("(Mbps)" in line for line in lines)
    assert any("┤" in line for line in lines)


def test_a_wide_table_drops_columns_and_says_how_many() -> None:
    from core.query import TableQuery

    page: Page = network(NOW, TableQuery(), "24h")
    narrow = "\n".join(line.plain for line in page_lines(page, make_pen(FORMATTER), 44))

    assert "more column" in narrow


@pytest.mark.parametrize("text", CORPUS, ids=lambda text: ascii(text)[:24])
def test_foreign_text_stays_text(text: str, terminal: Terminal) -> None:
    print_page(nasty_page(text), FORMATTER)

    plain = _SEQUENCE.sub("", terminal.getvalue())
    assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", plain) is None
    if text.startswith("[") and "\x1b" not in text:
        assert text[:12] in plain


@pytest.mark.usefixtures("desk")
def test_a_command_on_a_terminal_is_drawn_and_in_a_pipe_is_plain(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    from console.cli import main

    assert main(["--now", VECTORS_NOW, "nodes"]) == 0

    drawn = terminal.getvalue()
    assert "\x1b[" in drawn
    piped = run("--now", VECTORS_NOW, "nodes").out
    assert "\x1b" not in piped
    for word in ("Reception", "online", "OPERATIONAL"):
        assert word in drawn
        assert word in piped


def test_data_for_programs_is_never_coloured(terminal: Terminal) -> None:
    from console.cli import main

    assert main(["status", "--format", "json"]) == 0

    assert "\x1b" not in terminal.getvalue()
