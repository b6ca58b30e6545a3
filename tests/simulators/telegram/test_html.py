"""Acceptance line 4 of telegram.md 9, first part: HTML, with every row of section 5's table."""

from __future__ import annotations

import html
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.simulators.telegram import HtmlError, parse_html
from tests.simulators.telegram.line import ANA, Line

Found = list[tuple[Any, ...]]


def parsed(source: str) -> tuple[str, Found]:
    text, entities = parse_html(source)
    return text, [
        (each.kind, each.offset, each.length, *filter(None, (each.url, each.language))) for each in entities
    ]


ROWS: dict[str, tuple[str, tuple[str, Found]]] = {
    "references": ("a & b &copy; &lt;x&gt; &#9989;", ("a & b &copy; <x> ✅", [])),
    "any letter case": ("<B>x</B>", ("x", [("bold", 0, 1)])),
    "utf-16 offsets": ("😀<b>é</b>", ("😀é", [("bold", 2, 1)])),
    "empty tag": ("<b></b>x", ("x", [])),
    "empty end tag": ("<b>x</>", ("x", [("bold", 0, 1)])),
    "code in pre": (
        '<pre><code class="language-python">x</code></pre>',
        ("x", [("pre", 0, 1, "python")]),
    ),
    "link": (
        '<a href="http://e.test/?a=1&b=2">l</a>',
        ("l", [("text_link", 0, 1, "http://e.test/?a=1&b=2")]),
    ),
    "bad link": ("<a href=http>l</a>", ("l", [])),
}
ERRORS = {
    "1<2": "Unclosed start tag at byte offset 1",
    "x<y and z": 'Unsupported start tag "y" at byte offset 1',
    "<p>x</p>": 'Unsupported start tag "p" at byte offset 0',
    "<b>x": 'Can\'t find end tag corresponding to start tag "b"',
    "x</b>": "Unexpected end tag at byte offset 1",
    "<b><i>x</b></i>": 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    "<span>s</span>": 'Tag "span" must have class "tg-spoiler" at byte offset 0',
}


@pytest.mark.parametrize("row", ROWS)
def test_row_of_section_5_that_is_read(row: str) -> None:
    source, expected = ROWS[row]

    assert parsed(source) == expected


@pytest.mark.parametrize("source", ERRORS)
def test_row_of_section_5_that_is_refused(source: str) -> None:
    with pytest.raises(HtmlError) as caught:
        parse_html(source)

    assert str(caught.value) == ERRORS[source]


@pytest.mark.parametrize("source", ERRORS)
async def test_row_of_section_5_as_the_api_words_it(line: Line, source: str) -> None:
    description = await line.why("sendMessage", chat_id=ANA, text=source, parse_mode="HTML")

    assert description == f"Bad Request: can't parse entities: {ERRORS[source]}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<strong>a</strong><em>b</em>", ("ab", [("bold", 0, 1), ("italic", 1, 1)])),
        ("<u>a</u><ins>b</ins>", ("ab", [("underline", 0, 1), ("underline", 1, 1)])),
        ("<s>a</s><strike>b</strike><del>c</del>", ("abc", [("strikethrough", at, 1) for at in range(3)])),
        ('<span class="tg-spoiler">a</span>', ("a", [("spoiler", 0, 1)])),
        ("<tg-spoiler>a</tg-spoiler>", ("a", [("spoiler", 0, 1)])),
        ("<blockquote>a</blockquote>", ("a", [("blockquote", 0, 1)])),
        ("<blockquote expandable>a</blockquote>", ("a", [("expandable_blockquote", 0, 1)])),
        ("<code>a</code>", ("a", [("code", 0, 1)])),
        ("<b>x<i>y</i></b>", ("xy", [("bold", 0, 2), ("italic", 1, 1)])),
        ("<b >x</b >", ("x", [("bold", 0, 1)])),
        ("a > b", ("a > b", [])),
        ("&quot;&amp&#x2705;", ('"&✅', [])),
        ("&#0;&#xD800;&", ("&#0;&#xD800;&", [])),
        ("&lt;b&gt;", ("<b>", [])),
        ("one\n<b>two</b>", ("one\ntwo", [("bold", 4, 3)])),
        ('<a href="https://e.test">l</a>', ("l", [("text_link", 0, 1, "https://e.test/")])),
        ("<a href='tg://user?id=1'>l</a>", ("l", [("text_link", 0, 1, "tg://user?id=1")])),
    ],
)
def test_what_else_is_read(source: str, expected: tuple[str, Found]) -> None:
    assert parsed(source) == expected


@pytest.mark.parametrize("tag", ["p", "br", "ul", "li", "h1", "div", "img", "table", "br/"])
def test_tags_of_web_pages_are_refused(tag: str) -> None:
    with pytest.raises(HtmlError, match="Unsupported start tag"):
        parse_html(f"<{tag}>x")


def test_offsets_in_errors_are_bytes_of_what_was_sent() -> None:
    with pytest.raises(HtmlError, match=r"byte offset 6$"):
        parse_html("é😀<p>")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_is_read_back_as_it_was(text: str) -> None:
    assert parse_html(html.escape(text)) == (text, ())


@given(st.text("<>&/ab =\"'é😀#;", max_size=40))
def test_any_text_is_read_or_refused(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except HtmlError:
        return
    units = len(text.encode("utf-16-le")) // 2
    assert all(each.offset >= 0 and each.length > 0 and each.end <= units for each in entities)
