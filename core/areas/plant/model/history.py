"""What was done to something, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.message import Message

__all__ = ["HistoryEntry"]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A line of a history, which is only ever added to: what was done by whom, and what they wrote."""

    at: datetime
    by: str
    what: Message
    note: str = ""
