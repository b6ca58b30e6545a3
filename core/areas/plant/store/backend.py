"""What was last read of the backend's rows: what each is here, and whether it has changed there since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, String, Table, delete, func, insert, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.plant.store.metadata import metadata
from core.store.store import Transaction

__all__ = ["ReadRow", "backend_rows", "id_of", "read_rows", "record_rows"]

_ROWS_PER_STATEMENT = 200

backend_rows = Table(
    "plant_backend",
    metadata,
    Column("list", String(20), primary_key=True),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", String(60), nullable=False),
    Column("fingerprint", String(32), nullable=False),
    sqlite_with_rowid=False,
)
"""By the list and the id that a row has there. `fingerprint` differs whenever what it says does."""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of the backend as it was last read: the number of the thing here, and its mark."""

    number: str
    fingerprint: str


async def read_rows(connection: AsyncConnection, list_: str) -> dict[int, ReadRow]:
    """What was last read of a list, by id."""
    statement = select(backend_rows).where(backend_rows.c.list == list_)
    return {row.id: ReadRow(row.number, row.fingerprint) for row in await connection.execute(statement)}


async def id_of(connection: AsyncConnection, list_: str, number: str) -> int | None:
    """The id that the thing of that number has in a list of the backend; of several the newest."""
    table = backend_rows
    statement = select(func.max(table.c.id)).where(table.c.list == list_, table.c.number == number)
    return (await connection.execute(statement)).scalar_one()


async def record_rows(transaction: Transaction, list_: str, rows: Mapping[int, ReadRow]) -> None:
    """Note what was read now of those rows."""
    ids = list(rows)
    connection = transaction.connection
    for start in range(0, len(ids), _ROWS_PER_STATEMENT):
        some = ids[start : start + _ROWS_PER_STATEMENT]
        keys = [(list_, each) for each in some]
        await connection.execute(
            delete(backend_rows).where(tuple_(backend_rows.c.list, backend_rows.c.id).in_(keys))
        )
        values = [
            {
                "list": list_,
                "id": each,
                "number": rows[each].number,
                "fingerprint": rows[each].fingerprint,
            }
            for each in some
        ]
        await connection.execute(insert(backend_rows), values)
