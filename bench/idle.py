"""What opsdeck uses while nobody touches it."""

from __future__ import annotations

import time

from bench.figure import Figure
from bench.floor import READY
from bench.terminal import Terminal
from bench.testbed import CONSOLE, ENGINE_RUNS, Testbed, python

__all__ = ["run"]

_SECONDS = 15.0
_SETTLE = 4.0
_MEGABYTE = 2**20


def run(testbed: Testbed) -> list[Figure]:
    """Processor, output and memory at rest: the demo while it polls, and a console on a filled store."""
    with testbed.demo() as terminal:
        terminal.wait_for(ENGINE_RUNS)
        demo = _at_rest(terminal)
    with Terminal(python("-m", "bench.floor", "app"), testbed.variables()) as terminal:
        terminal.wait_for(READY)
        floor = _at_rest(terminal)
        floor_memory = terminal.memory() / _MEGABYTE
    with Terminal(CONSOLE, testbed.home.variables, folder=testbed.folder) as terminal:
        terminal.wait_for(ENGINE_RUNS)
        console = _at_rest(terminal)
        memory = terminal.memory() / _MEGABYTE
    return [
        Figure("demo at rest, processor (simulator included)", demo[0], "%", floor[0], goal=1),
        Figure("demo at rest, written to the terminal", demo[1], "B/s", floor[1]),
        Figure("console at rest, processor", console[0], "%", floor[0], goal=1),
        Figure("console at rest, written to the terminal", console[1], "B/s", floor[1]),
        Figure.against("console, memory", memory, floor_memory, "MB", goal=2.5),
    ]


def _at_rest(terminal: Terminal) -> tuple[float, float]:
    """Percent of one processor, and bytes written a second."""
    terminal.rest(_SETTLE)
    started, used, written = time.perf_counter(), terminal.cpu_seconds(), terminal.bytes_written
    terminal.rest(_SECONDS)
    passed = time.perf_counter() - started
    return 100 * (terminal.cpu_seconds() - used) / passed, (terminal.bytes_written - written) / passed
