"""One transaction of a sender: puts the outbox in order and leases what may go out now."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.engine.identity import Identity, known_dead
from core.moment import Clock
from core.notify.claims import (
    LEASE_FOR,
    Claim,
    drop,
    expire,
    holder_of,
    holder_text,
    lease,
    release_orphan,
    starts_since,
)
from core.notify.digests import fold
from core.notify.events import given_up
from core.notify.lines import Lines
from core.notify.outbox import take_turn
from core.notify.rows import OutboxRow, OutboxState, read_row
from core.notify.steady import SteadyTime
from core.notify.survey import survey
from core.notify.tables import OUTBOX
from core.notify.waiting import Waiting, foldable, overdue_replies, ready
from core.store.metadata import from_microseconds, to_microseconds
from core.store.store import Store, Transaction

__all__ = ["Planner", "Undeliverable"]

Undeliverable = Callable[[Transaction, OutboxRow], Awaitable[None]]
"""What is told, in the transaction that gives a row up, so that it can choose another way to the person."""

_LOOK_BACK = 120.0
"""Seconds of earlier tries that still count against a budget."""


@dataclass(frozen=True, slots=True)
class _Sighting:
    """Another's lease as it was first seen, on our monotonic clock."""

    lease: tuple[str | None, int | None]
    since: float


class Planner:
    """Chooses and leases rows for one sender. `under_way` are the ids of those it is sending."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        steady: SteadyTime,
        lines: Lines,
        *,
        jitter: random.Random,
        identity: Identity,
        dead: Callable[[Identity, Identity], bool] = known_dead,
        undeliverable: Undeliverable | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._steady = steady
        self._lines = lines
        self._jitter = jitter
        self._identity = identity
        self._me = holder_text(identity)
        self._dead = dead
        self._undeliverable = undeliverable
        self._sightings: dict[int, _Sighting] = {}
        self._last_start = 0

    async def begin(self) -> None:
        """Learn what earlier senders used up of the budgets, and whom a provider asked to leave alone."""
        async with self._store.reading() as connection:
            await self._learn_starts(connection, None)
            asked_to_wait = select(OUTBOX.c.channel, OUTBOX.c.recipient, OUTBOX.c.next_attempt).where(
                OUTBOX.c.state == OutboxState.PENDING.value, OUTBOX.c.error_class == "wait"
            )
            for row in await connection.execute(asked_to_wait):
                wait = from_microseconds(row.next_attempt or 0) - self._steady.now()
                self._lines.close_recipient(
                    row.channel, row.recipient, wait.total_seconds(), self._clock.monotonic()
                )

    async def claim(self, under_way: Collection[int]) -> list[Claim]:
        """Lease what may go out now; a transaction is begun only when there is something to do."""
        async with self._store.reading() as connection:
            rows = await survey(connection, self._clock.now())
        self._lines.forget({row.id for row in rows}, self._clock.monotonic())
        if not self._anything_to_do(rows, under_way):
            return []
        claims: list[Claim] = []
        try:
            async with self._store.writing() as transaction:
                await take_turn(transaction)
                await self._learn_starts(transaction.connection, self._me)
                rows = await self._tidy(transaction, under_way)
                for row in sorted(ready(rows, self._now()), key=self._lines.urgency):
                    claim = await self._start(transaction, row)
                    if claim is not None:
                        claims.append(claim)
        except BaseException:
            for claim in claims:
                self._ended(claim)
            raise
        return claims

    def _anything_to_do(self, rows: Sequence[Waiting], under_way: Collection[int]) -> bool:
        now = self._now()
        monotonic = self._clock.monotonic()
        return (
            any(self._is_orphan(row, under_way) for row in rows)
            or any(_is_expired(row, now) for row in rows)
            or any(self._lines.may_start(row.channel, row.address, monotonic) for row in ready(rows, now))
            or bool(overdue_replies(rows))
            or bool(foldable(rows, now))
        )

    async def _tidy(self, transaction: Transaction, under_way: Collection[int]) -> list[Waiting]:
        """End what is over, fold what is too much; the unfinished rows after that."""
        rows = await survey(transaction.connection, self._clock.now())
        now, stamp = self._steady.now(), self._now()
        orphans = [row for row in rows if self._is_orphan(row, under_way)]
        for row in orphans:
            await release_orphan(transaction, row, now, self._jitter)
            self._sightings.pop(row.id, None)
        expired = [row for row in rows if _is_expired(row, stamp)]
        for number in await expire(transaction, expired, now):
            await self._give_up(transaction, number)
        dropped = overdue_replies([row for row in rows if row not in expired])
        await drop(transaction, dropped, now)
        if orphans or expired or dropped:
            rows = await survey(transaction.connection, self._clock.now())
        folds = foldable(rows, stamp)
        for group in folds:
            await fold(transaction, group, rows)
        return await survey(transaction.connection, self._clock.now()) if folds else rows

    async def _start(self, transaction: Transaction, row: Waiting) -> Claim | None:
        now = self._clock.monotonic()
        if not self._lines.may_start(row.channel, row.address, now):
            return None
        claim = await lease(transaction, row, self._me, self._steady.now())
        if claim is not None:
            self._lines.started(row.channel, row.address, now)
        return claim

    def _ended(self, claim: Claim) -> None:
        recipient = claim.message.recipient
        self._lines.ended(recipient.channel, recipient.address)

    async def _give_up(self, transaction: Transaction, number: int) -> None:
        found = await transaction.connection.execute(select(OUTBOX).where(OUTBOX.c.id == number))
        row = read_row(found.mappings().one())
        await transaction.emit(given_up(row, self._clock.now()))
        if self._undeliverable is not None:
            await self._undeliverable(transaction, row)

    def _is_orphan(self, row: Waiting, under_way: Collection[int]) -> bool:
        """Whether the holder of a lease is gone: an earlier life of ours, known dead, or silent too long."""
        if row.state is not OutboxState.LEASED or row.id in under_way or row.lease_by is None:
            return False
        if row.lease_by == self._me or self._dead(holder_of(row.lease_by), self._identity):
            return True
        now, seen = self._clock.monotonic(), (row.lease_by, row.lease_until)
        known = self._sightings.get(row.id)
        if known is None or known.lease != seen:
            known = self._sightings[row.id] = _Sighting(seen, now)
        return now - known.since >= LEASE_FOR.total_seconds()

    async def _learn_starts(self, connection: AsyncConnection, not_by: str | None) -> None:
        """Count what others started since we last looked."""
        now, steady = self._clock.monotonic(), self._steady.now()
        since = from_microseconds(to_microseconds(steady) - int(_LOOK_BACK * 1_000_000))
        for start in await starts_since(connection, self._last_start, not_by, since):
            age = (steady - from_microseconds(start.started_at)).total_seconds()
            self._lines.spend(start.channel, start.address, now - max(age, 0.0))
            self._last_start = max(self._last_start, start.attempt)

    def _now(self) -> int:
        return to_microseconds(self._steady.now())


def _is_expired(row: Waiting, now: int) -> bool:
    return row.state is OutboxState.PENDING and row.expires <= now
