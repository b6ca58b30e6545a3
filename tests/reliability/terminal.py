"""opsdeck in a real terminal: what it writes, byte by byte, and what a person would see."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Mapping
from types import TracebackType

import pyte

__all__ = ["Terminal"]

_SIZE = (120, 40)


class Terminal:
    """The command line `opsdeck ARGUMENTS` on a pty of 120 by 40; `output` is all that it wrote."""

    def __init__(self, *arguments: str, environment: Mapping[str, str]) -> None:
        columns, rows = _SIZE
        self.output = b""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            code = "import sys; from console.cli import main; sys.exit(main())"
            terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
            os.execve(sys.executable, [sys.executable, "-c", code, *arguments], {**environment, **terminal})
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing running, whatever happened."""
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self._fd)

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(self._screen.display)

    def wait_for(self, text: str, seconds: float = 40) -> None:
        """Read until the screen shows `text`."""
        end = time.monotonic() + seconds
        while text not in self.text:
            assert time.monotonic() < end, f"{text!r} never showed; the screen:\n{self.text}"
            self.read(0.2)

    def read(self, seconds: float) -> None:
        """Read for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self._fd], [], [], left)[0]:
                return
            try:
                data = os.read(self._fd, 65_536)
            except OSError:
                return
            self.output += data
            self._stream.feed(data)

    def press(self, keys: str) -> None:
        """Type, and read what comes of it."""
        os.write(self._fd, keys.encode())
        self.read(0.4)

    def end(self, seconds: float) -> int | None:
        """The exit code, or nothing when it has not ended within so many seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(0.1)
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.02)
        return None
