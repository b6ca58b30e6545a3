"""What is to be filed with the plant's backend: reports and bills that came to be here (whatsapp.md A2)."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.message import Message

__all__ = ["Filing", "FilingList", "FilingState"]


class FilingList(enum.Enum):
    """Where in the backend it belongs; its lists are called the same where they are read."""

    REJECTS = "rejects"
    RETURNS = "returns"
    MAINTENANCE = "maintenance"
    BOMS = "boms"


class FilingState(enum.Enum):
    """Whether the backend has it. A refused one waits for somebody to have it tried again."""

    WAITING = "waiting"
    FILED = "filed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Filing:
    """One thing that is to be filed, kept until the backend has it.

    `number` is ours: the ticket's, or a bill's with its version (`BOM-888/2`). `fields` is what the backend
    asks for, with our numbers and codes where it has ids. `tries` counts those that began, also one that
    nobody knows the end of; `next_try` is when there is another, and `reason` why there has to be. `filed_as`
    is the backend's number.
    """

    number: str
    list: FilingList
    fields: Mapping[str, object]
    asked_at: datetime
    state: FilingState = FilingState.WAITING
    tries: int = 0
    next_try: datetime | None = None
    reason: Message | None = None
    filed_as: str = ""

    def due(self, now: datetime) -> bool:
        """Whether it is to be tried at `now`."""
        return self.state is FilingState.WAITING and (self.next_try is None or self.next_try <= now)
