"""Faults on demand: which calls of a provider go wrong, how, and how often."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Literal, TypeAlias, get_args

__all__ = ["FAULT_KINDS", "Fault", "FaultKind", "Faults"]

FaultKind: TypeAlias = Literal["429", "500", "502", "drop-before", "drop-after", "slow", "error", "fail"]
"""The provider's own 429; a 500 in its shape; a 502 in HTML; the connection lost before or after the call was
done; an answer after `seconds` of real time, because the patience of a client is real too; a refusal with
`code`; and a message that is accepted and then fails with `code`."""

FAULT_KINDS: Final[tuple[FaultKind, ...]] = get_args(FaultKind)


@dataclass(slots=True)
class Fault:
    """One order to spoil calls.

    `operation` is a shell-like pattern for what is called (`send`, `media*`); `user` the digits of the phone
    that it is about, empty for any; `times` how many more calls it spoils, None for all. `seconds` is the
    wait of “slow”, and what a 429 asks for; `code` is the provider's number for an “error” and a “fail”.
    """

    operation: str
    kind: FaultKind
    times: int | None = 1
    user: str = ""
    seconds: float = 1.0
    code: int = 0


class Faults:
    """The faults in force, oldest first: a script, each entry of which strikes `times` calls."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(
        self,
        operation: str,
        kind: FaultKind,
        times: int | None = 1,
        *,
        user: str | int = "",
        seconds: float = 1.0,
        code: int = 0,
    ) -> Fault:
        """Spoil the next `times` calls (None: all, until `clear`) of operations that match.

        Raises:
            ValueError: the kind is unknown, a number makes no sense, or the code of an error is missing.
        """
        if kind not in FAULT_KINDS:
            raise ValueError(f"Unknown kind of fault {kind!r}; there are {', '.join(FAULT_KINDS)}.")
        if (times is not None and times < 1) or seconds < 0:
            raise ValueError("A fault strikes at least once and waits no negative time.")
        if kind in ("error", "fail") and not code:
            raise ValueError(f"A fault {kind!r} needs the code that it comes with.")
        fault = Fault(operation, kind, times, str(user), seconds, code)
        with self._lock:
            self._faults.append(fault)
        return fault

    def listed(self) -> list[Fault]:
        """Those in force."""
        with self._lock:
            return list(self._faults)

    def clear(self) -> None:
        """End all faults."""
        with self._lock:
            self._faults.clear()

    def take(self, operation: str, user: str) -> Fault | None:
        """The fault that this call meets."""
        with self._lock:
            for fault in self._faults:
                if fnmatchcase(operation, fault.operation) and fault.user in ("", user):
                    if fault.times is not None:
                        fault.times -= 1
                    self._faults = [each for each in self._faults if each.times != 0]
                    return fault
        return None
