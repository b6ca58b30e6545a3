"""SQLite for a test of many examples: the real driver and schema, without a thread for each connection.

The driver hands every statement to a thread of its own, which for an empty database takes far longer than
the statement. Here it is executed where it is called, after other tasks have had a turn, as they would while
a thread works. Only one writer of a process is at work at any time, so nothing waits for a lock in here.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from core.store.connect import create_engine, parse_url

__all__ = ["InlineDatabase", "inline_database"]


class _Inline:
    """Stands in for the queue to a connection's thread."""

    def put_nowait(self, work: tuple[asyncio.Future[object], Callable[[], object]]) -> None:
        future, function = work
        future.set_result(function())


class InlineConnection(aiosqlite.Connection):
    """A connection that executes what it is asked to at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(lambda: connection, 64)
        self._connection = connection
        self._tx = _Inline()  # type: ignore[assignment]

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        await asyncio.sleep(0)
        return fn(*args, **kwargs)

    def stop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def close(self) -> None:
        self.stop()


class InlineDatabase:
    """One engine for all examples, so that a statement is compiled once; `path` is the file it opens."""

    def __init__(self) -> None:
        self.path = Path()
        self.engine: AsyncEngine = create_engine(parse_url("sqlite:////none"), busy_timeout=0.0)
        event.listen(self.engine.sync_engine, "do_connect", self._connect)

    def _connect(self, _dialect: object, _record: object, _place: object, how: dict[str, Any]) -> None:
        async def create(*_place: object, **_how: object) -> InlineConnection:
            return InlineConnection(sqlite3.connect(self.path, timeout=0.0, check_same_thread=False))

        how["async_creator_fn"] = create


@cache
def inline_database() -> InlineDatabase:
    """The one of this process."""
    return InlineDatabase()
