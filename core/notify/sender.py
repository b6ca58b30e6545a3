"""The sender: takes rows from the outbox, hands them to their channels, and writes down how it went.

One loop a process. Each turn leases what may go out now (`planning`), sends it in tasks of its own, and
looks after those under way: one that takes longer than `TIME_LIMIT`, or whose row was withdrawn, is
broken off; leases are renewed. What a try comes to is decided in `outcomes`.

    sender = Sender(store, [ConsoleChannel(), FileChannel(folder)], clock, jitter=…, identity=…)
    await sender.run()  # until it is cancelled

Several senders may work on one database: rows are leased, and the tries of all count against one budget.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from core.engine.identity import Identity, known_dead
from core.errors import StoreError
from core.message import _
from core.moment import Clock
from core.notify.channels.channel import Channel, Receipt
from core.notify.claims import Claim, holder_text, renew, settle
from core.notify.edits import Editor
from core.notify.events import given_up, line_changed, recipient_gone
from core.notify.failures import DeliveryError, UncertainError
from core.notify.lines import Lines
from core.notify.outbox import take_turn
from core.notify.outcomes import Settlement, judge
from core.notify.planning import Planner, Undeliverable
from core.notify.recipients import disable, move
from core.notify.rows import OutboxRow, OutboxState
from core.notify.steady import SteadyTime
from core.notify.tables import OUTBOX
from core.store.store import Store, Transaction

__all__ = ["RENEW_EVERY", "TIME_LIMIT", "Sender"]

TIME_LIMIT = 20.0
"""Seconds that one try may take altogether."""

RENEW_EVERY = 10.0
_TURN_EVERY = 1.0
_STOP_WITHIN = 5.0
"""Seconds that messages under way get to end by themselves when the sender stops (R31)."""

_SETTLE_TRIES = 20

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
    to have died. `undeliverable` is called in the transaction that gives a row up.
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
    ) -> None:
        self._store = store
        self._channels = {channel.name: channel for channel in channels}
        self._clock = clock
        self._jitter = jitter
        self._me = holder_text(identity)
        self._undeliverable = undeliverable
        self._steady = SteadyTime(clock, store.present())
        self._lines = Lines(self._channels, jitter)
        self._planner = Planner(
            store,
            clock,
            self._steady,
            self._lines,
            jitter=jitter,
            identity=identity,
            dead=dead,
            undeliverable=undeliverable,
        )
        self._editor = Editor(store, self._channels, clock, self._steady, self._lines)
        self._under_way: dict[int, _UnderWay] = {}
        self._wake = asyncio.Event()
        self._begun = False

    async def run(self) -> None:
        """Deliver until cancelled, then stop cleanly."""
        try:
            while True:
                await self.turn()
                await self._pause()
        finally:
            await self.stop()

    async def turn(self) -> int:
        """Do what is to be done now; how many messages were started.

        A database that does not do its part is waited for, not given up on.
        """
        self._wake.clear()
        try:
            if not self._begun:
                await self._planner.begin()
                self._begun = True
            await self._look_after_those_under_way()
            claims = await self._planner.claim(self._under_way.keys())
            for claim in claims:
                self._start(claim)
            await self._editor.turn()
            return len(claims)
        except StoreError as error:
            log.warning("the outbox can't be reached: %s", error, exc_info=error)
            return 0

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        while tasks := [each.task for each in self._under_way.values() if each.task is not None]:
            await asyncio.wait(tasks)

    async def stop(self) -> None:
        """Let what is under way end, break off what does not, and leave no lease behind (R31)."""
        deadline = self._clock.monotonic() + _STOP_WITHIN
        tasks = [each.task for each in self._under_way.values() if each.task is not None]
        while any(not task.done() for task in tasks) and self._clock.monotonic() < deadline:
            await self._pause(0.25)
        for each in list(self._under_way.values()):
            if each.task is not None and not each.settling:
                each.task.cancel()
        await self.settled()
        for channel in self._channels.values():
            await channel.close()

    def allow(self, channel: str, address: str) -> None:
        """Try a line again that was stopped because its credentials were refused."""
        self._lines.circuit(channel, address).allow()

    def _start(self, claim: Claim) -> None:
        now = self._clock.monotonic()
        each = self._under_way[claim.message.id] = _UnderWay(claim, now, now)
        each.task = asyncio.create_task(self._deliver(each), name=f"notice {claim.message.id}")

    async def _deliver(self, each: _UnderWay) -> None:
        message = each.claim.message
        channel, address = message.recipient.channel, message.recipient.address
        try:
            result = await self._send(each.claim)
            each.settling = True
            await self._settle(each.claim, result)
        finally:
            del self._under_way[message.id]
            self._lines.ended(channel, address)
            self._wake.set()

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

    async def _settle(self, claim: Claim, result: Receipt | DeliveryError) -> None:
        """Write down how a try ended, however long the database takes; its lease runs out otherwise."""
        message = claim.message
        channel, address = message.recipient.channel, message.recipient.address
        works = self._lines.works_for_others(channel, address, message.id)
        after = judge(replace(claim.tries, line_works=works), result, self._jitter)
        down = self._lines.learn(channel, address, message.id, after, self._clock.monotonic())
        for _try in range(_SETTLE_TRIES):
            try:
                async with self._store.writing() as transaction:
                    await take_turn(transaction)
                    row = await settle(transaction, claim, result, after, self._me, self._steady.now())
                    if down is not None:
                        line = self._channels[channel].line(address)
                        event = line_changed(
                            channel, line, down=down, reason=after.text, now=self._clock.now()
                        )
                        await transaction.emit(event)
                    if row is not None:
                        await self._consequences(transaction, row, address, after)
                return
            except StoreError as error:
                log.warning("how notice %s went is not written down yet: %s", message.id, error)
                await self._clock.sleep(_TURN_EVERY)
        log.error("how notice %s went could not be written down", message.id)

    async def _consequences(
        self, transaction: Transaction, row: OutboxRow, address: str, after: Settlement
    ) -> None:
        """What follows for the recipient, and for the notice where it was given up."""
        channel, now = row.recipient.channel, self._steady.now()
        lost: list[OutboxRow] = []
        if after.text is not None and after.moved_to is not None:
            await move(transaction, channel, address, after.moved_to, after.text)
        if row.state is OutboxState.DEAD:
            lost.append(row)
        if after.text is not None and after.gone:
            lost += await disable(transaction, channel, address, after.text, now)
            await transaction.emit(recipient_gone(row, after.text, self._clock.now()))
        for each in lost:
            await transaction.emit(given_up(each, self._clock.now()))
            if self._undeliverable is not None:
                await self._undeliverable(transaction, each)

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
        aged = [n for n, each in sending.items() if n in ours and now - each.renewed >= RENEW_EVERY]
        if aged:
            async with self._store.writing() as transaction:
                await take_turn(transaction)
                await renew(transaction, aged, self._me, self._steady.now())
            for number in aged:
                sending[number].renewed = now

    async def _pause(self, seconds: float = _TURN_EVERY) -> None:
        """Wait for the next turn, or until something under way has ended."""
        sleeping = asyncio.ensure_future(self._clock.sleep(seconds))
        waking = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait({sleeping, waking}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            waking.cancel()
