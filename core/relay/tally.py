"""What a relay process counts about a line, for everybody who looks at the Relay pane."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.areas.relay.model import Worker
from core.relay.turn import Outcome

__all__ = ["Tally"]

_ANSWERED = frozenset({Outcome.ANSWERED})
_REFUSED = frozenset({Outcome.REFUSED, Outcome.LIMITED})


@dataclass(slots=True)
class Tally:
    """Counts since `started_at`; `worker` and `line` say of which process and line."""

    worker: str
    line: str
    mode: str
    started_at: datetime
    bot: str = ""
    polled_at: datetime | None = None
    received_at: datetime | None = None
    received: int = 0
    answered: int = 0
    refused: int = 0
    errors: int = 0
    last_error: str = ""
    last_error_at: datetime | None = None

    def came_in(self, now: datetime) -> None:
        """Something came in."""
        self.received += 1
        self.received_at = now

    def dealt_with(self, outcome: Outcome) -> None:
        """It was dealt with."""
        self.answered += outcome in _ANSWERED
        self.refused += outcome in _REFUSED
        self.errors += outcome is Outcome.POISON

    def failed(self, reason: str, now: datetime) -> None:
        """Something went wrong on our side or on the line."""
        self.errors += 1
        self.last_error, self.last_error_at = reason, now

    def said(self, now: datetime, waiting: int) -> Worker:
        """All of it as the store keeps it."""
        return Worker(
            worker=self.worker,
            line=self.line,
            mode=self.mode,
            bot=self.bot,
            started_at=self.started_at,
            seen_at=now,
            polled_at=self.polled_at,
            received_at=self.received_at,
            received=self.received,
            answered=self.answered,
            refused=self.refused,
            errors=self.errors,
            waiting=waiting,
            last_error=self.last_error,
            last_error_at=self.last_error_at,
        )
