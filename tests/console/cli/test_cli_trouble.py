"""What the command line says and logs when something went wrong that nobody foresaw."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from console.exits import Exit
from core.deck import Deck

from .conftest import NOW, Desk, run


@pytest.fixture
def _defect(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_arguments: object) -> None:
        raise ZeroDivisionError("over \x1b]0;x\x07 Basic Q0FOQVJZLW5vdC1yZWFs")

    monkeypatch.setattr(Deck, "run", fail)


@pytest.mark.usefixtures("_defect")
def test_a_defect_is_one_calm_line_and_stands_in_the_log(opsdeck_home: Path) -> None:
    answer = run("status")

    assert answer.code == Exit.FAILED
    assert answer.out == ""
    log = opsdeck_home / "state" / "opsdeck.log"
    assert answer.err.count("\n") == 1
    assert "Something unexpected went wrong (ZeroDivisionError)" in answer.err
    assert str(log) in answer.err
    entry = json.loads(log.read_text().splitlines()[-1])
    assert "ZeroDivisionError" in entry["cause"]
    assert "Q0FOQVJZ" not in entry["cause"]


@pytest.mark.usefixtures("_defect")
def test_debug_shows_where_it_happened_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "1")

    answer = run("status")

    assert answer.code == Exit.FAILED
    assert "Traceback" in answer.err
    assert "ZeroDivisionError" in answer.err
    assert "\x1b" not in answer.err
    assert "Q0FOQVJZ" not in answer.err


def test_debug_shows_what_an_error_was_caused_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUME_TOKEN_URL", "http://127.0.0.1:9/token")
    header = "Basic bm90OnJlYWw=\n"

    quiet = run("setup", "PARTNER", stdin=header)
    monkeypatch.setenv("DEBUG", "1")
    loud = run("setup", "PARTNER", stdin=header)

    assert quiet.code == loud.code == Exit.UPSTREAM
    assert quiet.err.count("\n") == 1
    assert "  because of ConnectError" in loud.err


def test_what_a_command_logs_goes_to_the_file_as_json_lines(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUME_TOKEN_URL", "http://127.0.0.1:9/token")
    before = logging.getLogger().handlers[:]

    answer = run("--now", NOW, "refresh")

    assert "Plume's sign-in can't be reached" in answer.out
    assert not answer.err
    entries = [json.loads(line) for line in desk.log.read_text().splitlines()]
    assert any("can't be reached" in entry["message"] for entry in entries)
    assert {"time", "level", "logger", "message"} <= set(entries[-1])
    assert desk.log.stat().st_mode & 0o077 == 0
    assert logging.getLogger().handlers == before


def test_an_interrupt_ends_with_its_own_code(monkeypatch: pytest.MonkeyPatch) -> None:
    async def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Deck, "run", interrupted)

    assert run("status").code == Exit.INTERRUPTED
