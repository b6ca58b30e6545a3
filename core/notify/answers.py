"""Answers in chats: rows of the outbox like notices, but many at a time and worth a minute.

What is answered commits with the mark that it was, so that a crash at any moment leads to the same
answers once (reliability.md R13).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from operator import itemgetter

from sqlalchemy import Dialect, bindparam, func, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.encoding import encode
from core.message import _
from core.notify.delivery.recipients import enable, present_address
from core.notify.delivery.rows import FRESH, OutboxState, payload_of
from core.notify.delivery.tables import OUTBOX, OUTBOX_RECIPIENT
from core.notify.delivery.turn import take_turn
from core.notify.notice import EXPIRIES, Answer, NoticeClass, Recipient, Wording
from core.store.metadata import to_microseconds
from core.store.statements import insert_by_text
from core.store.store import Transaction
from core.units import Severity

__all__ = ["ANSWER", "chat_subject", "enqueue_replies"]

ANSWER = "relay.answer"
"""The kind of the rows that hold an answer."""

_TITLE = _("An answer in a chat")
_REASON = _("They asked for it.")
_SAME: dict[str, object] = {
    "cls": NoticeClass.REPLY.value,
    "kind": ANSWER,
    "area": "relay",
    "severity": int(Severity.NOTICE),
    **FRESH,
}
"""What every answer's row begins with."""

_OWN = (
    *("dedup_key", "notice", "subject", "person", "channel", "recipient", "language", "zone", "payload"),
    *("created", "expires"),
)
_BEFORE, _AFTER = payload_of(Wording(_TITLE, (), _REASON, "@")).split(encode("@"))
"""The payload of every answer, but for its content."""

_CHANGED = select(OUTBOX_RECIPIENT.c.channel, OUTBOX_RECIPIENT.c.recipient)
"""Read whole: the table holds but the few who moved or left."""

_OVERTAKEN = _("A later answer changes the same message.")


def chat_subject(address: str) -> str:
    """What the answers to a chat are filed under, so that they arrive in their order."""
    return f"chat:{address}"


async def enqueue_replies(
    transaction: Transaction,
    replies: Sequence[Answer],
    *,
    expiries: Mapping[NoticeClass, timedelta] = EXPIRIES,
) -> None:
    """Add a row for each answer whose key has none yet, at the cost of a few statements for all of them.

    Who asks is there: a recipient that nothing reached any more is told things again. An answer that still
    waits and changes the same message as a later one does not go out.
    """
    if not replies:
        return
    await take_turn(transaction)
    addresses = await _moved(transaction, replies)
    created = transaction.recorded_at
    times = (to_microseconds(created), to_microseconds(created + expiries[NoticeClass.REPLY]))
    rows = [
        _row(each, addresses.get(each.recipient, each.recipient) if addresses else each.recipient, *times)
        for each in replies
    ]
    connection = transaction.connection
    statement, same, in_order = _insert(connection.dialect)
    for apart in _by_turns(rows):
        await insert_by_text(connection, statement, [in_order(same | row) for row in apart])
    if any(each.edits for each in replies):
        await _overtake(transaction, rows)


async def _moved(transaction: Transaction, replies: Sequence[Answer]) -> dict[Recipient, Recipient]:
    """Those that are known to be elsewhere by now, or to have been out of reach until they asked."""
    changed = {(row.channel, row.recipient) for row in await transaction.connection.execute(_CHANGED)}
    found: dict[Recipient, Recipient] = {}
    if not changed:
        return found
    for each in {reply.recipient for reply in replies}:
        if (each.channel, each.address) in changed:
            found[each], gone = await present_address(transaction.connection, each)
            if gone is not None:
                await enable(transaction, found[each].channel, found[each].address)
    return found


def _row(answer: Answer, recipient: Recipient, created: int, expires: int) -> dict[str, object]:
    """The values of a row by the names of the statement's parameters."""
    address, subject = recipient.address, chat_subject(recipient.address)
    return {
        "dedup_key": answer.key,
        "notice": f"{ANSWER}:{recipient.channel}:{address}:{answer.edits}" if answer.edits else answer.key,
        "subject": subject,
        "person": recipient.person,
        "channel": recipient.channel,
        "recipient": address,
        "language": recipient.language,
        "zone": recipient.zone,
        "payload": _BEFORE + encode(answer.content) + _AFTER,
        "created": created,
        "expires": expires,
        "in_channel": recipient.channel,
        "in_recipient": address,
        "in_subject": subject,
    }


def _by_turns(rows: Sequence[dict[str, object]]) -> list[list[dict[str, object]]]:
    """The rows so that no two of one lane go together: the second one's number follows from the first."""
    turns: list[list[dict[str, object]]] = []
    seen: Counter[object] = Counter()
    for row in rows:
        lane = (row["in_channel"], row["in_recipient"], row["in_subject"])
        if seen[lane] == len(turns):
            turns.append([])
        turns[seen[lane]].append(row)
        seen[lane] += 1
    return turns


@cache
def _insert(
    dialect: Dialect,
) -> tuple[str, dict[str, object], Callable[[Mapping[str, object]], tuple[object, ...]]]:
    """The statement for one answer, which takes the next number of its lane.

    With it, the values that its parameters have where a row gives none, and what puts all in their order.
    """
    lane = OUTBOX.alias()
    last = (
        select(lane.c.sequence)
        .where(
            lane.c.channel == bindparam("in_channel"),
            lane.c.recipient == bindparam("in_recipient"),
            lane.c.subject == bindparam("in_subject"),
        )
        .order_by(lane.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    module = postgresql if dialect.name == "postgresql" else sqlite
    next_one = func.coalesce(last, literal_column("0")) + literal_column("1")
    statement = module.insert(OUTBOX).values(sequence=next_one)
    compiled = statement.on_conflict_do_nothing(index_elements=["dedup_key"]).compile(
        dialect=dialect, column_keys=[*_SAME, *_OWN]
    )
    same = {**compiled.params, **_SAME}
    return str(compiled), same, itemgetter(*(compiled.positiontup or ()))


async def _overtake(transaction: Transaction, rows: Sequence[Mapping[str, object]]) -> None:
    """Stop what still waits to change a message that a later answer changes too."""
    changing = {row["notice"] for row in rows if row["notice"] != row["dedup_key"]}
    later = OUTBOX.alias()
    last = (
        select(func.max(later.c.id))
        .where(later.c.notice == OUTBOX.c.notice)
        .correlate(OUTBOX)
        .scalar_subquery()
    )
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.notice.in_(changing), OUTBOX.c.state == OutboxState.PENDING.value, OUTBOX.c.id < last)
        .values(
            state=OutboxState.WITHDRAWN.value,
            error_text=encode(_OVERTAKEN),
            settled_at=to_microseconds(transaction.recorded_at),
        )
    )
    await transaction.connection.execute(statement)
