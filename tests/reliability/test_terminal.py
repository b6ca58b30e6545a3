"""S1, S2 and R31 on the real program in a real terminal."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.moment import SystemClock
from core.simulators.plume import PlumeSimulator
from core.simulators.server import LoopbackServer

from .poison import Poison
from .terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no ptys")

FORBIDDEN = (
    b"\x1b]0;",
    b"\x1b]52;",
    b"\x1b]8;",
    b"\x1b[2JPWNED",
    b"\xc2\x9b",
    b"\xc2\x9d",
    b"\xe2\x80\xae",
    b"\x00",
)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A home of its own, set up on a simulator that answers in hostile words only."""
    simulator = PlumeSimulator(SystemClock(), scenario="demo")
    with LoopbackServer(Poison(simulator.app)) as server:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
        variables = {
            **kept,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "OPSDECK_HOME": str(tmp_path_factory.mktemp("home")),
            "PLUME_API_BASE": f"{server.url}/api",
            "PLUME_REPORTS_BASE": f"{server.url}/reports",
            "PLUME_TOKEN_URL": f"{server.url}/oauth2/x/v1/token",
            "PLUME_REQUESTS_PER_SECOND": "500",
            "PLUME_FLEET_POLL_SECONDS": "3600",
        }
        setting_up = ["setup", simulator.partner_id]
        opsdeck(setting_up, environment=variables, typed=simulator.authorization)
        opsdeck(["refresh"], ["select", simulator.locations[0][1]], environment=variables)
        yield variables


ONE_AFTER_ANOTHER = """
import json, sys
from console.cli import main
sys.exit(max(main(arguments) for arguments in json.loads(sys.argv[1])))
"""


def opsdeck(*command_lines: list[str], environment: dict[str, str], typed: str = "") -> str:
    """What a process that runs these command lines writes into a pipe."""
    command = [sys.executable, "-c", ONE_AFTER_ANOTHER, json.dumps(command_lines)]
    done = subprocess.run(command, env=environment, input=typed, text=True, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_no_word_of_an_upstream_steers_the_terminal_or_the_program(environment: dict[str, str]) -> None:
    with Terminal(environment=environment) as terminal:
        terminal.wait_for("Lately")
        for keys in ("2", "\r", "\x1b", "3", "a", "\x1b", "1", "2", "/PW", "\r", "\x1b"):
            terminal.press(keys)
        for command in ("devices", "wifi", "speed tests", "locations"):
            terminal.press("\x10")
            terminal.press(command)
            terminal.press("\r")
            terminal.read(1)
        assert "PWNED" in terminal.text or "P" * 10 in terminal.text
        assert [each for each in FORBIDDEN if each in terminal.output] == []
        terminal.press("\x1b")  # a palette that found nothing in time is still open
        terminal.press("q")
        assert terminal.end(30) == 0


def test_no_word_of_an_upstream_steers_a_pipe(environment: dict[str, str]) -> None:
    for form in ("text", "md", "csv", "json", "html"):
        commands = ("fleet", "status", "nodes", "devices", "wifi", "locations", "sources", "events")
        shown = opsdeck(*([command, "--format", form] for command in commands), environment=environment)
        assert shown.count("PWNED") > len(commands), form
        assert [each for each in FORBIDDEN if each in shown.encode()] == [], form


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_console_told_to_end_restores_the_terminal_and_gives_back_the_lease(
    environment: dict[str, str], name: str
) -> None:
    with Terminal(environment=environment) as terminal:
        before = termios.tcgetattr(terminal._fd)
        terminal.wait_for("Lately")
        terminal.wait_for("here")
        os.kill(terminal.pid, getattr(signal, name))
        assert terminal.end(10) == 0
        assert b"\x1b[?1049l" in terminal.output
        assert b"\x1b[?25h" in terminal.output
        assert before is not None
    with sqlite3.connect(Path(environment["OPSDECK_HOME"]) / "data" / "opsdeck.db") as connection:
        assert connection.execute("SELECT expires_at FROM lease WHERE name = 'jobs'").fetchall() == [(0,)]
