"""Pairing codes, kept as hashes, and how often somebody sent one that was none."""

from __future__ import annotations

import hmac
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.relay.model import PairingCode
from core.areas.relay.rules.pairing_code import ATTEMPTS_WITHIN, LASTING, hash_of
from core.areas.relay.store.tables import RELAY_ATTEMPT, RELAY_CODE
from core.principal import Role
from core.store.metadata import from_microseconds, to_microseconds
from core.store.store import Transaction

__all__ = ["add_code", "add_failure", "failures", "find_code", "open_codes", "prune_codes", "use_code"]


async def add_code(transaction: Transaction, code: PairingCode) -> None:
    """Keep a new code."""
    await transaction.connection.execute(
        insert(RELAY_CODE).values(
            code_hash=hash_of(code.text),
            person=code.person,
            role=int(code.role),
            tier=code.tier,
            is_group=code.is_group,
            made_by=code.made_by,
            made_at=to_microseconds(code.made_at),
            expires_at=to_microseconds(code.expires_at),
        )
    )


async def open_codes(connection: AsyncConnection, now: datetime) -> list[tuple[str, PairingCode]]:
    """The codes that somebody can still use, each with its hash, the oldest first."""
    table = RELAY_CODE
    statement = (
        select(table)
        .where(table.c.used_at.is_(None), table.c.expires_at > to_microseconds(now))
        .order_by(table.c.made_at, table.c.code_hash)
    )
    return [
        (
            row.code_hash,
            PairingCode(
                person=row.person,
                role=Role(row.role),
                tier=row.tier,
                is_group=row.is_group,
                made_by=row.made_by,
                made_at=from_microseconds(row.made_at),
                expires_at=from_microseconds(row.expires_at),
            ),
        )
        for row in await connection.execute(statement)
    ]


async def find_code(connection: AsyncConnection, typed: str, now: datetime) -> PairingCode | None:
    """The open code that was typed; each of them is compared, in a time that does not depend on it."""
    wanted = hash_of(typed)
    found = None
    for kept, code in await open_codes(connection, now):
        if hmac.compare_digest(kept, wanted):
            found = code
    return found


async def use_code(transaction: Transaction, typed: str, by: str, now: datetime) -> bool:
    """Spend the code; whether nobody was faster."""
    table = RELAY_CODE
    statement = (
        update(table)
        .where(table.c.code_hash == hash_of(typed), table.c.used_at.is_(None))
        .values(used_at=to_microseconds(now), used_by=by)
    )
    return (await transaction.connection.execute(statement)).rowcount > 0


async def failures(connection: AsyncConnection, channel: str, user: str, now: datetime) -> int:
    """How many wrong codes the user sent of late."""
    table = RELAY_ATTEMPT
    statement = select(table.c.failures).where(
        table.c.channel == channel,
        table.c.user == user,
        table.c.since > to_microseconds(now - ATTEMPTS_WITHIN),
    )
    return (await connection.execute(statement)).scalar_one_or_none() or 0


async def add_failure(transaction: Transaction, channel: str, user: str, now: datetime) -> None:
    """Count one more wrong code of the user's; the count begins anew once its time is over."""
    table = RELAY_ATTEMPT
    before = await failures(transaction.connection, channel, user, now)
    if before:
        statement = (
            update(table).where(table.c.channel == channel, table.c.user == user).values(failures=before + 1)
        )
        await transaction.connection.execute(statement)
        return
    await transaction.connection.execute(
        delete(table).where(table.c.channel == channel, table.c.user == user)
    )
    await transaction.connection.execute(
        insert(table).values(channel=channel, user=user, since=to_microseconds(now), failures=1)
    )


async def prune_codes(transaction: Transaction, now: datetime) -> None:
    """Drop what can't be used any more, and counts whose time is over."""
    expired = to_microseconds(now - LASTING)
    await transaction.connection.execute(delete(RELAY_CODE).where(RELAY_CODE.c.expires_at <= expired))
    over = to_microseconds(now - ATTEMPTS_WITHIN)
    await transaction.connection.execute(delete(RELAY_ATTEMPT).where(RELAY_ATTEMPT.c.since <= over))
