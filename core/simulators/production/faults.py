"""Faults on demand, for the production system and for A2E alike: what to spoil, how, and how often."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Literal, TypeAlias, get_args

__all__ = ["FAULT_KINDS", "Fault", "FaultKind", "Faults"]

FaultKind: TypeAlias = Literal[
    "latency", "slow", "drop", "html", "truncated", "null",
    "401", "403", "404", "429", "500", "502", "503",
    "auth", "refused",
]  # fmt: skip

FAULT_KINDS: Final[tuple[FaultKind, ...]] = get_args(FaultKind)


@dataclass(slots=True)
class Fault:
    """One order to spoil answers.

    `pattern` is a shell-like pattern for the path (`*/jobs`); `times` how many more requests it spoils,
    None for all. `seconds` is the wait of “latency” before the true answer and of “slow” in the middle of
    it, in real time, because the patience of a client is real too. `status` is that of an “html” answer,
    `retry_after` the header of a 429. “auth” and “refused” are answers of 200 that say no in their body;
    only A2E has them.
    """

    pattern: str
    kind: FaultKind
    times: int | None = 1
    seconds: float = 1.0
    status: int = 200
    retry_after: str | None = None


class Faults:
    """The faults in force, oldest first. Safe to change while a server thread reads it."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(
        self,
        pattern: str,
        kind: FaultKind,
        times: int | None = 1,
        *,
        seconds: float = 1.0,
        status: int = 200,
        retry_after: str | None = None,
    ) -> Fault:
        """Spoil the next `times` requests (None: all, until `clear`) whose path matches.

        Raises:
            ValueError: the kind is unknown, or a number makes no sense.
        """
        if kind not in FAULT_KINDS:
            raise ValueError(f"Unknown kind of fault {kind!r}; there are {', '.join(FAULT_KINDS)}.")
        if (times is not None and times < 1) or seconds < 0 or not 200 <= status <= 599:
            raise ValueError("A fault strikes at least once, waits no negative time, and has an HTTP status.")
        fault = Fault(pattern, kind, times, seconds, status, retry_after)
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """End all faults."""
        with self._lock:
            self._faults.clear()

    def take(self, path: str) -> list[Fault]:
        """The faults one request for `path` meets: every latency, and the first of another kind."""
        met: list[Fault] = []
        with self._lock:
            for fault in self._faults:
                spoiled = any(other.kind != "latency" for other in met)
                if not fnmatchcase(path, fault.pattern) or (spoiled and fault.kind != "latency"):
                    continue
                if fault.times is not None:
                    fault.times -= 1
                met.append(fault)
            self._faults = [fault for fault in self._faults if fault.times != 0]
        return met
