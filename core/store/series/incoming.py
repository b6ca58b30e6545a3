"""Samples on their way in: a temporary table of each connection's own, where SQL takes them as a set."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateTable

from core.store.metadata import DOUBLE
from core.store.statements import insert_rows

__all__ = ["INCOMING", "IncomingRow", "stage"]

IncomingRow = tuple[int, int, float | None, int]
"""A series' id, the sample's time and value, and after how many seconds it became known."""

INCOMING = Table(
    "incoming",
    MetaData(),
    Column("series", Integer, primary_key=True, autoincrement=False),
    Column("time", BigInteger, primary_key=True, autoincrement=False),
    Column("value", DOUBLE),
    Column("known_after", Integer, nullable=False),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)


async def stage(connection: AsyncConnection, rows: Sequence[IncomingRow]) -> None:
    """Put `rows`, each slot once, in place of what was in the table."""
    await connection.execute(CreateTable(INCOMING, if_not_exists=True))
    await connection.execute(delete(INCOMING))
    await insert_rows(connection, insert(INCOMING), rows)
