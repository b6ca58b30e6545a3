"""Whose turn it is, kept in the database: a row for each user whose message is being dealt with."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, or_, select, update

from core.areas.relay.store.tables import RELAY_TURN
from core.errors import StoreError
from core.moment import Clock
from core.relay.writer import GroupingWriter
from core.store.metadata import to_microseconds
from core.store.statements import among, among_these, replacing
from core.store.store import Store, Transaction

__all__ = ["LEASE", "RENEW_EVERY", "DatabaseTurns"]

LEASE = timedelta(seconds=15)
"""For how long a turn is held without being renewed: so long the others wait for a process that died."""

RENEW_EVERY = 5.0
_ASK_AGAIN = 0.05
_ASK_SELDOM = 0.5

_HELD = (among(RELAY_TURN.c.channel, RELAY_TURN.c.user), RELAY_TURN.c.holder == bindparam("held_by"))
_GIVE_BACK = delete(RELAY_TURN).where(*_HELD)
_GRANTED = select(RELAY_TURN.c.user).where(*_HELD)
"""The statements are made once: making one costs more than the database needs to run it."""

log = logging.getLogger("opsdeck.relay")


@dataclass(slots=True)
class _Wish:
    """A user's turn that is asked for, or given back; `granted` is the answer."""

    user: str
    give_back: bool = False
    granted: bool = False


class DatabaseTurns:
    """The turns of one channel's users. `holder` names this process, and nobody else."""

    def __init__(self, channel: str, store: Store, clock: Clock, holder: str) -> None:
        self._channel = channel
        self._store = store
        self._clock = clock
        self._holder = holder
        self._held: set[str] = set()
        self._wishes: GroupingWriter[_Wish] = GroupingWriter(store, self._settle)

    @asynccontextmanager
    async def of(self, user: str) -> AsyncGenerator[None]:
        pause = _ASK_AGAIN
        while True:
            wish = _Wish(user)
            await self._wishes.write(wish)
            if wish.granted:
                break
            await self._clock.sleep(pause)
            pause = min(2 * pause, _ASK_SELDOM)
        self._held.add(user)
        try:
            yield
        finally:
            self._held.discard(user)
            try:
                await self._wishes.write(_Wish(user, give_back=True))
            except StoreError as error:
                log.warning("a turn is not given back, and lapses: %s", error)

    async def renew(self) -> None:
        if not self._held:
            return
        table = RELAY_TURN
        async with self._store.writing() as transaction:
            statement = update(table).where(table.c.channel == self._channel, table.c.holder == self._holder)
            until = to_microseconds(transaction.recorded_at + LEASE)
            await transaction.connection.execute(statement.values(until=until))

    async def close(self) -> None:
        """Wait until everything is given back that was to be."""
        await self._wishes.close()

    async def _settle(self, transaction: Transaction, wishes: Sequence[_Wish]) -> None:
        """Give back first: of each user only one thing is dealt with in this process at a time."""
        table, connection = RELAY_TURN, transaction.connection
        back = {(self._channel, each.user) for each in wishes if each.give_back}
        wanted = {(self._channel, each.user) for each in wishes if not each.give_back}
        if back:
            await connection.execute(_GIVE_BACK, {**among_these(back), "held_by": self._holder})
        if not wanted:
            return
        now = transaction.recorded_at
        rows = [
            {
                "channel": channel,
                "user": user,
                "holder": self._holder,
                "until": to_microseconds(now + LEASE),
            }
            for channel, user in sorted(wanted)  # one order for all, so that none wait in a circle
        ]
        statement = replacing(
            connection.dialect.name,
            table,
            "holder",
            "until",
            where=or_(table.c.until <= to_microseconds(now), table.c.holder == self._holder),
        )
        await connection.execute(statement, rows)
        found = await connection.execute(_GRANTED, {**among_these(wanted), "held_by": self._holder})
        granted = set(found.scalars())
        for each in wishes:
            each.granted = each.user in granted
