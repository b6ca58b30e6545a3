"""Writing entities of the past: all their versions at once, each as recorded in its time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from core.store.metadata import FOREVER, to_microseconds

__all__ = ["insert_versions"]


async def insert_versions(
    connection: AsyncConnection, table: Table, past: Iterable[tuple[datetime, Mapping[str, object]]]
) -> None:
    """Insert entities that the versioned table does not know yet, with one statement.

    `past` has the moment of each version, and the entity's keys and fields from then on.
    """
    keys = [column.name for column in table.primary_key if column.name != "recorded_at"]
    rows: list[dict[str, object]] = []
    newest: dict[tuple[object, ...], dict[str, object]] = {}
    for moment, fields in sorted(past, key=lambda version: version[0]):
        stamp = to_microseconds(moment)
        key = tuple(fields[name] for name in keys)
        if key in newest:
            newest[key]["superseded_at"] = stamp
        newest[key] = {**fields, "recorded_at": stamp, "superseded_at": FOREVER, "gone": False}
        rows.append(newest[key])
    if rows:
        await connection.execute(insert(table), rows)
