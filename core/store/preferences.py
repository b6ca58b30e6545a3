"""What each person prefers (the selected location, the theme), with its history."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncConnection

from core.store.tables import PREFERENCE
from core.store.versions import as_of, record

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["preference", "preferences", "set_preference"]


async def preference(connection: AsyncConnection, person: str, name: str, moment: datetime) -> str | None:
    """What the person preferred at `moment`, if they had chosen."""
    rows = await as_of(connection, PREFERENCE, moment, person=person, name=name)
    return rows[0]["value"] if rows else None


async def preferences(connection: AsyncConnection, name: str, moment: datetime) -> list[str]:
    """What everybody who had chosen preferred at `moment`, each choice once."""
    rows = await as_of(connection, PREFERENCE, moment, name=name)
    return sorted({row["value"] for row in rows})


async def set_preference(transaction: Transaction, person: str, name: str, value: str | None) -> None:
    """Remember what the person prefers; nothing forgets it."""
    rows = [] if value is None else [{"person": person, "name": name, "value": value}]
    await record(transaction, PREFERENCE, rows, scope={"person": person, "name": name})
