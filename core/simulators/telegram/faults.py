"""Faults on demand: which calls go wrong, how, and how often."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Literal, TypeAlias, get_args

from core.simulators.telegram.errors import ApiError, refused, too_many_requests
from core.simulators.telegram.model import ChatKind, Standing

__all__ = ["FAULT_KINDS", "Fault", "FaultKind", "Faults", "fault_error", "standing_error"]

FaultKind: TypeAlias = Literal[
    "429", "500", "502", "drop-before", "drop-after", "slow",
    "blocked", "deactivated", "kicked", "left", "deleted", "stranger",
]  # fmt: skip
"""429; a 500 in JSON; a 502 in HTML; the connection lost before or after the call was done; an answer after
`seconds` of real time, because the patience of a client is real too; and the six ways of a 403."""

FAULT_KINDS: Final[tuple[FaultKind, ...]] = get_args(FaultKind)


@dataclass(slots=True)
class Fault:
    """One order to spoil calls.

    `method` is a shell-like pattern for the method's name, in any letter case (`send*`); `chat` the chat
    that it is about, None for any; `times` how many more calls it spoils, None for all. `seconds` is the
    wait of “slow”, and what a 429 asks for.
    """

    method: str
    kind: FaultKind
    times: int | None = 1
    chat: int | None = None
    seconds: float = 1.0


class Faults:
    """The faults in force, oldest first: a script, each entry of which strikes `times` calls."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(
        self,
        method: str,
        kind: FaultKind,
        times: int | None = 1,
        *,
        chat: int | None = None,
        seconds: float = 1.0,
    ) -> Fault:
        """Spoil the next `times` calls (None: all, until `clear`) of methods that match.

        Raises:
            ValueError: the kind is unknown, or a number makes no sense.
        """
        if kind not in FAULT_KINDS:
            raise ValueError(f"Unknown kind of fault {kind!r}; there are {', '.join(FAULT_KINDS)}.")
        if (times is not None and times < 1) or seconds < 0:
            raise ValueError("A fault strikes at least once and waits no negative time.")
        fault = Fault(method.lower(), kind, times, chat, seconds)
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

    def take(self, method: str, chat: int | None) -> Fault | None:
        """The fault that this call meets."""
        with self._lock:
            for fault in self._faults:
                if fnmatchcase(method.lower(), fault.method) and fault.chat in (None, chat):
                    if fault.times is not None:
                        fault.times -= 1
                    self._faults = [each for each in self._faults if each.times != 0]
                    return fault
        return None


def fault_error(fault: Fault, chat_kind: ChatKind) -> ApiError | None:
    """The refusal that `fault` stands for; None where it is no refusal in JSON."""
    match fault.kind:
        case "429":
            return too_many_requests(int(fault.seconds))
        case "500":
            return ApiError(500, "Internal Server Error: restart")
        case "blocked" | "deactivated" | "kicked" | "left" | "deleted" | "stranger":
            return standing_error(fault.kind, chat_kind)
        case _:
            return None


def standing_error(standing: Standing, chat_kind: ChatKind) -> ApiError | None:
    """Why a bot that stands so can't speak in a chat of that kind; None if it can."""
    group = "group" if chat_kind == "private" else chat_kind
    match standing:
        case "blocked":
            return refused("bot was blocked by the user", 403)
        case "deactivated":
            return refused("user is deactivated", 403)
        case "stranger":
            return refused("bot can't initiate conversation with a user", 403)
        case "kicked":
            return refused(f"bot was kicked from the {group} chat", 403)
        case "left":
            return refused(f"bot is not a member of the {group} chat", 403)
        case "deleted":
            return refused("the group chat was deleted", 403)
        case _:
            return None
