"""Writing down how a try to deliver ended, and what follows from it for the recipient and the line."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from core.errors import StoreError
from core.moment import Clock
from core.notify.channels.channel import Channel, Receipt
from core.notify.channels.failures import DeliveryError
from core.notify.delivery.claims import Claim, settle
from core.notify.delivery.events import given_up, line_changed, recipient_gone
from core.notify.delivery.lines import Lines
from core.notify.delivery.outcomes import Settlement, judge
from core.notify.delivery.pauses import pause
from core.notify.delivery.planning import Undeliverable
from core.notify.delivery.recipients import disable, move
from core.notify.delivery.rows import OutboxRow, OutboxState
from core.notify.delivery.turn import take_turn
from core.store.store import Store, Transaction

__all__ = ["Settler"]

_TRIES = 20
_TRY_EVERY = 1.0

log = logging.getLogger("opsdeck.notify")


class Settler:
    """Settles the claims of one sender, which rows know by the name `me`."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        clock: Clock,
        lines: Lines,
        *,
        me: str,
        jitter: random.Random,
        undeliverable: Undeliverable | None,
    ) -> None:
        self._store = store
        self._channels = channels
        self._clock = clock
        self._lines = lines
        self._me = me
        self._jitter = jitter
        self._undeliverable = undeliverable

    async def settle(self, claim: Claim, result: Receipt | DeliveryError) -> None:
        """Write down how a try ended, however long the database takes; its lease runs out otherwise."""
        message = claim.message
        channel, address = message.recipient.channel, message.recipient.address
        works = self._lines.works_for_others(channel, address, message.id)
        after = judge(replace(claim.tries, line_works=works), result, self._jitter)
        down = self._lines.learn(channel, address, message.id, after, self._clock.monotonic())
        paused = self._paused(channel, address, after)
        for _try in range(_TRIES):
            try:
                async with self._store.writing() as transaction:
                    await take_turn(transaction)
                    row = await settle(transaction, claim, result, after, self._me)
                    for name, length in paused.items():
                        await pause(transaction, name, length)
                    if down is not None:
                        await self._tell_of_line(transaction, channel, address, after, down=down)
                    if row is not None:
                        await self._follow(transaction, row, address, after)
                return
            except StoreError as error:
                log.warning("how notice %s went is not written down yet: %s", message.id, error)
                await self._clock.sleep(_TRY_EVERY)
        log.error("how notice %s went could not be written down", message.id)

    def _paused(self, channel: str, address: str, after: Settlement) -> dict[str, timedelta]:
        """Leave alone, from this moment, whom the provider asked to be left alone; their names."""
        paused: dict[str, timedelta] = {}
        if after.pause_recipient is not None:
            paused[self._lines.recipient_name(channel, address)] = after.pause_recipient
        if after.pause_line is not None:
            paused[self._lines.line_name(channel, address)] = after.pause_line
        for name, length in paused.items():
            self._lines.pause(name, length.total_seconds(), self._clock.monotonic())
        return paused

    async def _tell_of_line(
        self, transaction: Transaction, channel: str, address: str, after: Settlement, *, down: bool
    ) -> None:
        line = self._channels[channel].line(address)
        event = line_changed(channel, line, down=down, reason=after.text, now=self._clock.now())
        await transaction.emit(event)

    async def _follow(
        self, transaction: Transaction, row: OutboxRow, address: str, after: Settlement
    ) -> None:
        """What follows for the recipient, and for the notice where it was given up."""
        channel = row.recipient.channel
        lost: list[OutboxRow] = []
        if after.text is not None and after.moved_to is not None:
            await move(transaction, channel, address, after.moved_to, after.text)
        if row.state is OutboxState.DEAD:
            lost.append(row)
        if after.text is not None and after.gone:
            lost += await disable(transaction, channel, address, after.text)
            await transaction.emit(recipient_gone(row, after.text, self._clock.now()))
        for each in lost:
            await transaction.emit(given_up(each, self._clock.now()))
            if self._undeliverable is not None:
                await self._undeliverable(transaction, each)
