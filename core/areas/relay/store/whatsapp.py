"""What is known of WhatsApp: who wrote when, who stopped, how far messages got, what content is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Insert, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.relay.rules.delivery import DeliveryState, goes_on
from core.areas.relay.rules.window import WhatsAppUser
from core.areas.relay.store.tables import (
    RELAY_WHATSAPP_CONTENT,
    RELAY_WHATSAPP_MESSAGE,
    RELAY_WHATSAPP_USER,
)
from core.notify.delivery.turn import take_turn
from core.store.metadata import from_microseconds, to_microseconds
from core.store.statements import replacing
from core.store.store import Transaction

__all__ = [
    "MessageState",
    "close_window",
    "find_content",
    "find_user",
    "note_states",
    "note_written",
    "prune_states",
    "read_states",
    "read_users",
    "save_content",
    "save_stopped",
]

_KEEP_STATES = timedelta(days=90)
"""As long as the rows of the outbox (reliability.md S20)."""


@dataclass(frozen=True, slots=True)
class MessageState:
    """How far one message got. `message` is the provider's id of it, `error` its code, or empty."""

    line: str
    message: str
    user: str
    state: DeliveryState
    error: str = ""


async def read_users(connection: AsyncConnection) -> list[WhatsAppUser]:
    """Every user that ever wrote or stopped, who wrote last first."""
    table = RELAY_WHATSAPP_USER
    statement = select(table).order_by(table.c.wrote_at.desc(), table.c.line, table.c.user)
    return [
        WhatsAppUser(row.line, row.user, _moment(row.wrote_at), _moment(row.stopped_at))
        for row in await connection.execute(statement)
    ]


async def find_user(connection: AsyncConnection, line: str, user: str) -> WhatsAppUser:
    """What the user lets the sender do; of one who is unknown nothing is known."""
    table = RELAY_WHATSAPP_USER
    found = await connection.execute(select(table).where(table.c.line == line, table.c.user == user))
    row = found.one_or_none()
    if row is None:
        return WhatsAppUser(line, user)
    return WhatsAppUser(line, user, _moment(row.wrote_at), _moment(row.stopped_at))


async def note_written(transaction: Transaction, written: Sequence[tuple[str, str, datetime]]) -> None:
    """Users (line, user) wrote at a moment, which opens their windows; what is older changes nothing.

    A report that closes a window is written in its turn at the outbox, so that this takes the turn first,
    too: else the two would wait for each other.
    """
    newest: dict[tuple[str, str], datetime] = {}
    for line, user, at in written:
        newest[line, user] = max(at, newest.get((line, user), at))
    if newest:
        await take_turn(transaction)
        connection = transaction.connection
        rows = [
            {"line": line, "user": user, "wrote_at": to_microseconds(at), "stopped_at": None}
            for (line, user), at in sorted(newest.items())  # one order for all, so that none wait in a circle
        ]
        await connection.execute(_writing_later(connection.dialect.name), rows)


async def close_window(transaction: Transaction, line: str, user: str) -> None:
    """The provider says that the user can't be written to freely, whatever we thought."""
    table = RELAY_WHATSAPP_USER
    statement = update(table).where(table.c.line == line, table.c.user == user).values(wrote_at=None)
    await transaction.connection.execute(statement)


async def save_stopped(transaction: Transaction, line: str, user: str, *, stopped: bool) -> None:
    """The user wants to be told nothing more, or to be told things again."""
    await take_turn(transaction)
    at = to_microseconds(transaction.recorded_at) if stopped else None
    statement = _insert(transaction.connection.dialect.name)
    await transaction.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["line", "user"], set_={"stopped_at": statement.excluded.stopped_at}
        ),
        {"line": line, "user": user, "wrote_at": None, "stopped_at": at},
    )


async def note_states(transaction: Transaction, reports: Sequence[MessageState]) -> list[MessageState]:
    """Write down how far messages got; those reports that told something new, in their order."""
    news: list[MessageState] = []
    for report in reports:
        known = await read_states(transaction.connection, report.line, [report.message])
        before = known[0].state if known else None
        if not goes_on(before, report.state):
            continue
        table, changed_at = RELAY_WHATSAPP_MESSAGE, to_microseconds(transaction.recorded_at)
        values = {"state": report.state.value, "error": report.error[:20], "changed_at": changed_at}
        if before is None:
            key = {"line": report.line, "message": report.message, "user": report.user}
            await transaction.connection.execute(table.insert().values(**key, **values))
        else:
            here = (table.c.line == report.line, table.c.message == report.message)
            await transaction.connection.execute(update(table).where(*here).values(**values))
        news.append(report)
    return news


async def read_states(connection: AsyncConnection, line: str, messages: Sequence[str]) -> list[MessageState]:
    """What is known of these messages, by the providers' ids."""
    table = RELAY_WHATSAPP_MESSAGE
    statement = select(table).where(table.c.line == line, table.c.message.in_(messages))
    return [
        MessageState(row.line, row.message, row.user, DeliveryState(row.state), row.error)
        for row in await connection.execute(statement)
    ]


async def prune_states(transaction: Transaction) -> None:
    """Forget how far messages of long ago got."""
    before = to_microseconds(transaction.recorded_at - _KEEP_STATES)
    table = RELAY_WHATSAPP_MESSAGE
    await transaction.connection.execute(delete(table).where(table.c.changed_at < before))


async def find_content(connection: AsyncConnection, line: str, shape: str) -> str:
    """The content made for messages of a shape; empty while there is none."""
    table = RELAY_WHATSAPP_CONTENT
    found = await connection.execute(
        select(table.c.content).where(table.c.line == line, table.c.shape == shape)
    )
    return found.scalar_one_or_none() or ""


async def save_content(transaction: Transaction, line: str, shape: str, content: str) -> None:
    """Remember the content made for messages of a shape; with an empty one, forget what there was.

    Two processes may make one at the same time; that of the later one is kept.
    """
    table, connection = RELAY_WHATSAPP_CONTENT, transaction.connection
    if content:
        made_at = to_microseconds(transaction.recorded_at)
        statement = replacing(connection.dialect.name, table, "content", "made_at")
        values = {"line": line, "shape": shape, "content": content, "made_at": made_at}
        await connection.execute(statement, values)
    else:
        await connection.execute(delete(table).where(table.c.line == line, table.c.shape == shape))


@cache
def _writing_later(dialect: str) -> Insert:
    """An insert that moves the moment of a user who is known already, and never back."""
    statement = _insert(dialect)
    table, wrote_at = RELAY_WHATSAPP_USER, statement.excluded.wrote_at
    return statement.on_conflict_do_update(
        index_elements=["line", "user"],
        set_={"wrote_at": wrote_at},
        where=table.c.wrote_at.is_(None) | (table.c.wrote_at < wrote_at),
    )


def _insert(dialect: str) -> sqlite.Insert | postgresql.Insert:
    table = RELAY_WHATSAPP_USER
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def _moment(stored: int | None) -> datetime | None:
    return None if stored is None else from_microseconds(stored)
