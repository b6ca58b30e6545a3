"""Which process this is, and whether another one of this host still lives."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Identity", "identity_of", "known_dead", "this_process"]

_ENDED = frozenset("ZX")
"""States of `/proc/<pid>/stat` in which a process only waits to be forgotten."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A process, so exactly that a later one of the same number isn't taken for it.

    `program` is what it runs as (`console`, `relay`). `place` says where numbers of processes mean the
    same: one machine, one namespace of processes. Text is empty where the system doesn't tell.
    """

    program: str
    host: str
    pid: int
    place: str = ""
    process_start: str = ""
    boot_id: str = ""


def this_process(program: str) -> Identity:
    """The identity of the process that asks."""
    return identity_of(program, os.getpid())


def identity_of(program: str, pid: int) -> Identity:
    """The identity of the process of that number on this machine, which runs as `program`."""
    return Identity(
        program=program,
        host=socket.gethostname(),
        pid=pid,
        place=_place(),
        process_start=_state_and_start(pid)[1],
        boot_id=_read(Path("/proc/sys/kernel/random/boot_id")),
    )


def known_dead(other: Identity, here: Identity) -> bool:
    """Whether it is certain, as seen from `here`, that `other` no longer runs.

    Only a process of this host can be known dead; a doubt means that it may live.
    """
    if (other.host, other.place) != (here.host, here.place):
        return False
    if other.boot_id != here.boot_id:
        return bool(other.boot_id and here.boot_id)
    if other.pid == here.pid:
        return other.process_start != here.process_start
    return not _running(other.pid, other.process_start)


def _running(pid: int, start: str) -> bool:
    if sys.platform == "win32":
        # There, signal 0 ends a process instead of asking after it.
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    state, started = _state_and_start(pid)
    return state not in _ENDED and (not start or not started or start == started)


def _state_and_start(pid: int) -> tuple[str, str]:
    """The state letter and the start, in ticks since boot, of a process; empty where unknown."""
    text = _read(Path(f"/proc/{pid}/stat"))
    # The second field is the program's name in parentheses and may hold anything, parentheses too.
    fields = text.rpartition(")")[2].split()
    return (fields[0], fields[19]) if len(fields) > 19 else ("", "")


def _place() -> str:
    """A digest of the machine's id and the namespace of its processes, as neither should be published."""
    machine = _read(Path("/etc/machine-id"))
    try:
        namespace = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        namespace = ""
    return hashlib.sha256(f"{machine} {namespace}".encode()).hexdigest()[:16]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
