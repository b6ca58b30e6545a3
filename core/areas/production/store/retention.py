"""Forgetting what was only kept to tell repetitions: ids of events and reports that are long past.

Versions, samples and the event log itself are the store's to forget; the ledger is kept for good.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from core.area import Services
from core.areas.production.store.tables import reports_taken, seen_events
from core.settings import CoreSettings
from core.store.metadata import to_microseconds

__all__ = ["forget"]

_AT_A_TIME = 2_000


async def forget(services: Services) -> None:
    """Remove the ids that were seen longer ago than events are kept, a few at a time."""
    days = services.settings.of(CoreSettings).event_days
    before = to_microseconds(services.store.present() - timedelta(days=days))
    for table in (seen_events, reports_taken):
        old = select(table.c.id).where(table.c.recorded_at < before).limit(_AT_A_TIME)
        removed = _AT_A_TIME
        while removed == _AT_A_TIME:
            async with services.store.writing() as transaction:
                gone = await transaction.connection.execute(delete(table).where(table.c.id.in_(old)))
                removed = gone.rowcount
