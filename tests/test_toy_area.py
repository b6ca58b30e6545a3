"""A new area is one folder: `tests/toy_areas/lighthouse` shows up everywhere with no other file changed."""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

import core.areas
from console.app import OpsdeckApp
from console.cli import main
from console.deck_backend import DeckBackend
from console.options import ConsoleOptions
from console.palette import OpsdeckPalette
from console.parser import make_parser
from console.screens.welcome import WelcomeScreen
from console.world import open_world
from core.area import discover
from core.command import Registry
from core.moment import SystemClock
from core.principal import Principal, Role
from tests.console.screen import screen_text

TOY_AREAS = Path(__file__).parent / "toy_areas"


@pytest.fixture(autouse=True)
def lighthouse(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The areas there are, with one folder more."""
    monkeypatch.setattr(core.areas, "__path__", [*core.areas.__path__, str(TOY_AREAS)])
    yield
    for name in [name for name in sys.modules if name.startswith("core.areas.lighthouse")]:
        del sys.modules[name]
    vars(core.areas).pop("lighthouse", None)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command line prints."""
    assert main(arguments) == 0
    return capsys.readouterr().out


async def until(pilot: Pilot[Any], true: Callable[[], bool]) -> None:
    """Let the console work until something is so; a real store opens in its own time."""
    async with asyncio.timeout(30):
        while not true():
            await pilot.pause(0.02)


def test_its_pane_follows_those_that_were_there() -> None:
    areas = discover()

    assert [area.name for area in areas][:2] == ["overview", "network"]
    assert [area.name for area in areas if area.panes][-1] == "lighthouse"


def test_its_commands_are_known_and_parsed() -> None:
    commands = [verb.command for area in discover() for verb in area.verbs]

    assert {"lighthouse", "lighthouse kindle"} <= {command.name for command in Registry(commands)}
    options = make_parser(commands).parse_args(["lighthouse", "--colour", "red", "--format", "json"])
    assert (options.command, options.colour, options.format) == ("lighthouse", "red", "json")


def test_the_command_line_prints_its_page_and_writes_its_table(
    capsys: pytest.CaptureFixture[str], opsdeck_home: Path
) -> None:
    assert "No lamp burns." in run(capsys, "lighthouse")
    assert "North Point burns." in run(capsys, "lighthouse", "kindle", "North Point", "--colour", "red")
    run(capsys, "lighthouse", "kindle", "South Point")

    everything = run(capsys, "lighthouse")
    assert "North Point" in everything
    assert "South Point" in everything
    assert "18 miles" in everything
    only_red = run(capsys, "lighthouse", "--colour", "red")
    assert "North Point" in only_red
    assert "South Point" not in only_red

    with sqlite3.connect(opsdeck_home / "data" / "opsdeck.db") as database:
        assert database.execute("SELECT name, colour FROM lighthouse_lamp ORDER BY name").fetchall() == [
            ("North Point", "red"),
            ("South Point", "white"),
        ]
    database.close()


def test_its_settings_are_read_with_all_others(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIGHTHOUSE_RANGE_MILES", "21")

    assert "LIGHTHOUSE_RANGE_MILES=21\t# environment" in run(capsys, "config", "show").splitlines()
    assert "21 miles" in run(capsys, "lighthouse")
    assert main(["lighthouse", "--set", "LIGHTHOUSE_RANGE_MILES=99"]) == 2
    assert "LIGHTHOUSE_RANGE_MILES in flag --set can't be “99”" in capsys.readouterr().err


def test_what_it_wrote_can_be_wound_back(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "--now", "2026-03-01T10:00Z", "lighthouse", "kindle", "North Point")

    arguments = ("--now", "2026-03-01T12:00Z", "lighthouse", "--at")
    assert "No lamp burns." in run(capsys, *arguments, "2026-03-01T09:00Z")
    assert "North Point" in run(capsys, *arguments, "2026-03-01T11:00Z")


async def test_the_console_shows_it_in_the_rail_and_finds_it_in_the_palette(tmp_path: Path) -> None:
    person = Principal("asha", Role.ADMIN, "console")
    backend = DeckBackend(discover(), person, lambda: open_world(argparse.Namespace(), "console"))
    app = OpsdeckApp(
        backend, clock=SystemClock(), principal=person, options=ConsoleOptions(tmp_path / "exports")
    )
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, WelcomeScreen))
        await pilot.press("escape")
        found = {str(hit.text): hit async for hit in OpsdeckPalette(app.screen).search("lighthouse")}
        assert {"Lighthouse", "lighthouse", "lighthouse kindle"} <= set(found)
        app.call_later(found["Lighthouse"].command)
        await until(pilot, lambda: "No lamp burns." in screen_text(app.screen))
        assert "▌  Lighthouse" in screen_text(app.screen)
