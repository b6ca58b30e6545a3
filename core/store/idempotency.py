"""Writes that happen once: the key of each that was done, with the page that answered it.

The key is looked up and kept inside the write's own transaction, so that the write and the memory of it
commit together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import StoreBusyError
from core.message import _
from core.store.metadata import to_microseconds
from core.store.tables import WRITTEN_ONCE

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["answer", "save_answer"]


async def answer(connection: AsyncConnection, key: str) -> str | None:
    """The encoded page that answered the write with this key, if it was done before."""
    statement = select(WRITTEN_ONCE.c.page).where(WRITTEN_ONCE.c.key == key)
    return (await connection.execute(statement)).scalar_one_or_none()


async def save_answer(transaction: Transaction, key: str, page: str) -> None:
    """Remember that the write with this key was done and answered with the encoded `page`.

    Raises:
        StoreBusyError: the same write was done at the same time; this one must not be done too.
    """
    values = {"key": key, "page": page, "recorded_at": to_microseconds(transaction.recorded_at)}
    try:
        await transaction.connection.execute(insert(WRITTEN_ONCE).values(**values))
    except IntegrityError as error:
        raise StoreBusyError(_("This was already done a moment ago; look before you do it again.")) from error
