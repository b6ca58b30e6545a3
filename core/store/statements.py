"""The few statements that SQLAlchemy writes in a way of its own for each database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Delete,
    Dialect,
    Insert,
    Select,
    Table,
    TextClause,
    Update,
    and_,
    bindparam,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = [
    "among",
    "among_these",
    "fixed",
    "insert_by_text",
    "insert_missing",
    "insert_rows",
    "replacing",
    "upsert",
]

_VALUES_PER_STATEMENT = 400
"""How many values one SQLite statement inserts at most: far fewer than any SQLite takes."""

_ROW_OF_PARAMETERS = re.compile(
    r"(?P<head>INSERT INTO [^()]+ \([^()]+\) )VALUES \((?P<row>\$\d+::\w+(?:, \$\d+::\w+)*)\)"
    r"(?P<rest>| ON CONFLICT DO NOTHING)"
)
"""A PostgreSQL insert of one row, each value of it a parameter with its type."""

_KEPT = 100
"""Statements whose text is kept."""


def upsert(dialect: str, table: Table, rows: Select[Any], fields: Sequence[str]) -> Insert:
    """An insert of what `rows` selects: the primary key's columns and then `fields`, in that order.

    A row whose key is there already has its fields replaced.
    """
    keys = [column.name for column in table.primary_key]
    statement = _insert(dialect, table).from_select([*keys, *fields], rows)
    fresh = {name: statement.excluded[name] for name in fields}
    return statement.on_conflict_do_update(index_elements=keys, set_=fresh)


@cache
def insert_missing(dialect: str, table: Table) -> Insert:
    """An insert that leaves out rows whose key is there already."""
    return _insert(dialect, table).on_conflict_do_nothing()


def replacing(dialect: str, table: Table, *fields: str, where: ColumnElement[bool] | None = None) -> Insert:
    """An insert that replaces these fields of a row whose key is there already, `where` one is given only if
    that holds for the row."""
    if where is None:
        return _replacing_any(dialect, table, *fields)
    return _replacing(dialect, table, fields, where)


@cache
def _replacing_any(dialect: str, table: Table, *fields: str) -> Insert:
    return _replacing(dialect, table, fields, None)


def _replacing(
    dialect: str, table: Table, fields: Sequence[str], where: ColumnElement[bool] | None
) -> Insert:
    statement = _insert(dialect, table)
    fresh = {name: statement.excluded[name] for name in fields}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=fresh, where=where)


def fixed(dialect: str, statement: Insert | Update | Delete) -> TextClause:
    """A statement as text with its values written out: made once and kept, it costs nothing to run again."""
    module = postgresql if dialect == "postgresql" else sqlite
    plain = module.dialect(paramstyle="named")
    return text(str(statement.compile(dialect=plain, compile_kwargs={"literal_binds": True})))


def among(*columns: Column[Any]) -> ColumnElement[bool]:
    """Holds for rows of some keys, and maybe for others of the same parts: who reads sorts them out.

    Which keys is said by `among_these` when the statement is run, so that it is made once and kept. SQLite
    looks each of a list of values up in an index, but reads the whole table for a list of rows.
    """
    parts: list[ColumnElement[bool]] = []
    for number, column in enumerate(columns):
        these: BindParameter[Any] = bindparam(f"among_{number}", expanding=True)
        parts.append(column.in_(these))
    return and_(*parts)


def among_these(keys: Iterable[Sequence[object]]) -> dict[str, list[object]]:
    """The parameters of a statement with `among`, for keys of which there is at least one."""
    return {f"among_{number}": list(set(part)) for number, part in enumerate(zip(*keys, strict=True))}


async def insert_rows(
    connection: AsyncConnection, statement: Insert, rows: Sequence[tuple[object, ...]]
) -> None:
    """Run an insert of whole rows, their values in the order of the table's columns.

    A statement that its caller keeps is compiled once.
    """
    if rows:
        await insert_by_text(connection, _compiled(connection.dialect, statement), rows)


async def insert_by_text(
    connection: AsyncConnection, statement: str, rows: Sequence[tuple[object, ...]]
) -> None:
    """Run an insert of one row, compiled for the connection, for each of `rows`.

    Handed to the driver as they are: SQLAlchemy's own handling of each row costs more than the database's.
    A statement gets many rows, because beginning one costs a database more than a row does: PostgreSQL a
    column at a time, where the statement is plain enough, SQLite some hundred values.
    """
    together = 0
    by_columns = _of_columns(statement) if connection.dialect.name == "postgresql" and len(rows) > 1 else None
    if by_columns is not None:
        await connection.exec_driver_sql(by_columns, tuple(map(list, zip(*rows, strict=True))))
        return
    if connection.dialect.name == "sqlite" and rows:
        at_once = max(1, _VALUES_PER_STATEMENT // len(rows[0]))
        together = len(rows) // at_once * at_once
        groups = (rows[start : start + at_once] for start in range(0, together, at_once))
        if together:
            several = _of_many(statement, at_once)
            await connection.exec_driver_sql(several, [tuple(chain.from_iterable(each)) for each in groups])
    if together < len(rows):
        await connection.exec_driver_sql(statement, list(rows[together:]))


@lru_cache(maxsize=_KEPT)
def _of_columns(statement: str) -> str | None:
    """A PostgreSQL insert of one row as one whose parameters are columns, in lists of any length.

    Nothing if it has values other than parameters, or replaces rows: no key may come twice then.
    """
    found = _ROW_OF_PARAMETERS.fullmatch(statement)
    if found is None:
        return None
    columns = found["row"].replace(",", "[],")
    return "".join((found["head"], "SELECT * FROM unnest(", columns, "[])", found["rest"]))


@lru_cache(maxsize=_KEPT)
def _of_many(statement: str, count: int) -> str:
    """An insert of one row as one of so many."""
    head, values, rest = statement.partition("VALUES ")
    row, conflict, otherwise = rest.partition(" ON CONFLICT")
    return "".join((head, values, ", ".join([row] * count), conflict, otherwise))


@lru_cache(maxsize=_KEPT)
def _compiled(dialect: Dialect, statement: Insert) -> str:
    return str(statement.compile(dialect=dialect))


def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
