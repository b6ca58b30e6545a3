"""What the benchmarks share: a temporary folder, and an opsdeck that was used before."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType

from bench.terminal import Terminal, environment
from console.world import local_person
from core.deck import Deck
from core.demo import Demo
from core.demo.network import NetworkPart
from core.message import Message
from core.moment import SystemClock
from core.principal import Principal, Role
from core.settings import CoreSettings

__all__ = ["CONSOLE", "ENGINE_RUNS", "PERSON", "Home", "Testbed", "python"]

CONSOLE = (sys.executable, "-m", "console")
ENGINE_RUNS = "engine ● here"
"""What the header says when the console is live."""

PERSON = Principal(name="bench", role=Role.ADMIN, channel="bench")

_SEED = 7
_PANES = ("1", "2", "3", "1")


def python(*arguments: str) -> tuple[str, ...]:
    """The command line of this very Python."""
    return (sys.executable, *arguments)


@dataclass(frozen=True, slots=True)
class Home:
    """A folder with a filled store, and the variables of a process that works in it."""

    folder: Path
    variables: dict[str, str]
    history_seconds: float
    """How long the demo took to make its history."""

    location: str
    """The id of a location with more than a year of history."""


@dataclass
class Testbed:
    """The temporary folder of a run and what is made in it when first asked for. All is gone afterwards."""

    large: bool = False
    _stack: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def folder(self) -> Path:
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="opsdeck-bench-")))

    def variables(self, **more: str) -> dict[str, str]:
        """The variables of any process that is measured; its temporary files lie in our folder."""
        return environment(TMPDIR=str(self.folder), **more)

    @cached_property
    def home(self) -> Home:
        """A deck with the demo's history, and the pages of a session on it."""
        folder = self.folder / "home"
        seconds, location = asyncio.run(_fill(folder))
        variables = self.variables(OPSDECK_HOME=str(folder), **self._simulator())
        home = Home(folder, variables, seconds, location)
        with Terminal(CONSOLE, home.variables, folder=self.folder) as terminal:
            terminal.wait_for(ENGINE_RUNS)
            for digit in _PANES:
                terminal.type(digit)
                terminal.settle(1.0)
        return home

    def demo(self) -> Terminal:
        """`opsdeck demo`, just started."""
        return Terminal((*CONSOLE, "demo", "--seed", str(_SEED)), self.variables(), folder=self.folder)

    def run_seconds(self, command: tuple[str, ...], variables: dict[str, str]) -> float:
        """How long a command takes from its start to its end.

        Raises:
            subprocess.CalledProcessError: it failed.
        """
        started = time.perf_counter()
        subprocess.run(command, env=variables, cwd=self.folder, check=True, capture_output=True)
        return time.perf_counter() - started

    def _simulator(self) -> dict[str, str]:
        """Serve the demo's cloud in a process of its own; returns the settings for it."""
        command = (*CONSOLE, "simulate", "plume", "--scenario", "demo", "--seed", str(_SEED))
        process = subprocess.Popen(
            command,
            env=self.variables(),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._stack.callback(_end, process)
        assert process.stdout is not None
        exports = [process.stdout.readline().split(maxsplit=1)[1].strip() for _ in range(3)]
        return dict(export.split("=", 1) for export in exports)

    def __enter__(self) -> Testbed:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()


async def _fill(folder: Path) -> tuple[float, str]:
    """Make the demo's deck in `folder`; returns the seconds its history took, and whose is the longest."""
    clock = SystemClock()
    demo = Demo.start(clock, seed=_SEED, flags={})
    told: list[float] = []

    def tell(_message: Message) -> None:
        told.append(time.perf_counter())

    try:
        async with await Deck.open(demo.book, clock) as deck:
            # The person whom the console will find at this machine, so that a location is selected for them.
            person = local_person(demo.book.of(CoreSettings), "bench", demo=False)
            await demo.fill(deck, person, tell)
        shutil.copytree(demo.home, folder)
    finally:
        demo.stop()
    network = next(part for part in demo.parts if isinstance(part, NetworkPart))
    return told[2] - told[1], network.simulator.locations[0][1]


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(5.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
