"""Faults on demand (taara.md 12): which call to spoil, how, and how often."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

__all__ = ["Fault", "FaultKind", "Faults", "Operation"]

Operation: TypeAlias = Literal["login", "bundle", "logout"]
"""The calls of one poll."""

_EndingKind: TypeAlias = Literal[
    "timeout", "reset", "401", "403", "404", "429", "500", "502", "503", "html", "truncated", "null"
]
_LoginKind: TypeAlias = Literal["no-token", "opaque-token", "expired-token"]
_BundleKind: TypeAlias = Literal[
    "balance",
    "expiry",
    "no-plans",
    "null-plans",
    "no-history",
    "duplicate-history",
    "wrong-bytes",
    "extra-keys",
    "jitter",
]
FaultKind: TypeAlias = Literal["latency", _EndingKind, _LoginKind, _BundleKind]
"""What can go wrong.

On any call: `latency` waits `seconds` before the true answer, `timeout` never answers, `reset` breaks the
connection, a number is that status with a JSON `message`, `html` a page with `status`, `truncated` half
of the true answer, `null` that word alone. On login: no `accessToken`, one that is no JWT, one that is over
already. On the bundle: `balance` and `expiry` put `value` in the place of the plan's text, the others do
what they are called; `wrong-bytes` adds `value` (bytes) to `totalDataUsage` and `jitter` up to `value` bytes,
up and down in turn, to the balance.
"""

_ENDING: Final = frozenset(get_args(_EndingKind))
_LOGIN: Final = frozenset(get_args(_LoginKind))
_BUNDLE: Final = frozenset(get_args(_BundleKind))
_OPERATIONS: Final = frozenset(get_args(Operation))


@dataclass(slots=True)
class Fault:
    """One order to spoil answers.

    `times` is how many more calls it spoils, None for all; `account` whose calls, all if empty. `plan` says
    which plan of the list a `balance` or `expiry` fault is for, counted from 0. `seconds` are real time,
    because the patience of a client is real too.
    """

    operation: str
    kind: FaultKind
    times: int | None = 1
    account: str = ""
    seconds: float = 1.0
    status: int = 200
    retry_after: int | None = 30
    plan: int = 0
    value: object = None

    @property
    def ending(self) -> bool:
        """Whether it takes the place of the true answer."""
        return self.kind in _ENDING

    def matches(self, operation: str, account: str) -> bool:
        """Whether it spoils a call of the account."""
        return self.operation in ("*", operation) and self.account in ("", account)


class Faults:
    """The faults in force, oldest first. Safe to change while a server thread reads it."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(
        self,
        operation: str,
        kind: FaultKind,
        times: int | None = 1,
        *,
        account: str = "",
        seconds: float = 1.0,
        status: int = 200,
        retry_after: int | None = 30,
        plan: int = 0,
        value: object = None,
    ) -> Fault:
        """Spoil the next `times` calls (None: all, until `clear`) of an operation, "*" for any.

        Raises:
            ValueError: there is no such operation or kind, the kind doesn't go with the operation, or a
                number makes no sense.
        """
        _check(operation, kind)
        if (times is not None and times < 1) or seconds < 0 or not 200 <= status <= 599:
            raise ValueError("A fault strikes at least once, waits no negative time, and has an HTTP status.")
        fault = Fault(operation, kind, times, account, seconds, status, retry_after, plan, value)
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """End all faults."""
        with self._lock:
            self._faults.clear()

    def listed(self) -> list[Fault]:
        """The faults still in force."""
        with self._lock:
            return list(self._faults)

    def take(self, operation: str, account: str) -> list[Fault]:
        """The faults one call meets: all latencies, and the first that ends it or else all others."""
        with self._lock:
            matching = [fault for fault in self._faults if fault.matches(operation, account)]
            ending = next((fault for fault in matching if fault.ending), None)
            met = [fault for fault in matching if fault.kind == "latency" or fault is ending or not ending]
            for fault in met:
                if fault.times is not None:
                    fault.times -= 1
            self._faults = [fault for fault in self._faults if fault.times != 0]
        return met


def _check(operation: str, kind: str) -> None:
    if operation != "*" and operation not in _OPERATIONS:
        raise ValueError(f"Unknown operation {operation!r}; there are *, {', '.join(sorted(_OPERATIONS))}.")
    if kind in _LOGIN or kind in _BUNDLE:
        home = "login" if kind in _LOGIN else "bundle"
        if operation != home:
            raise ValueError(f"The fault {kind!r} is one of the operation {home!r}.")
    elif kind != "latency" and kind not in _ENDING:
        kinds = sorted({"latency"} | _ENDING | _LOGIN | _BUNDLE)
        raise ValueError(f"Unknown kind of fault {kind!r}; there are {', '.join(kinds)}.")
