"""The relay processes, as they say of themselves, and who holds a bot's line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.relay.model import Worker
from core.areas.relay.rules.condition import SILENT_AFTER
from core.areas.relay.store.tables import RELAY_WORKER
from core.engine.lease import LeaseHolder, holder
from core.store.metadata import from_microseconds, to_microseconds
from core.store.store import Transaction
from core.text import clean

__all__ = ["forget_silent", "forget_worker", "line_holders", "poll_lease", "read_workers", "save_worker"]


def poll_lease(line: str) -> str:
    """The name of the lease on polling a line, which only one process may do (reliability.md R15)."""
    return f"relay.poll:{line}"


async def read_workers(connection: AsyncConnection) -> list[Worker]:
    """Every process and line that didn't say goodbye, the one last heard of first."""
    table = RELAY_WORKER
    statement = select(table).order_by(table.c.seen_at.desc(), table.c.worker, table.c.line)
    return [_worker(row) for row in await connection.execute(statement)]


async def save_worker(transaction: Transaction, worker: Worker) -> None:
    """Keep what a process says of itself and a line, in place of what it said before."""
    await _forget(transaction, worker.worker, worker.line)
    await transaction.connection.execute(
        insert(RELAY_WORKER).values(
            worker=worker.worker,
            line=worker.line,
            mode=worker.mode,
            bot=worker.bot,
            started_at=to_microseconds(worker.started_at),
            seen_at=to_microseconds(worker.seen_at),
            polled_at=_stored(worker.polled_at),
            received_at=_stored(worker.received_at),
            received=worker.received,
            answered=worker.answered,
            refused=worker.refused,
            errors=worker.errors,
            waiting=worker.waiting,
            last_error=clean(worker.last_error, 500),
            last_error_at=_stored(worker.last_error_at),
        )
    )


async def forget_worker(transaction: Transaction, worker: str) -> None:
    """The process ended as it should: drop what it said of itself."""
    await transaction.connection.execute(delete(RELAY_WORKER).where(RELAY_WORKER.c.worker == worker))


async def forget_silent(transaction: Transaction, now: datetime) -> int:
    """Drop what processes said that haven't been heard of since; how many rows that were."""
    silent = RELAY_WORKER.c.seen_at < to_microseconds(now - SILENT_AFTER)
    return (await transaction.connection.execute(delete(RELAY_WORKER).where(silent))).rowcount


async def line_holders(connection: AsyncConnection, lines: set[str], now: datetime) -> dict[str, LeaseHolder]:
    """Who polls each of the lines at present; a line that nobody polls is left out."""
    found = {line: await holder(connection, poll_lease(line), now) for line in sorted(lines)}
    return {line: each for line, each in found.items() if each is not None}


async def _forget(transaction: Transaction, worker: str, line: str) -> None:
    table = RELAY_WORKER
    await transaction.connection.execute(delete(table).where(table.c.worker == worker, table.c.line == line))


def _worker(row: Row[Any]) -> Worker:
    return Worker(
        worker=row.worker,
        line=row.line,
        mode=row.mode,
        bot=row.bot,
        started_at=from_microseconds(row.started_at),
        seen_at=from_microseconds(row.seen_at),
        polled_at=_moment(row.polled_at),
        received_at=_moment(row.received_at),
        received=row.received,
        answered=row.answered,
        refused=row.refused,
        errors=row.errors,
        waiting=row.waiting,
        last_error=row.last_error or "",
        last_error_at=_moment(row.last_error_at),
    )


def _stored(moment: datetime | None) -> int | None:
    return None if moment is None else to_microseconds(moment)


def _moment(stored: int | None) -> datetime | None:
    return None if stored is None else from_microseconds(stored)
