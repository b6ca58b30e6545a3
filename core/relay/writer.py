"""Writing in groups: what is to be recorded at one time shares a transaction, and one wait for the disk.

While one transaction commits, what comes meanwhile gathers for the next (performance.md “Relay and gateway”).
One that can't be recorded takes none of the others with it: they are recorded one by one then.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from core.errors import StoreBusyError, StoreCorruptError, StoreFullError, StoreReadOnlyError
from core.store.store import Store, Transaction

__all__ = ["GroupingWriter"]

T = TypeVar("T")

_MOST = 500
"""What one transaction records at most."""

_OF_THE_DATABASE = (StoreBusyError, StoreFullError, StoreReadOnlyError, StoreCorruptError)
"""Failures that have nothing to do with what was to be recorded: trying it alone would fail as well."""

log = logging.getLogger("opsdeck.relay")


class GroupingWriter(Generic[T]):
    """Records things with `record`, many in one transaction, in the order in which they came.

    What is recorded `apart` has no place in the logs, and waits for nobody (`Store.writing_apart`).
    """

    def __init__(
        self,
        store: Store,
        record: Callable[[Transaction, Sequence[T]], Awaitable[None]],
        *,
        apart: bool = False,
        most: int = _MOST,
    ) -> None:
        self._writing_to = store.writing_apart if apart else store.writing
        self._record = record
        self._most = most
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many things wait for the next transaction."""
        return len(self._waiting)

    async def write(self, item: T) -> None:
        """Record the item; returns when it is durable.

        Raises:
            StoreError: the database did not do its part.
            Exception: what `record` raised for this item.
        """
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all(), name="grouping writer")
        await future

    async def close(self) -> None:
        """Wait until everything is recorded that was handed in."""
        if self._writing is not None:
            await asyncio.wait([self._writing])

    async def _write_all(self) -> None:
        while self._waiting:
            batch: list[tuple[T, asyncio.Future[None]]] = []
            try:
                async with self._writing_to() as transaction:
                    batch = self._next_batch()  # not before: what comes while we wait for our turn goes along
                    await self._record(transaction, [item for item, _future in batch])
            except Exception as error:
                await self._after_failure(batch or self._next_batch(), error)
            else:
                _settle(batch, None)

    def _next_batch(self) -> list[tuple[T, asyncio.Future[None]]]:
        batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        return batch

    async def _after_failure(self, batch: list[tuple[T, asyncio.Future[None]]], failure: Exception) -> None:
        """Find out what of the batch can be recorded, unless it is the database that can't."""
        if len(batch) == 1 or isinstance(failure, _OF_THE_DATABASE):
            _settle(batch, failure)
            return
        log.warning("%s things could not be recorded together, so one by one", len(batch), exc_info=failure)
        for item, future in batch:
            try:
                async with self._writing_to() as transaction:
                    await self._record(transaction, [item])
            except Exception as error:
                _settle([(item, future)], error)
            else:
                _settle([(item, future)], None)


def _settle(batch: list[tuple[T, asyncio.Future[None]]], failure: Exception | None) -> None:
    for _item, future in batch:
        if future.done():  # whoever asked has given up waiting
            continue
        if failure is None:
            future.set_result(None)
        else:
            future.set_exception(failure)
