"""Requests of a provider that could not be kept, because the database was away: told as soon as it is back.

They were answered 503. Meta delivers them again for days, Twilio does not (whatsapp.md B1, C1): what its
users wrote meanwhile is lost, and somebody has to know.
"""

from __future__ import annotations

from datetime import datetime

from core.errors import StoreError
from core.event import Event
from core.message import Message, plural
from core.moment import Clock
from core.relay.tally import Tally
from core.store.store import Transaction
from core.units import Severity

__all__ = ["UNKEPT", "Unkept"]

UNKEPT = "relay.unkept"
"""The kind of the event."""

_AREA = "relay"


class Unkept:
    """Counts them for one line. `again` is whether its provider delivers them once more."""

    def __init__(self, tally: Tally, clock: Clock, *, again: bool) -> None:
        self._tally = tally
        self._clock = clock
        self._again = again
        self._count = 0
        self._since: datetime | None = None

    def note(self, error: StoreError) -> None:
        """One more could not be kept."""
        now = self._clock.now()
        self._count += 1
        self._since = self._since or now
        self._tally.failed(str(error.message), now)

    @property
    def event(self) -> Event | None:
        """What there is to tell; nothing where everything was kept."""
        if self._since is None:
            return None
        line = self._tally.line
        severity = Severity.WARNING if self._again else Severity.CRITICAL
        facts = {"line": line, "requests": self._count, "again": self._again}
        return Event(UNKEPT, _AREA, f"line:{line}", severity, self._title(self._count), self._since, facts)

    async def tell(self, transaction: Transaction) -> int:
        """Tell of those so far; how many, for `told` once that has committed."""
        event, count = self.event, self._count
        if event is not None:
            await transaction.emit(event)
        return count

    def told(self, count: int) -> None:
        """So many have been told of for good."""
        self._count -= count
        if not self._count:
            self._since = None

    def _title(self, count: int) -> Message:
        if self._again:
            return plural(
                "A request of WhatsApp could not be kept and will come again",
                "{count} requests of WhatsApp could not be kept and will come again",
                count,
            )
        return plural(
            "A request of WhatsApp could not be kept, and is lost unless Twilio tries again",
            "{count} requests of WhatsApp could not be kept, and are lost unless Twilio tries again",
            count,
        )
