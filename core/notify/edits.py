"""Changing what a message says after it was sent: only its newest wanted state, and not too often.

An edit is no notice: one that fails is simply wanted still, and one that can't be made is forgotten.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from core.errors import StoreError
from core.moment import Clock
from core.notify.channels.channel import Channel, EditingChannel, Outgoing
from core.notify.failures import DeliveryError, FailureClass, ThrottledError
from core.notify.lines import Lines
from core.notify.outbox import take_turn
from core.notify.retries import after_throttling
from core.notify.rows import OutboxRow, read_row, wording_of
from core.notify.steady import SteadyTime
from core.notify.survey import wanted_edits
from core.notify.tables import OUTBOX
from core.store.metadata import to_microseconds
from core.store.store import Store

__all__ = ["EDIT_EVERY", "Editor"]

EDIT_EVERY = timedelta(seconds=3)
"""How long a message stays as it is after it was edited."""

_HOPELESS = frozenset({FailureClass.FIX, FailureClass.GONE, FailureClass.MOVED, FailureClass.WINDOW})

log = logging.getLogger("opsdeck.notify")


@dataclass(frozen=True, slots=True)
class _Edit:
    """A message that is to say `wanted` (an encoded payload) instead of what it says."""

    row: OutboxRow
    key: str
    shown: str
    wanted: str


class Editor:
    """Makes the edits that are wanted, one after the other, within the same budgets as messages."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        clock: Clock,
        steady: SteadyTime,
        lines: Lines,
    ) -> None:
        self._store = store
        self._channels = channels
        self._clock = clock
        self._steady = steady
        self._lines = lines

    async def turn(self) -> None:
        """Make those edits that may be made now."""
        async with self._store.reading() as connection:
            ids = await wanted_edits(connection, self._steady.now() - EDIT_EVERY)
            if not ids:
                return
            found = await connection.execute(select(OUTBOX).where(OUTBOX.c.id.in_(ids)).order_by(OUTBOX.c.id))
            edits = [
                _Edit(read_row(row), row["dedup_key"], row["payload"], row["wanted"])
                for row in found.mappings()
            ]
        for edit in edits:
            await self._make(edit)

    async def _make(self, edit: _Edit) -> None:
        recipient, provider_id = edit.row.recipient, edit.row.provider_id
        channel = self._channels.get(recipient.channel)
        if edit.wanted == edit.shown:
            await self._written(edit, shown=edit.shown)
            return
        if not isinstance(channel, EditingChannel) or provider_id is None:
            await self._written(edit, shown=edit.shown)
            return
        now = self._clock.monotonic()
        if not self._lines.may_start(recipient.channel, recipient.address, now):
            return
        self._lines.spend(recipient.channel, recipient.address, now)
        try:
            async with asyncio.timeout(20):
                await channel.edit(_outgoing(edit), provider_id)
        except ThrottledError as error:
            wait = after_throttling(error.wait).total_seconds()
            self._lines.close_recipient(recipient.channel, recipient.address, wait, now)
        except DeliveryError as error:
            log.info("notice %s was not edited: %s", edit.row.id, error, exc_info=error)
            await self._written(edit, shown=edit.shown, over=error.failure in _HOPELESS)
        except TimeoutError:
            await self._written(edit, shown=edit.shown, over=False)
        else:
            await self._written(edit, shown=edit.wanted)

    async def _written(self, edit: _Edit, *, shown: str, over: bool = True) -> None:
        """Write down what the message says; `over` when nothing else is wanted, unless it is by now."""
        values: dict[str, object] = {"payload": shown, "edited_at": to_microseconds(self._steady.now())}
        row = update(OUTBOX).where(OUTBOX.c.id == edit.row.id)
        try:
            async with self._store.writing() as transaction:
                await take_turn(transaction)
                await transaction.connection.execute(row.values(**values))
                if over:
                    await transaction.connection.execute(
                        row.where(OUTBOX.c.wanted == edit.wanted).values(wanted=None)
                    )
        except StoreError as error:
            log.warning("an edit of notice %s is not written down: %s", edit.row.id, error)


def _outgoing(edit: _Edit) -> Outgoing:
    row = edit.row
    return Outgoing(
        id=row.id,
        key=edit.key,
        cls=row.cls,
        kind=row.kind,
        area=row.area,
        subject=row.subject,
        sequence=row.sequence,
        severity=row.severity,
        recipient=row.recipient,
        wording=wording_of(edit.wanted),
        created=row.created,
        possible_repeat=row.possible_repeat,
        plain=row.plain,
        covers=(row.notice,),
    )
