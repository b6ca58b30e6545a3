"""The outbox: notices become rows in the transaction of the change that caused them, or not at all.

Who changes something that people must hear of calls `enqueue` inside the transaction of the change; the
`Sender` delivers afterwards. Rolled back change: no message. Committed change: a message exists, whatever
crashes next (reliability.md R1, R2).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.encoding import encode
from core.message import Message
from core.notify.delivery.digests import take_along, take_over
from core.notify.delivery.recipients import present_address
from core.notify.delivery.rows import FRESH, GIVEN_UP, UNFINISHED, OutboxState, payload_of, values_of
from core.notify.delivery.tables import OUTBOX
from core.notify.delivery.turn import take_turn
from core.notify.notice import EXPIRIES, Notice, NoticeClass, Recipient, Wording
from core.store.metadata import to_microseconds
from core.store.store import Transaction

__all__ = ["enqueue", "resend", "revise", "withdraw"]


async def enqueue(
    transaction: Transaction,
    notice: Notice,
    recipients: Sequence[Recipient],
    *,
    not_before: datetime | None = None,
    expiries: Mapping[NoticeClass, timedelta] = EXPIRIES,
    instead_of: Collection[str] = (),
) -> int:
    """Add a row for each recipient that has none yet for this notice; how many were added.

    `not_before` holds the notice until then (quiet hours); who passes it decides for which classes. A
    critical notice takes along what else waits for the same recipient about the same subject, so that
    nothing older follows it. `instead_of` are the keys of notices that this one tells of as well: what of
    them is still to go to the same recipient goes along with it.
    """
    await take_turn(transaction)
    added = 0
    for recipient in recipients:
        resolved, gone = await present_address(transaction.connection, recipient)
        row = await _new_row(transaction, notice, resolved, not_before, expiries)
        if gone is not None:
            row |= {
                "state": OutboxState.DEAD.value,
                "error_class": "gone",
                "error_text": gone,
                "settled_at": to_microseconds(transaction.recorded_at),
            }
        number = await _insert_once(transaction, row)
        if number is None:
            continue
        added += 1
        if notice.cls is NoticeClass.CRITICAL and gone is None:
            await take_along(transaction, number)
        if instead_of and gone is None:
            await take_over(transaction, number, instead_of)
    return added


async def withdraw(transaction: Transaction, subject: str, reason: Message) -> int:
    """Stop every row of the subject that has not gone out yet, on all channels; how many were stopped.

    Those waiting, those waiting for another try, those folded into a message that is still to go, and
    those being sent at this moment: their sender notices within a second and breaks off (R9).
    """
    await take_turn(transaction)
    carrier = OUTBOX.alias()
    unsent = select(carrier.c.id).where(carrier.c.state.in_(values_of(UNFINISHED)))
    folded = and_(OUTBOX.c.state == OutboxState.FOLDED.value, OUTBOX.c.folded_into.in_(unsent))
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.subject == subject, or_(OUTBOX.c.state.in_(values_of(UNFINISHED)), folded))
        .values(
            state=OutboxState.WITHDRAWN.value,
            error_class=None,
            error_text=encode(reason),
            settled_at=to_microseconds(transaction.recorded_at),
        )
    )
    return (await transaction.connection.execute(statement)).rowcount


async def revise(transaction: Transaction, notice: Notice) -> int:
    """Say something else in messages about `notice.key`, in place of what they say; how many are to change.

    What has not been sent yet will go out with the new words. What has been is edited where its channel
    can do that; of several wanted states only the newest is shown.
    """
    await take_turn(transaction)
    payload = _payload(notice)
    of_notice = OUTBOX.c.notice == notice.key
    waiting = update(OUTBOX).where(of_notice, OUTBOX.c.state == OutboxState.PENDING.value)
    changed = (await transaction.connection.execute(waiting.values(payload=payload))).rowcount
    shown = (OutboxState.SENT, OutboxState.DELIVERED, OutboxState.READ, OutboxState.LEASED)
    sent = update(OUTBOX).where(of_notice, OUTBOX.c.state.in_(values_of(shown)))
    return changed + (await transaction.connection.execute(sent.values(wanted=payload))).rowcount


async def resend(
    transaction: Transaction, number: int, *, expiries: Mapping[NoticeClass, timedelta] = EXPIRIES
) -> bool:
    """Give a row that ended undelivered a new life, as if it had just been added; whether it could be."""
    await take_turn(transaction)
    found = await transaction.connection.execute(
        select(OUTBOX.c.cls, OUTBOX.c.state).where(OUTBOX.c.id == number)
    )
    row = found.one_or_none()
    if row is None or OutboxState(row.state) not in GIVEN_UP:
        return False
    lasting = expiries[NoticeClass(row.cls)]
    values: dict[str, object] = {
        "state": OutboxState.PENDING.value,
        "failures": 0,
        "attempts": 0,
        "plain": False,
        "next_attempt": None,
        "not_before": None,
        "settled_at": None,
        "error_class": None,
        "error_text": None,
        "expires": to_microseconds(transaction.recorded_at + lasting),
    }
    if OutboxState(row.state) is OutboxState.UNCERTAIN:
        values |= {"possible_repeat": True}
    await transaction.connection.execute(update(OUTBOX).where(OUTBOX.c.id == number).values(**values))
    return True


async def _new_row(
    transaction: Transaction,
    notice: Notice,
    recipient: Recipient,
    not_before: datetime | None,
    expiries: Mapping[NoticeClass, timedelta],
) -> dict[str, object]:
    created = transaction.recorded_at
    worth_from = created if not_before is None else max(created, not_before)
    expires = notice.expires or worth_from + expiries[notice.cls]
    last = select(func.coalesce(func.max(OUTBOX.c.sequence), 0)).where(
        OUTBOX.c.channel == recipient.channel,
        OUTBOX.c.recipient == recipient.address,
        OUTBOX.c.subject == notice.subject,
    )
    sequence = int((await transaction.connection.execute(last)).scalar_one()) + 1
    return {
        "dedup_key": f"{notice.key}|{recipient.person}|{recipient.channel}",
        "notice": notice.key,
        "cls": notice.cls.value,
        "kind": notice.kind,
        "area": notice.area,
        "subject": notice.subject,
        "sequence": sequence,
        "severity": int(notice.severity),
        "event": notice.event,
        "person": recipient.person,
        "channel": recipient.channel,
        "recipient": recipient.address,
        "language": recipient.language,
        "zone": recipient.zone,
        "payload": _payload(notice),
        "created": to_microseconds(created),
        "not_before": None if not_before is None else to_microseconds(not_before),
        "expires": to_microseconds(expires),
        **FRESH,
    }


async def _insert_once(transaction: Transaction, row: Mapping[str, object]) -> int | None:
    """The new row's id; nothing when the outbox has one of that key already (R4)."""
    dialect = postgresql if transaction.connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(OUTBOX).values(dict(row)).on_conflict_do_nothing(index_elements=["dedup_key"])
    return (await transaction.connection.execute(statement.returning(OUTBOX.c.id))).scalar_one_or_none()


def _payload(notice: Notice) -> str:
    return payload_of(Wording(notice.title, notice.lines, notice.reason))
