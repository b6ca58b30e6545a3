"""Inserting many rows at once, which each database is told in a way of its own."""

from __future__ import annotations

import pytest
from sqlalchemy import BigInteger, Boolean, Column, Float, LargeBinary, String, Table, select
from sqlalchemy.schema import CreateTable

from core.store.metadata import new_metadata
from core.store.statements import insert_missing, insert_rows, replacing
from core.store.store import Store

THING = Table(
    "thing",
    new_metadata(),
    Column("name", String(40), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("level", Float),
    Column("on", Boolean),
    Column("content", LargeBinary),
)

MANY = 700
"""More than one statement takes on SQLite."""


@pytest.fixture
async def database(store: Store) -> Store:
    async with store.writing() as transaction:
        await transaction.connection.execute(CreateTable(THING))
    return store


async def _rows(store: Store) -> list[tuple[object, ...]]:
    async with store.reading() as connection:
        return [tuple(row) for row in await connection.execute(select(THING).order_by(THING.c.number))]


async def test_many_rows_arrive_as_they_are(database: Store) -> None:
    rows = [
        (f"no. {each}, “{each}”", each, each / 4, each % 2 == 0, bytes([each % 256])) for each in range(MANY)
    ]
    rows += [("nothing known", MANY, None, None, None)]
    async with database.writing_apart() as transaction:
        await insert_rows(transaction.connection, insert_missing(database.dialect, THING), rows)
    assert await _rows(database) == rows


@pytest.mark.parametrize("count", [0, 1, 2])
async def test_any_number_of_rows_may_come(database: Store, count: int) -> None:
    rows = [("x", each, 1.0, True, b"") for each in range(count)]
    async with database.writing_apart() as transaction:
        await insert_rows(transaction.connection, insert_missing(database.dialect, THING), rows)
    assert await _rows(database) == rows


async def test_what_is_there_stays_even_if_it_comes_twice_at_once(database: Store) -> None:
    async with database.writing_apart() as transaction:
        missing = insert_missing(database.dialect, THING)
        await insert_rows(transaction.connection, missing, [("a", 1, 1.0, None, None)])
        again = [("a", 1, 2.0, None, None), ("b", 2, 3.0, None, None), ("b", 2, 4.0, None, None)]
        await insert_rows(transaction.connection, missing, again)
    assert [row[:3] for row in await _rows(database)] == [("a", 1, 1.0), ("b", 2, 3.0)]


async def test_the_last_of_a_key_that_comes_twice_replaces_the_others(database: Store) -> None:
    rows = [("a", 1, 1.0, None, None), ("a", 1, 2.0, None, None), ("b", 2, 3.0, None, None)]
    async with database.writing_apart() as transaction:
        await insert_rows(transaction.connection, replacing(database.dialect, THING, "level"), rows)
    assert [row[:3] for row in await _rows(database)] == [("a", 1, 2.0), ("b", 2, 3.0)]
