"""The chats that the bot is or was in, as the store keeps them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.relay.model import Chat
from core.areas.relay.store.tables import RELAY_CHAT
from core.store.store import Transaction
from core.store.versions import as_of, record

__all__ = ["find_chat", "read_chats", "save_chat"]


async def read_chats(connection: AsyncConnection, moment: datetime) -> list[Chat]:
    """Every chat that was known by then, by channel and chat."""
    return [_chat(row) for row in await as_of(connection, RELAY_CHAT, moment)]


async def find_chat(connection: AsyncConnection, channel: str, chat: str, moment: datetime) -> Chat | None:
    """The chat, if it was known by then."""
    rows = await as_of(connection, RELAY_CHAT, moment, channel=channel, chat=chat)
    return _chat(rows[0]) if rows else None


async def save_chat(transaction: Transaction, chat: Chat) -> None:
    """Remember the chat, in place of what was known of it."""
    row = {
        "channel": chat.channel,
        "chat": chat.chat,
        "kind": chat.kind,
        "title": chat.title,
        "person": chat.person,
        "present": chat.present,
    }
    await record(transaction, RELAY_CHAT, [row])


def _chat(row: RowMapping) -> Chat:
    return Chat(
        channel=row["channel"],
        chat=row["chat"],
        kind=row["kind"],
        title=row["title"],
        person=row["person"],
        present=row["present"],
    )
