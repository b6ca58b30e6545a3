"""Published media: kept until they expire, then gone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.relay.store.tables import RELAY_MEDIA
from core.store.metadata import to_microseconds
from core.store.store import Transaction

__all__ = ["MediaHead", "add_media", "bytes_kept", "find_media", "prune_media", "read_content"]


@dataclass(frozen=True, slots=True)
class MediaHead:
    """What is said of a file before it is sent: its name, its type, its size in bytes, until when it is."""

    token_hash: str = field(repr=False)
    name: str
    content_type: str
    size: int


async def add_media(transaction: Transaction, head: MediaHead, content: bytes, expires_at: datetime) -> None:
    """Keep a file until `expires_at`."""
    await transaction.connection.execute(
        RELAY_MEDIA.insert().values(
            token_hash=head.token_hash,
            name=head.name,
            content_type=head.content_type,
            size=head.size,
            content=content,
            made_at=to_microseconds(transaction.recorded_at),
            expires_at=to_microseconds(expires_at),
        )
    )


async def find_media(connection: AsyncConnection, token_hash: str, now: datetime) -> MediaHead | None:
    """What is known of a file, unless it has expired by `now`; its content stays where it is."""
    table = RELAY_MEDIA
    statement = select(table.c.name, table.c.content_type, table.c.size).where(
        table.c.token_hash == token_hash, table.c.expires_at > to_microseconds(now)
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else MediaHead(token_hash, row.name, row.content_type, row.size)


async def read_content(connection: AsyncConnection, token_hash: str) -> bytes:
    """The content of a file that was found."""
    statement = select(RELAY_MEDIA.c.content).where(RELAY_MEDIA.c.token_hash == token_hash)
    return (await connection.execute(statement)).scalar_one()


async def bytes_kept(connection: AsyncConnection) -> int:
    """How much all files take together."""
    total = (await connection.execute(select(func.sum(RELAY_MEDIA.c.size)))).scalar_one()
    return int(total or 0)


async def prune_media(transaction: Transaction) -> None:
    """Forget what has expired."""
    now = to_microseconds(transaction.recorded_at)
    await transaction.connection.execute(delete(RELAY_MEDIA).where(RELAY_MEDIA.c.expires_at <= now))
