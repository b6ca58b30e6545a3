"""How far a message got with whom it went to, by what the provider reports (whatsapp.md B5, C1). Pure."""

from __future__ import annotations

import enum

__all__ = ["DeliveryState", "goes_on"]


class DeliveryState(enum.Enum):
    """What is known of a message after the provider took it."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


_PLACES = {
    DeliveryState.QUEUED: 0,
    DeliveryState.SENT: 1,
    DeliveryState.FAILED: 2,
    DeliveryState.DELIVERED: 3,
    DeliveryState.READ: 4,
}
"""Reports arrive twice and out of order. What arrived or was read did so, whatever else is reported later."""


def goes_on(before: DeliveryState | None, after: DeliveryState) -> bool:
    """Whether a report tells more than what is known already."""
    return before is None or _PLACES[after] > _PLACES[before]
