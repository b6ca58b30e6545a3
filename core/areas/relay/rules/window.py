"""When a WhatsApp user may be written to freely, and when not (whatsapp.md B4). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["OPEN_FOR", "WhatsAppUser"]

OPEN_FOR = timedelta(hours=24)
"""How long after they last wrote a user takes free text; later only approved templates."""


@dataclass(frozen=True, slots=True)
class WhatsAppUser:
    """What a user lets one of our senders do.

    `line` is the sender (`whatsapp:15550100000`), `user` what their phone is called. `wrote_at` is when they
    last wrote, if that is known; `stopped_at` when they asked to be told nothing more.
    """

    line: str
    user: str
    wrote_at: datetime | None = None
    stopped_at: datetime | None = None

    @property
    def stopped(self) -> bool:
        """Whether they want to be told nothing more."""
        return self.stopped_at is not None

    def left(self, now: datetime) -> timedelta:
        """How long they may still be written to freely; nothing or less once the window is closed."""
        return timedelta() if self.wrote_at is None else self.wrote_at + OPEN_FOR - now
