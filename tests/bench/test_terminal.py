"""The terminal that benchmarks and photographs look through, on small programs of its own."""

from __future__ import annotations

import sys

import pytest

from bench.terminal import Terminal, environment

_ECHO = """
import sys, termios, tty
tty.setraw(0)
print("\\x1b[>1u\\x1b]2;title\\x07\\x1b[?2026$pready", end="", flush=True)
while (key := sys.stdin.read(1)) != "q":
    print(f"\\x1b[2;1H[{key}]", end="", flush=True)
"""

_WIDTH = """
import os, signal
def tell(*_):
    os.write(1, b"%d\\n" % os.get_terminal_size().columns)
signal.signal(signal.SIGWINCH, tell)
tell()
while True:
    signal.pause()
"""


def _program(text: str) -> Terminal:
    return Terminal((sys.executable, "-c", text), environment(), columns=40, rows=5)


def test_it_waits_for_text_and_times_keys() -> None:
    with _program(_ECHO) as terminal:
        assert terminal.wait_for("^ready") > 0
        assert terminal.lines[0] == "ready"
        seconds = terminal.seconds_to_change("x")
        assert seconds is not None
        assert seconds > 0
        assert terminal.lines[1] == "[x]"
        assert terminal.seconds_to_show("y", r"\[y\]") > 0


def test_a_key_that_changes_nothing_has_no_time() -> None:
    with _program(_ECHO) as terminal:
        terminal.wait_for("^ready")
        terminal.seconds_to_change("x")
        assert terminal.seconds_to_change("x", 0.2) is None


def test_text_that_never_comes_is_an_error_with_the_screen_in_it() -> None:
    with _program("print('something else')") as terminal, pytest.raises(RuntimeError, match="something else"):
        terminal.wait_for("ready", 5.0)


def test_the_program_is_gone_afterwards() -> None:
    with _program(_ECHO) as terminal:
        terminal.wait_for("^ready")
    assert terminal.process.poll() is not None


def test_a_program_is_told_of_the_terminals_size() -> None:
    with _program(_WIDTH) as terminal:
        terminal.wait_for("^40")
        terminal.resize(60, 10)
        terminal.wait_for("^60")
        assert terminal.screen.columns == 60
