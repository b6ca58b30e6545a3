"""Recipients that moved to another address, or that nothing reaches any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.encoding import decode, encode
from core.message import Message
from core.notify.delivery.rows import OutboxRow, OutboxState, read_row
from core.notify.delivery.tables import OUTBOX, OUTBOX_RECIPIENT
from core.notify.delivery.turn import take_turn
from core.store.metadata import from_microseconds, to_microseconds
from core.store.store import Transaction

__all__ = ["GoneRecipient", "disable", "enable", "gone_recipients", "move"]


@dataclass(frozen=True, slots=True)
class GoneRecipient:
    """An address that nothing is sent to until somebody enables it again."""

    channel: str
    address: str
    reason: Message
    since: datetime


async def gone_recipients(connection: AsyncConnection) -> list[GoneRecipient]:
    """Every disabled recipient, by channel and address."""
    table = OUTBOX_RECIPIENT
    statement = select(table).where(table.c.gone).order_by(table.c.channel, table.c.recipient)
    return [
        GoneRecipient(
            row.channel,
            row.recipient,
            cast("Message", decode(row.reason)),
            from_microseconds(row.changed_at),
        )
        for row in await connection.execute(statement)
    ]


async def disable(transaction: Transaction, channel: str, address: str, reason: Message) -> list[OutboxRow]:
    """Send this recipient nothing more; the rows that were waiting for it and are dead now."""
    await _remember(transaction, channel, address, moved_to=None, gone=True, reason=reason)
    statement = (
        update(OUTBOX)
        .where(
            OUTBOX.c.channel == channel,
            OUTBOX.c.recipient == address,
            OUTBOX.c.state == OutboxState.PENDING.value,
        )
        .values(
            state=OutboxState.DEAD.value,
            error_class="gone",
            error_text=encode(reason),
            settled_at=to_microseconds(transaction.recorded_at),
        )
        .returning(OUTBOX)
    )
    ended = (await transaction.connection.execute(statement)).mappings().all()
    return sorted((read_row(row) for row in ended), key=lambda row: row.id)


async def enable(transaction: Transaction, channel: str, address: str) -> bool:
    """Let notices go to this recipient again; whether it had been disabled."""
    await take_turn(transaction)
    table = OUTBOX_RECIPIENT
    statement = delete(table).where(table.c.channel == channel, table.c.recipient == address, table.c.gone)
    return (await transaction.connection.execute(statement)).rowcount > 0


async def move(transaction: Transaction, channel: str, address: str, moved_to: str, reason: Message) -> None:
    """Send what waits for `address`, and all that comes for it, to `moved_to`."""
    await _remember(transaction, channel, address, moved_to=moved_to, gone=False, reason=reason)
    await transaction.connection.execute(
        update(OUTBOX)
        .where(
            OUTBOX.c.channel == channel,
            OUTBOX.c.recipient == address,
            OUTBOX.c.state == OutboxState.PENDING.value,
        )
        .values(recipient=moved_to)
    )


async def _remember(
    transaction: Transaction, channel: str, address: str, *, moved_to: str | None, gone: bool, reason: Message
) -> None:
    table = OUTBOX_RECIPIENT
    at = (table.c.channel == channel, table.c.recipient == address)
    await transaction.connection.execute(delete(table).where(*at))
    await transaction.connection.execute(
        insert(table).values(
            channel=channel,
            recipient=address,
            moved_to=moved_to,
            gone=gone,
            reason=encode(reason),
            changed_at=to_microseconds(transaction.recorded_at),
        )
    )
