"""A page as one HTML file: whole, inert, and nothing foreign in it but as text."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from core.message import _
from core.page import Column, Document, Fact, Facts, Kind, Note, Row, Table
from core.render import render_as
from core.units import Absent, Quantity, Severity, State, Unit

from .sample import CORPUS, formatter, page, repr_of

VOID = {"meta", "br"}
ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>alert(1)</script>",
    "<!-- ",
    "&lt;b&gt;",
    "javascript:alert(1)",
)


class Reader(HTMLParser):
    """What a browser would make of it: its elements, its attributes, its text, and whether all are closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[str] = []
        self.attributes: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes |= {name for name, _value in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize("text", [*CORPUS, *ATTACKS], ids=repr_of)
def test_foreign_text_is_text_and_nothing_else(text: str) -> None:
    plain, found = (
        read(render_as("html", page("x"), formatter())),
        read(render_as("html", page(text), formatter())),
    )
    assert set(found.elements) <= set(plain.elements)
    assert found.attributes <= plain.attributes
    assert "script" not in found.elements
    assert not any(name.startswith("on") for name in found.attributes)


def test_an_attack_can_be_read_as_it_was_written() -> None:
    note = Note("n", _("{text}", text=ATTACKS[0]), Severity.NOTICE)
    assert ATTACKS[0] in "".join(read(render_as("html", page("x", (note,)), formatter())).words)


def test_it_needs_nothing_else_and_forbids_the_rest() -> None:
    html = render_as("html", page("x"), formatter())
    assert html.startswith("<!doctype html>")
    assert "default-src 'none'" in html
    assert "prefers-color-scheme: dark" in html
    assert not read(html).attributes & {"src", "href", "style", "action"}


def test_states_have_a_word_beside_their_colour_and_absence_its_reason() -> None:
    facts = Facts(
        "f",
        _("Facts"),
        (
            Fact(_("state"), State(Severity.CRITICAL, _("major outage"))),
            Fact(_("speed"), Quantity(12.5, Unit.MILLISECOND)),
            Fact(_("missing"), Absent(_("never measured"))),
        ),
    )
    html = render_as("html", page("x", (facts,)), formatter())
    assert '<span class="state critical">■ major outage</span>' in html
    assert "12.5 ms" in html
    assert 'title="never measured"' in html


def test_a_table_has_its_numbers_to_the_right_and_says_when_it_is_empty() -> None:
    columns = (Column("name", _("Name")), Column("n", _("Count"), Kind.NUMBER))
    full = Table("t", _("Things"), columns, (Row("r", ("one", 1234)),), 1, 1)
    empty = Table("t", _("Things"), columns, (), 0, 0, _("No things."))
    assert '<td class="number">1,234</td>' in render_as("html", page("x", (full,)), formatter())
    assert "No things." in render_as("html", page("x", (empty,)), formatter())


def test_paragraphs_keep_their_lines() -> None:
    document = Document("d", _("Text"), ("first\nsecond", "third"))
    html = render_as("html", page("x", (document,)), formatter())
    assert "<p>first<br>\nsecond</p>\n<p>third</p>" in html
