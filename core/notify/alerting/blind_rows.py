"""The stretches of time in which we ourselves were cut off, as the store keeps them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.event import Event
from core.message import _
from core.moment import Window
from core.notify.alerting.tables import BLIND
from core.store.metadata import FOREVER, from_microseconds, to_microseconds
from core.store.store import Transaction
from core.store.versions import as_of, record
from core.units import Instant, Severity, Span

__all__ = ["BLIND_ENDED", "begin_blind", "blind_windows", "end_blind", "open_blind"]

BLIND_ENDED = "alerts.blind.ended"
"""The kind of event that says, once it is over, when we were cut off."""


async def open_blind(connection: AsyncConnection) -> datetime | None:
    """Since when we are cut off; nothing while we aren't."""
    statement = select(BLIND.c.started_at).where(
        BLIND.c.superseded_at == FOREVER, BLIND.c.ended_at.is_(None), ~BLIND.c.gone
    )
    found = (await connection.execute(statement.limit(1))).scalar_one_or_none()
    return None if found is None else from_microseconds(found)


async def begin_blind(transaction: Transaction, since: datetime) -> None:
    """Note that nothing answers any more, since then."""
    await record(transaction, BLIND, [{"started_at": to_microseconds(since), "ended_at": None}])


async def end_blind(transaction: Transaction, since: datetime, now: datetime) -> None:
    """Note that something answers again, and tell of the whole stretch in one note (R11)."""
    row = {"started_at": to_microseconds(since), "ended_at": to_microseconds(now)}
    await record(transaction, BLIND, [row])
    title = _(
        "We were cut off from {start} to {end}, for {length}: nothing answered, so nothing is known of then.",
        start=Instant(since),
        end=Instant(now),
        length=Span(now - since),
    )
    key = f"{BLIND_ENDED}:{to_microseconds(since)}"
    subject = "opsdeck:reachability"
    await transaction.emit(Event(BLIND_ENDED, "alerts", subject, Severity.NOTICE, title, now, {}, key))


async def blind_windows(connection: AsyncConnection, window: Window, moment: datetime) -> list[Window]:
    """The blind stretches that touch the window, as known at `moment`; one that lasts ends at `moment`.

    Uptime leaves them out both ways.
    """
    found: list[Window] = []
    for row in await as_of(connection, BLIND, moment):
        ended = row["ended_at"]
        stretch = Window(
            from_microseconds(row["started_at"]), moment if ended is None else from_microseconds(ended)
        )
        if stretch.start < window.end and stretch.end > window.start:
            found.append(stretch)
    return found
