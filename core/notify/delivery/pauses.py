"""Whom a provider asked us to leave alone, and until when: every sender keeps to it (reliability.md R6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.notify.delivery.countdowns import Countdowns
from core.notify.delivery.tables import OUTBOX_PAUSE
from core.store.metadata import to_microseconds
from core.store.store import Transaction

__all__ = ["line_name", "pause", "pauses_left", "recipient_name"]


def recipient_name(channel: str, address: str) -> str:
    """What a recipient's budget and pause are called."""
    return f"{channel}|{address}"


def line_name(channel: str, line: str) -> str:
    """What a line (`Channel.line`) is called."""
    return f"{channel}||{line}"


async def pause(transaction: Transaction, name: str, length: timedelta) -> None:
    """Remember that what is called `name` is to be left alone for `length` from now on."""
    table, connection = OUTBOX_PAUSE, transaction.connection
    known = (await connection.execute(select(table.c.until).where(table.c.name == name))).scalar_one_or_none()
    until = to_microseconds(transaction.recorded_at + length)
    if known is not None:
        until = max(until, known + 1)  # always another moment, so that who has seen the last one sees this
        await connection.execute(delete(table).where(table.c.name == name))
    await connection.execute(insert(table).values(name=name, until=until))


async def pauses_left(
    connection: AsyncConnection, countdowns: Countdowns, present: datetime
) -> dict[str, float]:
    """The seconds for which each name is still to be left alone."""
    stamp = to_microseconds(present)
    left: dict[str, float] = {}
    for row in await connection.execute(select(OUTBOX_PAUSE)):
        seconds = countdowns.left(("pause", row.name, row.until), (row.until - stamp) / 1_000_000)
        if seconds > 0:
            left[row.name] = seconds
    return left
