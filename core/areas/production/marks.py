"""What the collector must not forget between two looks or two processes (`tables.marks`)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.production.tables import marks
from core.store.metadata import to_microseconds
from core.store.store import Transaction

__all__ = [
    "DETAIL",
    "ENDED",
    "EVENTS",
    "JOBS",
    "REJECTED",
    "RUNS",
    "TASKS",
    "UPLOADS",
    "drop",
    "put",
    "read",
    "read_all",
]

EVENTS = "events"
"""The number of the last event that was read."""

JOBS = "jobs"
"""When the list of jobs was last read, in microseconds."""

UPLOADS = "uploads"
"""When the list of uploads was."""

TASKS = "tasks"
"""When A2E's tasks were."""

ENDED = "ended"
"""When a job last came to its end, in microseconds: the balance is looked at soon after."""

RUNS = "runs"
"""How often what the scheduler runs has failed in a row, as JSON."""

DETAIL = "detail:"
"""Before the id of a job that has ended and whose ledger is still to be asked for."""

REJECTED = "rejected:"
"""Before the name of a source: the mark of the token that it did not accept."""


async def read(connection: AsyncConnection, name: str) -> str | None:
    """What was put under that name."""
    statement = select(marks.c.value).where(marks.c.name == name)
    return (await connection.execute(statement)).scalar_one_or_none()


async def read_all(connection: AsyncConnection, prefix: str, limit: int) -> dict[str, str]:
    """What was put under names that begin so, by what follows in the name; the first so many."""
    statement = (
        select(marks.c.name, marks.c.value)
        .where(marks.c.name >= prefix, marks.c.name < prefix + "\N{REPLACEMENT CHARACTER}")
        .order_by(marks.c.name)
        .limit(limit)
    )
    return {name.removeprefix(prefix): value for name, value in (await connection.execute(statement)).all()}


async def put(transaction: Transaction, name: str, value: str) -> None:
    """Put a value under a name, in place of what was there."""
    await drop(transaction, [name])
    stamp = to_microseconds(transaction.recorded_at)
    await transaction.connection.execute(insert(marks).values(name=name, recorded_at=stamp, value=value))


async def drop(transaction: Transaction, names: Sequence[str]) -> None:
    """Forget what is under these names."""
    if names:
        await transaction.connection.execute(delete(marks).where(marks.c.name.in_(names)))
