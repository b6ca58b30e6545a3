"""Dialogs in the database: they commit with the answers that follow from them (reliability.md R13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.relay.store.tables import RELAY_DIALOG
from core.notify.delivery.turn import take_turn
from core.relay.dialog import known_names, state_name
from core.relay.inbound import Inbound
from core.relay.sessions.store import Session
from core.relay.turn import DialogChange, OpenDialog, Talk, Turn
from core.store.metadata import from_microseconds, to_microseconds
from core.store.statements import among, among_these, replacing
from core.store.store import Store, Transaction

__all__ = ["REMEMBERED", "DatabaseDialogs", "DatabaseSessions"]

REMEMBERED = timedelta(hours=24)
"""For how long it is remembered that silence ended a question, so that its person can be told."""

_FIELDS = ("state", "changed_at", "ends_at", "language", "began_at")

_IN_CHATS = select(RELAY_DIALOG).where(among(RELAY_DIALOG.c.channel, RELAY_DIALOG.c.chat))
"""Made once: making a statement costs more than the database needs to run it."""


class DatabaseDialogs:
    """Keeps dialogs of any channel in the transactions that it is handed."""

    async def read(self, connection: AsyncConnection, batch: Sequence[Inbound]) -> Mapping[Talk, OpenDialog]:
        talks = {(each.channel, each.chat, each.sender.user) for each in batch if each.sender is not None}
        if not talks:
            return {}
        found = await connection.execute(
            _IN_CHATS, among_these((channel, chat) for channel, chat, _user in talks)
        )
        return {
            (row.channel, row.chat, row.user): OpenDialog(
                row.state, from_microseconds(row.ends_at), row.language, _moment(row.began_at)
            )
            for row in found
        }

    async def write(self, transaction: Transaction, pairs: Sequence[tuple[Inbound, Turn]]) -> None:
        changes = (turn.dialog for _inbound, turn in pairs if turn.dialog is not None)
        newest = {each.talk: each for each in changes}
        over = [_place(each) for each in newest.values() if each.state is None]
        table, connection = RELAY_DIALOG, transaction.connection
        if over:
            statement = delete(table).where(
                table.c.channel == bindparam("at_channel"),
                table.c.chat == bindparam("at_chat"),
                table.c.user == bindparam("at_user"),
            )
            places = [{f"at_{name}": value for name, value in each.items()} for each in over]
            await connection.execute(statement, places)
        changed_at = to_microseconds(transaction.recorded_at)
        rows = [
            {
                **_place(each),
                "state": each.state,
                "changed_at": changed_at,
                "ends_at": to_microseconds(each.ends_at),
                "language": each.language,
                "began_at": None if each.began_at is None else to_microseconds(each.began_at),
            }
            for each in sorted(newest.values(), key=lambda each: each.talk)  # one order for all processes
            if each.state is not None and each.ends_at is not None
        ]
        if rows:
            await connection.execute(replacing(connection.dialect.name, table, *_FIELDS), rows)


class DatabaseSessions(DatabaseDialogs):
    """The sessions of one channel."""

    def __init__(self, channel: str, store: Store) -> None:
        self._channel = channel
        self._store = store

    async def present(self) -> Sequence[Session]:
        table = RELAY_DIALOG
        statement = (
            select(table)
            .where(table.c.channel == self._channel, table.c.ends_at > to_microseconds(self._store.present()))
            .order_by(table.c.changed_at.desc(), table.c.user)
        )
        async with self._store.reading() as connection:
            rows = (await connection.execute(statement)).all()
        return [
            Session(
                row.user,
                state_name(row.state),
                known_names(row.state),
                from_microseconds(row.changed_at if row.began_at is None else row.began_at),
                from_microseconds(row.changed_at),
            )
            for row in rows
        ]

    async def end(self, user: str) -> bool:
        table = RELAY_DIALOG
        statement = delete(table).where(table.c.channel == self._channel, table.c.user == user)
        async with self._store.writing() as transaction:
            await take_turn(transaction)  # as what is recorded does, which changes dialogs after its answers
            return (await transaction.connection.execute(statement)).rowcount > 0

    async def prune(self) -> None:
        table = RELAY_DIALOG
        async with self._store.writing() as transaction:
            await take_turn(transaction)
            before = to_microseconds(transaction.recorded_at - REMEMBERED)
            statement = delete(table).where(table.c.channel == self._channel, table.c.ends_at < before)
            await transaction.connection.execute(statement)


def _place(change: DialogChange) -> dict[str, str]:
    return {"channel": change.channel, "chat": change.chat, "user": change.user}


def _moment(stored: int | None) -> datetime | None:
    return None if stored is None else from_microseconds(stored)
