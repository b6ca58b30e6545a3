"""Whose turn it is to write to the outbox: one transaction at a time, in every process."""

from __future__ import annotations

from sqlalchemy import select

from core.store.store import Transaction
from core.store.tables import LOG_HEAD

__all__ = ["take_turn"]


async def take_turn(transaction: Transaction) -> None:
    """Let nobody else write to the outbox until this transaction ends.

    Every function that writes to it begins with this. It makes one order of all that touches the outbox:
    ids grow in the order of commits, and no two transactions wait for each other in a circle. On SQLite
    there is only one writer anyway.
    """
    if transaction.connection.dialect.name == "postgresql":
        await transaction.connection.execute(select(LOG_HEAD.c.id).with_for_update())
