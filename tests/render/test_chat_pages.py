"""Every page of the registry, as the demo fills it, within what the platform takes."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

import pytest
from PIL import Image

from core.message import ENGLISH
from core.page import Page
from core.relay.languages import LANGUAGES, formatter_for, language_of
from core.render.chat_html import TELEGRAM, DocumentPart, PhotoPart, TextPart, chat_parts
from core.render.png import png_of
from core.simulators.telegram.html_text import parse_html

from .demo_pages import NOW, ZONE
from .telegram_html import read

HEAVIEST = 32_768


def test_there_is_a_page_of_every_area(pages: Mapping[str, Page]) -> None:
    assert len(pages) > 100
    assert {
        "overview",
        "status",
        "usage",
        "credits",
        "incidents",
        "tickets",
        "ops",
        "alerts",
        "people",
    } <= set(pages)


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_page_is_within_telegram_s_limits(pages: Mapping[str, Page], code: str) -> None:
    formatter = formatter_for(language_of(code), ZONE, NOW)
    for name, page in pages.items():
        parts = chat_parts(page, formatter)
        texts = [part for part in parts if isinstance(part, TextPart)]
        assert 1 <= len(texts) <= TELEGRAM.messages, name
        for part in parts:
            text, _entities = read(part.html)
            assert text == part.plain, name
            assert parse_html(part.html)[0] == part.plain, name
            assert len(part.html.encode()) <= HEAVIEST, name
            if isinstance(part, TextPart):
                assert 0 < len(text.strip()) <= 4_096, name
            else:
                assert len(text) <= 1_024, name
            if isinstance(part, DocumentPart):
                assert part.content.decode(), name


def test_each_page_tells_its_verdict_first(pages: Mapping[str, Page]) -> None:
    formatter = formatter_for(ENGLISH, ZONE, NOW)
    for name, page in pages.items():
        second = chat_parts(page, formatter)[0].plain.split("\n")[1]
        assert second == formatter.at(page.at).verdict(page.verdict), name


def test_each_picture_can_be_drawn(pages: Mapping[str, Page]) -> None:
    formatter = formatter_for(language_of("es"), ZONE, NOW)
    photos = {
        part.figure.key: part.figure
        for page in pages.values()
        for part in chat_parts(page, formatter)
        if isinstance(part, PhotoPart)
    }
    assert len(photos) > 10
    for key, figure in photos.items():
        image = Image.open(BytesIO(png_of(figure, formatter)))
        assert image.size[0] + image.size[1] <= 10_000, key
        assert len(image.convert("RGB").getcolors(maxcolors=1 << 20) or ()) > 10, key
