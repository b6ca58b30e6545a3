"""A pairing code in the console: the code and the time left always, the QR code where it is seen whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from console.blocks.code import CodeBlock
from console.ink import Ink
from console.pen import Pen
from console.theme import read_theme, shipped_folder
from core.areas.relay.model import PairingCode
from core.areas.relay.pages.code import code_page
from core.areas.relay.store.reading import Bots
from core.message import ENGLISH, _
from core.page import Code
from core.principal import Role
from core.render.qr import qr_lines
from core.render.values import Formatter

from .conftest import MakeApp
from .fake_backend import FakeBackend
from .pages import NOW
from .screen import screen_text, settle

INK = Ink.of(read_theme(shipped_folder() / "dark.toml"))
LINK = "https://t.me/ops_demo_bot?start=TYKF-HCTT-ZWN4"
PAIRING = PairingCode(
    "Amina", Role.OPERATOR, "", False, "asha", NOW, NOW + timedelta(minutes=7), text="TYKF-HCTT-ZWN4"
)
CODE = Code("code", _("Pairing code"), "TYKF-HCTT-ZWN4", LINK, NOW + timedelta(minutes=7))


def drawn(width: int, height: int, code: Code = CODE) -> list[str]:
    pen = Pen(Formatter(ENGLISH, ZoneInfo("UTC"), NOW), INK)
    return [line.plain for line in CodeBlock(code, pen).draw(width, height).lines]


def scanned(lines: list[str]) -> bool:
    """Whether the whole QR code is among the lines."""
    return all(any(part in line for line in lines) for part in qr_lines(LINK))


def test_with_room_the_code_stands_beside_its_qr_code() -> None:
    lines = drawn(80, 0)
    assert scanned(lines)
    assert "T Y K F" in lines[1]
    assert any("7 min left" in line for line in lines)


def test_narrow_it_stands_above() -> None:
    lines = drawn(40, 0)
    assert scanned(lines)
    assert lines[1].strip().startswith("T")


@pytest.mark.parametrize(("width", "height"), [(74, 8), (40, 12), (30, 40)])
def test_a_qr_code_that_would_be_cut_is_left_out_for_the_link(width: int, height: int) -> None:
    lines = drawn(width, height)
    assert len(lines) <= height
    assert not any("▀" in line for line in lines)
    assert LINK in "".join(line.strip() for line in lines)
    assert any("min left" in line for line in lines)


def test_without_a_link_there_are_words_alone() -> None:
    lines = drawn(80, 0, replace(CODE, link=""))
    assert not any("█" in line for line in lines)


def test_one_that_has_expired_says_so() -> None:
    lines = drawn(80, 0, replace(CODE, expires=NOW))
    assert any("no longer valid" in line for line in lines)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_the_smallest_screen_shows_the_code_the_time_left_and_the_whole_qr_code(
    size: tuple[int, int], make_app: MakeApp, backend: FakeBackend
) -> None:
    backend.page = code_page(PAIRING, Bots("ops_demo_bot"))
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        seen = screen_text(app.screen)
    assert "T Y K F - H C T T - Z W N 4" in seen or "TYKF-HCTT-ZWN4" in seen
    assert "min left" in seen
    assert all(line.strip() in seen for line in qr_lines(LINK))
