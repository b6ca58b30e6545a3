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

from core.areas.usage import tables
from core.store.metadata import from_microseconds, to_microseconds
from core.store.statements import insert_missing
from core.store.store import Transaction

__all__ = [
    "LONGEST_POLL",
    "MOST_FAILURES",
    "Standing",
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
class Standing:
    """How collecting stands for one account.

    `busy_until` is set while it is being asked, `paced_until` by people who asked. `failures` is how many
    polls failed in a row, counted up to `MOST_FAILURES`. `refused` is the mark of the credentials that
    Taara did not accept (`accounts.mark`). `alerts` is what the alert rules remember.
    """

    busy_until: datetime | None = None
    paced_until: datetime | None = None
    failures: int = 0
    refused: str | None = None
    alerts: str | None = None

    def is_busy(self, now: datetime) -> bool:
        """Whether somebody is asking at this moment; a mark of the far future is of a clock set back."""
        return self.busy_until is not None and now < self.busy_until <= now + LONGEST_POLL


async def read(connection: AsyncConnection, account: str) -> Standing:
    """How an account stands; as new where nothing is known."""
    table = tables.standings
    row = (await connection.execute(select(table).where(table.c.account == account))).mappings().first()
    return Standing() if row is None else _standing(row)


async def read_all(connection: AsyncConnection) -> Mapping[str, Standing]:
    """How every account stands of which something is known."""
    rows = await connection.execute(select(tables.standings))
    return {row["account"]: _standing(row) for row in rows.mappings()}


async def take(transaction: Transaction, account: str) -> Standing:
    """The same for who is going to `write` it: nobody else can until this transaction ends."""
    connection, table = transaction.connection, tables.standings
    missing = insert_missing(connection.dialect.name, table).values(account=account, failures=0)
    await connection.execute(missing)
    statement = select(table).where(table.c.account == account)
    if connection.dialect.name == "postgresql":
        statement = statement.with_for_update()
    return _standing((await connection.execute(statement)).mappings().one())


async def write(transaction: Transaction, account: str, standing: Standing) -> None:
    """Keep how an account stands that was taken before."""
    table = tables.standings
    values = {
        "busy_until": _stamp(standing.busy_until),
        "paced_until": _stamp(standing.paced_until),
        "failures": standing.failures,
        "refused": standing.refused,
        "alerts": standing.alerts,
    }
    await transaction.connection.execute(update(table).where(table.c.account == account).values(**values))


async def forget(transaction: Transaction, account: str) -> None:
    """Stand as new, but for what the alert rules remember: another credential has another fate."""
    standing = await take(transaction, account)
    await write(transaction, account, Standing(paced_until=standing.paced_until, alerts=standing.alerts))


def paced(standing: Standing, now: datetime) -> tuple[datetime, timedelta]:
    """Until when a person's question at `now` counts against the next ones, and how long it has to wait.

    It may be asked where there is nothing to wait for.
    """
    until = standing.paced_until
    if until is None or until < now or until > now + _BURST * _PACE:
        until = now
    wait = until + _PACE - now - _BURST * _PACE
    return until + _PACE, max(wait, timedelta())


def _standing(row: RowMapping) -> Standing:
    return Standing(
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
