"""What was made of things that came in, written down in one transaction (reliability.md R13).

That something was handled, where its dialog stands, what stands behind its buttons, and its answers in the
outbox commit together: a crash before leaves all of it to be done again, a crash after nothing. Many are
recorded at once, at the cost of a few statements for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy import Table, bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite

from core.areas.relay.store.tables import RELAY_DIALOG, RELAY_INBOUND
from core.notify.answers import enqueue_replies
from core.notify.notice import Answer, Recipient
from core.relay.handles import use_handles, write_handles
from core.relay.inbound import Inbound, Membership, Moved
from core.relay.presence import note_presence
from core.relay.reply import encode_reply
from core.relay.situation import read_handled
from core.relay.turn import DialogChange, Turn
from core.store.metadata import to_microseconds
from core.store.statements import insert_rows
from core.store.store import Transaction
from core.text import clean, redact

__all__ = ["answers_of", "record"]

_LONGEST_ERROR = 500
_INBOUND = (RELAY_INBOUND, "body", "handled_at", "outcome", "error")
_DIALOG = (RELAY_DIALOG, "state", "changed_at", "ends_at")
"""The tables with what is replaced in a row that is there."""

_Pairs = Sequence[tuple[Inbound, Turn]]


async def record(transaction: Transaction, pairs: _Pairs) -> None:
    """Record what each thing that came in led to, unless it was recorded before."""
    fresh = await _fresh(transaction, pairs)
    if not fresh:
        return
    await _mark_handled(transaction, fresh)
    await _change_dialogs(transaction, [turn.dialog for _in, turn in fresh if turn.dialog is not None])
    await write_handles(transaction, [handle for _in, turn in fresh for handle in turn.handles])
    await use_handles(transaction, [handle for _in, turn in fresh for handle in turn.used])
    await enqueue_replies(
        transaction, [each for inbound, turn in fresh for each in answers_of(inbound.channel, turn)]
    )
    for inbound, _turn in fresh:
        if isinstance(inbound.content, Membership | Moved):
            await note_presence(transaction, inbound, inbound.content)


def answers_of(channel: str, turn: Turn) -> list[Answer]:
    """A turn's replies as rows of the outbox to be."""
    return [
        Answer(
            key=reply.key,
            recipient=Recipient(turn.person, channel, reply.chat, turn.language, turn.zone),
            content=encode_reply(reply),
            edits=reply.edits,
        )
        for reply in turn.replies
    ]


async def _fresh(transaction: Transaction, pairs: _Pairs) -> _Pairs:
    """Those that nobody has recorded yet, each once."""
    found = {(inbound.line, inbound.key): (inbound, turn) for inbound, turn in reversed(pairs)}
    for key in await read_handled(transaction.connection, found):
        found.pop(key, None)
    return list(reversed(found.values()))


async def _mark_handled(transaction: Transaction, pairs: _Pairs) -> None:
    """What came in by a webhook has its row already, what was polled gets it now; what it said goes."""
    handled_at = to_microseconds(transaction.recorded_at)
    rows = [
        (
            inbound.line,
            inbound.key,
            to_microseconds(inbound.at),
            None,
            handled_at,
            turn.outcome.value,
            clean(redact(turn.error), _LONGEST_ERROR) if turn.error else None,
        )
        for inbound, turn in pairs
    ]
    await insert_rows(
        transaction.connection, _replacing(transaction.connection.dialect.name, *_INBOUND), rows
    )


async def _change_dialogs(transaction: Transaction, changes: Iterable[DialogChange]) -> None:
    """Where each dialog stands; of several changes of one the last holds."""
    newest = {(each.channel, each.chat, each.user): each for each in changes}
    over = [_place(each) for each in newest.values() if each.state is None]
    table, connection = RELAY_DIALOG, transaction.connection
    if over:
        statement = delete(table).where(
            table.c.channel == bindparam("at_channel"),
            table.c.chat == bindparam("at_chat"),
            table.c.user == bindparam("at_user"),
        )
        await connection.execute(statement, [{f"at_{name}": v for name, v in each.items()} for each in over])
    changed_at = to_microseconds(transaction.recorded_at)
    rows = [
        {
            **_place(each),
            "state": each.state,
            "changed_at": changed_at,
            "ends_at": to_microseconds(each.ends_at),
        }
        for each in newest.values()
        if each.state is not None and each.ends_at is not None
    ]
    if rows:
        await connection.execute(_replacing(connection.dialect.name, *_DIALOG), rows)


def _place(change: DialogChange) -> dict[str, str]:
    return {"channel": change.channel, "chat": change.chat, "user": change.user}


@cache
def _replacing(dialect: str, table: Table, *fields: str) -> sqlite.Insert | postgresql.Insert:
    """An insert that replaces these fields of a row whose key is there already; made once for each table."""
    statement = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    fresh = {name: statement.excluded[name] for name in fields}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=fresh)
