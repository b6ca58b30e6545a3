"""What stands behind the buttons: random handles, whose rows say what a press does and whose it may be.

A client may send whatever it likes as a button's data, so that nothing but the handle is taken from it, and
each press is checked against its row: the chat, the user, the message, the time (reliability.md S7).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, cast

from sqlalchemy import Row, delete, insert, update

from core.areas.relay.store.tables import RELAY_HANDLE
from core.encoding import decode, encode
from core.page import Action
from core.relay.inbound import Inbound
from core.relay.turn import Handle
from core.store.metadata import from_microseconds, to_microseconds
from core.store.statements import insert_rows
from core.store.store import Transaction

__all__ = [
    "Pressed",
    "data_of",
    "handle_in",
    "new_handle",
    "pressed_of",
    "prune_handles",
    "use_handles",
    "why_void",
    "write_handles",
]

_PREFIX = "v1:"
_INSERT = insert(RELAY_HANDLE)
_DATA = re.compile(rf"{_PREFIX}([A-Za-z0-9_-]{{22}})")


@dataclass(frozen=True, slots=True)
class Pressed:
    """A handle as the store keeps it.

    `used_at` is when it was pressed, if it was; `message` the id under which the message it belongs to was
    sent, as far as that is known yet, or the ids of several, with a space between them.
    """

    handle: Handle
    used_at: datetime | None = None
    message: str = ""


def new_handle(randomness: Random) -> str:
    """128 random bits as 22 characters."""
    return base64.urlsafe_b64encode(randomness.randbytes(16)).decode("ascii").rstrip("=")


def data_of(handle: str) -> str:
    """What a button with that handle sends back."""
    return _PREFIX + handle


def handle_in(data: str) -> str:
    """The handle that a press sent back, or nothing if it sent something else."""
    found = _DATA.fullmatch(data)
    return found[1] if found else ""


def why_void(pressed: Pressed | None, inbound: Inbound, now: datetime) -> str:
    """Why a press means nothing, in a word for the log; empty if it counts.

    A message whose id isn't known yet was sent a moment ago: its buttons count.
    """
    if pressed is None:
        return "unknown"
    handle, user = pressed.handle, inbound.sender.user if inbound.sender else ""
    if handle.channel != inbound.channel or handle.chat != inbound.chat:
        return "another chat"
    if handle.user not in ("", user):
        return "another user"
    if pressed.message and inbound.message and inbound.message not in pressed.message.split():
        return "another message"
    if handle.expires_at <= now:
        return "expired"
    return "used" if handle.once and pressed.used_at is not None else ""


def pressed_of(row: Row[Any]) -> Pressed:
    """What a row says, joined with the `provider_id` of its message."""
    meaning = cast("dict[str, Any]", decode(row.action))
    return Pressed(
        Handle(
            handle=row.handle,
            channel=row.channel,
            chat=row.chat,
            user=row.user,
            reply=row.reply,
            purpose=meaning["purpose"],
            action=cast("Action", meaning["action"]),
            expires_at=from_microseconds(row.expires_at),
            once=row.once,
        ),
        None if row.used_at is None else from_microseconds(row.used_at),
        row.provider_id or "",
    )


async def write_handles(transaction: Transaction, handles: Sequence[Handle]) -> None:
    """Keep what stands behind new buttons."""
    made_at = to_microseconds(transaction.recorded_at)
    rows = [
        (
            each.handle,
            each.channel,
            each.chat,
            each.user,
            each.reply,
            encode({"purpose": each.purpose, "action": each.action}),
            each.once,
            made_at,
            to_microseconds(each.expires_at),
            None,
        )
        for each in handles
    ]
    await insert_rows(transaction.connection, _INSERT, rows)


async def use_handles(transaction: Transaction, handles: Sequence[str]) -> None:
    """Mark handles as pressed."""
    if handles:
        used_at = to_microseconds(transaction.recorded_at)
        statement = update(RELAY_HANDLE).where(
            RELAY_HANDLE.c.handle.in_(handles), RELAY_HANDLE.c.used_at.is_(None)
        )
        await transaction.connection.execute(statement.values(used_at=used_at))


async def prune_handles(transaction: Transaction, now: datetime) -> None:
    """Drop handles whose time is over."""
    statement = delete(RELAY_HANDLE).where(RELAY_HANDLE.c.expires_at <= to_microseconds(now))
    await transaction.connection.execute(statement)
