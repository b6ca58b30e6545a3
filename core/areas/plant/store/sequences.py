"""The numbers that the plant gives away: one after the other, and never one twice.

They are counted in the store and not made from the clock, as two that arrive in the same second would then
get the same one (whatsapp.md D7).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Integer, String, Table

from core.areas.plant.store.metadata import metadata
from core.store.statements import insert_missing
from core.store.store import Transaction

__all__ = ["next_number", "sequences", "skip_to"]

sequences = Table(
    "plant_sequence",
    metadata,
    Column("prefix", String(10), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
)
"""The last number that was given under each prefix in each year (UTC)."""


async def next_number(transaction: Transaction, prefix: str, at: datetime) -> str:
    """A number that nothing has or had, like “MNT-2026-0001”: the next of the year in which `at` is.

    Whoever asks for one holds up those who ask for another of the same prefix until its transaction ends.
    """
    connection, year = transaction.connection, at.year
    start = insert_missing(connection.dialect.name, sequences).values(prefix=prefix, year=year, last=0)
    await connection.execute(start)
    counted = (
        sequences.update()
        .where(sequences.c.prefix == prefix, sequences.c.year == year)
        .values(last=sequences.c.last + 1)
        .returning(sequences.c.last)
    )
    number = (await connection.execute(counted)).scalar_one()
    return f"{prefix}-{year:04}-{number:04}"


async def skip_to(transaction: Transaction, prefix: str, year: int, number: int) -> None:
    """Let the numbers of that prefix and year go on after `number`, which came from elsewhere."""
    connection = transaction.connection
    start = insert_missing(connection.dialect.name, sequences).values(prefix=prefix, year=year, last=0)
    await connection.execute(start)
    matching = (sequences.c.prefix == prefix, sequences.c.year == year, sequences.c.last < number)
    await connection.execute(sequences.update().where(*matching).values(last=number))
