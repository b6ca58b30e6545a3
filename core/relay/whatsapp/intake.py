"""Between a provider and the pipeline: events are kept where they must be, and handed in one by one."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.areas.relay.store.whatsapp import MessageState, note_written
from core.errors import StoreError
from core.moment import Clock
from core.notify.people.phones import save_phones
from core.relay.handles import handle_in
from core.relay.inbound import Attached, ChatKind, Content, Inbound, Press, Sender, Text, Unsupported
from core.relay.inbox import Kept, keep, unhandled
from core.relay.pipeline import Pipeline
from core.relay.turn import Outcome, Turn
from core.relay.whatsapp.options import MORE
from core.relay.whatsapp.phones import CHANNEL
from core.relay.whatsapp.provider import (
    InboundEvent,
    Provider,
    Received,
    StatusEvent,
    UnreadableEventError,
)
from core.relay.whatsapp.reports import Reports
from core.relay.writer import GroupingWriter
from core.store.store import Store, Transaction
from core.vault import Vault, VaultError

__all__ = ["Intake", "inbound_of", "note_windows"]

log = logging.getLogger("opsdeck.relay.whatsapp")


@dataclass(frozen=True, slots=True)
class _Message:
    """A message to be kept; without an event it can't be read."""

    kept: Kept
    event: InboundEvent | None


class Intake:
    """Takes events of one sender. What must outlive the process is kept in `store`, encrypted by `vault`."""

    def __init__(
        self, provider: Provider, pipeline: Pipeline, store: Store, vault: Vault, clock: Clock
    ) -> None:
        self._line = provider.line
        self._receives = provider.receives
        self._pipeline = pipeline
        self._store = store
        self._vault = vault
        self._clock = clock
        self.reports = Reports(provider, random.Random())  # noqa: S311  it spreads, and hides nothing
        self._keeper: GroupingWriter[_Message] = GroupingWriter(store, self._keep_messages, apart=True)
        self._reporter: GroupingWriter[MessageState] = GroupingWriter(store, self.reports.record)
        self._handed_in: dict[str, asyncio.Future[None]] = {}
        self.right_of_way = pipeline.right_of_way
        self._catching_up: asyncio.Task[None] | None = None

    async def keep(self, received: Sequence[Received]) -> None:
        """Make all of it durable: messages as they came, reports with what follows from them.

        Raises:
            StoreError: some of it is not kept.
        """
        if len(received) == 1:
            await self._keep_one(received[0])
            return
        writes = [self._keep_one(each) for each in received]
        for outcome in await asyncio.gather(*writes, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    def take(self, received: Sequence[Received]) -> None:
        """Hand in what was kept; where too much waits already, it is read again when there is room."""
        for each in received:
            if isinstance(each.event, StatusEvent):
                continue
            if self._pipeline.full:
                self._catch_up()
                return
            self._submit(each.key, each.event)

    async def resume(self) -> int:
        """Hand in what is kept and neither finished nor under way; how many.

        Raises:
            StoreError: it can't be read.
        """
        under_way = set(self._handed_in)  # some of these end while we read
        async with self._store.reading() as connection:
            left = await unhandled(connection, self._line)
        fresh = [each for each in left if each.key not in under_way]
        for each in fresh:
            await self._pipeline.room()
            self._submit(each.key, self._read(each), each.received_at)
        return len(fresh)

    async def close(self) -> None:
        """Wait until everything is kept that was to be."""
        if self._catching_up is not None:
            self._catching_up.cancel()
            await asyncio.gather(self._catching_up, return_exceptions=True)
        await self._keeper.close()
        await self._reporter.close()

    async def _keep_one(self, received: Received) -> None:
        event = received.event
        if isinstance(event, StatusEvent):
            state = MessageState(self._line, event.message, event.user, event.state, event.error)
            await self._reporter.write(state)
            return
        body = self._vault.encrypt(json.dumps(received.raw, ensure_ascii=False))
        await self._keeper.write(_Message(Kept(self._line, received.key, body), event))

    async def _keep_messages(self, transaction: Transaction, messages: Sequence[_Message]) -> None:
        """Keep what came in. What follows from it is recorded with the answer, as that waits for others."""
        await keep(transaction, [each.kept for each in messages])
        events = (each.event for each in messages)
        await save_phones(transaction, [each.phone for each in events if each is not None and each.phone])

    def _read(self, kept: Kept) -> InboundEvent | None:
        try:
            event = self._receives.event(json.loads(self._vault.decrypt(kept.body)))
        except (VaultError, ValueError, UnreadableEventError) as error:
            log.error("message %s can't be read any more", kept.key, exc_info=error)
            return None
        return event if isinstance(event, InboundEvent) else None

    def _submit(self, key: str, event: InboundEvent | None, received_at: datetime | None = None) -> None:
        """Hand one in; the same again, while the first is not done, is the same one."""
        if key in self._handed_in:
            return
        now = received_at or self._clock.now()
        if event is None:
            log.warning("message %s can't be read", key)
            unreadable = Unsupported("unreadable")
            poison = Inbound(CHANNEL, self._line, key, now, "", ChatKind.CHANNEL, None, unreadable)
            future = self._pipeline.submit(poison, Turn(Outcome.POISON, error="unreadable"))
        else:
            future = self._pipeline.submit(inbound_of(event, self._line, now))
        self._handed_in[key] = future
        future.add_done_callback(lambda _done: self._handed_in.pop(key, None))

    def _catch_up(self) -> None:
        if self._catching_up is None or self._catching_up.done():
            self._catching_up = asyncio.create_task(self._resume_later(), name="whatsapp catching up")

    async def _resume_later(self) -> None:
        await self._pipeline.room()
        try:
            await self.resume()
        except StoreError as error:
            log.error("what was kept is read at the next start only: %s", error)


async def note_windows(transaction: Transaction, pairs: Sequence[tuple[Inbound, Turn]]) -> None:
    """Open the windows of those who wrote: recorded with the answers, which need them."""
    wrote = [(each.line, each.sender.user, each.at) for each, _turn in pairs if each.sender is not None]
    await note_written(transaction, wrote)


def inbound_of(event: InboundEvent, line: str, now: datetime) -> Inbound:
    """The event as the conversation takes it: WhatsApp's chats are private, and named by the phone."""
    return Inbound(
        channel=CHANNEL,
        line=line,
        key=event.id,
        at=min(event.at or now, now),
        chat=event.user,
        chat_kind=ChatKind.PRIVATE,
        sender=Sender(event.user, event.name),
        content=_content(event),
        message=event.reply_to if event.action else event.id,
        media=tuple(Attached(each.place, each.content_type, each.name) for each in event.media),
    )


def _content(event: InboundEvent) -> Content:
    """A press of a button of ours, words where there are any, else what it is, by its type.

    A template's button is none of ours: it says what stands on it.
    """
    if event.action == MORE or handle_in(event.action):
        return Press(event.action, event.id)
    if event.kind == "reaction":
        return Text(event.text, addressed=False)
    if event.text.strip() or event.action:
        return Text(event.text.strip() or event.action, forwarded=event.forwarded)
    return Unsupported(event.media[0].content_type if event.media else event.kind)
