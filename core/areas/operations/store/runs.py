"""What the records of other parts of opsdeck say of how they are doing: polls, and the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from core.notify.delivery.rows import UNFINISHED
from core.notify.delivery.tables import OUTBOX
from core.store.metadata import from_microseconds, to_microseconds
from core.store.tables import POLL, SOURCE

__all__ = ["failed_runs", "oldest_unsent"]

_LOOKED_BACK = timedelta(days=1)
_UNSENT = [state.value for state in UNFINISHED]


async def failed_runs(connection: AsyncConnection, moment: datetime) -> dict[tuple[str, str], int]:
    """By source and subject, how many polls in a row have failed within the last day."""
    good = POLL.alias("good")
    last_good = (
        select(func.max(good.c.number))
        .where(
            good.c.source == POLL.c.source,
            good.c.good == true(),
            good.c.recorded_at <= to_microseconds(moment),
        )
        .correlate(POLL)
        .scalar_subquery()
    )
    statement = (
        select(SOURCE.c.name, SOURCE.c.subject, func.count())
        .join(POLL, POLL.c.source == SOURCE.c.id)
        .where(
            ~POLL.c.good,
            POLL.c.recorded_at > to_microseconds(moment - _LOOKED_BACK),
            POLL.c.recorded_at <= to_microseconds(moment),
            POLL.c.number > func.coalesce(last_good, 0),
        )
        .group_by(SOURCE.c.name, SOURCE.c.subject)
    )
    return {(name, subject): count for name, subject, count in await connection.execute(statement)}


async def oldest_unsent(connection: AsyncConnection, channel: str, moment: datetime) -> timedelta | None:
    """How old the oldest message is that waits to be sent over the channel and isn't held back."""
    stamp = to_microseconds(moment)
    held = OUTBOX.c.not_before.is_not(None) & (OUTBOX.c.not_before > stamp)
    statement = select(func.min(OUTBOX.c.created)).where(
        OUTBOX.c.state.in_(_UNSENT), OUTBOX.c.channel == channel, ~held
    )
    created = (await connection.execute(statement)).scalar_one()
    return None if created is None else moment - from_microseconds(created)
