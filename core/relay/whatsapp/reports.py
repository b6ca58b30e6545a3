"""What follows from a provider's reports: how far messages got, and what becomes of those that failed.

A report may come before its message's row knows the message, so that reports are kept by themselves and what
follows from them is made good a little later (`settle_late`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from sqlalchemy import ColumnElement, and_, select, update

from core.areas.relay.rules.delivery import DeliveryState
from core.areas.relay.store.tables import RELAY_WHATSAPP_MESSAGE
from core.areas.relay.store.whatsapp import MessageState, close_window, note_states
from core.notify.delivery.claims import settle_report
from core.notify.delivery.events import given_up, recipient_gone
from core.notify.delivery.outcomes import Settlement, Tries, judge_report
from core.notify.delivery.pauses import line_name, pause, recipient_name
from core.notify.delivery.recipients import disable
from core.notify.delivery.rows import OutboxRow, OutboxState, read_row, values_of
from core.notify.delivery.tables import OUTBOX
from core.notify.delivery.turn import take_turn
from core.notify.next_channel import take_next_channel
from core.notify.notice import NoticeClass
from core.relay.whatsapp.phones import CHANNEL
from core.relay.whatsapp.provider import Provider
from core.store.metadata import to_microseconds
from core.store.store import Transaction

__all__ = ["Reports"]

_LATE = timedelta(hours=1)
"""How long a report waits for its row to know its message."""

_FURTHER = {DeliveryState.DELIVERED: OutboxState.DELIVERED, DeliveryState.READ: OutboxState.READ}
_BEFORE = {
    OutboxState.DELIVERED: (OutboxState.SENT,),
    OutboxState.READ: (OutboxState.SENT, OutboxState.DELIVERED),
}
"""The states from which a row goes on; it never goes back."""


class Reports:
    """Takes the reports of a provider; `jitter` spreads what is sent again."""

    def __init__(self, provider: Provider, jitter: Random) -> None:
        self._provider = provider
        self._jitter = jitter

    async def record(self, transaction: Transaction, reports: Sequence[MessageState]) -> None:
        """Write reports down with all that follows from them; those that tell nothing new are left out."""
        await take_turn(transaction)
        for report in await note_states(transaction, reports):
            await self._follow(transaction, report)

    async def settle_late(self, transaction: Transaction) -> None:
        """Let follow what could not yet: the row had not been told the id of its message."""
        table, since = RELAY_WHATSAPP_MESSAGE, to_microseconds(transaction.recorded_at - _LATE)
        await take_turn(transaction)
        statement = (
            select(table)
            .join(
                OUTBOX,
                and_(
                    OUTBOX.c.channel == CHANNEL,
                    OUTBOX.c.recipient == table.c.user,
                    OUTBOX.c.provider_id == table.c.message,
                ),
            )
            .where(
                table.c.line == self._provider.line,
                table.c.changed_at >= since,
                table.c.state.in_([each.value for each in (*_FURTHER, DeliveryState.FAILED)]),
                OUTBOX.c.state == OutboxState.SENT.value,
            )
        )
        for row in (await transaction.connection.execute(statement)).all():
            state = DeliveryState(row.state)
            await self._follow(transaction, MessageState(row.line, row.message, row.user, state, row.error))

    async def _follow(self, transaction: Transaction, report: MessageState) -> None:
        if report.state is DeliveryState.FAILED:
            await self._fail(transaction, report)
        elif report.state in _FURTHER:
            state = _FURTHER[report.state]
            statement = (
                update(OUTBOX)
                .where(*_row_of(report), OUTBOX.c.state.in_(values_of(_BEFORE[state])))
                .values(state=state.value)
            )
            await transaction.connection.execute(statement)

    async def _fail(self, transaction: Transaction, report: MessageState) -> None:
        """What was taken did not arrive: again, by a template where the window was closed, or another way."""
        closed = self._provider.receives.closes_window(report.error)
        if closed:
            await close_window(transaction, report.line, report.user)
        statement = select(OUTBOX).where(*_row_of(report), OUTBOX.c.state == OutboxState.SENT.value)
        found = (await transaction.connection.execute(statement)).mappings().one_or_none()
        if found is None:
            return
        before = read_row(found)
        after = judge_report(Tries.of(before), self._provider.receives.failure(report.error), self._jitter)
        if closed and before.cls is not NoticeClass.REPLY and before.failures == 0:
            after = replace(after, state=OutboxState.PENDING)
        row = await settle_report(transaction, before.id, after)
        await self._pause(transaction, row, after)
        if row.state is OutboxState.DEAD:
            await self._lose(transaction, row, gone=after.gone)

    async def _pause(self, transaction: Transaction, row: OutboxRow, after: Settlement) -> None:
        """Leave alone whom the provider wants to be left alone; every sender keeps to it."""
        if after.pause_recipient is not None:
            name = recipient_name(CHANNEL, row.recipient.address)
            await pause(transaction, name, after.pause_recipient)
        if after.pause_line is not None:
            await pause(transaction, line_name(CHANNEL, self._provider.sends.host), after.pause_line)

    async def _lose(self, transaction: Transaction, row: OutboxRow, *, gone: bool) -> None:
        """Take another way to whom the row was for; and with all that waits for them, if they are gone."""
        lost, reason = [row], row.error_text
        if gone and reason is not None:
            lost += await disable(transaction, CHANNEL, row.recipient.address, reason)
            await transaction.emit(recipient_gone(row, reason, transaction.recorded_at))
        for each in lost:
            if each.cls is not NoticeClass.REPLY:
                await transaction.emit(given_up(each, transaction.recorded_at))
                await take_next_channel(transaction, each)


def _row_of(report: MessageState) -> tuple[ColumnElement[bool], ...]:
    return (
        OUTBOX.c.channel == CHANNEL,
        OUTBOX.c.recipient == report.user,
        OUTBOX.c.provider_id == report.message,
    )
