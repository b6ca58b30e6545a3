"""Another way to somebody whom a notice did not reach: their next address on another channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select

from core.message import _
from core.notify.delivery.queue import DIGEST
from core.notify.delivery.recipients import gone_recipients
from core.notify.delivery.rows import OutboxRow, OutboxState, read_row
from core.notify.delivery.tables import OUTBOX
from core.notify.notice import EXPIRIES, Notice, NoticeClass, Recipient
from core.notify.outbox import enqueue
from core.notify.people.person import Address, Person
from core.notify.people.rows import everybody
from core.store.store import Transaction

__all__ = ["take_next_channel"]


async def take_next_channel(
    transaction: Transaction,
    given_up: OutboxRow,
    *,
    expiries: Mapping[NoticeClass, timedelta] = EXPIRIES,
) -> None:
    """Put what a given-up row told, and what it carried along, into the outbox for the person's next channel.

    Each channel is tried once for a notice; where none is left the row is dead and stays visible as such.
    """
    people = await everybody(transaction.connection, transaction.recorded_at)
    person = next((each for each in people if each.name == given_up.recipient.person), None)
    if person is None:
        return
    own = [] if given_up.kind == DIGEST else [given_up]
    for row in (*own, *await _carried(transaction, given_up.id)):
        address = await _next_address(transaction, row.notice, person)
        if address is not None:
            recipient = Recipient(
                person.name, address.channel, address.address, person.language, person.zone.key
            )
            await enqueue(
                transaction, _again(row, given_up.recipient.channel), [recipient], expiries=expiries
            )


async def _carried(transaction: Transaction, number: int) -> Sequence[OutboxRow]:
    statement = (
        select(OUTBOX)
        .where(OUTBOX.c.folded_into == number, OUTBOX.c.state == OutboxState.FOLDED.value)
        .order_by(OUTBOX.c.id)
    )
    return [read_row(row) for row in (await transaction.connection.execute(statement)).mappings()]


async def _next_address(transaction: Transaction, notice: str, person: Person) -> Address | None:
    statement = select(OUTBOX.c.channel).where(OUTBOX.c.notice == notice, OUTBOX.c.person == person.name)
    tried = set((await transaction.connection.execute(statement)).scalars())
    gone = {(each.channel, each.address) for each in await gone_recipients(transaction.connection)}
    left = (
        each
        for each in person.preferred
        if each.channel not in tried and (each.channel, each.address) not in gone
    )
    return next(left, None)


def _again(row: OutboxRow, channel: str) -> Notice:
    return Notice(
        key=row.notice,
        cls=row.cls,
        kind=row.kind,
        area=row.area,
        subject=row.subject,
        severity=row.severity,
        title=row.wording.title,
        lines=row.wording.lines,
        reason=_(
            "{reason} It could not be delivered by {channel}.", reason=row.wording.reason, channel=channel
        ),
        created=row.created,
        event=row.event,
    )
