"""One writer at a time: on PostgreSQL two transactions may otherwise change the same thing at once."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select

from core.store.store import Transaction

__all__ = ["NEWEST", "take_turn"]

NEWEST = datetime(9999, 12, 31, tzinfo=UTC)
"""The moment as of which everything is read that is changed in the same turn.

A transaction that waited for its turn must see what was recorded meanwhile, later than its own moment.
"""

_TURN = 0x6F70_5F74_7572_6E
"""The PostgreSQL advisory lock of this area's writers."""


async def take_turn(transaction: Transaction) -> None:
    """Wait until no other writer of this area is at work, and keep them waiting until the transaction ends.

    To be called before anything is read that is to be changed. SQLite has one writer anyhow.
    """
    if transaction.connection.dialect.name == "postgresql":
        await transaction.connection.execute(select(func.pg_advisory_xact_lock(_TURN)))
