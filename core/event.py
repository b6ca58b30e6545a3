"""What happened: the append-only record that alerts, timelines and other processes derive from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.message import Message
from core.units import Severity

__all__ = ["Event", "RecordedEvent"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    `kind` is a dotted name such as `network.pod.offline`; `subject` says to what, as `kind:key`
    (`pod:SIMPOD0002`); `at` is when it happened by the source's account; `facts` are JSON scalars that
    rules may test. `key`, where given, makes the event happen once: a second with the same key is dropped.
    """

    kind: str
    area: str
    subject: str
    severity: Severity
    title: Message
    at: datetime
    facts: Mapping[str, str | int | float | bool | None] = field(
        default_factory=dict[str, str | int | float | bool | None]
    )
    key: str | None = None


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event as the log keeps it: with its number, which only grows, and when it was recorded."""

    number: int
    recorded_at: datetime
    event: Event
