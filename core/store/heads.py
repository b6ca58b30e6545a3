"""What must be written in one order: events, polls and audit entries, at the end of a transaction.

Their numbers come from one row, `log_head`, which every write transaction locks last and holds only
until it commits. So numbers have no gaps, and whoever follows a log never sees a number before a lower
one (on PostgreSQL, a sequence would allow both).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.event import Event, RecordedEvent
from core.store.audit import AuditEntry, insert_entries
from core.store.events import insert_events
from core.store.metadata import to_microseconds
from core.store.polls import Poll, insert_polls
from core.store.tables import LOG_HEAD

__all__ = ["ROUNDS", "Pending", "append", "read_head"]

ROUNDS = 5
"""How often events may cause further events within one transaction."""

_READ = select(LOG_HEAD)
_LOCK = _READ.with_for_update()
_WRITE = update(LOG_HEAD).where(LOG_HEAD.c.id == 1)


@dataclass(slots=True)
class Pending:
    """What a transaction will append to the logs when it ends."""

    events: list[Event] = field(default_factory=list[Event])
    polls: list[Poll] = field(default_factory=list[Poll])
    entries: list[AuditEntry] = field(default_factory=list[AuditEntry])


async def read_head(connection: AsyncConnection) -> Row[Any]:
    """How far the logs have grown, and the newest recorded moment."""
    return (await connection.execute(_READ)).one()


async def append(
    connection: AsyncConnection,
    head: Row[Any],
    recorded_at: datetime,
    pending: Pending,
    audit_key: bytes,
    react: Callable[[Sequence[RecordedEvent]], Awaitable[None]],
) -> int:
    """Write what is pending under the next numbers; the newest recorded moment, in microseconds.

    `head` is as the transaction found it when it began. On SQLite it is so still, as there is one writer.
    `react` is called with the events once they are numbered, and again with those that it added to
    `pending`, until it adds none.

    Raises:
        RuntimeError: it still adds events after `ROUNDS` rounds; they cause one another without end.
    """
    if connection.dialect.name == "postgresql":
        head = (await connection.execute(_LOCK)).one()
    stamp = to_microseconds(recorded_at)
    newest = max(stamp, head.recorded_at)
    event = head.event
    for _round in range(ROUNDS):
        events, pending.events = pending.events, []
        added = await insert_events(connection, events, after=event, recorded_at=recorded_at)
        if not added:
            break
        event = added[-1].number
        await react(added)
    if pending.events:
        kinds = ", ".join(sorted({each.kind for each in pending.events}))
        raise RuntimeError(f"events cause one another without end: {kinds}")
    poll = await insert_polls(connection, pending.polls, after=head.poll, stamp=stamp)
    audit, tag = await insert_entries(
        connection, pending.entries, after=head.audit, tag=head.audit_tag, stamp=stamp, key=audit_key
    )
    values = {"event": event, "poll": poll, "audit": audit, "audit_tag": tag, "recorded_at": newest}
    await connection.execute(_WRITE, values)
    return newest
