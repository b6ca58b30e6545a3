"""What is to be filed with the plant's backend, and what was: recorded with what it is of, and never lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Column, Integer, RowMapping, String, Text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.plant.model.filing import Filing, FilingList, FilingState
from core.areas.plant.store.metadata import metadata
from core.areas.plant.store.stamps import maybe_moment, maybe_stamp
from core.encoding import decode, encode
from core.errors import NotFoundError
from core.message import Message, _
from core.store.metadata import from_microseconds, moment_column, to_microseconds
from core.store.store import Transaction
from core.store.versions import as_of, record, versioned_table

__all__ = ["all_filings", "filing_of", "filings", "filings_in", "own_number", "record_filings"]

filings = versioned_table(
    "plant_filing",
    metadata,
    keys=[Column("number", String(60))],
    fields=[
        Column("list", String(20), nullable=False),
        Column("fields", Text, nullable=False),
        moment_column("asked_at"),
        Column("state", String(20), nullable=False),
        Column("tries", Integer, nullable=False),
        moment_column("next_try", nullable=True),
        Column("reason", Text),
        Column("filed_as", String(60), nullable=False),
    ],
)
"""`fields` and `reason` are encoded."""


async def all_filings(connection: AsyncConnection, moment: datetime) -> list[Filing]:
    """All of them, in the order in which they were asked for."""
    found = [_filing(row) for row in await as_of(connection, filings, moment)]
    return sorted(found, key=lambda each: (each.asked_at, each.number))


async def filings_in(connection: AsyncConnection, moment: datetime, state: FilingState) -> list[Filing]:
    """Those in a state, in the order in which they were asked for."""
    found = [_filing(row) for row in await as_of(connection, filings, moment, state=state.value)]
    return sorted(found, key=lambda each: (each.asked_at, each.number))


async def filing_of(connection: AsyncConnection, number: str, moment: datetime) -> Filing:
    """That of the ticket or version of that number.

    Raises:
        NotFoundError: there is none.
    """
    rows = await as_of(connection, filings, moment, number=number)
    if not rows:
        raise NotFoundError(
            _(
                "Nothing of {number} is filed with the plant’s backend; “plant backend” lists what is.",
                number=number,
            )
        )
    return _filing(rows[0])


async def own_number(connection: AsyncConnection, filed_as: str, moment: datetime) -> str | None:
    """The number here of what the backend gave a number of its own."""
    rows = await as_of(connection, filings, moment, filed_as=filed_as)
    return rows[0]["number"] if rows else None


async def record_filings(transaction: Transaction, changed: Sequence[Filing]) -> None:
    """Record how far they are."""
    await record(transaction, filings, [_row(each) for each in changed])


def _row(filing: Filing) -> dict[str, object]:
    return {
        "number": filing.number,
        "list": filing.list.value,
        "fields": encode(dict(filing.fields)),
        "asked_at": to_microseconds(filing.asked_at),
        "state": filing.state.value,
        "tries": filing.tries,
        "next_try": maybe_stamp(filing.next_try),
        "reason": None if filing.reason is None else encode(filing.reason),
        "filed_as": filing.filed_as,
    }


def _filing(row: RowMapping) -> Filing:
    return Filing(
        number=row["number"],
        list=FilingList(row["list"]),
        fields=cast("dict[str, object]", decode(row["fields"])),
        asked_at=from_microseconds(row["asked_at"]),
        state=FilingState(row["state"]),
        tries=row["tries"],
        next_try=maybe_moment(row["next_try"]),
        reason=None if row["reason"] is None else cast("Message", decode(row["reason"])),
        filed_as=row["filed_as"],
    )
