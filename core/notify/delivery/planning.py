"""One transaction of a sender: puts the outbox in order and leases what may go out now."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.engine.identity import Identity, known_dead
from core.moment import Clock
from core.notify.delivery.claims import (
    Claim,
    drop,
    expire,
    holder_of,
    holder_text,
    lease,
    release_orphan,
    starts_since,
)
from core.notify.delivery.countdowns import Countdowns
from core.notify.delivery.digests import fold, take_along
from core.notify.delivery.events import given_up
from core.notify.delivery.holding import hold, nights
from core.notify.delivery.lines import Lines
from core.notify.delivery.pauses import pauses_left
from core.notify.delivery.queue import Waiting, foldable, overdue_replies, overtaken, ready
from core.notify.delivery.rows import OutboxRow, OutboxState, read_row
from core.notify.delivery.survey import Survey
from core.notify.delivery.tables import OUTBOX
from core.notify.delivery.turn import take_turn
from core.store.store import Store, Transaction

__all__ = ["Planner", "Undeliverable"]

Undeliverable = Callable[[Transaction, OutboxRow], Awaitable[None]]
"""What is told, in the transaction that gives a row up, so that it can choose another way to the person."""

_LOOK_BACK = timedelta(hours=1)
"""How far back a sender that begins looks for tries that still count against a budget."""


class Planner:
    """Chooses and leases rows for one sender, which sends by `channels`.

    `under_way` are the ids of those it is sending.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        countdowns: Countdowns,
        lines: Lines,
        *,
        channels: Collection[str],
        jitter: random.Random,
        identity: Identity,
        dead: Callable[[Identity, Identity], bool] = known_dead,
        undeliverable: Undeliverable | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._countdowns = countdowns
        self._survey = Survey(countdowns, channels)
        self._lines = lines
        self._jitter = jitter
        self._identity = identity
        self._me = holder_text(identity)
        self._dead = dead
        self._undeliverable = undeliverable
        self._last_start: int | None = None
        self._last_look = 0.0
        self._more = False
        """Whether the last turn began something and left more: the next needn't look whether there is."""

    async def claim(self, under_way: Collection[int]) -> list[Claim]:
        """Lease what may go out now; a transaction is begun only when there is something to do."""
        self._countdowns.sweep()
        if not self._more and not await self._worth_a_turn(under_way):
            return []
        claims: list[Claim] = []
        try:
            async with self._store.writing() as transaction:
                await take_turn(transaction)
                await self._learn(transaction.connection)
                rows = await self._tidy(transaction, under_way)
                due = ready(rows)
                for row in sorted(due, key=self._lines.urgency):
                    claim = await self._start(transaction, row)
                    if claim is not None:
                        claims.append(claim)
        except BaseException:
            for claim in claims:
                self._ended(claim)
            raise
        self._more = 0 < len(claims) < len(due)
        return claims

    async def _worth_a_turn(self, under_way: Collection[int]) -> bool:
        """Whether there is anything to do: looking is cheap, as it waits for nobody."""
        async with self._store.reading() as connection:
            await self._learn(connection)
            rows = await self._take_survey(connection)
            begun = await nights(connection, rows, self._store.present(), self._clock.now())
        self._lines.forget({row.id for row in rows}, self._clock.monotonic())
        return bool(begun) or self._anything_to_do(rows, under_way)

    def _anything_to_do(self, rows: Sequence[Waiting], under_way: Collection[int]) -> bool:
        now = self._clock.monotonic()
        return (
            any(row.expired or self._is_orphan(row, under_way) for row in rows)
            or any(self._lines.may_start(row.channel, row.address, row.cls, now) for row in ready(rows))
            or bool(overdue_replies(rows))
            or bool(foldable(rows))
            or bool(overtaken(rows))
        )

    async def _tidy(self, transaction: Transaction, under_way: Collection[int]) -> list[Waiting]:
        """Hold what is to wait, end what is over, fold what is too much; the unfinished rows after that."""
        rows = await self._take_survey(transaction.connection)
        orphans = [row for row in rows if self._is_orphan(row, under_way)]
        for row in orphans:
            await release_orphan(transaction, row, self._jitter)
        if orphans:
            rows = await self._take_survey(transaction.connection)
        passed = overtaken(rows)
        for row in passed:
            await take_along(transaction, row.id)
        begun = await nights(transaction.connection, rows, self._store.present(), self._clock.now())
        await hold(transaction, begun, self._clock.now())
        if passed or begun:
            rows = await self._take_survey(transaction.connection)
        while await self._end_what_is_over(transaction, rows):
            rows = await self._take_survey(transaction.connection)
        folds = foldable(rows)
        for group in folds:
            await fold(transaction, group, rows)
        return await self._take_survey(transaction.connection) if folds else rows

    async def _end_what_is_over(self, transaction: Transaction, rows: Sequence[Waiting]) -> bool:
        """End what is not worth delivering any more, and replies that are too many; whether there was any."""
        expired = [row for row in rows if row.expired]
        for number in await expire(transaction, expired):
            await self._give_up(transaction, number)
        dropped = overdue_replies([row for row in rows if not row.expired])
        await drop(transaction, dropped)
        return bool(expired or dropped)

    async def _take_survey(self, connection: AsyncConnection) -> list[Waiting]:
        return await self._survey.take(connection, self._store.present(), self._clock.now())

    async def _start(self, transaction: Transaction, row: Waiting) -> Claim | None:
        now = self._clock.monotonic()
        if not self._lines.may_start(row.channel, row.address, row.cls, now):
            return None
        claim = await lease(transaction, row, self._me)
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
        gone = row.lease_by == self._me or self._dead(holder_of(row.lease_by), self._identity)
        return gone or row.lease_left <= 0

    async def _learn(self, connection: AsyncConnection) -> None:
        """Take in what other senders started since the last look, and whom providers asked to leave alone.

        The first look is at everybody's tries, those of this process's earlier lives included. Later ones
        know that what is new began since the last, whatever the wall clock said.
        """
        now, present = self._clock.monotonic(), self._store.present()
        if self._last_start is None:
            starts = await starts_since(connection, 0, since=present - _LOOK_BACK)
            longest = _LOOK_BACK.total_seconds()
        else:
            starts = await starts_since(connection, self._last_start, not_by=self._me)
            longest = now - self._last_look
        for start in starts:
            age = (present - start.started_at).total_seconds()
            self._lines.spend(start.channel, start.address, now - min(max(age, 0.0), longest))
        self._last_start = max((start.attempt for start in starts), default=self._last_start or 0)
        self._last_look = now
        for name, seconds in (await pauses_left(connection, self._countdowns, present)).items():
            self._lines.pause(name, seconds, now)
