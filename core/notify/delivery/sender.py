"""The sender: takes rows from the outbox, hands them to their channels, and sees that their end is noted.

Each turn leases what may go out now (`planning`), sends it in tasks of its own, and looks after those
under way: one that takes longer than `TIME_LIMIT`, or whose row was withdrawn, is broken off; leases are
renewed. What a try comes to is decided in `outcomes` and written down by `settling`.

    sender = Sender(store, [ConsoleChannel(), FileChannel(path, clock)], clock, jitter=…, identity=…)
    sender.start()
    …
    await sender.stop()

Several senders may work on one database: rows are leased, and the tries of all count against one budget.
"""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.engine.identity import Identity, known_dead
from core.engine.timers import Pulse, SchedulerPulse
from core.errors import StoreError
from core.message import _
from core.moment import Clock
from core.notify.channels.channel import Channel, Receipt
from core.notify.channels.failures import DeliveryError, NotAskedError, UncertainError
from core.notify.delivery.claims import RENEW_EVERY, Claim, holder_text, renew
from core.notify.delivery.countdowns import Countdowns
from core.notify.delivery.edits import Editor
from core.notify.delivery.lines import Lines
from core.notify.delivery.planning import Planner, Undeliverable
from core.notify.delivery.rows import OutboxState
from core.notify.delivery.settling import Settler
from core.notify.delivery.tables import OUTBOX
from core.notify.delivery.turn import take_turn
from core.store.store import Store

__all__ = ["TIME_LIMIT", "Sender"]

TIME_LIMIT = 20.0
"""Seconds that one try may take altogether."""

_STOP_WITHIN = 5.0
"""Seconds that messages under way get to end by themselves when the sender stops (R31)."""

_SETTLE_WITHIN = 2.0
"""Seconds after that within which it must be written down how they went."""

_ALIVE_FOR = 60.0
"""Seconds without a turn that came to a good end, after which the sender no longer counts as alive."""

_REST = 2
_LONGEST_REST = 1.0
"""How much longer than a turn nobody wakes the next, and the seconds of that at most."""

log = logging.getLogger("opsdeck.notify")


@dataclass(slots=True)
class _UnderWay:
    """A message being sent. `settling` once its end is known and only has to be written down."""

    claim: Claim
    started: float
    renewed: float
    task: asyncio.Task[None] | None = None
    settling: bool = False


class Sender:
    """Delivers the outbox by `channels`.

    `jitter` spreads retries; `identity` is the process's own; `dead` tells whether another sender is known
    to have died. `undeliverable` is called in the transaction that gives a row up. `pulse` calls for turns.
    """

    def __init__(
        self,
        store: Store,
        channels: Sequence[Channel],
        clock: Clock,
        *,
        jitter: random.Random,
        identity: Identity,
        dead: Callable[[Identity, Identity], bool] = known_dead,
        undeliverable: Undeliverable | None = None,
        pulse: Pulse | None = None,
    ) -> None:
        self._store = store
        self._channels = {channel.name: channel for channel in channels}
        self._clock = clock
        self._me = holder_text(identity)
        self._pulse = pulse or SchedulerPulse()
        countdowns = Countdowns(clock)
        self._lines = Lines(self._channels, jitter)
        self._planner = Planner(
            store,
            clock,
            countdowns,
            self._lines,
            channels=self._channels.keys(),
            jitter=jitter,
            identity=identity,
            dead=dead,
            undeliverable=undeliverable,
        )
        self._settler = Settler(
            store,
            self._channels,
            clock,
            self._lines,
            me=self._me,
            jitter=jitter,
            undeliverable=undeliverable,
        )
        self._editor = Editor(store, self._channels, clock, countdowns, self._lines)
        self._editing: asyncio.Task[None] | None = None
        self._editing_since = 0.0
        self._under_way: dict[int, _UnderWay] = {}
        self._turn = asyncio.Lock()
        self._going = False
        self._last_turn = -math.inf
        self._woken = False
        self._extra_turn: asyncio.Task[None] | None = None
        self._give_way: Callable[[], Awaitable[None]] = _nothing_to_wait_for

    @property
    def alive(self) -> bool:
        """Whether it goes, and a turn came to a good end within the last minute."""
        return self._going and self._clock.monotonic() - self._last_turn < _ALIVE_FOR

    def start(self) -> None:
        """Deliver from now on, until `stop`."""
        self._going = True
        self._last_turn = self._clock.monotonic()
        self._pulse.start(self._beat)

    async def stop(self) -> None:
        """Let what is under way end, break off what does not, and leave no lease behind (R31)."""
        self._going = False
        async with self._turn:
            self._pulse.stop()
            for task in (self._extra_turn, self._editing):
                if task is not None:
                    task.cancel()
            if tasks := self._tasks():
                await asyncio.wait(tasks, timeout=_STOP_WITHIN)
            for each in self._under_way.values():
                if each.task is not None and not each.settling:
                    each.task.cancel()
            await self._give_up_settling()
        for channel in self._channels.values():
            await channel.close()

    def wake(self) -> None:
        """Take a turn now: something was just committed that should not wait for the next beat."""
        self._woken = True
        if self._going and (self._extra_turn is None or self._extra_turn.done()):
            self._extra_turn = asyncio.create_task(self._extra_turns(), name="turn of the sender")

    def give_way_to(self, more_urgent: Callable[[], Awaitable[None]]) -> None:
        """Let something of the same process pass before each turn; waiting for it must not take long."""
        self._give_way = more_urgent

    async def turn(self) -> int:
        """Do what is to be done now; how many messages were started.

        A database that does not do its part is waited for, not given up on.
        """
        async with self._turn:
            try:
                await self._look_after_those_under_way()
                claims = await self._planner.claim(self._under_way.keys())
            except StoreError as error:
                log.warning("the outbox can't be reached: %s", error, exc_info=error)
                return 0
            for claim in claims:
                self._begin(claim)
            self._look_after_edits()
            self._last_turn = self._clock.monotonic()
            return len(claims)

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        while tasks := self._tasks():
            await asyncio.wait(tasks)

    def allow(self, channel: str, address: str) -> None:
        """Try a line again now that was stopped because its credentials were refused."""
        self._lines.circuit(channel, address).allow()

    async def _beat(self) -> None:
        """One turn, unless one is under way; nothing ends the sender, not even a fault in opsdeck."""
        if self._turn.locked():
            return
        try:
            await self._give_way()
            await self.turn()
        except Exception:
            log.exception("a turn of the sender failed by a fault in opsdeck")

    async def _extra_turns(self) -> None:
        """Turns until nobody has woken us during the last one.

        A turn looks at everything that waits. Where that is much, what is made of it gathers for a while, so
        that turns leave most of the time to others.
        """
        while self._woken and self._going:
            self._woken = False
            await self._give_way()
            began = self._clock.monotonic()
            try:
                await self.turn()
            except Exception:
                log.exception("a turn of the sender failed by a fault in opsdeck")
            took = self._clock.monotonic() - began
            if took > 0:
                await self._clock.sleep(min(took * _REST, _LONGEST_REST))

    async def _give_up_settling(self) -> None:
        """Let what is known be written down, unless the database is away: then its lease lapses (R31)."""
        if tasks := self._tasks():
            await asyncio.wait(tasks, timeout=_SETTLE_WITHIN)
        for number in self._under_way:
            log.error("how notice %s went could not be written down before the end", number)
        left = self._tasks()
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _tasks(self) -> list[asyncio.Task[None]]:
        tasks = [each.task for each in self._under_way.values()]
        return [task for task in (*tasks, self._editing) if task is not None and not task.done()]

    def _begin(self, claim: Claim) -> None:
        now = self._clock.monotonic()
        each = self._under_way[claim.message.id] = _UnderWay(claim, now, now)
        each.task = asyncio.create_task(self._deliver(each), name=f"notice {claim.message.id}")

    async def _deliver(self, each: _UnderWay) -> None:
        recipient = each.claim.message.recipient
        try:
            result = await self._send(each.claim)
            each.settling = True
            if isinstance(result, NotAskedError):
                self._lines.give_back(recipient.channel, recipient.address)
            for _further in range(result.messages - 1 if isinstance(result, Receipt) else 0):
                self._lines.spend(recipient.channel, recipient.address, self._clock.monotonic())
            await self._settler.settle(each.claim, result)
        finally:
            del self._under_way[each.claim.message.id]
            self._lines.ended(recipient.channel, recipient.address)
            self.wake()  # what waited behind this message need not wait for the next beat

    async def _send(self, claim: Claim) -> Receipt | DeliveryError:
        """What the channel said; breaking off leaves it unknown whether the message arrived."""
        message = claim.message
        try:
            return await self._channels[message.recipient.channel].send(message)
        except DeliveryError as error:
            return error
        except asyncio.CancelledError:
            return UncertainError(_("It was broken off before the provider had answered."))
        except Exception as error:
            log.exception("sending notice %s failed by a fault in opsdeck", message.id)
            return UncertainError(
                _("A fault in opsdeck, {fault}; the log says more.", fault=type(error).__name__)
            )

    async def _look_after_those_under_way(self) -> None:
        """Break off what takes too long or was withdrawn, and renew the other leases."""
        now = self._clock.monotonic()
        sending = {number: each for number, each in self._under_way.items() if not each.settling}
        if not sending:
            return
        async with self._store.reading() as connection:
            statement = select(OUTBOX.c.id).where(
                OUTBOX.c.id.in_(sending),
                OUTBOX.c.state == OutboxState.LEASED.value,
                OUTBOX.c.lease_by == self._me,
            )
            ours = set((await connection.execute(statement)).scalars())
        for number, each in sending.items():
            late = now - each.started >= TIME_LIMIT
            if (late or number not in ours) and each.task is not None and not each.settling:
                each.task.cancel()
        renew_every = RENEW_EVERY.total_seconds()
        aged = [number for number in ours if now - sending[number].renewed >= renew_every]
        if aged:
            async with self._store.writing() as transaction:
                await take_turn(transaction)
                await renew(transaction, aged, self._me)
            for number in aged:
                sending[number].renewed = now

    def _look_after_edits(self) -> None:
        """Begin the next turn of edits when the last one is over, and break one off that takes too long."""
        now = self._clock.monotonic()
        if self._editing is None or self._editing.done():
            self._editing = asyncio.create_task(self._edit(), name="edits of notices")
            self._editing_since = now
        elif now - self._editing_since >= TIME_LIMIT:
            self._editing.cancel()

    async def _edit(self) -> None:
        try:
            await self._editor.turn()
        except* StoreError as failures:
            log.warning("edits of notices wait for the database", exc_info=failures)
        except* Exception:
            log.exception("editing notices failed by a fault in opsdeck")


async def _nothing_to_wait_for() -> None:
    """Nothing is more urgent."""
