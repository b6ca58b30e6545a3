"""Every page through every renderer, with every hostile string in every foreign field."""

from __future__ import annotations

import re

import pytest

from core.errors import InputError
from core.page import Conversation, Document
from core.render import FORMATS, render_as

from .sample import CORPUS, formatter, page, repr_of

CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]"
)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", CORPUS, ids=repr_of)
def test_no_foreign_byte_steers_anything(form: str, text: str) -> None:
    rendered = render_as(form, page(text), formatter())
    assert not CONTROL.search(rendered)
    assert "\r" not in rendered.replace("\r\n", "")
    rendered.encode("utf-8")


@pytest.mark.parametrize("form", FORMATS)
def test_each_block_stands_in_each_format_alone(form: str) -> None:
    for block in page().blocks:
        assert render_as(form, page("x", (block,)), formatter())


@pytest.mark.parametrize("form", FORMATS)
def test_foreign_lines_can_not_forge_a_record(form: str) -> None:
    """A name with a line break stays on one line; only texts of paragraphs keep their lines."""
    blocks = tuple(
        block for block in page("quiet\nFORGED").blocks if not isinstance(block, Conversation | Document)
    )
    rendered = render_as(form, page("quiet\nFORGED", blocks), formatter())
    assert "quiet FORGED" in rendered or form == "csv"
    assert not [line for line in rendered.splitlines() if line.strip().startswith("FORGED")]


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match="choose one of text, markdown, json, csv, html, pdf"):
        render_as("docx", page(), formatter())
