"""The log of what was said on WhatsApp, and what is counted from it (whatsapp.md A9)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.relay.store.tables import RELAY_MESSAGE
from core.notify.delivery.rows import OutboxState, values_of
from core.notify.delivery.tables import OUTBOX
from core.store.metadata import from_microseconds, to_microseconds
from core.store.store import Transaction

__all__ = [
    "Analytics",
    "LoggedMessage",
    "add_messages",
    "log_key",
    "prune_messages",
    "read_analytics",
    "read_messages",
    "user_key",
]

_KEEP_CONTENT = timedelta(days=30)
_KEEP = timedelta(days=90)
"""How long what was said is kept, and that something was (reliability.md S20)."""

_CHANNEL = "whatsapp"
_SENT = (OutboxState.SENT, OutboxState.DELIVERED, OutboxState.READ)


@dataclass(frozen=True, slots=True)
class LoggedMessage:
    """One line of the log; `phone` is masked."""

    number: int
    phone: str
    message_type: str
    content: str
    error: str
    state_before: str
    state_after: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Analytics:
    """What happened on WhatsApp since some moment.

    `errors_occurred` counts faults and refusals of what came in and messages that never arrived;
    `average_session_duration` is the mean number of seconds of completed workflows, if there were any.
    """

    messages_received: int
    messages_sent: int
    workflows_completed: int
    errors_occurred: int
    active_users: int
    average_session_duration: float | None

    @property
    def message_ratio(self) -> float:
        """Messages sent for each one received."""
        return self.messages_sent / max(self.messages_received, 1)


def log_key(audit_key: bytes) -> bytes:
    """What the log's hashes are made with; `audit_key` is the same in all processes of an installation."""
    return hmac.digest(audit_key, b"whatsapp log", "sha256")


def user_key(key: bytes, user: str) -> str:
    """The hash by which the log tells a user apart; `key` is that of `log_key`."""
    return hmac.new(key, user.encode(), hashlib.sha256).hexdigest()[:32]


async def add_messages(transaction: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Write lines of the log, by the names of the columns."""
    if rows:
        await transaction.connection.execute(insert(RELAY_MESSAGE), list(rows))


async def read_messages(connection: AsyncConnection, most: int, until: datetime) -> list[LoggedMessage]:
    """The newest lines up to a moment, newest first."""
    table = RELAY_MESSAGE
    statement = (
        select(table)
        .where(table.c.at <= to_microseconds(until))
        .order_by(table.c.at.desc(), table.c.id.desc())
        .limit(most)
    )
    return [_message(row) for row in await connection.execute(statement)]


async def read_analytics(connection: AsyncConnection, since: datetime, until: datetime) -> Analytics:
    """What happened from one moment to another."""
    table, start, end = RELAY_MESSAGE, to_microseconds(since), to_microseconds(until)
    within = (table.c.at >= start, table.c.at <= end)
    counted = await connection.execute(
        select(table.c.message_type, func.count()).where(*within).group_by(table.c.message_type)
    )
    counts: dict[str, int] = {row[0]: row[1] for row in counted}
    summed = select(
        func.count(func.distinct(table.c.user_key)), func.count(table.c.workflow), func.avg(table.c.seconds)
    ).where(*within)
    users, workflows, seconds = (await connection.execute(summed)).one()
    messages = (OUTBOX.c.channel == _CHANNEL, OUTBOX.c.settled_at >= start, OUTBOX.c.settled_at <= end)
    sent = select(func.count()).where(*messages, OUTBOX.c.state.in_(values_of(_SENT)))
    lost = select(func.count()).where(*messages, OUTBOX.c.state == OutboxState.DEAD.value)
    return Analytics(
        messages_received=counts.get("incoming", 0),
        messages_sent=(await connection.execute(sent)).scalar_one(),
        workflows_completed=workflows,
        errors_occurred=counts.get("error", 0) + (await connection.execute(lost)).scalar_one(),
        active_users=users,
        average_session_duration=None if seconds is None else float(seconds),
    )


async def prune_messages(transaction: Transaction) -> None:
    """Forget what was said a while ago, and later that anything was."""
    table, connection = RELAY_MESSAGE, transaction.connection
    spoken = to_microseconds(transaction.recorded_at - _KEEP_CONTENT)
    await connection.execute(
        update(table).where(table.c.at < spoken, table.c.content.is_not(None)).values(content=None)
    )
    before = to_microseconds(transaction.recorded_at - _KEEP)
    await connection.execute(delete(table).where(table.c.at < before))


def _message(row: Row[Any]) -> LoggedMessage:
    return LoggedMessage(
        row.id,
        row.phone,
        row.message_type,
        row.content or "",
        row.error or "",
        row.state_before,
        row.state_after,
        from_microseconds(row.at),
    )
