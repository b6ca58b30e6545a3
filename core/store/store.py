"""The store: opens a database, brings it up to date, and hands out reading and writing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core.event import Event, RecordedEvent
from core.moment import Clock
from core.store import schema
from core.store.audit import AuditEntry
from core.store.connect import WRITING, create_engine, parse_url, place_of, prepare_file, sqlite_path
from core.store.failures import connecting, translating
from core.store.heads import Pending, append, read_head
from core.store.metadata import from_microseconds
from core.store.polls import Poll

__all__ = ["ChangeMark", "Guard", "Reaction", "Store", "Transaction"]

log = logging.getLogger("opsdeck.store")


@dataclass(frozen=True, slots=True)
class ChangeMark:
    """The last event's and the last poll's number: while both are the same, no page need be read again."""

    event: int
    poll: int


class Transaction:
    """One write transaction: everything in it happens together or not at all.

    `recorded_at` is the one moment for all that it records. Events, polls and audit entries are kept
    until the end and written last, so that their numbers grow in the order in which transactions commit.
    """

    def __init__(self, connection: AsyncConnection, recorded_at: datetime) -> None:
        self.connection = connection
        self.recorded_at = recorded_at
        self.pending = Pending()

    async def emit(self, *events: Event) -> None:
        """Add events to the log. One whose `key` is there already is left out."""
        self.pending.events.extend(events)

    async def audit(self, entry: AuditEntry) -> None:
        """Add an entry to the audit log."""
        self.pending.entries.append(entry)

    async def poll(self, poll: Poll) -> None:
        """Add to the log of polls how one went."""
        self.pending.polls.append(poll)


Guard = Callable[[Transaction], Awaitable[None]]
"""What looks once more, inside the transaction, whether it may commit, and raises if not."""

Reaction = Callable[[Transaction, Sequence[RecordedEvent]], Awaitable[None]]
"""What follows from new events within the transaction that records them; it may emit further ones."""


@dataclass(slots=True)
class _Line:
    """The writers of this process, one behind the other, and the newest recorded moment they know of."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    task: asyncio.Task[object] | None = None
    newest: int = 0


class Store:
    """An open database.

    `place` names it to a person; `path` is its file, or nothing when it isn't one. Everything raises
    `StoreError` or one of its kinds when the database does not do its part.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        clock: Clock,
        audit_key: bytes,
        place: str,
        path: Path | None,
        apart: AsyncEngine | None = None,
    ) -> None:
        self.clock = clock
        self.place = place
        self.path = path
        self.dialect = engine.dialect.name
        self.audit_key = audit_key
        self._engine = engine
        self._line = _Line()
        self._guards: tuple[Guard, ...] = ()
        self._reactions: tuple[Reaction, ...] = ()
        if self.dialect == "postgresql":
            self._readers = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        else:
            self._readers = engine
        self._writers = engine.execution_options(**{WRITING: True})
        self._apart = apart or self._writers

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        clock: Clock,
        audit_key: bytes,
        backups: Path | None = None,
        busy_timeout: float = 5.0,
    ) -> Store:
        """Open the database at `url`, making or upgrading its schema, an existing one after a backup.

        `url` is `sqlite:////path/to/opsdeck.db` or `postgresql://user@host/database`, with any driver
        named or none. `backups` is the folder for the copy made before an upgrade. `busy_timeout` is how
        many seconds to wait for another process's lock.

        Raises:
            SettingsError: the URL is not one of a database we know.
            StoreError: it can't be opened; its kinds say why.
        """
        address = parse_url(url)
        place, path = place_of(address), sqlite_path(address)
        if path is not None:
            await asyncio.to_thread(schema.refuse_foreign_file, path)
            prepare_file(path)
        engine = create_engine(address, busy_timeout=busy_timeout)
        apart = create_engine(address, busy_timeout=busy_timeout, few=True) if path is None else None
        store = cls(engine, clock=clock, audit_key=audit_key, place=place, path=path, apart=apart)
        try:
            with translating(place), connecting(place):
                await schema.bring_up_to_date(
                    engine, address, clock=clock, backups=backups, busy_timeout=busy_timeout
                )
            await store.change_mark()
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()
        if self._apart is not self._writers:
            await self._apart.dispose()

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        """A connection on which everything read is of one and the same moment."""
        async with self._connection(self._readers) as connection:
            with translating(self.place):
                async with connection.begin():
                    yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[Transaction]:
        """A write transaction, committed at the end of the block and rolled back when it raises.

        Between the end of the block and the commit its events are numbered and reacted to.
        """
        async with self._turn(), self._connection(self._writers) as connection:
            with translating(self.place):
                async with connection.begin():
                    head = await read_head(connection)
                    recorded_at = max(self.clock.now(), from_microseconds(head.recorded_at))
                    transaction = Transaction(connection, recorded_at)
                    yield transaction
                    for guard in self._guards:
                        await guard(transaction)
                    newest = await append(
                        connection,
                        head,
                        recorded_at,
                        transaction.pending,
                        self.audit_key,
                        partial(self._react, transaction),
                    )
            self._line.newest = max(self._line.newest, newest)

    @asynccontextmanager
    async def writing_apart(self) -> AsyncGenerator[Transaction]:
        """A write transaction of what has no place in the logs and no versions, such as what came in.

        On PostgreSQL it waits for nobody else's, as all others do for the head of the logs, and for no reader
        that has a connection: it has connections of its own. On SQLite there is one writer anyway.

        Raises:
            RuntimeError: something was added to the logs.
        """
        async with self._turn(), self._connection(self._apart) as connection:
            with translating(self.place):
                async with connection.begin():
                    transaction = Transaction(connection, self.present())
                    yield transaction
                    if transaction.pending != Pending():
                        raise RuntimeError("what is written apart has no place in the logs")
                    for guard in self._guards:
                        await guard(transaction)

    def guarded_by(self, guard: Guard) -> Store:
        """The same store with `guard` run at the end of each write transaction, which its raising undoes.

        For work that only the holder of a lease may do: the guard looks whether it still holds it.
        """
        guarded = copy(self)
        guarded._guards = (*self._guards, guard)
        return guarded

    def reacting(self, *reactions: Reaction) -> Store:
        """The same store with each of `reactions` run, in their order, on the events of every transaction.

        They run once the events are numbered and before the commit, so that what follows from an event is
        written with it or not at all. Events that they emit are numbered and reacted to in turn.
        """
        reacting = copy(self)
        reacting._reactions = (*self._reactions, *reactions)
        return reacting

    async def change_mark(self) -> ChangeMark:
        """How far the logs have grown, by whichever process; cheap enough to ask every second."""
        async with self.reading() as connection:
            head = await read_head(connection)
        self._line.newest = max(self._line.newest, head.recorded_at)
        return ChangeMark(head.event, head.poll)

    def present(self) -> datetime:
        """The moment as of which a live page is read.

        That is the clock's now, or the newest recorded moment we know of where the clock was set back.
        """
        return max(self.clock.now(), from_microseconds(self._line.newest))

    async def _react(self, transaction: Transaction, events: Sequence[RecordedEvent]) -> None:
        for reaction in self._reactions:
            await reaction(transaction, events)

    @asynccontextmanager
    async def _connection(self, engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
        with translating(self.place), connecting(self.place):
            connection = await engine.connect()
        try:
            yield connection
        finally:
            await asyncio.shield(connection.close())  # a cancelled task must not leave it half closed

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        """Wait in line for SQLite's one writer, rather than in its busy loop.

        Raises:
            RuntimeError: this task is writing already; a second transaction would wait for it forever.
        """
        if self.dialect == "postgresql":
            yield
            return
        task = asyncio.current_task()
        if self._line.task is task:
            raise RuntimeError("a write transaction was begun inside another")
        async with self._line.lock:
            self._line.task = task
            try:
                yield
            finally:
                self._line.task = None
