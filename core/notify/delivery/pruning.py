"""Forgetting what was delivered, or given up, long ago."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from core.notify.delivery.rows import UNFINISHED, values_of
from core.notify.delivery.tables import OUTBOX, OUTBOX_ATTEMPT, OUTBOX_PAUSE
from core.notify.delivery.turn import take_turn
from core.store.metadata import to_microseconds
from core.store.store import Store

__all__ = ["prune"]


async def prune(store: Store, keep: timedelta) -> None:
    """Delete finished rows older than `keep`, with their tries, and pauses that are over."""
    async with store.writing() as transaction:
        await take_turn(transaction)
        now, connection = transaction.recorded_at, transaction.connection
        before = to_microseconds(now - keep)
        finished = OUTBOX.c.state.not_in(values_of(UNFINISHED))
        await connection.execute(delete(OUTBOX).where(OUTBOX.c.created < before, finished))
        await connection.execute(delete(OUTBOX_ATTEMPT).where(OUTBOX_ATTEMPT.c.started_at < before))
        await connection.execute(delete(OUTBOX_PAUSE).where(OUTBOX_PAUSE.c.until < to_microseconds(now)))
