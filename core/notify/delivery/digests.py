"""One message in place of many: what quiet hours held, and what piled up while nothing could go out.

The rows that a digest carries stay in the outbox as `folded` and point to it; what it says is put together
from them when it goes out, so that one withdrawn meanwhile is left out and one added is in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, insert, or_, select, update

from core.message import Message, _, plural
from core.notify.delivery.queue import DIGEST, Waiting
from core.notify.delivery.rows import OutboxState, payload_of, wording_of
from core.notify.delivery.tables import OUTBOX
from core.notify.notice import EXPIRIES, NoticeClass, Overflow, Wording
from core.store.metadata import from_microseconds, to_microseconds
from core.store.store import Transaction
from core.units import Instant

__all__ = ["carried", "fold", "take_along", "take_over", "wording_with"]

_LINES = 40
"""Notices that a digest lists; the rest is counted."""

_INFO_LINES = 10


async def fold(transaction: Transaction, rows: Sequence[Waiting], rows_before: Sequence[Waiting]) -> int:
    """Let one digest carry these rows of one recipient along; its id.

    `rows_before` are all unfinished ones: a digest among them to which more can be added takes the rows in.
    """
    first = rows[0]
    taking = (row.id for row in rows_before if row.takes_in and row.recipient == first.recipient)
    number = next(taking, None) or await _new_digest(transaction, first)
    ids = [row.id for row in rows]
    await transaction.connection.execute(
        update(OUTBOX)
        .where(OUTBOX.c.id.in_(ids))
        .values(
            state=OutboxState.FOLDED.value,
            folded_into=number,
            settled_at=to_microseconds(transaction.recorded_at),
        )
    )
    return number


async def take_along(transaction: Transaction, number: int) -> None:
    """Let the critical row `number` carry what waits before it in its lane and may be folded."""
    row = (await transaction.connection.execute(select(OUTBOX).where(OUTBOX.c.id == number))).one()
    foldable = [each.value for each in NoticeClass if each.rules.overflow is Overflow.FOLDED]
    carrier = OUTBOX.alias()
    unsent = select(carrier.c.id).where(
        carrier.c.state == OutboxState.PENDING.value,
        carrier.c.uncertain == 0,
        carrier.c.subject != row.subject,  # what an earlier one of the lane carries goes with that
    )
    waits = OUTBOX.c.state == OutboxState.PENDING.value
    folded = and_(OUTBOX.c.state == OutboxState.FOLDED.value, OUTBOX.c.folded_into.in_(unsent))
    in_lane = (OUTBOX.c.subject == row.subject) & (OUTBOX.c.id < number) & OUTBOX.c.cls.in_(foldable)
    await _into(transaction, row, in_lane & or_(waits, folded))


async def take_over(transaction: Transaction, number: int, notices: Collection[str]) -> None:
    """Let row `number` carry what the notices of those keys, no more urgent ones, were to tell its recipient.

    Only what nobody has tried to send yet: of anything else nobody knows whether it arrived.
    """
    row = (await transaction.connection.execute(select(OUTBOX).where(OUTBOX.c.id == number))).one()
    if row.cls == NoticeClass.CRITICAL.value:
        no_more_urgent = OUTBOX.c.cls != NoticeClass.REPLY.value
    else:
        no_more_urgent = OUTBOX.c.cls == row.cls
    untried = (OUTBOX.c.state == OutboxState.PENDING.value) & (OUTBOX.c.attempts == 0)
    await _into(transaction, row, OUTBOX.c.notice.in_(notices) & no_more_urgent & untried)


async def carried(transaction: Transaction, number: int) -> list[Row[Any]]:
    """The rows that row `number` carries along, oldest first."""
    statement = (
        select(OUTBOX.c.notice, OUTBOX.c.cls, OUTBOX.c.payload, OUTBOX.c.created)
        .where(OUTBOX.c.folded_into == number, OUTBOX.c.state == OutboxState.FOLDED.value)
        .order_by(OUTBOX.c.id)
    )
    return list((await transaction.connection.execute(statement)).all())


def wording_with(kind: str, own: Wording, parts: Sequence[Row[Any]]) -> Wording:
    """What a row says together with those it carries along."""
    if not parts:
        return own
    listed = [row for row in parts if row.cls != NoticeClass.INFO.value]
    infos = [row for row in parts if row.cls == NoticeClass.INFO.value]
    shown, counted = listed[-_LINES:] + infos[-_INFO_LINES:], len(parts)
    lines = [_line(row) for row in shown]
    if len(shown) < counted:
        rest = counted - len(shown)
        lines.append(plural("… and {count} older notice.", "… and {count} older notices.", rest))
    if kind != DIGEST:
        return Wording(own.title, (*own.lines, _("Before that:"), *lines), own.reason)
    title = plural("{count} notice that waited for you", "{count} notices that waited for you", len(parts))
    return Wording(title, tuple(lines), own.reason)


async def _into(transaction: Transaction, row: Row[Any], which: ColumnElement[bool]) -> None:
    """Fold those of the recipient's rows into `row`, which is marked where one of them may have arrived."""
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.channel == row.channel, OUTBOX.c.recipient == row.recipient, OUTBOX.c.id != row.id)
        .where(which)
        .values(
            state=OutboxState.FOLDED.value,
            folded_into=row.id,
            settled_at=to_microseconds(transaction.recorded_at),
        )
        .returning(OUTBOX.c.uncertain)
    )
    taken = (await transaction.connection.execute(statement)).scalars().all()
    if any(taken):
        repeat = update(OUTBOX).where(OUTBOX.c.id == row.id).values(possible_repeat=True)
        await transaction.connection.execute(repeat)


async def _new_digest(transaction: Transaction, of: Waiting) -> int:
    """A row to carry others along, for the recipient of `of`."""
    row = (await transaction.connection.execute(select(OUTBOX).where(OUTBOX.c.id == of.id))).one()
    created = transaction.recorded_at
    wording = Wording(
        _("Notices that waited for you"),
        (),
        _("They were held by quiet hours, or were too many to send one by one."),
    )
    statement = insert(OUTBOX).values(
        dedup_key=f"{DIGEST}:{of.id}:{to_microseconds(created)}|{row.person}|{row.channel}",
        notice=f"{DIGEST}:{of.id}",
        cls=NoticeClass.NORMAL.value,
        kind=DIGEST,
        area="notify",
        subject=f"digest:{of.channel}:{of.id}",
        sequence=1,
        severity=row.severity,
        person=row.person,
        channel=row.channel,
        recipient=row.recipient,
        language=row.language,
        zone=row.zone,
        payload=payload_of(wording),
        created=to_microseconds(created),
        expires=max(_expires(created), row.expires),
        state=OutboxState.PENDING.value,
        attempts=0,
        failures=0,
        uncertain=0,
        plain=False,
        possible_repeat=False,
    )
    return int((await transaction.connection.execute(statement.returning(OUTBOX.c.id))).scalar_one())


def _expires(created: datetime) -> int:
    return to_microseconds(created + EXPIRIES[NoticeClass.NORMAL])


def _line(row: Row[Any]) -> Message:
    return _("{at} {title}", at=Instant(from_microseconds(row.created)), title=wording_of(row.payload).title)
