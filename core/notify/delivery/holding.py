"""Quiet hours that begin while a notice waits: it is held until they end, however far it had come (R12).

Who makes a notice holds it where its recipient's quiet hours have begun already (`people.routes`). One that
was made before them and could not be sent, or whose try came to nothing, is held here, before its next try.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.notify.delivery.queue import Waiting
from core.notify.delivery.tables import OUTBOX
from core.notify.people.rows import quiet_hours
from core.store.metadata import to_microseconds
from core.store.store import Transaction

__all__ = ["hold", "nights"]


async def nights(
    connection: AsyncConnection, rows: Sequence[Waiting], present: datetime, wall: datetime
) -> dict[int, datetime]:
    """Of the rows, by id, those that their recipient's quiet hours hold from now on, and until when."""
    waiting = [row for row in rows if row.may_be_held]
    if not waiting:
        return {}
    quiet = await quiet_hours(connection, present)
    ends = {person: hours.until(wall) for person, hours in quiet.items()}
    return {row.id: until for row in waiting if (until := ends.get(row.person)) is not None}


async def hold(transaction: Transaction, held: Mapping[int, datetime], wall: datetime) -> None:
    """Hold the rows until then; the time that they are still worth delivering goes on after that."""
    for number, until in held.items():
        later = to_microseconds(until) - to_microseconds(wall)
        statement = update(OUTBOX).where(OUTBOX.c.id == number)
        await transaction.connection.execute(
            statement.values(not_before=to_microseconds(until), expires=OUTBOX.c.expires + later)
        )
