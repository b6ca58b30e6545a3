"""Entities as append-only versions, so that they can be read as they were known at any past moment.

A version says from when to when it was what we knew: `recorded_at` (included) to `superseded_at` (not
included; `FOREVER` while it is the newest). That an entity is no longer there is a version too: a `gone`
one. Nothing but `superseded_at` is ever changed in a version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Index,
    MetaData,
    RowMapping,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    insert,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from core.store.metadata import FOREVER, moment_column, to_microseconds

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["NEWEST", "VERSION_COLUMNS", "Change", "as_of", "record", "versioned_table"]

NEWEST = datetime(9999, 12, 31, tzinfo=UTC)
"""The moment as of which everything is read that is changed in the same transaction.

A transaction that waited for its turn must see what was recorded meanwhile, later than its own moment.
"""

VERSION_COLUMNS = ("recorded_at", "superseded_at", "gone")
"""The columns that every versioned table has beside its keys and fields."""

_KEYS_PER_STATEMENT = 500


@dataclass(frozen=True, slots=True)
class Change:
    """What recording did to one entity: its fields before (none when new) and after (none when gone)."""

    key: Mapping[str, object]
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None


def versioned_table(
    name: str, metadata: MetaData, keys: Sequence[Column[Any]], fields: Sequence[Column[Any]]
) -> Table:
    """A table of versions of the entities that `keys` identify, each with `fields`.

    The first key is the one most reads are scoped by. Adds `recorded_at`, `superseded_at` (microseconds)
    and `gone`; the primary key is the keys and `recorded_at`, and no key has two versions that end at the
    same moment. That constraint, and of several keys an index on the first, find what was so at a moment
    without going through all that was so before.
    """
    for column in keys:
        column.primary_key = True
        column.nullable = False
    names = [column.name for column in keys]
    by_first = [Index(None, names[0], "superseded_at")] if len(names) > 1 else []
    return Table(
        name,
        metadata,
        *keys,
        moment_column("recorded_at", primary_key=True),
        moment_column("superseded_at"),
        Column("gone", Boolean, nullable=False),
        *fields,
        UniqueConstraint("superseded_at", *names),
        *by_first,
        sqlite_with_rowid=False,
    )


async def as_of(
    connection: AsyncConnection,
    table: Table,
    moment: datetime,
    *conditions: ColumnElement[bool],
    **scope: object,
) -> list[RowMapping]:
    """The entities as they were known at `moment`, in the order of their keys; gone ones are left out.

    `scope` narrows to rows whose columns have the given values, or one of them where a frozen set is given,
    and `conditions` to those that fulfil them as well.
    """
    stamp = to_microseconds(moment)
    recorded_by_then = table.c.recorded_at + 0 <= stamp  # the sum keeps SQLite from the primary key
    known_then = (table.c.superseded_at > stamp, recorded_by_then, ~table.c.gone)
    statement = select(table).where(_matches(table, scope), *known_then, *conditions)
    rows = list(await connection.execute(statement))
    columns = [column.name for column in table.columns]
    rows.sort(key=itemgetter(*(columns.index(name) for name in _keys(table))))
    return [row._mapping for row in rows]  # pyright: ignore[reportPrivateUsage]  its documented name


async def record(
    transaction: Transaction,
    table: Table,
    rows: Sequence[Mapping[str, object]],
    *,
    scope: Mapping[str, object] | None = None,
) -> list[Change]:
    """Record what entities are like now; a version is added only where that differs from the newest one.

    With `scope`, `rows` is everything there is of those rows whose columns have the given values: known
    entities inside the scope that are not in `rows` are recorded as gone. A field that a row leaves out
    counts as null. Of two rows with the same keys the later one holds.
    """
    keys = _keys(table)
    fields = [column.name for column in table.columns if column.name not in (*keys, *VERSION_COLUMNS)]
    wanted = {tuple(row[name] for name in keys): {name: row.get(name) for name in fields} for row in rows}
    newest = await _newest(
        transaction.connection, table, keys, None if scope is not None else list(wanted), scope
    )
    if scope is not None:
        outside = [key for key in wanted if key not in newest]
        newest |= await _newest(transaction.connection, table, keys, outside, None)

    changes: list[Change] = []
    changed: list[tuple[tuple[object, ...], RowMapping | None, dict[str, object] | None]] = []
    for key, after in wanted.items():
        row = newest.get(key)
        before = None if row is None or row["gone"] else {name: row[name] for name in fields}
        if before != after:
            changes.append(Change(dict(zip(keys, key, strict=True)), before, after))
            changed.append((key, row, after))
    if scope is not None:
        for key, row in newest.items():
            if key not in wanted and not row["gone"]:
                changes.append(Change(dict(zip(keys, key, strict=True)), {n: row[n] for n in fields}, None))
                changed.append((key, row, None))
    await _replace(transaction, table, keys, fields, changed)
    return changes


def _keys(table: Table) -> tuple[str, ...]:
    """The columns that say which entity a version is of."""
    return tuple(column.name for column in table.primary_key if column.name != "recorded_at")


async def _newest(
    connection: AsyncConnection,
    table: Table,
    keys: tuple[str, ...],
    wanted: Sequence[tuple[object, ...]] | None,
    scope: Mapping[str, object] | None,
) -> dict[tuple[object, ...], RowMapping]:
    """The newest version, gone or not, of the wanted entities or of those inside the scope."""
    statement = select(table).where(table.c.superseded_at >= FOREVER)
    if connection.dialect.name == "postgresql":
        statement = statement.with_for_update()
    if wanted is None:
        conditions: Iterator[ColumnElement[bool]] = iter([_matches(table, scope or {})])
    else:
        columns = [table.c[name] for name in keys]
        conditions = (
            tuple_(*columns).in_(wanted[start : start + _KEYS_PER_STATEMENT])
            for start in range(0, len(wanted), _KEYS_PER_STATEMENT)
        )
    found: dict[tuple[object, ...], RowMapping] = {}
    for condition in conditions:
        for row in (await connection.execute(statement.where(condition))).mappings():
            found[tuple(row[name] for name in keys)] = row
    return found


async def _replace(
    transaction: Transaction,
    table: Table,
    keys: tuple[str, ...],
    fields: Sequence[str],
    changed: Sequence[tuple[tuple[object, ...], RowMapping | None, dict[str, object] | None]],
) -> None:
    """Put a new version after the newest one of each changed entity.

    A version recorded at the very same moment (or, on PostgreSQL, by a transaction that began later and
    ended sooner) is replaced: one moment has one version.
    """
    stamp = to_microseconds(transaction.recorded_at)
    ended: list[dict[str, object]] = []
    replaced: list[dict[str, object]] = []
    added: list[dict[str, object]] = []
    for key, row, after in changed:
        recorded_at = stamp if row is None else max(stamp, row["recorded_at"])
        if row is not None:
            marks = {f"key_{name}": value for name, value in zip(keys, key, strict=True)}
            (replaced if row["recorded_at"] == recorded_at else ended).append(
                {**marks, "key_recorded_at": row["recorded_at"], "end": recorded_at}
            )
        values = after if after is not None else {name: None if row is None else row[name] for name in fields}
        added.append(
            {
                **dict(zip(keys, key, strict=True)),
                **values,
                "recorded_at": recorded_at,
                "superseded_at": FOREVER,
                "gone": after is None,
            }
        )
    at_key = and_(*(table.c[name] == bindparam(f"key_{name}") for name in (*keys, "recorded_at")))
    connection = transaction.connection
    if ended:
        await connection.execute(update(table).where(at_key).values(superseded_at=bindparam("end")), ended)
    if replaced:
        await connection.execute(delete(table).where(at_key), [_without(row, "end") for row in replaced])
    if added:
        await connection.execute(insert(table), added)


def _matches(table: Table, scope: Mapping[str, object]) -> ColumnElement[bool]:
    """The condition that each named column has its value (null matches null), or one of a set of them."""
    return and_(
        true(),
        *(
            table.c[name].in_(sorted(cast("frozenset[str]", value)))
            if isinstance(value, frozenset)
            else table.c[name] == value
            for name, value in scope.items()
        ),
    )


def _without(row: Mapping[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in row.items() if key != name}
