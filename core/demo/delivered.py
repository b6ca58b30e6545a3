"""The notices of the demo's past, delivered in their time: the console takes every notice at once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import false, func, insert, literal, select, update

from core.notify.channels.console import ConsoleChannel
from core.notify.delivery.rows import OutboxState
from core.notify.delivery.tables import OUTBOX, OUTBOX_ATTEMPT
from core.notify.delivery.turn import take_turn
from core.store.metadata import to_microseconds
from core.store.store import Store

__all__ = ["deliver_past_notices"]

_PRESENT = timedelta(minutes=1)
"""What is younger than this is left to the sender."""

_SENDER = "demo"


async def deliver_past_notices(store: Store) -> None:
    """Note of each past notice to the console that it arrived when it was made.

    The history is written at once and without a sender. One that starts now would find most of it too old to
    deliver, and would tell of every notice that it was lost.
    """
    async with store.writing() as transaction:
        await take_turn(transaction)
        waiting = (
            (OUTBOX.c.state == OutboxState.PENDING.value)
            & (OUTBOX.c.channel == ConsoleChannel.name)
            & (OUTBOX.c.created < to_microseconds(transaction.recorded_at - _PRESENT))
        )
        arrived = func.coalesce(OUTBOX.c.not_before, OUTBOX.c.created)
        columns = ["outbox", "channel", "recipient", "sender", "started_at", "ended_at", "repeat", "outcome"]
        tries = select(
            OUTBOX.c.id,
            OUTBOX.c.channel,
            OUTBOX.c.recipient,
            literal(_SENDER),
            arrived,
            arrived,
            false(),
            literal("sent"),
        ).where(waiting)
        await transaction.connection.execute(insert(OUTBOX_ATTEMPT).from_select(columns, tries))
        sent = update(OUTBOX).where(waiting)
        await transaction.connection.execute(
            sent.values(state=OutboxState.SENT.value, attempts=1, settled_at=arrived)
        )
