"""What was made of things that came in, written down in one transaction (reliability.md R13).

That something was handled, where its dialog stands, what stands behind its buttons, and its answers in the
outbox commit together: a crash before leaves all of it to be done again, a crash after nothing. Many are
recorded at once, at the cost of a few statements for all of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from core.areas.relay.store.tables import RELAY_INBOUND
from core.notify.answers import enqueue_replies
from core.notify.notice import Answer, Recipient
from core.relay.handles import use_handles, write_handles
from core.relay.inbound import Inbound, Membership, Moved
from core.relay.presence import note_presence
from core.relay.reply import encode_reply
from core.relay.sessions.database import DatabaseDialogs
from core.relay.sessions.store import DialogStore
from core.relay.situation import read_handled
from core.relay.turn import Turn
from core.store.metadata import to_microseconds
from core.store.statements import insert_rows, replacing
from core.store.store import Transaction
from core.text import clean, redact

__all__ = ["Also", "Recording", "answers_of", "record"]

_LONGEST_ERROR = 500
_INBOUND = ("body", "handled_at", "outcome", "error")
"""What is replaced in a row that is there."""

_Pairs = Sequence[tuple[Inbound, Turn]]

Also = Callable[[Transaction, _Pairs], Awaitable[None]]
"""Writes down more about turns that nobody has recorded yet."""


class Recording:
    """Writes turns down. `dialogs` keep what is being asked; `also` writes down more, as a log of them."""

    def __init__(self, dialogs: DialogStore, also: Also | None = None) -> None:
        self._dialogs = dialogs
        self._also = also

    async def record(self, transaction: Transaction, pairs: _Pairs) -> None:
        """Record what each thing that came in led to, unless it was recorded before."""
        fresh = await _fresh(transaction, pairs)
        if not fresh:
            return
        await _record(transaction, fresh)
        if self._also is not None:
            await self._also(transaction, fresh)
        # Last, as a store of its own can't be rolled back: little is left by then that could fail.
        await self._dialogs.write(transaction, fresh)


async def record(transaction: Transaction, pairs: _Pairs) -> None:
    """Record what each thing that came in led to, its dialog in the database."""
    await Recording(DatabaseDialogs()).record(transaction, pairs)


async def _record(transaction: Transaction, fresh: _Pairs) -> None:
    await _mark_handled(transaction, fresh)
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
    connection = transaction.connection
    await insert_rows(connection, replacing(connection.dialect.name, RELAY_INBOUND, *_INBOUND), rows)
