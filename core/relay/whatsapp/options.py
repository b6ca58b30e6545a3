"""What may be answered to a message: as buttons, as rows, and by number.

A number means what the newest answer in the chat gave it. That answer stands in the outbox with its buttons,
written in the transaction that recorded it, so that numbers are kept like the handles behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.relay.store.tables import RELAY_HANDLE
from core.message import _
from core.notify.answers import chat_subject
from core.notify.delivery.rows import OutboxState, values_of, wording_of
from core.notify.delivery.tables import OUTBOX
from core.relay.asking import CANCEL, ENOUGH, SKIP
from core.relay.handles import handle_in, pressed_of
from core.relay.offers import Purpose
from core.relay.reply import Button, Reply, decode_reply
from core.relay.turn import Handle
from core.relay.whatsapp.phones import CHANNEL
from core.relay.whatsapp.provider import MOST_ROWS

__all__ = ["MORE", "Offered", "newest_reply", "offered", "read_handles", "remaining"]

MORE = "more"
"""What the last row of a list that goes on sends back."""

_MORE_LABEL = _("More …")
_SHOWN_OF_MORE = MOST_ROWS - 1
_ON_ITS_WAY = (
    *(OutboxState.PENDING, OutboxState.LEASED, OutboxState.SENT, OutboxState.DELIVERED, OutboxState.READ),
    OutboxState.UNCERTAIN,
)
"""States of an answer that its person has seen, or may have."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What a message offers, in its order; `numbered` when a number chooses one."""

    buttons: tuple[Button, ...] = ()
    numbered: bool = False

    def chosen(self, number: int) -> str:
        """The data behind a number; empty if nothing has it."""
        return self.buttons[number - 1].handle if self.numbered and 1 <= number <= len(self.buttons) else ""


def offered(reply: Reply, handles: Mapping[str, Handle]) -> Offered:
    """What an answer offers; of more than ten the first nine and the way to the rest.

    Where a value is asked for that nothing on offer is, a number is that value: nothing is numbered then.
    """
    buttons = _flat(reply)
    if len(buttons) > MOST_ROWS:
        buttons = (*buttons[:_SHOWN_OF_MORE], Button(_MORE_LABEL, MORE))
    answers = [each for each in handles.values() if each.purpose == Purpose.ANSWER.value]
    return Offered(buttons, numbered=not answers or any(map(_is_value, answers)))


def remaining(reply: Reply) -> tuple[Button, ...]:
    """What an answer offers beyond its first list."""
    return _flat(reply)[_SHOWN_OF_MORE:]


async def newest_reply(connection: AsyncConnection, chat: str, message: str = "") -> Reply | None:
    """The newest answer in a chat, or the one whose message the provider calls `message`."""
    conditions = [
        OUTBOX.c.channel == CHANNEL,
        OUTBOX.c.recipient == chat,
        OUTBOX.c.subject == chat_subject(chat),
        OUTBOX.c.state.in_(values_of(_ON_ITS_WAY)),
    ]
    if message:
        conditions.append(OUTBOX.c.provider_id == message)
    statement = select(OUTBOX.c.payload).where(*conditions).order_by(OUTBOX.c.id.desc()).limit(1)
    payload = (await connection.execute(statement)).scalar_one_or_none()
    content = wording_of(payload).content if payload is not None else ""
    return decode_reply(content) if content else None


async def read_handles(connection: AsyncConnection, buttons: Iterable[Button]) -> dict[str, Handle]:
    """What stands behind buttons, by the data that they send back."""
    wanted = {handle_in(each.handle): each.handle for each in buttons}
    wanted.pop("", None)
    if not wanted:
        return {}
    statement = (
        select(RELAY_HANDLE, OUTBOX.c.provider_id)
        .join(OUTBOX, OUTBOX.c.dedup_key == RELAY_HANDLE.c.reply, isouter=True)
        .where(RELAY_HANDLE.c.handle.in_(list(wanted)))
    )
    return {wanted[row.handle]: pressed_of(row).handle for row in await connection.execute(statement)}


def _flat(reply: Reply) -> tuple[Button, ...]:
    rows: Sequence[Sequence[Button]] = reply.buttons
    return tuple(each for row in rows for each in row)


def _is_value(handle: Handle) -> bool:
    """Whether an answer on offer is a value, rather than a way past the question or through its choices."""
    name, value = handle.action.arguments[0]
    return name != CANCEL and value not in ("", SKIP, ENOUGH)
