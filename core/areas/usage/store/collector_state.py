"""How collecting an account stands between polls: kept in the store, so that restarts and other processes
know it too.

That an account is being asked keeps everybody else away for a while; that Taara refused a login keeps the
job away until other credentials are set up or a person asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.usage.store import tables
from core.store.metadata import from_microseconds, to_microseconds
from core.store.statements import insert_missing
from core.store.store import Transaction

__all__ = [
    "LONGEST_POLL",
    "MOST_FAILURES",
    "CollectorState",
    "forget",
    "paced",
    "read",
    "read_all",
    "take",
    "write",
]

MOST_FAILURES = 3
"""Failed polls in a row after which an account is asked less often; more are not counted."""

LONGEST_POLL = timedelta(minutes=5)
"""For how long one poll keeps others away at most: a process that died during one no longer counts then."""

_PACE = timedelta(seconds=12)
_BURST = 2
"""A person may ask five times a minute, twice of them at once (taara.md 5)."""


@dataclass(frozen=True, slots=True)
class CollectorState:
    """How collecting stands for one account.

    `busy_until` is set while it is being asked, `paced_until` by people who asked. `failures` is how many
    polls failed in a row, counted up to `MOST_FAILURES`. `refused` is the mark of the credentials that
    Taara did not accept (`collection.connections.access_mark`). `alerts` is what the alert rules remember.
    """

    busy_until: datetime | None = None
    paced_until: datetime | None = None
    failures: int = 0
    refused: str | None = None
    alerts: str | None = None

    def is_busy(self, now: datetime) -> bool:
        """Whether somebody is asking at this moment; a mark of the far future is of a clock set back."""
        return self.busy_until is not None and now < self.busy_until <= now + LONGEST_POLL


async def read(connection: AsyncConnection, account: str) -> CollectorState:
    """How an account stands; as new where nothing is known."""
    table = tables.collector_states
    row = (await connection.execute(select(table).where(table.c.account == account))).mappings().first()
    return CollectorState() if row is None else _from_row(row)


async def read_all(connection: AsyncConnection) -> Mapping[str, CollectorState]:
    """How every account stands of which something is known."""
    rows = await connection.execute(select(tables.collector_states))
    return {row["account"]: _from_row(row) for row in rows.mappings()}


async def take(transaction: Transaction, account: str) -> CollectorState:
    """The same for who is going to `write` it: nobody else can until this transaction ends."""
    connection, table = transaction.connection, tables.collector_states
    missing = insert_missing(connection.dialect.name, table).values(account=account, failures=0)
    await connection.execute(missing)
    statement = select(table).where(table.c.account == account)
    if connection.dialect.name == "postgresql":
        statement = statement.with_for_update()
    return _from_row((await connection.execute(statement)).mappings().one())


async def write(transaction: Transaction, account: str, state: CollectorState) -> None:
    """Keep how an account stands that was taken before."""
    table = tables.collector_states
    values = {
        "busy_until": _stamp(state.busy_until),
        "paced_until": _stamp(state.paced_until),
        "failures": state.failures,
        "refused": state.refused,
        "alerts": state.alerts,
    }
    await transaction.connection.execute(update(table).where(table.c.account == account).values(**values))


async def forget(transaction: Transaction, account: str) -> None:
    """Stand as new, but for what the alert rules remember: another credential has another fate."""
    state = await take(transaction, account)
    await write(transaction, account, CollectorState(paced_until=state.paced_until, alerts=state.alerts))


def paced(state: CollectorState, now: datetime) -> tuple[datetime, timedelta]:
    """Until when a person's question at `now` counts against the next ones, and how long it has to wait.

    It may be asked where there is nothing to wait for.
    """
    until = state.paced_until
    if until is None or until < now or until > now + _BURST * _PACE:
        until = now
    wait = until + _PACE - now - _BURST * _PACE
    return until + _PACE, max(wait, timedelta())


def _from_row(row: RowMapping) -> CollectorState:
    return CollectorState(
        busy_until=_moment(row["busy_until"]),
        paced_until=_moment(row["paced_until"]),
        failures=row["failures"],
        refused=row["refused"],
        alerts=row["alerts"],
    )


def _stamp(moment: datetime | None) -> int | None:
    return None if moment is None else to_microseconds(moment)


def _moment(stamp: int | None) -> datetime | None:
    return None if stamp is None else from_microseconds(stamp)
