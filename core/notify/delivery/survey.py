"""Reading what is unfinished in the outbox, as planning sees it at one moment.

Replies are read a part at a time, the oldest first: when a thousand people write in one moment, thousands of
answers wait for the provider's rate, and looking at each of them before every message would take longer than
sending it. Nothing of them is missed by that: no answer may pass an earlier one of its chat, and what ends
without being sent makes room for the next. Of everything else all is read, as notices may change places.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.notify.delivery.claims import LEASE_FOR
from core.notify.delivery.countdowns import Countdowns
from core.notify.delivery.queue import Waiting
from core.notify.delivery.rows import UNFINISHED, OutboxState, values_of
from core.notify.delivery.tables import OUTBOX
from core.notify.notice import NoticeClass
from core.store.metadata import to_microseconds

__all__ = ["MOST_REPLIES", "Survey"]

MOST_REPLIES = 100
"""Replies that are looked at by channel: more than go out between two looks, whatever a provider takes."""

_COLUMNS = (
    *(OUTBOX.c.id, OUTBOX.c.cls, OUTBOX.c.kind, OUTBOX.c.channel, OUTBOX.c.recipient, OUTBOX.c.subject),
    *(OUTBOX.c.sequence, OUTBOX.c.state, OUTBOX.c.attempts, OUTBOX.c.failures, OUTBOX.c.uncertain),
    *(OUTBOX.c.not_before, OUTBOX.c.next_attempt, OUTBOX.c.expires, OUTBOX.c.lease_by, OUTBOX.c.lease_until),
    *(OUTBOX.c.folded_into, OUTBOX.c.person),
)

_STATES = {each.value: each for each in OutboxState}
_CLASSES = {each.value: each for each in NoticeClass}
"""By their values: there may be thousands of rows, and an enum takes long to find one of its own."""


class Survey:
    """Reads the rows that are still to go, and measures what is left of their waits.

    `channels` are those by which this process sends.
    """

    def __init__(self, countdowns: Countdowns, channels: Collection[str]) -> None:
        self._countdowns = countdowns
        self._statement = _statement(channels)

    async def take(self, connection: AsyncConnection, present: datetime, wall: datetime) -> list[Waiting]:
        """The rows that are still to go, and those that such a row carries along, in order of id.

        `present` is the store's moment, which never goes back. `wall` is the wall clock's now: what quiet
        hours hold, they hold until that clock says so.
        """
        stamps = to_microseconds(present), to_microseconds(wall)
        return [self._waiting(row, *stamps) for row in await connection.execute(self._statement)]

    def _waiting(self, row: Row[Any], present: int, wall: int) -> Waiting:
        number, cls, kind, channel, address, subject, sequence, stored, *rest = row
        attempts, failures, uncertain, not_before, again, expires, lease_by, lease_until, *others = rest
        folded_into, person = others
        state = _STATES[stored]
        pending, leased = state is OutboxState.PENDING, state is OutboxState.LEASED
        held = not_before is not None and wall < not_before
        waits = pending and again is not None and self._left("next_attempt", number, again, present) > 0
        lease = ("lease", number, lease_by, lease_until)
        return Waiting(
            id=number,
            cls=_CLASSES[cls],
            kind=kind,
            channel=channel,
            address=address,
            subject=subject,
            sequence=sequence,
            state=state,
            attempts=attempts,
            failures=failures,
            uncertain=uncertain,
            folded_into=folded_into,
            held=held,
            was_held=not_before is not None,
            waits=waits,
            expired=pending and not held and self._left("expires", number, expires, present) <= 0,
            lease_by=lease_by,
            person=person,
            lease_left=self._countdowns.left(lease, LEASE_FOR.total_seconds()) if leased else 0.0,
        )

    def _left(self, column: str, row: int, moment: int, present: int) -> float:
        return self._countdowns.left((column, row, moment), (moment - present) / 1_000_000)


def _statement(channels: Collection[str]) -> Select[Any]:
    """What reads the rows; made once, as making it costs more than running it."""
    carrier = OUTBOX.alias()
    unsent = select(carrier.c.id).where(carrier.c.state.in_(values_of(UNFINISHED)))
    folded = and_(OUTBOX.c.state == OutboxState.FOLDED.value, OUTBOX.c.folded_into.in_(unsent))
    unfinished = and_(OUTBOX.c.state.in_(values_of(UNFINISHED)), or_(*_looked_at(channels)))
    return select(*_COLUMNS).where(or_(unfinished, folded)).order_by(OUTBOX.c.id)


def _looked_at(channels: Collection[str]) -> list[ColumnElement[bool]]:
    """Which of the unfinished rows are read: any that applies."""
    waits, reply = OutboxState.PENDING.value, NoticeClass.REPLY.value
    first = OUTBOX.alias()
    oldest = [
        select(first.c.id)
        .where(first.c.state == waits, first.c.channel == channel, first.c.cls == reply)
        .order_by(first.c.id)
        .limit(MOST_REPLIES)
        for channel in channels
    ]
    return [
        OUTBOX.c.cls != reply,
        OUTBOX.c.state != waits,
        OUTBOX.c.channel.not_in(channels),
        *(OUTBOX.c.id.in_(each) for each in oldest),
    ]
