"""From the start of a program to what its user waits for."""

from __future__ import annotations

import statistics

from bench.figure import Figure, compare
from bench.floor import READY
from bench.terminal import Terminal
from bench.testbed import CONSOLE, ENGINE_RUNS, Testbed, python

__all__ = ["run"]

_ROUNDS = 5
_OVERVIEW = "▌1 Overview(?s:.*)Tide Gauge"
"""The rail, and below it the name of a location that the overview tells about."""


def run(testbed: Testbed) -> list[Figure]:
    """The console's start on a filled store, the demo's, and those of commands that only print."""
    home = testbed.home
    first: list[float] = []
    live: list[float] = []

    def console() -> float:
        with Terminal(CONSOLE, home.variables, folder=testbed.folder) as terminal:
            first.append(terminal.wait_for(_OVERVIEW))
            live.append(terminal.wait_for(ENGINE_RUNS))
        return first[-1] * 1e3

    def floor() -> float:
        with Terminal(python("-m", "bench.floor", "app"), testbed.variables()) as terminal:
            return terminal.wait_for(READY) * 1e3

    started = compare("start → first screen, stored pages", console, floor, "ms", rounds=_ROUNDS, goal=1.8)
    assert started.floor is not None
    live_ms = statistics.median(live[1:]) * 1e3
    return [
        started,
        Figure.against("start → live, engine running", live_ms, started.floor, "ms", goal=4),
        compare(
            "opsdeck --version, against python -c pass",
            lambda: testbed.run_seconds((*CONSOLE, "--version"), home.variables) * 1e3,
            lambda: testbed.run_seconds(python("-c", "pass"), home.variables) * 1e3,
            "ms",
            rounds=2 * _ROUNDS,
            goal=4,
        ),
        compare(
            "opsdeck status, against import textual",
            lambda: testbed.run_seconds((*CONSOLE, "status", "--format", "text"), home.variables) * 1e3,
            lambda: testbed.run_seconds(python("-c", "import textual.app"), home.variables) * 1e3,
            "ms",
            rounds=_ROUNDS,
            goal=4,
        ),
        Figure("opsdeck demo → first screen", _demo(testbed), "s", goal=5),
        Figure("the demo's history", home.history_seconds, "s", goal=3),
    ]


def _demo(testbed: Testbed) -> float:
    with testbed.demo() as terminal:
        return terminal.wait_for(_OVERVIEW)
