"""What the collector must not forget between two polls or two processes (`tables.collector_state`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.production.store.tables import collector_state
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
    "put_all",
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
"""When a job last came to its end, in microseconds: the balance is polled soon after."""

RUNS = "runs"
"""How often what the scheduler runs has failed in a row, as JSON."""

DETAIL = "detail:"
"""Before the id of a job that has ended and whose ledger is still to be asked for."""

REJECTED = "rejected:"
"""Before the name of a source: the mark of the token that it did not accept."""

_NAMES_PER_STATEMENT = 500


async def read(connection: AsyncConnection, name: str) -> str | None:
    """What was put under that name."""
    statement = select(collector_state.c.value).where(collector_state.c.name == name)
    return (await connection.execute(statement)).scalar_one_or_none()


async def read_all(connection: AsyncConnection, prefix: str, limit: int) -> dict[str, str]:
    """What was put under names that begin so, by what follows in the name; the first so many."""
    statement = (
        select(collector_state.c.name, collector_state.c.value)
        .where(
            collector_state.c.name >= prefix, collector_state.c.name < prefix + "\N{REPLACEMENT CHARACTER}"
        )
        .order_by(collector_state.c.name)
        .limit(limit)
    )
    return {name.removeprefix(prefix): value for name, value in (await connection.execute(statement)).all()}


async def put(transaction: Transaction, name: str, value: str) -> None:
    """Put a value under a name, in place of what was there."""
    await put_all(transaction, {name: value})


async def put_all(transaction: Transaction, values: Mapping[str, str]) -> None:
    """Put each value under its name, in place of what was there."""
    if not values:
        return
    await drop(transaction, list(values))
    stamp = to_microseconds(transaction.recorded_at)
    rows = [{"name": name, "recorded_at": stamp, "value": value} for name, value in values.items()]
    await transaction.connection.execute(insert(collector_state), rows)


async def drop(transaction: Transaction, names: Sequence[str]) -> None:
    """Forget what is under these names."""
    for start in range(0, len(names), _NAMES_PER_STATEMENT):
        some = names[start : start + _NAMES_PER_STATEMENT]
        await transaction.connection.execute(delete(collector_state).where(collector_state.c.name.in_(some)))
