"""Between Telegram and the pipeline: updates are read one by one, kept where they must be, and handed in."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence

from core.moment import Clock
from core.relay.inbound import ChatKind, Inbound, Unsupported
from core.relay.inbox import Kept, keep, unhandled
from core.relay.pipeline import Pipeline
from core.relay.telegram.line import TelegramLine
from core.relay.telegram.updates import UnreadableUpdateError, number_of, read_update
from core.relay.turn import Outcome, Turn
from core.relay.writer import GroupingWriter
from core.store.store import Store
from core.vault import Vault, VaultError

__all__ = ["Intake"]

log = logging.getLogger("opsdeck.relay.telegram")


class Intake:
    """Takes updates of one bot. What must outlive the process is kept in `store`, encrypted by `vault`."""

    def __init__(
        self, line: TelegramLine, pipeline: Pipeline, store: Store, vault: Vault, clock: Clock
    ) -> None:
        self._line = line
        self._pipeline = pipeline
        self._store = store
        self._vault = vault
        self._clock = clock
        self._keeper: GroupingWriter[Kept] = GroupingWriter(store, keep)
        self._handed_in: dict[str, asyncio.Future[None]] = {}
        self.right_of_way = pipeline.right_of_way

    @property
    def full(self) -> bool:
        """Whether no more should be taken at present."""
        return self._pipeline.full

    async def room(self) -> None:
        """Wait until more can be taken."""
        await self._pipeline.room()

    def take(self, update: object) -> asyncio.Future[None] | None:
        """Hand an update in; nothing where it has no number, so that nothing can be done about it.

        The same one again, while the first is not done, is the same one.
        """
        number = number_of(update)
        if number is None:
            log.error("an update without a number was left out")
            return None
        key = str(number)
        known = self._handed_in.get(key)
        if known is not None:
            return known
        try:
            inbound, turn = self._read(update), None
        except UnreadableUpdateError as error:
            log.warning("update %s: %s", key, error)
            inbound, turn = self._poison(key), Turn(Outcome.POISON, error=str(error.message))
        future = self._handed_in[key] = self._pipeline.submit(inbound, turn)
        future.add_done_callback(lambda _done: self._handed_in.pop(key, None))
        return future

    async def keep(self, update: object, text: str = "") -> None:
        """Make an update durable before it is dealt with; `text` is what it was read from, if that is known.

        Raises:
            StoreError: it is not kept.
        """
        number = number_of(update)
        if number is not None:
            body = self._vault.encrypt(text or json.dumps(update, ensure_ascii=False))
            await self._keeper.write(Kept(self._line.name, str(number), body))

    async def resume(self) -> int:
        """Hand in what an earlier life of ours kept and did not finish; how many.

        Raises:
            StoreError: it can't be read.
        """
        async with self._store.reading() as connection:
            left = await unhandled(connection, self._line.name)
        for each in left:
            await self._pipeline.room()
            try:
                self.take(json.loads(self._vault.decrypt(each.body)))
            except (VaultError, ValueError) as error:
                log.error("update %s can't be read any more", each.key, exc_info=error)
                self._pipeline.submit(self._poison(each.key), Turn(Outcome.POISON, error="unreadable"))
        return len(left)

    async def settle(self, updates: Sequence[object], within: float) -> None:
        """Hand updates in and return when every one is durable: dealt with, or kept where that takes long.

        Raises:
            StoreError: some could be neither recorded nor kept.
        """
        futures = {id(update): future for update in updates if (future := self.take(update)) is not None}
        if not futures:
            return
        await asyncio.wait(futures.values(), timeout=within)
        late = [update for update in updates if id(update) in futures and not futures[id(update)].done()]
        for update in late:
            await self.keep(update)
        for future in futures.values():
            if future.done():
                future.result()

    async def close(self) -> None:
        """Wait until everything is kept that was to be."""
        await self._keeper.close()

    def _read(self, update: object) -> Inbound:
        return read_update(update, line=self._line.name, username=self._line.username, now=self._clock.now())

    def _poison(self, key: str) -> Inbound:
        """Something that can't be read, so that its number can be marked as dealt with."""
        return Inbound(
            "telegram",
            self._line.name,
            key,
            self._clock.now(),
            "",
            ChatKind.CHANNEL,
            None,
            Unsupported("unreadable"),
        )
