"""What came in and isn't dealt with yet, as the store keeps it: encrypted, because people type secrets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.relay.store.tables import RELAY_INBOUND
from core.store.metadata import from_microseconds, to_microseconds
from core.store.statements import insert_missing, insert_rows
from core.store.store import Transaction

__all__ = ["KEEP_FOR", "Kept", "keep", "prune_inbox", "unhandled"]

KEEP_FOR = timedelta(hours=48)
"""How long it is remembered that something was handled: no platform delivers again after that (R13)."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that came in by a line, its body encrypted. `key` is the provider's number of it.

    `received_at` is known of what is read again.
    """

    line: str
    key: str
    body: str
    received_at: datetime | None = None


async def keep(transaction: Transaction, kept: Sequence[Kept]) -> None:
    """Remember what came in; what is known already stays as it is."""
    received_at = to_microseconds(transaction.recorded_at)
    connection = transaction.connection
    rows = [(each.line, each.key, received_at, each.body, None, None, None) for each in kept]
    await insert_rows(connection, insert_missing(connection.dialect.name, RELAY_INBOUND), rows)


async def unhandled(connection: AsyncConnection, line: str) -> list[Kept]:
    """What came in by the line and waits to be dealt with, the oldest first."""
    table = RELAY_INBOUND
    statement = (
        select(table.c.key, table.c.body, table.c.received_at)
        .where(table.c.channel == line, table.c.handled_at.is_(None), table.c.body.is_not(None))
        .order_by(table.c.received_at, table.c.key)
    )
    return [
        Kept(line, row.key, row.body, from_microseconds(row.received_at))
        for row in await connection.execute(statement)
    ]


async def prune_inbox(transaction: Transaction) -> None:
    """Forget what was handled long ago."""
    before = to_microseconds(transaction.recorded_at - KEEP_FOR)
    statement = delete(RELAY_INBOUND).where(
        RELAY_INBOUND.c.received_at < before, RELAY_INBOUND.c.handled_at.is_not(None)
    )
    await transaction.connection.execute(statement)
