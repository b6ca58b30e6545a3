"""Silences as the store keeps them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import NotFoundError
from core.message import _
from core.notify.alerting.silence import Silence
from core.notify.alerting.tables import SILENCE
from core.store.metadata import from_microseconds, to_microseconds
from core.store.store import Transaction
from core.store.versions import as_of, record

__all__ = ["add_silence", "end_silence", "read_silences"]


async def read_silences(connection: AsyncConnection, moment: datetime) -> list[Silence]:
    """Every silence set by then, the ended ones too, the newest first."""
    found = [_silence(row) for row in await as_of(connection, SILENCE, moment)]
    return sorted(found, key=lambda each: (each.starts_at, int(each.id)), reverse=True)


async def add_silence(
    transaction: Transaction,
    matchers: Mapping[str, str],
    *,
    reason: str,
    author: str,
    starts_at: datetime,
    ends_at: datetime,
) -> Silence:
    """Keep quiet, from then to then, the alerts that match."""
    known = (await transaction.connection.execute(select(SILENCE.c.id).distinct())).scalars()
    number = max((int(each) for each in known), default=0) + 1
    silence = Silence(str(number), dict(matchers), reason, author, starts_at, ends_at)
    await record(transaction, SILENCE, [_row(silence)])
    return silence


async def end_silence(transaction: Transaction, number: str, now: datetime) -> Silence:
    """End a silence now; what it kept quiet and is still so is told with the next tick.

    Raises:
        NotFoundError: there is no such silence, or it is over.
    """
    for silence in await read_silences(transaction.connection, transaction.recorded_at):
        if silence.id == number.strip() and now < silence.ends_at:
            ended = replace(silence, ends_at=max(now, silence.starts_at))
            await record(transaction, SILENCE, [_row(ended)])
            return ended
    raise NotFoundError(_("There is no silence {number} in force; “silence” lists them.", number=number[:20]))


def _silence(row: RowMapping) -> Silence:
    return Silence(
        id=row["id"],
        matchers=json.loads(row["matchers"]),
        reason=row["reason"],
        author=row["author"],
        starts_at=from_microseconds(row["starts_at"]),
        ends_at=from_microseconds(row["ends_at"]),
    )


def _row(silence: Silence) -> dict[str, object]:
    return {
        "id": silence.id,
        "matchers": json.dumps(dict(silence.matchers)),
        "reason": silence.reason,
        "author": silence.author,
        "starts_at": to_microseconds(silence.starts_at),
        "ends_at": to_microseconds(silence.ends_at),
    }
