"""What the tests of the command line share: a way to run a line, and a store filled from the vectors."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from console.cli import main
from console.flags import StillClock
from console.grammar import Parser
from console.parser import make_parser
from core.command import Command
from core.moment import parse_moment
from core.simulators.plume import PlumeSimulator
from core.simulators.server import LoopbackServer

NOW = "2026-01-15T00:00:00Z"
"""Right after the day that the vectors are of (plume.md 8.3)."""


@dataclass(frozen=True)
class Answer:
    """What a command line came to."""

    code: int
    out: str
    err: str


def run(*arguments: str, stdin: str = "") -> Answer:
    """Run one line of the command line in this process, as in a pipe."""
    out, err = io.StringIO(), io.StringIO()
    before, sys.stdin = sys.stdin, io.StringIO(stdin)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = main(arguments)
            except SystemExit as ended:
                code = int(ended.code or 0)
    finally:
        sys.stdin = before
    return Answer(int(code), out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Desk:
    """An opsdeck that watches the vectors: its folder and its settings."""

    home: Path
    settings: Mapping[str, str]
    simulator: PlumeSimulator

    @property
    def database(self) -> Path:
        return self.home / "data" / "opsdeck.db"

    @property
    def log(self) -> Path:
        return self.home / "state" / "opsdeck.log"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture(scope="session", autouse=True)
def _one_grammar() -> Iterator[None]:
    """The grammar of the same commands is made once, and not for each of a thousand lines."""
    kept: dict[tuple[int, ...], tuple[Parser, list[Command]]] = {}

    def make(commands: Iterable[Command]) -> Parser:
        listed = list(commands)
        same = tuple(map(id, listed))
        if same not in kept:
            kept[same] = make_parser(listed), listed
        return kept[same][0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("console.parser.make_parser", make)
        yield


@pytest.fixture(scope="session")
def _filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A store that was set up on the simulator of the vectors and refreshed once."""
    home = tmp_path_factory.mktemp("vectors") / "home"
    simulator = PlumeSimulator(StillClock(parse_moment(NOW)), scenario="vectors")
    with LoopbackServer(simulator.app) as server, pytest.MonkeyPatch.context() as patch:
        settings = {
            "OPSDECK_HOME": str(home),
            "PLUME_API_BASE": f"{server.url}/api/",
            "PLUME_REPORTS_BASE": f"{server.url}/reports/",
            "PLUME_TOKEN_URL": f"{server.url}/oauth2/simulated/v1/token",
            "PLUME_REQUESTS_PER_SECOND": "500",
        }
        for name, value in settings.items():
            patch.setenv(name, value)
        patch.chdir(home.parent)
        for line in (("setup", simulator.partner_id), ("refresh",), ("select", "Vector A")):
            done = run("--now", NOW, *line, stdin=f"{simulator.authorization}\n")
            assert (done.code, done.err) == (0, ""), done
        patch.undo()
        yield Desk(home, settings, simulator)


@pytest.fixture
def desk(_filled: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The filled store, in a copy of the test's own."""
    home = tmp_path / "desk"
    shutil.copytree(_filled.home, home)
    settings = {**_filled.settings, "OPSDECK_HOME": str(home)}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    yield Desk(home, settings, _filled.simulator)
    _filled.simulator.faults.clear()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a process of its own that runs this source."""
    tree = Path(__file__).parents[3]
    return {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
