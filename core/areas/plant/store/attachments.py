"""Attachments in the store: noted when they come in, filled when they are fetched, given to tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.plant.model.attachments import Attachment, AttachmentState, Received
from core.areas.plant.rules.attachment_numbers import PREFIX
from core.areas.plant.store.attachment_tables import attachments, contents
from core.areas.plant.store.sequences import next_number
from core.areas.plant.store.stamps import maybe_moment
from core.encoding import decode, encode
from core.errors import NotFoundError
from core.message import Message, _
from core.store.metadata import from_microseconds, to_microseconds
from core.store.store import Transaction

__all__ = [
    "attach",
    "attachment_of",
    "attachments_by_source",
    "attachments_of",
    "claim",
    "content_of",
    "due_attachments",
    "fail",
    "fill",
    "loose_bytes",
    "newest_attachments",
    "note_received",
    "prune_attachments",
    "put_off",
    "received_since",
]

_FRESH: dict[str, object] = {"size": 0, "ticket": "", "attached_by": "", "tries": 0, "error": ""}


async def note_received(transaction: Transaction, received: Received, next_try: datetime) -> Attachment:
    """Note what came in, unless it is known by its source; its file is tried for by `next_try`."""
    connection = transaction.connection
    known = await attachments_by_source(connection, [received.source])
    if known:
        return known[0]
    name = await next_number(transaction, PREFIX, transaction.recorded_at)
    row: dict[str, object] = {
        **_FRESH,
        "name": name,
        "source": received.source,
        "state": AttachmentState.WAITING.value,
        "content_type": received.content_type,
        "file_name": received.file_name,
        "caption": received.caption,
        "channel": received.channel,
        "phone": received.phone,
        "sender": received.sender,
        "received_at": to_microseconds(transaction.recorded_at),
        "next_try": to_microseconds(next_try),
        "origin": received.origin,
    }
    await connection.execute(attachments.insert().values(**row))
    return (await attachments_by_source(connection, [received.source]))[0]


async def fill(transaction: Transaction, name: str, content_type: str, content: bytes) -> bool:
    """Keep the file of an attachment that waits for it; whether it still did."""
    done = {"state": AttachmentState.KEPT.value, "content_type": content_type, "size": len(content)}
    if not await _settle(transaction, name, done):
        return False
    await transaction.connection.execute(contents.insert().values(name=name, content=content))
    return True


async def fail(transaction: Transaction, name: str, reason: Message) -> bool:
    """Give up on the file of an attachment that waits for it; whether it still did."""
    return await _settle(transaction, name, {"state": AttachmentState.FAILED.value, "error": encode(reason)})


async def claim(transaction: Transaction, attachment: Attachment, next_try: datetime) -> bool:
    """Take it upon this process to try for the file; false where another one has since it was read."""
    statement = (
        update(attachments)
        .where(
            attachments.c.name == attachment.name,
            attachments.c.state == AttachmentState.WAITING.value,
            attachments.c.tries == attachment.tries,
        )
        .values(tries=attachment.tries + 1, next_try=to_microseconds(next_try))
    )
    return (await transaction.connection.execute(statement)).rowcount > 0


async def put_off(transaction: Transaction, attachment: Attachment, next_try: datetime) -> None:
    """Try for the file again at `next_try`."""
    await transaction.connection.execute(
        update(attachments)
        .where(attachments.c.name == attachment.name, attachments.c.state == AttachmentState.WAITING.value)
        .values(next_try=to_microseconds(next_try))
    )


async def attach(transaction: Transaction, names: Sequence[str], ticket: str, by: str) -> None:
    """Give attachments to a ticket; each belongs to one at a time.

    Raises:
        NotFoundError: one isn't known.
    """
    connection = transaction.connection
    for name in names:
        await attachment_of(connection, name)
    await connection.execute(
        update(attachments)
        .where(attachments.c.name.in_(list(names)))
        .values(ticket=ticket, attached_at=to_microseconds(transaction.recorded_at), attached_by=by)
    )


async def attachments_of(connection: AsyncConnection, ticket: str, moment: datetime) -> list[Attachment]:
    """What belonged to a ticket at a moment, as it came in."""
    statement = (
        select(attachments)
        .where(attachments.c.ticket == ticket, attachments.c.attached_at <= to_microseconds(moment))
        .order_by(attachments.c.received_at, attachments.c.name)
    )
    return [_attachment(row) for row in await connection.execute(statement)]


async def newest_attachments(connection: AsyncConnection, moment: datetime, most: int) -> list[Attachment]:
    """What came in until a moment, the newest first."""
    statement = (
        select(attachments)
        .where(attachments.c.received_at <= to_microseconds(moment))
        .order_by(attachments.c.received_at.desc(), attachments.c.name.desc())
        .limit(most)
    )
    return [_attachment(row) for row in await connection.execute(statement)]


async def attachment_of(connection: AsyncConnection, name: str, moment: datetime | None = None) -> Attachment:
    """The attachment of that number, if it had come in by the moment.

    Raises:
        NotFoundError: there is none.
    """
    row = (await connection.execute(select(attachments).where(attachments.c.name == name))).one_or_none()
    if row is None or (moment is not None and row.received_at > to_microseconds(moment)):
        raise NotFoundError(_("There is no attachment {name}; “media list” lists them.", name=name[:40]))
    return _attachment(row)


async def content_of(connection: AsyncConnection, name: str) -> bytes:
    """The file of an attachment that is kept."""
    return (await connection.execute(select(contents.c.content).where(contents.c.name == name))).scalar_one()


async def attachments_by_source(connection: AsyncConnection, sources: Sequence[str]) -> list[Attachment]:
    """Those that came from there, in the order of their numbers."""
    statement = select(attachments).where(attachments.c.source.in_(list(sources)))
    return [_attachment(row) for row in await connection.execute(statement.order_by(attachments.c.name))]


async def due_attachments(
    connection: AsyncConnection, channel: str, now: datetime, most: int
) -> list[Attachment]:
    """Those of a channel whose files should be tried for, who waits longest first."""
    statement = (
        select(attachments)
        .where(
            attachments.c.state == AttachmentState.WAITING.value,
            attachments.c.channel == channel,
            attachments.c.next_try <= to_microseconds(now),
        )
        .order_by(attachments.c.next_try)
        .limit(most)
    )
    return [_attachment(row) for row in await connection.execute(statement)]


async def received_since(connection: AsyncConnection, sender: str, since: datetime) -> int:
    """How many things a sender has sent since then."""
    statement = select(func.count()).where(
        attachments.c.sender == sender, attachments.c.received_at > to_microseconds(since)
    )
    return int((await connection.execute(statement)).scalar_one())


async def loose_bytes(connection: AsyncConnection) -> int:
    """How much those take together that belong to no ticket."""
    statement = select(func.sum(attachments.c.size)).where(attachments.c.ticket == "")
    return int((await connection.execute(statement)).scalar_one() or 0)


async def prune_attachments(transaction: Transaction, before: datetime) -> int:
    """Forget those that came in before then and belong to no ticket; how many."""
    old = select(attachments.c.name).where(
        attachments.c.ticket == "", attachments.c.received_at < to_microseconds(before)
    )
    connection = transaction.connection
    await connection.execute(delete(contents).where(contents.c.name.in_(old)))
    gone = delete(attachments).where(
        attachments.c.ticket == "", attachments.c.received_at < to_microseconds(before)
    )
    return (await connection.execute(gone)).rowcount


async def _settle(transaction: Transaction, name: str, values: Mapping[str, object]) -> bool:
    """Nothing more is to be fetched, so that nobody needs to know from where."""
    statement = (
        update(attachments)
        .where(attachments.c.name == name, attachments.c.state == AttachmentState.WAITING.value)
        .values(**values, next_try=None, origin="")
    )
    return (await transaction.connection.execute(statement)).rowcount > 0


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(
        name=row.name,
        state=AttachmentState(row.state),
        content_type=row.content_type,
        size=row.size,
        file_name=row.file_name,
        caption=row.caption,
        channel=row.channel,
        phone=row.phone,
        received_at=from_microseconds(row.received_at),
        ticket=row.ticket,
        attached_at=maybe_moment(row.attached_at),
        attached_by=row.attached_by,
        tries=row.tries,
        error=cast("Message", decode(row.error)) if row.error else None,
        origin=row.origin,
    )
