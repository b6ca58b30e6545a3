"""How much came in from chats and went out to them, counted from what was received and from the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.relay.model import Traffic
from core.areas.relay.store.tables import RELAY_INBOUND
from core.moment import Window
from core.notify.delivery.rows import UNFINISHED, OutboxState, values_of
from core.notify.delivery.tables import OUTBOX, OUTBOX_ATTEMPT
from core.store.metadata import from_microseconds, to_microseconds

__all__ = ["read_hours", "read_traffic", "waiting_notices"]

_ARRIVED = (OutboxState.SENT, OutboxState.DELIVERED, OutboxState.READ)
_NEVER_ARRIVED = (OutboxState.DEAD, OutboxState.EXPIRED, OutboxState.UNCERTAIN)
_MINUTE = timedelta(minutes=1)
_HOUR = 3_600_000_000


async def read_traffic(connection: AsyncConnection, channel: str, since: datetime, now: datetime) -> Traffic:
    """What went to and fro on the channel from `since` on, and what waits now."""
    received = RELAY_INBOUND
    of_channel = received.c.channel.startswith(f"{channel}:", autoescape=True)
    start = to_microseconds(since)
    by_outcome = (
        await connection.execute(
            select(received.c.outcome, func.count())
            .where(of_channel, received.c.received_at >= start)
            .group_by(received.c.outcome)
            .order_by(received.c.outcome)
        )
    ).all()
    unhandled = select(func.count()).where(of_channel, received.c.handled_at.is_(None))
    sent = await _ended(connection, channel, _ARRIVED, start)
    lost = await _ended(connection, channel, _NEVER_ARRIVED, start)
    started = select(func.count()).where(
        OUTBOX_ATTEMPT.c.channel == channel, OUTBOX_ATTEMPT.c.started_at > to_microseconds(now - _MINUTE)
    )
    waiting, oldest = await waiting_notices(connection, channel)
    return Traffic(
        received=sum(count for _outcome, count in by_outcome),
        unhandled=(await connection.execute(unhandled)).scalar_one(),
        outcomes=tuple((outcome, count) for outcome, count in by_outcome if outcome is not None),
        sent=sent,
        last_minute=(await connection.execute(started)).scalar_one(),
        waiting=waiting,
        undelivered=lost,
        oldest=oldest,
    )


async def read_hours(connection: AsyncConnection, channel: str, window: Window) -> dict[int, int]:
    """How much came in by the channel in each hour of a window, by the hour's beginning (seconds since 1970).

    Hours in which nothing came in are left out.
    """
    received = RELAY_INBOUND
    hour = received.c.received_at - received.c.received_at % _HOUR
    statement = (
        select(hour, func.count())
        .where(
            received.c.channel.startswith(f"{channel}:", autoescape=True),
            received.c.received_at >= to_microseconds(window.start),
            received.c.received_at < to_microseconds(window.end),
        )
        .group_by(hour)
    )
    return {begin // 1_000_000: count for begin, count in await connection.execute(statement)}


async def waiting_notices(connection: AsyncConnection, channel: str) -> tuple[int, datetime | None]:
    """How many messages wait to go out by the channel, and since when the first of them."""
    statement = select(func.count(), func.min(OUTBOX.c.created)).where(
        OUTBOX.c.channel == channel, OUTBOX.c.state.in_(values_of(UNFINISHED))
    )
    count, oldest = (await connection.execute(statement)).one()
    return count, None if oldest is None else from_microseconds(oldest)


async def _ended(
    connection: AsyncConnection, channel: str, states: tuple[OutboxState, ...], since: int
) -> int:
    statement = select(func.count()).where(
        OUTBOX.c.channel == channel, OUTBOX.c.state.in_(values_of(states)), OUTBOX.c.settled_at >= since
    )
    return (await connection.execute(statement)).scalar_one()
