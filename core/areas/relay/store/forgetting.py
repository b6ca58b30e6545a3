"""Forgetting somebody for good: what was known of them goes, in past versions too (reliability.md S20).

What others need stays: that messages were sent and how many, tickets and what they say, and that a phone
asked to be told nothing more, by its hash alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, delete, select, update

from core.areas.relay.model import PRIVATE
from core.areas.relay.store.messages import log_key, user_key
from core.areas.relay.store.tables import (
    RELAY_ATTEMPT,
    RELAY_CHAT,
    RELAY_DIALOG,
    RELAY_HANDLE,
    RELAY_IDENTITY,
    RELAY_MESSAGE,
    RELAY_TURN,
    RELAY_WHATSAPP_MESSAGE,
    RELAY_WHATSAPP_USER,
)
from core.message import _
from core.notify.delivery.rows import OutboxState, payload_of
from core.notify.delivery.tables import OUTBOX, OUTBOX_ATTEMPT, OUTBOX_RECIPIENT
from core.notify.delivery.turn import take_turn
from core.notify.notice import Wording
from core.notify.people.phones import forget_phone
from core.notify.people.tables import PERSON, PERSON_ADDRESS, SUBSCRIPTION
from core.store.metadata import to_microseconds
from core.store.store import Transaction

__all__ = ["Account", "accounts_of", "erase_account", "erase_person"]

_FORGOTTEN = _("Whoever this was for was forgotten.")
_OF_USER = (RELAY_IDENTITY, RELAY_DIALOG, RELAY_HANDLE, RELAY_ATTEMPT, RELAY_TURN)
"""Tables whose rows are about one user of a channel."""


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """A user of a channel, who is also where they are written to in private."""

    channel: str
    user: str


async def accounts_of(transaction: Transaction, person: str) -> Collection[Account]:
    """Every user that the person is or was, and every address they are or were told things at."""
    users, addresses = RELAY_IDENTITY, PERSON_ADDRESS
    connection = transaction.connection
    paired = select(users.c.channel, users.c.user).where(users.c.person == person)
    told = select(addresses.c.channel, addresses.c.address).where(addresses.c.person == person)
    found = [*await connection.execute(paired), *await connection.execute(told)]
    return sorted({Account(channel, user) for channel, user in found if user})


async def erase_account(transaction: Transaction, account: Account, audit_key: bytes) -> None:
    """Forget what was said with a user, what they were asked, and which phone they had.

    `audit_key` is the installation's, by which the log tells its users apart.
    """
    await take_turn(transaction)
    connection, user = transaction.connection, account.user
    for table in _OF_USER:
        await connection.execute(delete(table).where(*_of(table, account)))
    chats = RELAY_CHAT.c
    private = (chats.channel == account.channel, chats.chat == user, chats.kind == PRIVATE)
    await connection.execute(delete(RELAY_CHAT).where(*private))
    key = user_key(log_key(audit_key), user)
    said = update(RELAY_MESSAGE).where(RELAY_MESSAGE.c.user_key == key)
    await connection.execute(said.values(content=None, error=None, phone=""))
    await _empty_outbox(transaction, account)
    windows = RELAY_WHATSAPP_USER
    await connection.execute(delete(windows).where(windows.c.user == user, windows.c.stopped_at.is_(None)))
    await connection.execute(update(windows).where(windows.c.user == user).values(wrote_at=None))
    await connection.execute(delete(RELAY_WHATSAPP_MESSAGE).where(RELAY_WHATSAPP_MESSAGE.c.user == user))
    await forget_phone(transaction, user)


async def erase_person(transaction: Transaction, name: str) -> None:
    """Forget that there was such a person among those who are told things, in past versions too."""
    for table, column in ((PERSON, "name"), (PERSON_ADDRESS, "person"), (SUBSCRIPTION, "person")):
        await transaction.connection.execute(delete(table).where(table.c[column] == name))


async def _empty_outbox(transaction: Transaction, account: Account) -> None:
    """Send nothing that waits, and keep of what was sent only that it was."""
    connection = transaction.connection
    here = (OUTBOX.c.channel == account.channel, OUTBOX.c.recipient == account.user)
    waiting = update(OUTBOX).where(*here, OUTBOX.c.state == OutboxState.PENDING.value)
    ended = {"state": OutboxState.DEAD.value, "settled_at": to_microseconds(transaction.recorded_at)}
    await connection.execute(waiting.values(**ended))
    payload = payload_of(Wording(_FORGOTTEN, (), _FORGOTTEN))
    emptied = {"payload": payload, "wanted": None, "provider_id": None, "error_text": None}
    await connection.execute(update(OUTBOX).where(*here).values(person=account.user, **emptied))
    tries = update(OUTBOX_ATTEMPT).where(*_at(OUTBOX_ATTEMPT, account))
    await connection.execute(tries.values(provider_id=None, error_text=None))
    await connection.execute(delete(OUTBOX_RECIPIENT).where(*_at(OUTBOX_RECIPIENT, account)))


def _of(table: Table, account: Account) -> tuple[ColumnElement[bool], ...]:
    return (table.c.channel == account.channel, table.c.user == account.user)


def _at(table: Table, account: Account) -> tuple[ColumnElement[bool], ...]:
    return (table.c.channel == account.channel, table.c.recipient == account.user)
