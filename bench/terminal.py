"""A terminal without a window: it runs a program, reads its screen and types, so that it can be timed.

Output is stamped when it is read and interpreted afterwards, so that the slowness of the interpreter
(pyte) is in no figure. The screen has changed when the text or the looks of any cell have.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import psutil
import pyte

__all__ = ["ROOT", "Terminal", "clean_up_when_terminated", "environment"]

ROOT = Path(__file__).resolve().parent.parent
"""The source tree."""

_COLOURS = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}

_PIECE = 2_048
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|[\]P_^X][^\x07\x1b]{0,4096}\x1b?|[ -/]*)\Z")
# What pyte would take for text or for something else: reports, queries, keyboard protocols, strings.
_NOT_FOR_PYTE = re.compile(
    rb"\x1b(?:\[[<>=?][\d;]*\$?[pqcnu]|\[\d*[cnq]|[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\))"
)
_DEVICE_ATTRIBUTES = re.compile(rb"\x1b\[0?c")
_CURSOR_POSITION = b"\x1b[6n"

_KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "pagedown": "\x1b[6~",
    "pageup": "\x1b[5~",
}


def environment(**more: str) -> dict[str, str]:
    """This process' environment without what would steer opsdeck or colours, and with `more`."""
    steering = ("OPSDECK", "PLUME", "DATABASE", "NO_COLOR", "COLUMNS", "LINES", "TEXTUAL", "FORCE_COLOR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(steering)}
    return {"LANG": "C.UTF-8", **kept, **_COLOURS, "PYTHONPATH": str(ROOT), **more}


def clean_up_when_terminated() -> None:
    """Let SIGTERM end this process as ctrl+c does, so that programs are ended and folders removed."""

    def leave(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, leave)


def _take_terminal() -> None:
    """Make standard input the terminal whose end the program is told of, as a shell does."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """One program on a terminal of its own. Leaving the `with` block ends the program.

    `started` and all moments are of `time.perf_counter`.
    """

    def __init__(
        self,
        command: Sequence[str],
        variables: Mapping[str, str],
        *,
        columns: int = 120,
        rows: int = 40,
        folder: Path | None = None,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._seen: list[tuple[object, ...]] = [()] * rows
        self._waiting: deque[tuple[float, bytes]] = deque()
        self._unfinished = b""
        self.changes: list[float] = []
        self.bytes_written = 0
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=dict(variables),
            cwd=folder,
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509  no thread of ours holds a lock the child could need
        )
        os.close(slave)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    # Looking

    @property
    def lines(self) -> list[str]:
        """The text on the screen, without trailing spaces."""
        return [line.rstrip() for line in self.screen.display]

    def shows(self, pattern: str) -> bool:
        """Whether the text on the screen matches."""
        return re.search(pattern, "\n".join(self.lines), re.MULTILINE) is not None

    def wait_for(self, pattern: str, seconds: float = 60.0) -> float:
        """Wait until the screen matches `pattern`; returns the seconds since the program was started.

        Raises:
            RuntimeError: it never did.
        """
        if not self.shows(pattern) and not self._read_until(lambda: self.shows(pattern), seconds):
            screen = "\n".join(self.lines)
            raise RuntimeError(f"{pattern!r} did not appear; the screen was:\n{screen}")
        return self.changes[-1] - self.started

    def rest(self, seconds: float) -> None:
        """Read on for that long."""
        self._read_until(lambda: False, seconds)

    def settle(self, quiet: float = 0.3, seconds: float = 10.0) -> None:
        """Read on until nothing was written for `quiet` seconds."""
        while seconds > 0:
            before = self.bytes_written
            self.rest(quiet)
            seconds -= quiet
            if self.bytes_written == before:
                return

    # Typing

    def type(self, key: str) -> None:
        """Press a key: a name such as `enter`, `ctrl+p`, or any text."""
        control = key.startswith("ctrl+")
        text = chr(ord(key[-1].upper()) & 31) if control else _KEYS.get(key, key)
        os.write(self._master, text.encode())

    def seconds_to_change(self, key: str, longest: float = 3.0) -> float | None:
        """Press a key; how long until any cell of the screen changed, `None` if none did."""
        self.rest(0.0)
        before = len(self.changes)
        pressed = time.perf_counter()
        self.type(key)
        if not self._read_until(lambda: len(self.changes) > before, longest):
            return None
        return self.changes[before] - pressed

    def seconds_to_show(self, key: str, pattern: str, longest: float = 5.0) -> float:
        """Press a key; how long until the screen matches `pattern`.

        Raises:
            RuntimeError: it never did.
        """
        self.rest(0.0)
        pressed = time.perf_counter()
        self.type(key)
        return self.wait_for(pattern, longest) + self.started - pressed

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal another size, and tell the program."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)
        self._seen = [()] * rows
        self.process.send_signal(signal.SIGWINCH)

    # What the program uses

    def cpu_seconds(self) -> float:
        """What the program and its children have used of a processor so far."""
        return sum(sum(each.cpu_times()[:2]) for each in self._family())

    def memory(self) -> int:
        """The resident bytes of the program and its children."""
        return sum(each.memory_info().rss for each in self._family())

    def _family(self) -> list[psutil.Process]:
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    # Reading

    def _read_until(self, done: Callable[[], bool], seconds: float) -> bool:
        """Read and interpret until `done` says so, the time is up, or the program has ended."""
        end = time.perf_counter() + seconds
        while True:
            left = max(end - time.perf_counter(), 0.0)
            alive = self._read(0.0 if self._waiting else min(left, 0.05))
            if self._waiting:
                changed = self._interpret(*self._waiting.popleft())
                if changed and done():
                    return True
            elif left <= 0.0 or not alive:
                return done()

    def _read(self, seconds: float) -> bool:
        """Take in all that was written, waiting at most so long; whether the program still writes."""
        while select.select([self._master], [], [], seconds)[0]:
            try:
                data = os.read(self._master, 65_536)
            except OSError:  # Linux says so when the program has closed its terminal.
                return False
            if not data:
                return False
            now, seconds = time.perf_counter(), 0.0
            self.bytes_written += len(data)
            self._waiting.extend((now, data[at : at + _PIECE]) for at in range(0, len(data), _PIECE))
        return True

    def _interpret(self, moment: float, data: bytes) -> bool:
        """Bring the screen up to date; whether a cell has changed."""
        data = self._unfinished + data
        cut = _UNFINISHED.search(data)
        end = cut.start() if cut else len(data)
        data, self._unfinished = data[:end], data[end:]
        if _DEVICE_ATTRIBUTES.search(data):
            os.write(self._master, b"\x1b[?62;22c")
        if _CURSOR_POSITION in data:
            os.write(self._master, f"\x1b[{self.screen.cursor.y + 1};{self.screen.cursor.x + 1}R".encode())
        self._stream.feed(_NOT_FOR_PYTE.sub(b"", data))
        changed = False
        for row in [row for row in self.screen.dirty if row < self.screen.lines]:
            cells = tuple(self.screen.buffer[row][column] for column in range(self.screen.columns))
            changed = changed or cells != self._seen[row]
            self._seen[row] = cells
        self.screen.dirty.clear()
        if changed:
            self.changes.append(moment)
        return changed

    # Ending

    def end(self) -> None:
        """End the program as a terminal does that is closed; it has ten seconds to clean up."""
        if self._master < 0:
            return
        for number, seconds in ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)):
            if self.process.poll() is None:
                self.process.send_signal(number)
                self._wait_for_end(seconds)
        os.close(self._master)
        self._master = -1

    def _wait_for_end(self, seconds: float) -> None:
        """Wait, reading on: a program whose output nobody reads may never end."""
        end = time.perf_counter() + seconds
        while self.process.poll() is None and time.perf_counter() < end:
            self._read(0.05)
            self._waiting.clear()
            time.sleep(0.01)
