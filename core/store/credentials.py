"""Credentials of sources: named documents, encrypted by the caller (`core.vault`), with their history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.store.tables import CREDENTIAL
from core.store.versions import as_of, record

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["credential", "credential_names", "forget_credential", "reencrypt_credentials", "save_credential"]


async def credential(connection: AsyncConnection, name: str, moment: datetime) -> str | None:
    """The ciphertext saved under `name`, as of `moment`."""
    rows = await as_of(connection, CREDENTIAL, moment, name=name)
    return rows[0]["ciphertext"] if rows else None


async def credential_names(connection: AsyncConnection, moment: datetime) -> list[str]:
    """The names under which something was saved at `moment`."""
    return [row["name"] for row in await as_of(connection, CREDENTIAL, moment)]


async def save_credential(transaction: Transaction, name: str, ciphertext: str) -> None:
    """Save a document under `name`, in place of what was there."""
    await record(transaction, CREDENTIAL, [{"name": name, "ciphertext": ciphertext}])


async def forget_credential(transaction: Transaction, name: str) -> None:
    """Remove what was saved under `name`, in older versions too: a revoked secret needs no history."""
    await record(transaction, CREDENTIAL, [], scope={"name": name})
    await transaction.connection.execute(
        update(CREDENTIAL).where(CREDENTIAL.c.name == name).values(ciphertext=None)
    )


async def reencrypt_credentials(transaction: Transaction, reencrypt: Callable[[str], str]) -> int:
    """Put every version of every document through `reencrypt`, after the key was changed; how many."""
    table = CREDENTIAL
    rows = (await transaction.connection.execute(select(table).where(table.c.ciphertext.is_not(None)))).all()
    if rows:
        await transaction.connection.execute(
            update(table)
            .where(table.c.name == bindparam("of_name"), table.c.recorded_at == bindparam("of_moment"))
            .values(ciphertext=bindparam("renewed")),
            [
                {"of_name": row.name, "of_moment": row.recorded_at, "renewed": reencrypt(row.ciphertext)}
                for row in rows
            ],
        )
    return len(rows)
