"""An existing `taara_monitoring.db`, opened for reading only and never changed (taara.md 6)."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError
from core.message import Message, _
from core.text import clean

__all__ = ["CALLS", "RECORDS", "MonitorDatabase", "MonitorRow", "read_monitor_database"]

RECORDS = "data_usage_records"
CALLS = "api_logs"

MonitorRow = Mapping[str, object]
"""One row by its columns' names, as SQLite gave it."""

_MAGIC = b"SQLite format 3\x00"
_WAL_VERSION = 2
_NEEDED = {"id", "timestamp", "subscriber_id", "plan_name", "plan_id", "remaining_balance_gb", "is_active"}
_WANTED = (
    *("id", "timestamp", "subscriber_id", "plan_name", "plan_id", "remaining_balance_gb"),
    *("total_data_usage_bytes", "expires_in_days", "is_active", "is_home_plan"),
)
_CALL_COLUMNS = (
    *("id", "timestamp", "operation", "endpoint", "method", "success", "status_code"),
    *("response_time_ms", "error_message", "request_data", "response_data"),
)


@dataclass(frozen=True, slots=True)
class MonitorDatabase:
    """The rows of such a file, in order of time; the answers that each plan's row repeats are left out."""

    name: str
    records: Sequence[MonitorRow]
    calls: Sequence[MonitorRow]


def read_monitor_database(path: Path) -> MonitorDatabase:
    """Everything in the file.

    Raises:
        InputError: it isn't there, isn't such a file, or can't be read; the sentence says which.
    """
    path = path.expanduser()
    name = clean(str(path))
    _refuse_unless_sqlite(path, name)
    try:
        with closing(sqlite3.connect(_address(path), uri=True, timeout=5)) as connection:
            connection.text_factory = _text
            connection.row_factory = sqlite3.Row
            return _read(connection, name)
    except sqlite3.Error as error:
        raise InputError(
            _("{path} can't be read as a database: {reason}", path=name, reason=clean(str(error)))
        ) from error


def _read(connection: sqlite3.Connection, name: str) -> MonitorDatabase:
    tables = {
        row["name"] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    if "schema_mark" in tables:
        raise InputError(
            _("{path} is opsdeck's own database; there is nothing to import from it.", path=name)
        )
    columns = _columns(connection, RECORDS)
    if RECORDS not in tables or not columns >= _NEEDED:
        raise InputError(_not_such_a_file(name, tables))
    # One transaction, so that a program still writing there can't come between the two tables.
    connection.execute("BEGIN")
    records = _rows(connection, RECORDS, [each for each in _WANTED if each in columns])
    known = _columns(connection, CALLS)
    calls = _rows(connection, CALLS, [each for each in _CALL_COLUMNS if each in known]) if known else []
    return MonitorDatabase(name, records, calls)


def _refuse_unless_sqlite(path: Path, name: str) -> None:
    try:
        with path.open("rb") as stream:
            beginning = stream.read(len(_MAGIC))
    except FileNotFoundError as error:
        raise InputError(
            _("There is no file {path} on the machine that opsdeck runs on.", path=name)
        ) from error
    except OSError as error:
        raise InputError(
            _("{path} can't be opened: {reason}", path=name, reason=clean(error.strerror or ""))
        ) from error
    if beginning != _MAGIC:
        raise InputError(_("{path} is no SQLite database. Name a taara_monitoring.db.", path=name))


def _address(path: Path) -> str:
    """How to open the file so that neither it nor anything beside it changes."""
    with path.open("rb") as stream:
        in_wal_mode = stream.read(20)[18:20] == bytes((_WAL_VERSION, _WAL_VERSION))
    log = path.with_name(path.name + "-wal")
    # Without its log nobody has it open; SQLite would make a new one to read it.
    untouched = "&immutable=1" if in_wal_mode and not log.exists() else ""
    return f"{path.absolute().as_uri()}?mode=ro{untouched}"


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row["name"] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))}


def _rows(connection: sqlite3.Connection, table: str, columns: Sequence[str]) -> list[MonitorRow]:
    """All rows of one of the two tables; `columns` are names of ours that it has."""
    named = ", ".join(columns)
    order = "timestamp, id" if {"timestamp", "id"} <= set(columns) else "1"
    statement = f"SELECT {named} FROM {table} ORDER BY {order}"  # noqa: S608  constants of this module
    return [dict(row) for row in connection.execute(statement)]


def _not_such_a_file(name: str, tables: set[str]) -> Message:
    if not tables:
        return _("{path} is an empty database. Name a taara_monitoring.db.", path=name)
    found = ", ".join(clean(table, 40) for table in sorted(tables)[:6])
    return _("{path} is no taara_monitoring.db: it holds {tables}.", path=name, tables=found)
