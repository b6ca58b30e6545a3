"""`opsdeck config import`, `opsdeck pair` and `opsdeck relay`, as a shell runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from console.exits import Exit
from console.parser import make_parser
from console.settings_file import add_settings
from core.area import discover

from .conftest import run

TOKEN = "123456:FAKEfakeFAKEfakeFAKEfakeFAKEfake12345"
CONFIG = {"bot_token": TOKEN, "admin_chat_ids": [5001], "daily_summary_time": "20:00", "colour": "red"}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "telegram_config.json"
    path.write_text(json.dumps(CONFIG))
    return path


def test_a_dry_run_lists_what_would_change_and_changes_nothing(config: Path, opsdeck_home: Path) -> None:
    answer = run("config", "import", str(config), "--dry-run")
    assert answer.code == Exit.DONE
    assert "telegram-5001 is admin in chats, as the user 5001" in answer.out
    assert "TELEGRAM_BOT_TOKEN = ••••" in answer.out
    assert "colour means nothing to opsdeck" in answer.err
    assert TOKEN not in answer.out + answer.err
    assert not (opsdeck_home / "config" / "opsdeck.toml").exists()
    assert "Nobody is paired" in run("relay").out


def test_an_import_is_kept_and_a_second_one_does_nothing(config: Path, opsdeck_home: Path) -> None:
    assert run("config", "import", str(config)).code == Exit.DONE
    file = opsdeck_home / "config" / "opsdeck.toml"
    assert f'telegram_bot_token = "{TOKEN}"' in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert "telegram:5001" in run("relay", "status").out

    before = file.read_text()
    again = run("config", "import", str(config))
    assert again.out == ""
    assert "There is nothing to take over." in again.err
    assert file.read_text() == before
    assert "1 entries" in run("audit", "verify").out


def test_bad_input_changes_nothing(config: Path, opsdeck_home: Path) -> None:
    config.write_text(json.dumps({**CONFIG, "daily_summary_time": "soon"}))
    answer = run("config", "import", str(config))
    assert answer.code == Exit.USAGE
    assert "daily_summary_time: a time of day, like 20:00 is expected." in answer.err
    assert not (opsdeck_home / "config" / "opsdeck.toml").exists()


def test_a_file_that_isnt_there_is_named(opsdeck_home: Path) -> None:
    answer = run("config", "import", "nowhere.json")
    assert answer.code == Exit.USAGE
    assert "nowhere.json can’t be read" in answer.err


def test_settings_are_added_before_the_first_table_and_nothing_else_changes(tmp_path: Path) -> None:
    file = tmp_path / "opsdeck.toml"
    file.write_text('# mine\nopsdeck_theme = "dark"\n\n[opsdeck_keys]\nrefresh = "f5"\n')
    add_settings(file, {"TELEGRAM_BOT_TOKEN": 'a"b'})
    assert file.read_text().splitlines() == [
        "# mine",
        'opsdeck_theme = "dark"',
        "",
        'telegram_bot_token = "a\\"b"',
        "[opsdeck_keys]",
        'refresh = "f5"',
    ]


def test_pair_prints_a_code_and_what_to_scan(opsdeck_home: Path) -> None:
    answer = run("--set", "TELEGRAM_BOT_USERNAME=ops_demo_bot", "pair", "Ana", "--role", "admin")
    assert answer.code == Exit.DONE
    assert "https://t.me/ops_demo_bot?start=" in answer.out
    assert "█▀" in answer.out


def test_relay_run_without_a_bot_says_how_to_make_one(opsdeck_home: Path) -> None:
    answer = run("relay", "run")
    assert answer.code == Exit.USAGE
    assert "@BotFather" in answer.err


@pytest.mark.parametrize(
    ("line", "verb", "command"),
    [
        (["relay"], "run", "relay"),
        (["relay", "status", "--format", "json"], "run", "relay"),
        (["relay", "start"], "run", "relay start"),
        (["relay", "stop"], "run", "relay stop"),
        (["relay", "logs", "--lines", "5"], "run", "relay logs"),
        (["--demo", "relay", "run"], "relay run", None),
    ],
)
def test_the_grammar_of_the_relay(line: list[str], verb: str, command: str | None) -> None:
    options = make_parser(each.command for area in discover() for each in area.verbs).read(line)
    assert options.verb == verb
    if command is not None:
        assert options.command == command
