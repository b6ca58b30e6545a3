"""From a key to what it does on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from bench.figure import Figure, percentile
from bench.floor import READY
from bench.terminal import Terminal
from bench.testbed import CONSOLE, ENGINE_RUNS, Testbed, python

__all__ = ["run"]

_PRESSES = 60
_UP_AND_DOWN = ("down", "down", "down", "up", "up", "up")
_PAUSE = 0.06
_SWITCHES = 30


def run(testbed: Testbed) -> list[Figure]:
    """Moving in a table, and changing panes."""
    with Terminal(CONSOLE, testbed.home.variables, folder=testbed.folder) as terminal:
        terminal.wait_for(ENGINE_RUNS)
        terminal.settle(1.0)
        switches = _switch(terminal, {"2": "Network ·", "3": "WAN ·", "1": "▌1"})
        terminal.type("2")
        terminal.settle(1.0)
        moves = _move(terminal)
    with Terminal(python("-m", "bench.floor", "table"), testbed.variables()) as terminal:
        terminal.wait_for(READY)
        terminal.settle()
        floor_moves = _move(terminal)
    with Terminal(python("-m", "bench.floor", "panes"), testbed.variables()) as terminal:
        terminal.wait_for(READY)
        terminal.settle()
        panes = {"2": "Pane 2", "3": "Pane 3", "4": "Pane 4", "5": "Pane 5", "6": "Pane 6", "1": "Pane 1"}
        floor_switches = _switch(terminal, panes)
    return [
        _against("moving in a table, p50", moves, floor_moves, 0.5, goal=2),
        _against("moving in a table, p95", moves, floor_moves, 0.95, goal=3),
        _against("changing panes, p50", switches, floor_switches, 0.5, goal=2),
        _against("changing panes, p95", switches, floor_switches, 0.95, goal=2),
    ]


def _move(terminal: Terminal) -> list[float]:
    """Seconds from the key to the first changed cell."""
    found: list[float] = []
    for number in range(_PRESSES):
        seconds = terminal.seconds_to_change(_UP_AND_DOWN[number % len(_UP_AND_DOWN)])
        terminal.rest(_PAUSE)
        if seconds is not None:
            found.append(seconds)
    return found


def _switch(terminal: Terminal, panes: dict[str, str]) -> list[float]:
    """Seconds from the digit of a pane to its title or text on the screen."""
    found: list[float] = []
    digits: Sequence[str] = tuple(panes)
    for number in range(_SWITCHES):
        digit = digits[number % len(digits)]
        found.append(terminal.seconds_to_show(digit, panes[digit]))
        terminal.settle(0.1, 2.0)
    return found


def _against(
    name: str, ours: Sequence[float], floor: Sequence[float], share: float, *, goal: float
) -> Figure:
    milliseconds = (percentile(ours, share) * 1e3, percentile(floor, share) * 1e3)
    return Figure.against(name, *milliseconds, "ms", goal=goal)
