"""The way of what comes in: one thing at a time for each person in a chat, different ones side by side.

    submit ─▶ lane of (chat, user) ─▶ conversation ─▶ grouping writer ─▶ done

What is done is durable: the mark that it was dealt with, and its answers in the outbox, committed together
(reliability.md R13). A press is acknowledged the moment it comes in, and long work shows in the chat.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from core.errors import OpsdeckError, StoreError
from core.moment import Clock
from core.relay.chat_line import ChatLine
from core.relay.inbound import Inbound, Press
from core.relay.right_of_way import RightOfWay
from core.relay.sessions.store import SessionsAwayError, Turns
from core.relay.tally import Tally
from core.relay.turn import Outcome, Turn
from core.relay.writer import GroupingWriter
from core.store.store import Store, Transaction

__all__ = ["AT_ONCE", "MOST_WAITING", "Pipeline", "Record", "Takes"]

AT_ONCE = 400
"""Things that are worked on at the same time, in different chats."""

MOST_WAITING = 5_000
"""Things that may wait altogether; who hands in more waits, or is told to come again."""

_BUSY_AFTER = 1.0
_BUSY_EVERY = 4.0
"""Telegram shows “typing…” for five seconds at most."""

_MOST_BUSY = 5
"""Chats that are told so in a second."""

_LETS_PASS_FOR = 0.5
"""Seconds that each thing lets what is being acknowledged pass at most, before it is worked on."""

_TRIES = 5
_TRY_AGAIN = 2.0

Record = Callable[[Transaction, Sequence[tuple[Inbound, Turn]]], Awaitable[None]]
"""What writes down turns with all that follows from them."""

log = logging.getLogger("opsdeck.relay")


class Takes(Protocol):
    """What deals with things that come in: the conversations."""

    async def take(self, inbound: Inbound) -> Turn:
        """What is made of it; nothing is recorded yet."""
        ...


@dataclass(slots=True)
class _Item:
    inbound: Inbound
    done: asyncio.Future[None]
    turn: Turn | None = None
    began: float = 0.0
    shown_busy: float = float("-inf")


@dataclass(slots=True)
class _Lane:
    """What waits for one person in one chat."""

    items: deque[_Item] = field(default_factory=deque["_Item"])


class Pipeline:
    """Deals with what comes in by one line.

    `record` writes turns down; `committed` is called after each commit, so that the sender need not be
    waited for. Everything is counted in `tally`. `turns` are those that several processes
    take, which hear the same line.
    """

    def __init__(
        self,
        conversations: Takes,
        record: Record,
        store: Store,
        line: ChatLine,
        clock: Clock,
        tally: Tally,
        *,
        committed: Callable[[], None],
        turns: Turns | None = None,
        right_of_way: RightOfWay | None = None,
        at_once: int = AT_ONCE,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._conversations = conversations
        self._writer = GroupingWriter(store, record)
        self._line = line
        self._clock = clock
        self._tally = tally
        self._committed = committed
        self._turns = turns
        self._at_once = at_once
        self._most_waiting = most_waiting
        self._lanes: dict[tuple[str, str], _Lane] = {}
        self._ready: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._under_way: dict[int, _Item] = {}
        self._waiting = 0
        self._room = asyncio.Event()
        self._room.set()
        self._tasks: list[asyncio.Task[None]] = []
        self._acknowledging: set[asyncio.Task[None]] = set()
        self._entrance = asyncio.Lock()
        self.right_of_way = right_of_way or RightOfWay()
        """What is being acknowledged, and goes before whatever is worked on here."""

    @property
    def waiting(self) -> int:
        """How many things came in and are not done."""
        return self._waiting

    @property
    def full(self) -> bool:
        """Whether no more should be handed in at present."""
        return self._waiting >= self._most_waiting

    async def room(self) -> None:
        """Wait until more can be handed in."""
        await self._room.wait()

    def wake_sender(self) -> None:
        """Something waits to be sent that didn't come by this way."""
        self._committed()

    def start(self) -> None:
        """Work on what is handed in, until `stop`."""
        self._tasks = [
            asyncio.create_task(self._work(), name=f"relay worker {number}")
            for number in range(self._at_once)
        ]
        self._tasks.append(asyncio.create_task(self._show_busy(), name="relay typing"))

    async def stop(self, within: float) -> bool:
        """Let what is under way end within so many seconds; whether everything did."""
        ended = True
        try:
            async with asyncio.timeout(within):
                while self._waiting:
                    await asyncio.wait([each.done for each in self._everything()])
        except TimeoutError:
            ended = False
        left = self._everything()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._acknowledging, return_exceptions=True)
        self._tasks.clear()
        for item in left:
            item.done.cancel()
        await self._writer.close()
        return ended

    def submit(self, inbound: Inbound, turn: Turn | None = None) -> asyncio.Future[None]:
        """Hand something in; the future is done when what became of it is durable.

        With a `turn` it is clear already what becomes of it, as for something unreadable. The future fails
        with a `StoreError` when the database did not do its part for too long.
        """
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tally.came_in(self._clock.now())
        if isinstance(inbound.content, Press):
            task = asyncio.create_task(self._line.acknowledge(inbound.content.query), name="acknowledge")
            self._acknowledging.add(task)
            task.add_done_callback(self._acknowledging.discard)
        self._waiting += 1
        if self.full:
            self._room.clear()
        lane_of = (inbound.chat, inbound.sender.user if inbound.sender is not None else "")
        lane = self._lanes.get(lane_of)
        if lane is None:
            lane = self._lanes[lane_of] = _Lane()
            self._ready.put_nowait(lane_of)
        lane.items.append(_Item(inbound, future, turn))
        return future

    async def _work(self) -> None:
        """Take the first thing of the lane whose turn it is; a lane with more to do queues up again."""
        while True:
            lane_of = await self._ready.get()
            await self._give_way()
            lane = self._lanes[lane_of]
            item = lane.items[0]
            try:
                await self._deal_in_turn(item, lane_of[1])
            finally:
                lane.items.popleft()
                self._finished()
                if lane.items:
                    self._ready.put_nowait(lane_of)
                else:
                    del self._lanes[lane_of]

    async def _give_way(self) -> None:
        """Let what is being acknowledged pass, one after the other: the first to wait enough lets in itself
        only."""
        async with self._entrance:
            await self.right_of_way.give_way_and_room(_LETS_PASS_FOR)

    async def _deal_in_turn(self, item: _Item, user: str) -> None:
        """Deal with it while no other process deals with something of the same user."""
        if self._turns is None or not user:
            await self._deal_with(item)
            return
        while not item.done.done():
            try:
                async with self._turns.of(user):
                    await self._deal_with(item)
            except StoreError as error:
                self._tally.failed(_reason(error), self._clock.now())
                log.warning("a turn is waited for: %s", error)
                await self._clock.sleep(_TRY_AGAIN)

    async def _deal_with(self, item: _Item) -> None:
        item.began = self._clock.monotonic()
        self._under_way[id(item)] = item
        try:
            turn = item.turn or await self._turn_of(item.inbound)
            turn = await self._recorded(item.inbound, turn)
        except Exception as error:
            self._tally.failed(_reason(error), self._clock.now())
            log.error("what came in as %s is not recorded", item.inbound.key, exc_info=error)
            if not item.done.done():
                item.done.set_exception(error)
                item.done.exception()  # whoever waits sees it; where nobody does, the log has it
        else:
            self._tally.dealt_with(turn.outcome)
            if not item.done.done():
                item.done.set_result(None)
        finally:
            del self._under_way[id(item)]

    async def _turn_of(self, inbound: Inbound) -> Turn:
        """What the conversation makes of it; a fault of ours must not be met again and again."""
        for attempt in count(1):
            try:
                return await self._conversations.take(inbound)
            except StoreError as error:
                if self._gives_up(attempt, error):
                    raise
                log.warning("the database is waited for: %s", error)
                await self._clock.sleep(_TRY_AGAIN)
            except Exception as error:
                log.exception("what came in as %s met a fault in opsdeck", inbound.key)
                return Turn(Outcome.POISON, error=_reason(error))
        raise AssertionError("unreachable")

    async def _recorded(self, inbound: Inbound, turn: Turn) -> Turn:
        """Make the turn durable; what can't be recorded is poison, and recorded as that."""
        try:
            await self._write(inbound, turn)
        except StoreError:
            raise
        except Exception as error:
            log.exception("what became of %s met a fault in opsdeck", inbound.key)
            turn = Turn(Outcome.POISON, error=_reason(error))
            await self._write(inbound, turn)
        if turn.outcome is Outcome.POISON:
            self._tally.last_error, self._tally.last_error_at = turn.error, self._clock.now()
        return turn

    async def _write(self, inbound: Inbound, turn: Turn) -> None:
        for attempt in count(1):
            try:
                await self._writer.write((inbound, turn))
            except StoreError as error:
                if self._gives_up(attempt, error):
                    raise
                await self._clock.sleep(_TRY_AGAIN)
            else:
                if turn.replies:
                    self._committed()
                return

    def _gives_up(self, attempt: int, error: StoreError) -> bool:
        """Whether to leave it to the next start; what waits for the dialogs goes on when they are back."""
        if isinstance(error, SessionsAwayError):
            self._tally.failed(_reason(error), self._clock.now())
            return False
        return attempt == _TRIES

    def _finished(self) -> None:
        self._waiting -= 1
        if not self.full:
            self._room.set()

    def _everything(self) -> list[_Item]:
        return [item for lane in self._lanes.values() for item in lane.items]

    async def _show_busy(self) -> None:
        """Let chats know that an answer takes a while: some, as it counts against its limits."""
        while True:
            await self._clock.sleep(_BUSY_AFTER)
            now = self._clock.monotonic()
            long = [
                item
                for item in self._under_way.values()
                if now - item.began >= _BUSY_AFTER and now - item.shown_busy >= _BUSY_EVERY
            ]
            for item in long[:_MOST_BUSY]:
                item.shown_busy = now
                if item.inbound.sender is not None:
                    await self._line.busy(item.inbound.chat)


def _reason(error: Exception) -> str:
    """What went wrong, in words that may be shown."""
    return str(error.message) if isinstance(error, OpsdeckError) else type(error).__name__
