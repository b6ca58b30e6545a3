"""Who a channel's user is, as the store keeps it: versioned, so that a page can look back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.relay.model import Identity
from core.areas.relay.store.tables import RELAY_IDENTITY
from core.principal import Role
from core.store.store import Transaction
from core.store.versions import as_of, record

__all__ = ["find_identity", "forget_identity", "identities_of", "read_identities", "save_identity"]


async def read_identities(connection: AsyncConnection, moment: datetime) -> list[Identity]:
    """Every user that is known, by channel and user."""
    return [_identity(row) for row in await as_of(connection, RELAY_IDENTITY, moment)]


async def find_identity(
    connection: AsyncConnection, channel: str, user: str, moment: datetime
) -> Identity | None:
    """The user, if they were paired or chose a language by then."""
    rows = await as_of(connection, RELAY_IDENTITY, moment, channel=channel, user=user)
    return _identity(rows[0]) if rows else None


async def identities_of(connection: AsyncConnection, person: str, moment: datetime) -> list[Identity]:
    """The users behind whom a person stands: one for each account they paired."""
    return [_identity(row) for row in await as_of(connection, RELAY_IDENTITY, moment, person=person)]


async def save_identity(transaction: Transaction, identity: Identity) -> None:
    """Remember who the user is, in place of what was known of them."""
    row = {
        "channel": identity.channel,
        "user": identity.user,
        "person": identity.person,
        "role": int(identity.role),
        "tier": identity.tier,
        "chat": identity.chat,
        "name": identity.name,
        "language": identity.language,
    }
    await record(transaction, RELAY_IDENTITY, [row])


async def forget_identity(transaction: Transaction, channel: str, user: str) -> None:
    """From now on nobody is known to be behind the user."""
    await record(transaction, RELAY_IDENTITY, [], scope={"channel": channel, "user": user})


def _identity(row: RowMapping) -> Identity:
    return Identity(
        channel=row["channel"],
        user=row["user"],
        person=row["person"],
        role=Role(row["role"]),
        tier=row["tier"],
        chat=row["chat"],
        name=row["name"],
        language=row["language"],
    )
