"""The histories of defects, failure tickets and bills: only ever added to."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import Column, Integer, String, Table, Text, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.plant.model.history import HistoryEntry
from core.areas.plant.store.metadata import metadata
from core.encoding import decode, encode
from core.message import Message
from core.store.metadata import from_microseconds, moment_column, to_microseconds
from core.store.store import Transaction

__all__ = ["history", "history_of", "note_down"]

history = Table(
    "plant_history",
    metadata,
    Column("subject", String(40), primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    moment_column("recorded_at"),
    Column("by", String(200), nullable=False),
    Column("what", Text, nullable=False),
    Column("note", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""By the number of what it is of. `what` is encoded, so that it can be read in any language."""


async def note_down(transaction: Transaction, subject: str, by: str, what: Message, note: str = "") -> None:
    """Add a line to a history; whoever does so has taken the turn."""
    last = select(func.coalesce(func.max(history.c.line), 0)).where(history.c.subject == subject)
    line = (await transaction.connection.execute(last)).scalar_one() + 1
    values = {
        "subject": subject,
        "line": line,
        "recorded_at": to_microseconds(transaction.recorded_at),
        "by": by,
        "what": encode(what),
        "note": note,
    }
    await transaction.connection.execute(insert(history).values(**values))


async def history_of(connection: AsyncConnection, subject: str, moment: datetime) -> list[HistoryEntry]:
    """What was done by `moment` to the thing of that number, oldest first."""
    statement = (
        select(history)
        .where(history.c.subject == subject, history.c.recorded_at <= to_microseconds(moment))
        .order_by(history.c.line)
    )
    rows = (await connection.execute(statement)).mappings()
    return [
        HistoryEntry(
            at=from_microseconds(row["recorded_at"]),
            by=row["by"],
            what=cast("Message", decode(row["what"])),
            note=row["note"],
        )
        for row in rows
    ]
