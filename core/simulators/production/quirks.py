"""How an answer of the simulated system may differ from the contract while still being an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from core.simulators.production.records import JsonObject

__all__ = ["Quirks"]

_UNKNOWN_WORD = "simmering"
_SPARED = frozenset({"id", "at", "as_of", "seq"})


@dataclass(slots=True)
class Quirks:
    """Switches a test may turn at any time.

    `lacks` are paths below /api/v1 that this system doesn't offer, like `/budgets`: they answer 404, with
    what lies below them. `skew` is how far its clock is ahead. `state` replaces the system's state, `health`
    its health's word. `unknown_words` makes every status a word nobody knows, `missing_fields` leaves out
    every second field of jobs, uploads and the status. `duplicated_events` tells each event twice,
    `reordered_events` the newest first.
    """

    lacks: set[str] = field(default_factory=set[str])
    skew: timedelta = timedelta(0)
    state: str | None = None
    health: str = "pass"
    unknown_words: bool = False
    missing_fields: bool = False
    duplicated_events: bool = False
    reordered_events: bool = False

    def lacking(self, path: str) -> bool:
        """Whether this system doesn't offer `path` (without /api/v1)."""
        return any(path == lacked or path.startswith(f"{lacked}/") for lacked in self.lacks)

    def bent(self, body: JsonObject) -> JsonObject:
        """`body`, changed as the switches say, however deep."""
        if self.unknown_words:
            body = _deep(body, _with_unknown_words)
        if self.missing_fields:
            body = _deep(body, _with_gaps)
        return body

    def events(self, events: list[JsonObject]) -> list[JsonObject]:
        """A page of events in the order and number in which it is sent."""
        told = [event for event in events for _ in range(2 if self.duplicated_events else 1)]
        return told[::-1] if self.reordered_events else told


def _with_unknown_words(row: JsonObject) -> JsonObject:
    return row | {name: _UNKNOWN_WORD for name in ("status", "state") if isinstance(row.get(name), str)}


def _with_gaps(row: JsonObject) -> JsonObject:
    """Without every second field that holds a plain value, identities excepted."""
    plain = [
        name for name, value in row.items() if name not in _SPARED and not isinstance(value, dict | list)
    ]
    return {name: value for name, value in row.items() if name not in plain[::2]}


def _deep(body: JsonObject, change: Callable[[JsonObject], JsonObject]) -> JsonObject:
    def walk(value: object) -> object:
        if isinstance(value, dict):
            row = cast("JsonObject", value)
            return change({name: walk(item) for name, item in row.items()})
        if isinstance(value, list):
            return [walk(item) for item in cast("list[object]", value)]
        return value

    return cast("JsonObject", walk(body))
