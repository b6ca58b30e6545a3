"""Forgetting what is kept for a while only: Taara's answers and the log of calls. Readings stay for good."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Table, delete, select

from core.areas.usage.settings import UsageSettings
from core.areas.usage.store import tables
from core.store.metadata import to_microseconds
from core.store.store import Store

__all__ = ["forget_old"]

_ROWS_AT_A_TIME = 2_000


async def forget_old(store: Store, settings: UsageSettings) -> dict[str, int]:
    """Remove answers and calls that are older than the settings keep them; how many of each went.

    Each step is a short transaction of its own, so that nobody waits long for the database.
    """
    now = store.present()
    return {
        "answers": await _remove(store, tables.answers, now - timedelta(days=settings.raw_days)),
        "calls": await _remove(store, tables.calls, now - timedelta(days=settings.call_days)),
    }


async def _remove(store: Store, table: Table, before: datetime) -> int:
    """Remove the rows recorded before that moment, a few at a time."""
    key = next(iter(table.primary_key))
    old = select(key).where(table.c.recorded_at < to_microseconds(before)).limit(_ROWS_AT_A_TIME)
    removed = 0
    while True:
        async with store.writing() as transaction:
            found = await transaction.connection.execute(delete(table).where(key.in_(old)))
        removed += found.rowcount
        if found.rowcount < _ROWS_AT_A_TIME:
            return removed
