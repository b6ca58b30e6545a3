"""What goes out as a picture, a document or a link, fetched by both providers (whatsapp.md A4, B6, C2)."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from core.simulators.whatsapp.model import Media
from tests.relay.whatsapp_service.running import ANN, World, eventually, world
from tests.render.pdf_reading import text_of

_BOTH = pytest.mark.parametrize("provider", ["twilio", "meta"])


def _media(plant: World) -> list[Media]:
    sent = (each.content.media for each in plant.simulator.messages(ANN) if each.own)
    return [each for each in sent if each is not None]


async def _ask_for_pdf(plant: World, file: str, more: str) -> None:
    """Press what leads to the page as a PDF, wherever it stands: behind one “more” or two."""
    people = plant.simulator.people
    await eventually(lambda: people.has_button(ANN, file) or people.has_button(ANN, more))
    for _time in range(3):
        if people.has_button(ANN, file):
            break
        shown = len(plant.shown())
        people.press(ANN, more)
        await eventually(lambda known=shown: len(plant.shown()) > known or None)
    await plant.presses(file, "pdf")
    await plant.presses("pdf", "document")


def _urls(plant: World) -> list[str]:
    """The addresses that the provider was handed."""
    found: list[str] = []
    for call in list(plant.simulator.calls):
        values = getattr(call, "values", None) or getattr(call, "body", {})
        found += [values["MediaUrl"]] if "MediaUrl" in values else []
        for kind in ("image", "document"):
            part = values.get(kind)
            found += [part["link"]] if isinstance(part, dict) else []
    return found


@_BOTH
@pytest.mark.parametrize(
    ("page", "name", "words"),
    [
        ("order ORD-12005", "order-ord-12005", "ORD-12005"),
        ("defect show RJT-2026-0001", "defect-rjt-2026-0001", "RJT-2026-0001"),
        ("maintenance show MNT-2026-0001", "maintenance-mnt-2026-0001", "MNT-2026-0001"),
    ],
)
async def test_documents_arrive_as_pdf_under_their_names(
    tmp_path: Path, provider: str, page: str, name: str, words: str
) -> None:
    async with world(tmp_path, provider=provider) as plant, plant.relay():
        await plant.says(page, words)
        await _ask_for_pdf(plant, "File", "More …")
        (document,) = [each for each in _media(plant) if each.kind == "document"]
        assert document.mime == "application/pdf"
        assert document.name.startswith(name)
        assert document.name.endswith(".pdf")
        assert words in text_of(document.content)
        urls = _urls(plant)
        assert urls
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{plant.ports[-1]}") as client:
            for url in urls:
                path = urlsplit(url).path
                assert len(path) <= 60
                head, get = await client.head(path), await client.get(path)
                assert (head.status_code, get.status_code) == (200, 200)
                assert head.headers == get.headers
                assert "attachment" in get.headers["content-disposition"]


@_BOTH
async def test_the_plan_of_an_order_arrives_as_a_picture_with_a_caption(
    tmp_path: Path, provider: str
) -> None:
    async with world(tmp_path, provider=provider) as plant, plant.relay():
        await plant.says("order ORD-12005", "image")
        (picture,) = [each for each in _media(plant) if each.kind == "image"]
        assert picture.mime == "image/png"
        assert picture.content.startswith(b"\x89PNG")
        assert any(each.file_kind == "image" and "ORD-12005" in each.text for each in plant.shown())


@_BOTH
async def test_a_report_in_arabic_arrives_shaped_and_from_the_right(tmp_path: Path, provider: str) -> None:
    async with world(tmp_path, provider=provider) as plant, plant.relay():
        await plant.says("lang ar", "اللغة")
        await plant.says("order ORD-12005", "image")
        await _ask_for_pdf(plant, "ملف", "المزيد …")
        (document,) = [each for each in _media(plant) if each.kind == "document"]
        assert b"/Lang (ar)" in document.content
        drawn = text_of(document.content)
        assert "ORD-12005" in drawn
        assert "بلطلا" in drawn  # “the order”, as it is drawn from left to right


async def test_a_maintenance_ticket_links_to_the_video_of_what_to_do(tmp_path: Path) -> None:
    videos = {"bearing": "https://videos.example.test/bearing", "mach-005": "https://videos.example.test/5"}
    more = {"PLANT_MAINTENANCE_VIDEOS": json.dumps(videos)}
    async with world(tmp_path, more=more) as plant, plant.relay():
        await plant.says("maintenance MACH-004 bearing low no description=noise", videos["bearing"])
        await plant.says("maintenance MACH-005 bearing low no description=noise", videos["mach-005"])
