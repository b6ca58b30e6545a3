"""Test notices: one by one channel when somebody asks, and every week by each, to addresses of our own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.event import Event
from core.message import Message, _
from core.notify.channels.channel import Channel
from core.notify.delivery.rows import OutboxRow, OutboxState, rows
from core.notify.notice import EXPIRIES, Notice, NoticeClass, Recipient
from core.notify.outbox import enqueue
from core.store.audit import head
from core.store.store import Store, Transaction
from core.units import Severity

__all__ = ["SELFTEST", "failed_selftests", "send_test", "weekly_selftest"]

SELFTEST = "notify.selftest"
"""The kind of a test notice."""

SELFTEST_PERSON = "self-test"
_FAILED = (OutboxState.DEAD, OutboxState.EXPIRED, OutboxState.UNCERTAIN)


async def send_test(
    transaction: Transaction,
    recipients: Sequence[Recipient],
    key: str,
    *,
    lines: Sequence[Message] = (),
    expiries: Mapping[NoticeClass, timedelta] = EXPIRIES,
) -> int:
    """Put a test notice for each recipient into the outbox; how many. `key` makes it happen once."""
    notice = Notice(
        key=f"{SELFTEST}:{key}",
        cls=NoticeClass.INFO,
        kind=SELFTEST,
        area="notify",
        subject=f"selftest:{key}",
        severity=Severity.NOTICE,
        title=_("This is a test"),
        lines=(_("Notices of opsdeck reach you here."), *lines),
        reason=_("Somebody, or the weekly self-test, asked for it."),
        created=transaction.recorded_at,
    )
    return await enqueue(transaction, notice, recipients, expiries=expiries)


async def weekly_selftest(
    store: Store,
    channels: Iterable[Channel],
    *,
    expiries: Mapping[NoticeClass, timedelta] = EXPIRIES,
) -> int:
    """Send one test notice to each own address of every channel; how many. Once a day at most.

    It takes the audit log's end along, so that a cut shows when compared with it (reliability.md S18).
    """
    async with store.writing() as transaction:
        end = await head(transaction.connection)
        lines = (_("The audit log ends with {head}.", head=f"{end.number}:{end.tag}"),) if end.tag else ()
        day = transaction.recorded_at.date().isoformat()
        sent = 0
        for channel in channels:
            for address in channel.own_addresses:
                recipient = Recipient(SELFTEST_PERSON, channel.name, address)
                key = f"{day}:{channel.name}:{address}"
                sent += await send_test(transaction, [recipient], key, lines=lines, expiries=expiries)
        return sent


async def failed_selftests(connection: AsyncConnection, now: datetime) -> list[Event]:
    """An event for each weekly test that did not arrive; the log keeps each of them once."""
    tests = await rows(connection, states=_FAILED, person=SELFTEST_PERSON)
    return [_failed(row, now) for row in tests]


def _failed(row: OutboxRow, now: datetime) -> Event:
    return Event(
        kind="notify.selftest.failed",
        area="notify",
        subject=f"channel:{row.recipient.channel}",
        severity=Severity.WARNING,
        title=_(
            "The self-test of {channel} to {address} did not arrive: {reason}",
            channel=row.recipient.channel,
            address=row.recipient.address,
            reason=row.error_text or _("nothing took it in time"),
        ),
        at=now,
        facts={"channel": row.recipient.channel},
        key=f"notify.selftest.failed:{row.id}",
    )
