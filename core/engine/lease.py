"""Named leases: which process does what only one may do, and how it learns that it no longer may.

A lease is a row of the database. Its holder renews it every `RENEW_EVERY` seconds; unrenewed for
`EXPIRES_AFTER` seconds it is anybody's (reliability.md R15). A holder known to be dead on this host is
replaced at once. Each change of hands raises the fencing number, which `Lease.check` compares inside a
write transaction: who was asleep while another took over can still start a commit, but not finish it.

Clocks may jump and differ between hosts, so a row's `expires_at` counts only when it is first seen. From
then on, whoever waits for the lease measures on their own monotonic clock how long it stays unrenewed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Update, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from core.engine.identity import Identity, known_dead
from core.errors import StoreError
from core.message import _
from core.moment import Clock
from core.store.leases import LEASE
from core.store.metadata import from_microseconds, to_microseconds
from core.store.store import Store, Transaction

__all__ = ["EXPIRES_AFTER", "RENEW_EVERY", "Lease", "LeaseHolder", "LeaseLostError", "holder"]

RENEW_EVERY = 10.0
"""Seconds between a holder's renewals, and between the tries of those who wait."""

EXPIRES_AFTER = 30.0
"""Seconds without a renewal after which a lease may be taken over."""

_RELEASED = 0


class LeaseLostError(StoreError):
    """A commit was refused because another process holds the lease by now."""


@dataclass(frozen=True, slots=True)
class LeaseHolder:
    """Who holds a lease, since when, and under which fencing number."""

    identity: Identity
    since: datetime
    renewed_at: datetime
    fence: int


@dataclass(frozen=True, slots=True)
class _Sighting:
    """A renewal of another's lease as it was seen, and when on our monotonic clock it is to be the last."""

    renewal: tuple[int, int]
    deadline: float


class Lease:
    """One process's claim to the lease called `name`."""

    def __init__(
        self,
        store: Store,
        name: str,
        identity: Identity,
        *,
        clock: Clock,
        dead: Callable[[Identity, Identity], bool] = known_dead,
    ) -> None:
        self.name = name
        self.identity = identity
        self._store = store
        self._clock = clock
        self._dead = dead
        self._fence: int | None = None
        self._renewed = 0.0
        self._sighting: _Sighting | None = None

    @property
    def fence(self) -> int | None:
        """Our fencing number while we believe that the lease is ours."""
        return self._fence

    @property
    def held(self) -> bool:
        """Whether the lease is ours as far as we know; only `check` inside a commit makes sure."""
        return self._fence is not None

    @property
    def overdue(self) -> bool:
        """Whether we failed to renew for so long that another may have taken over."""
        return self.held and self._clock.monotonic() - self._renewed > EXPIRES_AFTER

    async def acquire(self) -> bool:
        """Take the lease if it is free, expired, or its holder known dead; whether it is ours now."""
        if self.held:
            return True
        async with self._store.writing() as transaction:
            row = await _row(transaction.connection, self.name)
            if row is None:
                fence = 1
                taken = await self._insert(transaction, fence)
            elif self._may_replace(row):
                fence = row.fence + 1
                taken = await self._replace(transaction, row, fence)
            else:
                return False
        if taken:
            self._fence, self._renewed, self._sighting = fence, self._clock.monotonic(), None
        return taken

    async def renew(self) -> bool:
        """Extend the lease; false, and no longer held, when another has it by now."""
        began = self._clock.monotonic()
        async with self._store.writing() as transaction:
            kept = await _one_row(transaction, self._ours().values(**self._times()))
        if kept:
            self._renewed = began
        else:
            self._fence = None
        return kept

    async def release(self) -> None:
        """Give the lease back, so that others need not wait for it to expire."""
        if not self.held:
            return
        statement = self._ours().values(expires_at=_RELEASED)
        self._fence = None
        async with self._store.writing() as transaction:
            await transaction.connection.execute(statement)

    def forget(self) -> None:
        """Stop believing that the lease is ours, without touching the database."""
        self._fence = None

    async def check(self, transaction: Transaction) -> None:
        """Make sure, inside a commit, that the lease is ours, and keep it so until the commit is done.

        Raises:
            LeaseLostError: another process holds it by now; the transaction must not commit.
        """
        statement = select(LEASE.c.fence).where(LEASE.c.name == self.name).with_for_update(read=True)
        fence = (await transaction.connection.execute(statement)).scalar_one_or_none()
        if fence is None or fence != self._fence:
            self._fence = None
            raise LeaseLostError(
                _("Nothing was written: another opsdeck process has taken over “{lease}”.", lease=self.name)
            )

    def _may_replace(self, row: Row[Any]) -> bool:
        if row.expires_at == _RELEASED or self._dead(_identity(row), self.identity):
            return True
        now = self._clock.monotonic()
        renewal = (row.fence, row.renewed_at)
        if self._sighting is None:
            by_wall_clock = (from_microseconds(row.expires_at) - self._clock.now()).total_seconds()
            self._sighting = _Sighting(renewal, now + min(by_wall_clock, EXPIRES_AFTER))
        elif self._sighting.renewal != renewal:
            self._sighting = _Sighting(renewal, now + EXPIRES_AFTER)
        return now >= self._sighting.deadline

    async def _insert(self, transaction: Transaction, fence: int) -> bool:
        dialect = postgresql if self._store.dialect == "postgresql" else sqlite
        row = {"name": self.name, **self._holder(), "fence": fence}
        return await _one_row(transaction, dialect.insert(LEASE).values(row).on_conflict_do_nothing())

    async def _replace(self, transaction: Transaction, row: Row[Any], fence: int) -> bool:
        unchanged = (LEASE.c.fence == row.fence, LEASE.c.renewed_at == row.renewed_at)
        statement = update(LEASE).where(LEASE.c.name == self.name, *unchanged)
        return await _one_row(transaction, statement.values(**self._holder(), fence=fence))

    def _ours(self) -> Update:
        return update(LEASE).where(LEASE.c.name == self.name, LEASE.c.fence == self._fence)

    def _holder(self) -> dict[str, object]:
        who, times = self.identity, self._times()
        return {
            "holder": who.program,
            "host": who.host,
            "place": who.place,
            "pid": who.pid,
            "process_start": who.process_start,
            "boot_id": who.boot_id,
            "acquired_at": times["renewed_at"],
            **times,
        }

    def _times(self) -> dict[str, int]:
        now = self._clock.now()
        return {
            "renewed_at": to_microseconds(now),
            "expires_at": to_microseconds(now + timedelta(seconds=EXPIRES_AFTER)),
        }


async def holder(connection: AsyncConnection, name: str, now: datetime) -> LeaseHolder | None:
    """Who holds the lease called `name` at present; nobody when it is free, released or expired."""
    row = await _row(connection, name)
    if row is None or row.expires_at == _RELEASED or from_microseconds(row.expires_at) <= now:
        return None
    since, renewed_at = from_microseconds(row.acquired_at), from_microseconds(row.renewed_at)
    return LeaseHolder(_identity(row), since, renewed_at, row.fence)


async def _row(connection: AsyncConnection, name: str) -> Row[Any] | None:
    return (await connection.execute(select(LEASE).where(LEASE.c.name == name))).one_or_none()


async def _one_row(transaction: Transaction, statement: Any) -> bool:
    """Whether the statement changed a row."""
    return (await transaction.connection.execute(statement)).rowcount == 1


def _identity(row: Row[Any]) -> Identity:
    return Identity(row.holder, row.host, row.pid, row.place, row.process_start, row.boot_id)
