"""Which locations people have selected: those are looked at more often."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from core.store.preferences import preference, preferences, set_preference
from core.store.store import Transaction

__all__ = ["select_location", "selected_location", "watched_locations"]

_NAME = "network.location"


async def selected_location(connection: AsyncConnection, person: str, moment: datetime) -> str | None:
    """The id of the location that the person has selected, as of `moment`."""
    return await preference(connection, person, _NAME, moment)


async def select_location(transaction: Transaction, person: str, location: str) -> None:
    """Make `location` the one that the person's views are of."""
    await set_preference(transaction, person, _NAME, location)


async def watched_locations(connection: AsyncConnection, moment: datetime) -> frozenset[str]:
    """The ids of all locations that somebody has selected, as of `moment`."""
    return frozenset(await preferences(connection, _NAME, moment))
