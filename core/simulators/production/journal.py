"""The system's event log: numbered once, in order, and kept for as long as it is told to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.simulators.production.records import Event, JsonObject, as_json

__all__ = ["EventsGoneError", "Journal"]


class EventsGoneError(Exception):
    """The events after that number are no longer all here."""


class Journal:
    """Events with their numbers. Bodies are made once, so an event never changes after it was told."""

    def __init__(self) -> None:
        self._bodies: list[JsonObject] = []
        self._forgotten = 0

    @property
    def last(self) -> int:
        """The number of the newest event, 0 when there was none."""
        return self._forgotten + len(self._bodies)

    def add(self, event: Event) -> None:
        """Number an event and keep it."""
        number = self.last + 1
        kind, subject_id = event.subject
        self._bodies.append(
            {
                "seq": number,
                "id": f"evt_{number:06d}SIM",
                "type": event.type,
                "severity": event.severity,
                "occurred_at": as_json(event.occurred_at),
                "subject": {"kind": kind, "id": subject_id},
                "dedup_key": event.dedup_key,
                "title": event.title,
                "message": event.message,
                "data": as_json(event.data),
            }
        )

    def after(self, number: int) -> Sequence[JsonObject]:
        """The events that came after the one of that number, oldest first.

        Raises:
            EventsGoneError: some of them have been forgotten.
        """
        if number < self._forgotten:
            raise EventsGoneError
        return self._bodies[number - self._forgotten :]

    def between(self, start: datetime, end: datetime) -> list[JsonObject]:
        """The events that occurred in [start, end), oldest first."""
        first, last = as_json(start), as_json(end)
        return [body for body in self._bodies if str(first) <= str(body["occurred_at"]) < str(last)]

    def keep(self, newest: int) -> None:
        """Forget all but the newest so many, as a system does with events older than it retains."""
        excess = max(0, len(self._bodies) - newest)
        self._forgotten += excess
        del self._bodies[:excess]
