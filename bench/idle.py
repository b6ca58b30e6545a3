"""What opsdeck uses while nobody touches it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.figure import Figure
from bench.floor import READY
from bench.terminal import Terminal
from bench.testbed import CONSOLE, ENGINE_RUNS, Testbed, python

__all__ = ["run"]

_FIRST_ROUND = 25.0
"""After so many seconds every location was looked at once, and the engine only keeps up."""

_SECONDS = 20.0
_TURN = 0.2
_MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Use:
    """Percent of one processor, bytes written a second, resident megabytes."""

    processor: float
    written: float
    memory: float


def run(testbed: Testbed) -> list[Figure]:
    """Processor, output and memory at rest: the demo while it polls, and a console on a filled store."""
    home = testbed.home
    with (
        testbed.demo() as demo,
        Terminal(CONSOLE, home.variables, folder=testbed.folder) as console,
        Terminal(python("-m", "bench.floor", "app"), testbed.variables()) as floor,
    ):
        floor.wait_for(READY)
        console.wait_for(ENGINE_RUNS)
        demo.wait_for(ENGINE_RUNS)
        _watch((demo, console, floor), _FIRST_ROUND)
        of_demo, of_console, of_floor = _watch((demo, console, floor), _SECONDS)
    return [
        Figure("demo at rest, processor", of_demo.processor, "%", of_floor.processor, goal=1),
        Figure("demo at rest, written to the terminal", of_demo.written, "B/s", of_floor.written),
        Figure("console at rest, processor", of_console.processor, "%", of_floor.processor, goal=1),
        Figure("console at rest, written to the terminal", of_console.written, "B/s", of_floor.written),
        Figure.against("console, memory", of_console.memory, of_floor.memory, "MB", goal=2.5),
    ]


def _watch(terminals: Sequence[Terminal], seconds: float) -> list[Use]:
    """Read from all of them in turn for that long; what each has used meanwhile."""
    started = time.perf_counter()
    before = [(terminal.cpu_seconds(), terminal.bytes_written) for terminal in terminals]
    while time.perf_counter() < started + seconds:
        for terminal in terminals:
            terminal.rest(_TURN)
    passed = time.perf_counter() - started
    return [
        Use(
            100 * (terminal.cpu_seconds() - cpu) / passed,
            (terminal.bytes_written - written) / passed,
            terminal.memory() / _MEGABYTE,
        )
        for terminal, (cpu, written) in zip(terminals, before, strict=True)
    ]
