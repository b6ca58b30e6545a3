from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.message import _
from core.page import Document, Fact, Facts
from core.render.markdown import escape, render
from core.text import clean

from .sample import CORPUS, NOW, foreign, formatter, page, pods, repr_of

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_HARMLESS = {"text", "softbreak", "hardbreak"}


def parse(text: str) -> list[Token]:
    return _PARSER.parse(text)


def literal(tokens: list[Token]) -> list[str]:
    """The text of each inline token; fails where one holds more than text."""
    found: list[str] = []
    for token in tokens:
        if token.type == "inline":
            kinds = {child.type for child in token.children or ()}
            assert kinds <= _HARMLESS | {"text_special"}, (token.content, kinds)
            found.append("".join(child.content for child in token.children or ()))
    return found


def test_a_page_reads_as_markdown() -> None:
    text = render(page("Harbour Office"), formatter())
    assert text.startswith("# Network · Harbour Office\n\n**▲ DEGRADED** · 2026-01-14 17:42 UTC, 12 s ago\n")
    assert "| Received | 6,847 MB (6.7 GB) since midnight |" in text
    assert "| Upload | n/a (the speed test failed) |" in text
    assert "| Yard | ■ offline | n/a | 0 MB | 12:00 |" in text
    assert "2 of 12,431 that match “pod”, 20,000 in all. n/a: not reported." in text
    assert "- `|▃▃▄▄   ▅▅▅▅▅▆▆▆▆▇▇▇▇▇███|` Downstream" in text
    assert "▲ busy: 30.0 Mbps" in text
    assert "▲ 85.0 %: 850 MB of 1,000 MB" in text


def test_every_table_is_one_for_a_reader_of_markdown() -> None:
    tokens = parse(render(page("a | b"), formatter()))
    assert sum(token.type == "table_open" for token in tokens) == 8
    headings = [
        tokens[index + 1].content for index, token in enumerate(tokens) if token.type == "heading_open"
    ]
    assert headings[1:4] == ["Figures", "Pods", "WAN, last 6 h"]


@pytest.mark.parametrize("text", CORPUS, ids=repr_of)
def test_foreign_text_is_literal_everywhere(text: str) -> None:
    """Only our own emphasis, code and structure are in the page, whatever the foreign text says."""
    ours = {"text", "text_special", "hardbreak", "softbreak", "strong_open", "strong_close", "code_inline"}
    tokens = parse(render(page(text), formatter()))
    for token in tokens:
        assert token.type not in {"html_block", "fence", "code_block", "hr", "ordered_list_open"}
        assert {child.type for child in token.children or ()} <= ours
    plain = parse(render(page("x"), formatter()))
    count = len([token for token in tokens if token.type == "heading_open"])
    assert count == len([token for token in plain if token.type == "heading_open"])
    rows = len([token for token in tokens if token.type == "tr_open"])
    assert rows == len([token for token in plain if token.type == "tr_open"])


@given(st.text())
@example("- [ ] x")
@example("1. x")
@example("12) x")
@example(":--")
@example("\\|")
@example("https://x.invalid")
@example("===")
def test_escaped_text_reads_exactly_as_it_was(text: str) -> None:
    text = clean(text)
    assert literal(parse(escape(text))) == ([text] if text else [])
    cells = literal(parse(f"| a |\n| --- |\n| {escape(text)} |\n"))
    assert cells == ["a", text]


@given(st.lists(st.text(st.characters(exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85")), max_size=4))
def test_documents_keep_their_words_and_gain_no_markup(lines: list[str]) -> None:
    document = Document("d", _("D"), ("\n".join(lines),))
    said = literal(
        [t for t in parse(render(page(blocks=(document,)), formatter())) if not t.content.startswith("**")]
    )
    words = " ".join(" ".join(clean(line) for line in lines).split()).replace(" ", "")
    assert "".join(said[2:]).replace(" ", "") == words


def test_links_are_not_made_from_foreign_addresses() -> None:
    linkifying = escape("see https://x.invalid, www.x.invalid or mailto:a")
    assert linkifying == "see https\\://x.invalid, www\\.x.invalid or mailto\\:a"


def test_the_past_is_said_in_the_heading() -> None:
    past = page("x", blocks=(pods(),), at=NOW - timedelta(days=1))
    assert "*As it was on 2026-01-13 17:42 UTC.*" in render(past, formatter())


def test_a_label_that_is_foreign_stays_a_cell() -> None:
    facts = Facts("f", _("F"), (Fact("a | b\n| c", foreign("# x")),))
    assert "| a \\| b \\| c | \\# x |" in render(replace(page(), blocks=(facts,)), formatter())
