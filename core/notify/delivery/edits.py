"""Changing what a message says after it was sent: only its newest wanted state, and not too often.

An edit is no notice: one that fails is simply wanted still, and one that can't be made is forgotten.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Update, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.moment import Clock
from core.notify.channels.channel import Channel, EditingChannel, Outgoing
from core.notify.channels.failures import DeliveryError, FailureClass, ThrottledError
from core.notify.delivery.countdowns import Countdowns
from core.notify.delivery.lines import Lines
from core.notify.delivery.pauses import pause
from core.notify.delivery.retries import after_throttling
from core.notify.delivery.rows import OutboxRow, OutboxState, read_row, values_of, wording_of
from core.notify.delivery.tables import OUTBOX
from core.notify.delivery.turn import take_turn
from core.store.metadata import to_microseconds
from core.store.store import Store

__all__ = ["EDIT_EVERY", "Editor"]

EDIT_EVERY = timedelta(seconds=3)
"""How long a message stays as it is after it was edited."""

_MOST_AT_ONCE = 50
_SHOWN = (OutboxState.SENT, OutboxState.DELIVERED, OutboxState.READ)
_HOPELESS = frozenset({FailureClass.FIX, FailureClass.GONE, FailureClass.MOVED, FailureClass.WINDOW})

log = logging.getLogger("opsdeck.notify")


@dataclass(frozen=True, slots=True)
class _Edit:
    """A message that is to say `wanted` (an encoded payload) instead of what it says."""

    row: OutboxRow
    key: str
    shown: str
    wanted: str
    edited_at: int | None


class Editor:
    """Makes the edits that are wanted, within the same budgets as messages."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        clock: Clock,
        countdowns: Countdowns,
        lines: Lines,
    ) -> None:
        self._store = store
        self._channels = channels
        self._clock = clock
        self._countdowns = countdowns
        self._lines = lines

    async def turn(self) -> None:
        """Make those edits that may be made now, all at once, and wait until they are made."""
        async with self._store.reading() as connection:
            wanted = await self._wanted(connection)
        async with asyncio.TaskGroup() as making:
            for edit in wanted:
                channel = self._channels.get(edit.row.recipient.channel)
                possible = isinstance(channel, EditingChannel) and edit.row.provider_id is not None
                if edit.wanted == edit.shown or (channel is not None and not possible):
                    await self._settle(edit, shown=edit.shown)
                elif (
                    isinstance(channel, EditingChannel) and self._may_start(edit) and await self._claim(edit)
                ):
                    making.create_task(self._make(edit, channel, edit.row.provider_id or ""))

    async def _wanted(self, connection: AsyncConnection) -> list[_Edit]:
        """The messages that should say something else, but for those edited a moment ago."""
        statement = (
            select(OUTBOX)
            .where(OUTBOX.c.wanted.is_not(None), OUTBOX.c.state.in_(values_of(_SHOWN)))
            .order_by(OUTBOX.c.id)
            .limit(_MOST_AT_ONCE)
        )
        return [
            _Edit(read_row(row), row["dedup_key"], row["payload"], row["wanted"], row["edited_at"])
            for row in (await connection.execute(statement)).mappings()
            if row["edited_at"] is None or self._left(row["id"], row["edited_at"]) <= 0
        ]

    def _left(self, number: int, edited_at: int) -> float:
        return self._countdowns.left(("edit", number, edited_at), EDIT_EVERY.total_seconds())

    def _may_start(self, edit: _Edit) -> bool:
        row, now = edit.row, self._clock.monotonic()
        return self._lines.may_start(row.recipient.channel, row.recipient.address, row.cls, now)

    async def _claim(self, edit: _Edit) -> bool:
        """Take the edit, so that no other sender makes it too; whether it was still to be made."""
        async with self._store.writing() as transaction:
            await take_turn(transaction)
            stamp = max(to_microseconds(transaction.recorded_at), (edit.edited_at or 0) + 1)
            unchanged = OUTBOX.c.edited_at.is_not_distinct_from(edit.edited_at)
            statement = self._row(edit).where(unchanged, OUTBOX.c.wanted == edit.wanted)
            taken = (await transaction.connection.execute(statement.values(edited_at=stamp))).rowcount == 1
        if taken:
            recipient = edit.row.recipient
            self._lines.started(recipient.channel, recipient.address, self._clock.monotonic())
        return taken

    async def _make(self, edit: _Edit, channel: EditingChannel, provider_id: str) -> None:
        recipient = edit.row.recipient
        try:
            await channel.edit(_outgoing(edit), provider_id)
        except ThrottledError as error:
            await self._pause(edit, error)
        except DeliveryError as error:
            log.info("notice %s was not edited: %s", edit.row.id, error, exc_info=error)
            if error.failure in _HOPELESS:
                await self._settle(edit, shown=edit.shown)
        else:
            await self._settle(edit, shown=edit.wanted)
        finally:
            self._lines.ended(recipient.channel, recipient.address)

    async def _pause(self, edit: _Edit, error: ThrottledError) -> None:
        """Leave alone whom the provider asked to be left alone."""
        recipient, wait = edit.row.recipient, after_throttling(error.wait)
        name_of = self._lines.line_name if error.whole_line else self._lines.recipient_name
        name = name_of(recipient.channel, recipient.address)
        self._lines.pause(name, wait.total_seconds(), self._clock.monotonic())
        async with self._store.writing() as transaction:
            await take_turn(transaction)
            await pause(transaction, name, wait)

    async def _settle(self, edit: _Edit, *, shown: str) -> None:
        """Write down what the message says; nothing else is wanted, unless it is by now."""
        async with self._store.writing() as transaction:
            await take_turn(transaction)
            await transaction.connection.execute(self._row(edit).values(payload=shown))
            over = self._row(edit).where(OUTBOX.c.wanted == edit.wanted)
            await transaction.connection.execute(over.values(wanted=None))

    def _row(self, edit: _Edit) -> Update:
        return update(OUTBOX).where(OUTBOX.c.id == edit.row.id)


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
