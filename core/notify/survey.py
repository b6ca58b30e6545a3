"""Reading what is unfinished in the outbox, as planning sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.notify.notice import NoticeClass
from core.notify.rows import UNFINISHED, OutboxState
from core.notify.tables import OUTBOX
from core.notify.waiting import Waiting
from core.store.metadata import to_microseconds

__all__ = ["survey", "wanted_edits"]

_COLUMNS = (
    *(OUTBOX.c.id, OUTBOX.c.cls, OUTBOX.c.kind, OUTBOX.c.channel, OUTBOX.c.recipient, OUTBOX.c.subject),
    *(OUTBOX.c.sequence, OUTBOX.c.state, OUTBOX.c.attempts, OUTBOX.c.failures, OUTBOX.c.uncertain),
    *(OUTBOX.c.not_before, OUTBOX.c.next_attempt, OUTBOX.c.expires, OUTBOX.c.lease_by, OUTBOX.c.lease_until),
)


async def survey(connection: AsyncConnection, wall: datetime) -> list[Waiting]:
    """Every row that is still to go, and those that such a row carries along, in order of id.

    `wall` is the wall clock's now: what quiet hours hold, they hold until that clock says so.
    """
    carrier = OUTBOX.alias()
    unfinished = [state.value for state in UNFINISHED]
    unsent = select(carrier.c.id).where(carrier.c.state.in_(unfinished))
    folded = and_(OUTBOX.c.state == OutboxState.FOLDED.value, OUTBOX.c.folded_into.in_(unsent))
    statement = select(*_COLUMNS).where(or_(OUTBOX.c.state.in_(unfinished), folded)).order_by(OUTBOX.c.id)
    stamp = to_microseconds(wall)
    return [_waiting(row, stamp) for row in await connection.execute(statement)]


async def wanted_edits(connection: AsyncConnection, before: datetime, limit: int = 50) -> list[int]:
    """The ids of sent messages that should say something else by now and were not edited since `before`."""
    statement = (
        select(OUTBOX.c.id)
        .where(
            OUTBOX.c.wanted.is_not(None),
            OUTBOX.c.state.in_(
                [each.value for each in (OutboxState.SENT, OutboxState.DELIVERED, OutboxState.READ)]
            ),
            or_(OUTBOX.c.edited_at.is_(None), OUTBOX.c.edited_at <= to_microseconds(before)),
        )
        .order_by(OUTBOX.c.id)
        .limit(limit)
    )
    return list((await connection.execute(statement)).scalars())


def _waiting(row: Row[Any], wall: int) -> Waiting:
    return Waiting(
        id=row.id,
        cls=NoticeClass(row.cls),
        kind=row.kind,
        channel=row.channel,
        address=row.recipient,
        subject=row.subject,
        sequence=row.sequence,
        state=OutboxState(row.state),
        attempts=row.attempts,
        failures=row.failures,
        uncertain=row.uncertain,
        held=row.not_before is not None and wall < row.not_before,
        was_held=row.not_before is not None,
        next_attempt=row.next_attempt,
        expires=row.expires,
        lease_by=row.lease_by,
        lease_until=row.lease_until,
    )
