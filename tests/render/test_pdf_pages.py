"""Every page of the registry, as the demo fills it, as a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from itertools import cycle, islice

import pytest
from PIL import Image

from core.message import ENGLISH
from core.page import Page
from core.relay.languages import LANGUAGES, formatter_for, language_of
from core.render import pdf_blocks
from core.render.heading import title_of
from core.render.pdf import lay_out, render
from core.render.pdf_sheet import MARGIN, MOST_SHEETS, Words

from .demo_pages import NOW, ZONE
from .pdf_reading import sheet_count, text_of


@pytest.fixture(autouse=True)
def _no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are blank here; test_chat_pages draws them."""
    buffer = BytesIO()
    Image.new("RGB", (108, 72)).save(buffer, "PNG")
    monkeypatch.setattr(pdf_blocks, "png_of", lambda _figure, _formatter: buffer.getvalue())


def test_each_page_is_laid_out_within_its_sheets(pages: Mapping[str, Page]) -> None:
    for (name, page), code in zip(pages.items(), cycle(LANGUAGES), strict=False):
        sheets = lay_out(page, formatter_for(language_of(code), ZONE, NOW))
        assert 1 <= len(sheets.drawn) < MOST_SHEETS, name
        for each in (each for drawn in sheets.drawn for each in drawn):
            wide = each.line.width * each.letters.size if isinstance(each, Words) else each.width
            assert each.x >= MARGIN - 0.1, name
            assert each.x + wide <= sheets.width - MARGIN + 0.1, name
            assert MARGIN <= each.y <= sheets.height - MARGIN, name


def test_pages_of_every_kind_are_whole_files(pages: Mapping[str, Page]) -> None:
    formatter = formatter_for(ENGLISH, ZONE, NOW)
    for name, page in islice(pages.items(), 0, None, 12):
        content = render(page, formatter)
        count = sheet_count(content)
        lines = text_of(content).splitlines()
        assert lines[0].startswith(title_of(page, formatter)[:40]), name
        assert lines[1].startswith(page.verdict.severity.glyph) or len(lines[0]) > 40, name
        assert any(line.endswith(f"Page {count} of {count}") for line in lines), name
