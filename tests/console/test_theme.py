"""Themes: readable by measure, complete, and picked up from a person's own folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from rich.color import Color

from console.ink import Ink
from console.theme import LEAST_CONTRAST, SURFACES, TEXTS, ThemeShelf, contrast, read_theme, shipped_folder
from core.errors import SettingsError

from .conftest import MakeApp
from .screen import settle, text_of

SHIPPED = sorted(shipped_folder().glob("*.toml"))


def test_four_themes_are_shipped_and_good() -> None:
    shelf = ThemeShelf(shipped_folder())
    assert shelf.refresh() == (True, [])
    assert set(shelf.themes) == {"dark", "light", "high-contrast", "sixteen"}


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_text_can_be_read_on_every_surface(file: Path) -> None:
    colours = read_theme(file).colours
    for text in TEXTS:
        for surface in SURFACES:
            if colours[text].startswith("#"):
                assert contrast(colours[text], colours[surface]) >= LEAST_CONTRAST, (text, surface)


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_sixteen_uses_nothing_but_the_terminals_colours() -> None:
    theme = read_theme(shipped_folder() / "sixteen.toml")
    assert all(colour.startswith("ansi_") for colour in theme.colours.values())
    ink = Ink.of(theme)
    assert ink.text.color in (None, Color.default())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("#d6dce5", "#333333"), "has a contrast of"),
        (('line = "#', 'lines = "#'), "these colours are missing: line"),
        (('text = "#d6dce5"', 'text = "red"'), "“text” must be written as #rrggbb"),
        (('name = "dark"', 'name = "Da rk"'), "needs a name of small letters"),
        (("[colours]", "[colours"), "isn't valid TOML"),
    ],
)
def test_a_bad_theme_is_refused_with_what_is_wrong(
    tmp_path: Path, change: tuple[str, str], sentence: str
) -> None:
    file = tmp_path / "own.toml"
    file.write_text((shipped_folder() / "dark.toml").read_text().replace(*change))
    with pytest.raises(SettingsError, match=sentence):
        read_theme(file)


async def test_a_persons_own_theme_is_picked_up_while_running(make_app: MakeApp, tmp_path: Path) -> None:
    folder = tmp_path / "themes"
    folder.mkdir()
    own = (shipped_folder() / "dark.toml").read_text().replace('name = "dark"', 'name = "own"')
    file = folder / "own.toml"
    file.write_text(own)
    app = make_app(theme="own", config_folder=tmp_path)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await settle(pilot)
        assert app.theme == "own"
        file.write_text(own.replace("#0f1319", "#000000"))
        os.utime(file, (1, 1))
        app.look_at_themes()
        await settle(pilot)
        assert app.theme_variables["ops-background"].lower() == "#000000"
        assert app.screen.styles.background.hex == "#000000"
        file.write_text("nonsense")
        app.look_at_themes()
        assert "theme own.toml" in await text_of(pilot)
        assert app.theme == "own"


async def test_changing_the_theme_redraws_what_was_drawn(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        before = app.deck.page_view.blocks[0].render_line(1)
        app.use_theme("light")
        await settle(pilot)
        after = app.deck.page_view.blocks[0].render_line(1)
        assert before.text == after.text
        assert [s.style for s in before] != [s.style for s in after]


async def test_without_colour_states_and_the_cursor_can_still_be_told(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        text = await text_of(pilot)
        assert app.no_color
        assert "▲ NETWORK" not in text
        assert "▌▲  Network     degraded" in text
        assert "■ NEEDS YOU" in text


async def test_an_unknown_theme_is_told_and_the_dark_one_used(make_app: MakeApp) -> None:
    app = make_app(theme="neon")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        assert "There is no theme “neon”" in await text_of(pilot)
        assert app.theme == "dark"
