"""What is promised to whom: the targets of a ticket's clocks (operations.md 5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from core.areas.tickets.model import ClockKind, Priority, Ticket
from core.sla import BusinessHours

__all__ = ["Policy"]

_HOURS: Mapping[str, timedelta] = {
    "ultra_premium": timedelta(hours=1),
    "elite": timedelta(hours=4),
    "pro": timedelta(hours=24),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """The targets by tier, and the one for what is urgent whatever the tier.

    A tier that is named nowhere is served as well as possible, without a promise. `hours` are the
    business hours of those tiers that have any; all others are served around the clock.
    """

    response: Mapping[str, timedelta] = field(default_factory=lambda: dict(_HOURS))
    resolution: Mapping[str, timedelta] = field(default_factory=dict[str, timedelta])
    urgent: timedelta = timedelta(minutes=15)
    hours: Mapping[str, BusinessHours] = field(default_factory=dict[str, BusinessHours])

    def target(self, kind: ClockKind, ticket: Ticket) -> timedelta | None:
        """The smallest target that applies, or nothing: no promise."""
        if kind is ClockKind.RESOLUTION:
            return self.resolution.get(ticket.tier) or None
        applying = [self.response.get(ticket.tier), self.urgent if self.is_urgent(ticket) else None]
        return min((each for each in applying if each), default=None)

    def hours_of(self, kind: ClockKind, ticket: Ticket) -> BusinessHours | None:
        """The hours that count for a clock; what is urgent is answered around the clock."""
        if kind is not ClockKind.RESOLUTION and self.is_urgent(ticket):
            return None
        return self.hours.get(ticket.tier)

    def is_urgent(self, ticket: Ticket) -> bool:
        """Whether an agent confirmed it as urgent, or a critical incident is behind it."""
        confirmed = ticket.priority is Priority.URGENT and bool(ticket.priority_by)
        return confirmed or ticket.incident_critical
