"""Who delivers which row: rows are leased in one short transaction and settled in another.

Between the two, the row is `leased` and its try is written down already, so that a crash at any moment
leaves a trace: a lease that its holder does not renew for `LEASE_FOR` counts as a try with an uncertain
end (reliability.md section 1, “lease”).
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.encoding import encode
from core.engine.identity import Identity
from core.message import Message, _
from core.notify.channels.channel import Outgoing, Receipt
from core.notify.channels.failures import DeliveryError, FailureClass, UncertainError
from core.notify.delivery.digests import carried, wording_with
from core.notify.delivery.outcomes import Settlement, Tries, judge
from core.notify.delivery.queue import DIGEST, Waiting
from core.notify.delivery.rows import OutboxRow, OutboxState, payload_of, read_row
from core.notify.delivery.tables import OUTBOX, OUTBOX_ATTEMPT
from core.store.metadata import from_microseconds, to_microseconds
from core.store.store import Transaction

__all__ = [
    "LEASE_FOR",
    "RENEW_EVERY",
    "Claim",
    "OtherStart",
    "drop",
    "expire",
    "holder_of",
    "holder_text",
    "lease",
    "release_orphan",
    "renew",
    "settle",
    "settle_report",
    "starts_since",
]

LEASE_FOR = timedelta(seconds=30)
"""How long a lease holds without being renewed."""

RENEW_EVERY = timedelta(seconds=10)
_RENEWED_BY = int(RENEW_EVERY.total_seconds() * 1_000_000)


@dataclass(frozen=True, slots=True)
class Claim:
    """A leased row: the message to send, the number of the try, and what was tried before."""

    attempt: int
    message: Outgoing
    tries: Tries


@dataclass(frozen=True, slots=True)
class OtherStart:
    """A try that some sender began: it counts against everybody's budget."""

    attempt: int
    channel: str
    address: str
    started_at: datetime


def holder_text(identity: Identity) -> str:
    """An identity in the form in which a row names its holder."""
    who = (identity.program, identity.host, identity.pid, identity.place)
    return json.dumps([*who, identity.process_start, identity.boot_id])


def holder_of(text: str) -> Identity:
    """The identity that a row names."""
    program, host, pid, place, start, boot = json.loads(text)
    return Identity(program, host, pid, place, start, boot)


async def lease(transaction: Transaction, row: Waiting, me: str) -> Claim | None:
    """Take the row and write down that it is being tried; nothing when it has nothing to say any more."""
    connection = transaction.connection
    found = await connection.execute(
        select(OUTBOX)
        .where(OUTBOX.c.id == row.id, OUTBOX.c.state == OutboxState.PENDING.value)
        .with_for_update(skip_locked=True)
    )
    record = found.mappings().one_or_none()
    if record is None:
        return None
    parts = await carried(transaction, row.id)
    if row.kind == DIGEST and not parts:
        await _end(transaction, [row.id], OutboxState.WITHDRAWN, _("Nothing was left to tell."))
        return None
    stored = read_row(record)
    wording = wording_with(row.kind, stored.wording, parts)
    values: dict[str, object] = {
        "state": OutboxState.LEASED.value,
        "lease_by": me,
        "lease_until": to_microseconds(transaction.recorded_at + LEASE_FOR),
    }
    if row.kind == DIGEST:
        values["payload"] = payload_of(wording)
    await connection.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(**values))
    attempt = await connection.execute(
        insert(OUTBOX_ATTEMPT)
        .values(
            outbox=row.id,
            channel=row.channel,
            recipient=row.address,
            sender=me,
            started_at=to_microseconds(transaction.recorded_at),
            repeat=stored.possible_repeat,
        )
        .returning(OUTBOX_ATTEMPT.c.id)
    )
    covers = (stored.notice, *(part.notice for part in parts))
    message = _outgoing(record["dedup_key"], replace(stored, wording=wording), covers)
    return Claim(int(attempt.scalar_one()), message, Tries.of(stored))


async def renew(transaction: Transaction, ids: Sequence[int], me: str) -> None:
    """Extend our leases of these rows, as far as they are ours.

    Each renewal makes another moment of `lease_until`, by which others see that the holder lives.
    """
    await transaction.connection.execute(
        update(OUTBOX)
        .where(OUTBOX.c.id.in_(ids), OUTBOX.c.state == OutboxState.LEASED.value, OUTBOX.c.lease_by == me)
        .values(lease_until=OUTBOX.c.lease_until + _RENEWED_BY)
    )


async def settle(
    transaction: Transaction,
    claim: Claim,
    result: Receipt | DeliveryError,
    settlement: Settlement,
    me: str,
) -> OutboxRow | None:
    """Write down how a try ended; the row as it is now, or nothing when it was not ours to change.

    A row withdrawn or taken over meanwhile keeps its state; only a receipt still tells its waiting
    successor that there is nothing to repeat.
    """
    await _end_attempt(transaction, claim.attempt, result)
    found = await transaction.connection.execute(select(OUTBOX).where(OUTBOX.c.id == claim.message.id))
    record = found.mappings().one()
    state = OutboxState(record["state"])
    ours = state is OutboxState.LEASED and record["lease_by"] == me
    late_receipt = isinstance(result, Receipt) and state in (OutboxState.PENDING, OutboxState.UNCERTAIN)
    if not ours and not late_receipt:
        return None
    return await _written(transaction, record, settlement)


async def settle_report(transaction: Transaction, number: int, settlement: Settlement) -> OutboxRow:
    """Write down what became of a message after it was taken; the row as it is now."""
    found = await transaction.connection.execute(select(OUTBOX).where(OUTBOX.c.id == number))
    return await _written(transaction, found.mappings().one(), settlement)


async def release_orphan(transaction: Transaction, row: Waiting, jitter: random.Random) -> None:
    """End the lease of a holder that is gone: nobody knows what became of its try."""
    connection = transaction.connection
    found = await connection.execute(
        select(OUTBOX).where(
            OUTBOX.c.id == row.id,
            OUTBOX.c.state == OutboxState.LEASED.value,
            OUTBOX.c.lease_by == row.lease_by,
        )
    )
    record = found.mappings().one_or_none()
    if record is None:
        return
    unknown = UncertainError(_("The process that was sending it ended before it was known to have arrived."))
    await _write(transaction, record, judge(Tries.of(read_row(record)), unknown, jitter))
    open_tries = select(OUTBOX_ATTEMPT.c.id).where(
        OUTBOX_ATTEMPT.c.outbox == row.id, OUTBOX_ATTEMPT.c.outcome.is_(None)
    )
    for attempt in (await connection.execute(open_tries)).scalars().all():
        await _end_attempt(transaction, attempt, unknown)


async def expire(transaction: Transaction, rows: Sequence[Waiting]) -> list[int]:
    """End rows that are not worth delivering any more; the ids of those that somebody should look at."""
    dead = [row.id for row in rows if row.cls.rules.dead_when_expired]
    expired = [row.id for row in rows if not row.cls.rules.dead_when_expired]
    await _end(transaction, dead, OutboxState.DEAD)
    await _end(transaction, expired, OutboxState.EXPIRED)
    return dead


async def drop(transaction: Transaction, rows: Sequence[Waiting]) -> None:
    """End replies that are too many."""
    reason = _("Too many replies were waiting for this recipient.")
    await _end(transaction, [row.id for row in rows], OutboxState.DROPPED, reason)


async def starts_since(
    connection: AsyncConnection, after: int, *, since: datetime | None = None, not_by: str | None = None
) -> list[OtherStart]:
    """Tries numbered above `after`: those begun since a moment, and by others than `not_by`, where given.

    Those that were refused because nothing may be sent at present are left out, as nothing was.
    """
    spent = or_(OUTBOX_ATTEMPT.c.outcome.is_(None), OUTBOX_ATTEMPT.c.outcome != FailureClass.WINDOW.value)
    statement = select(OUTBOX_ATTEMPT).where(OUTBOX_ATTEMPT.c.id > after, spent).order_by(OUTBOX_ATTEMPT.c.id)
    if since is not None:
        statement = statement.where(OUTBOX_ATTEMPT.c.started_at >= to_microseconds(since))
    if not_by is not None:
        statement = statement.where(OUTBOX_ATTEMPT.c.sender != not_by)
    return [
        OtherStart(row.id, row.channel, row.recipient, from_microseconds(row.started_at))
        for row in await connection.execute(statement)
    ]


def _outgoing(key: str, row: OutboxRow, covers: tuple[str, ...]) -> Outgoing:
    return Outgoing(
        id=row.id,
        key=key,
        cls=row.cls,
        kind=row.kind,
        area=row.area,
        subject=row.subject,
        sequence=row.sequence,
        severity=row.severity,
        recipient=row.recipient,
        wording=row.wording,
        created=row.created,
        possible_repeat=row.possible_repeat,
        plain=row.plain,
        covers=covers,
    )


async def _written(transaction: Transaction, record: RowMapping, after: Settlement) -> OutboxRow:
    """The row as it is once it is in the state that the settlement says."""
    await _write(transaction, record, after)
    again = await transaction.connection.execute(select(OUTBOX).where(OUTBOX.c.id == record["id"]))
    return read_row(again.mappings().one())


async def _write(transaction: Transaction, record: RowMapping, after: Settlement) -> None:
    """Put the row into the state that the settlement says."""
    now = transaction.recorded_at
    final = after.state is not OutboxState.PENDING
    values: dict[str, Any] = {
        "state": after.state.value,
        "attempts": after.attempts,
        "failures": after.failures,
        "uncertain": after.uncertain,
        "plain": after.plain,
        "possible_repeat": after.possible_repeat,
        "next_attempt": None if after.wait is None else to_microseconds(now + after.wait),
        "lease_by": None,
        "lease_until": None,
        "provider_id": after.provider_id or record["provider_id"],
        "error_class": None if after.error is None else after.error.value,
        "error_text": None if after.text is None else encode(after.text),
        "settled_at": to_microseconds(now) if final else None,
    }
    if not final and record["wanted"] is not None:
        values |= {"payload": record["wanted"], "wanted": None}
    if after.moved_to is not None:
        values["recipient"] = after.moved_to
    await transaction.connection.execute(update(OUTBOX).where(OUTBOX.c.id == record["id"]).values(**values))


async def _end(
    transaction: Transaction, ids: Sequence[int], state: OutboxState, text: Message | None = None
) -> None:
    """End rows that were waiting; their last error stays unless there is more to say."""
    if not ids:
        return
    values: dict[str, Any] = {"state": state.value, "settled_at": to_microseconds(transaction.recorded_at)}
    if text is not None:
        values["error_text"] = encode(text)
    waiting = OUTBOX.c.state == OutboxState.PENDING.value
    await transaction.connection.execute(update(OUTBOX).where(OUTBOX.c.id.in_(ids), waiting).values(**values))


async def _end_attempt(transaction: Transaction, attempt: int, result: Receipt | DeliveryError) -> None:
    sent = isinstance(result, Receipt)
    values = {
        "ended_at": func.coalesce(OUTBOX_ATTEMPT.c.ended_at, to_microseconds(transaction.recorded_at)),
        "outcome": "sent" if sent else result.failure.value,
        "provider_id": result.provider_id if sent else None,
        "error_text": None if sent else encode(result.message),
    }
    statement = update(OUTBOX_ATTEMPT).where(OUTBOX_ATTEMPT.c.id == attempt)
    await transaction.connection.execute(statement.values(**values))
