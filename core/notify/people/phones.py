"""Phones, which are personal data: named by a keyed hash, and kept in one place only (reliability.md S20).

Everywhere else a phone is its user: a hash that nobody makes without the installation's key, and the last
three digits, which are all that is ever shown of it. The number itself stands in `PHONE`, encrypted: without
that row nobody can be written to, and nothing that is left says whose it was.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.notify.people.tables import PHONE
from core.store.metadata import to_microseconds
from core.store.statements import insert_missing, insert_rows
from core.store.store import Transaction
from core.vault import Vault

__all__ = [
    "PHONE_CHANNELS",
    "KeptPhone",
    "Phones",
    "find_phone",
    "forget_phone",
    "phone_of",
    "reencrypt_phones",
    "save_phones",
]

PHONE_CHANNELS = frozenset({"whatsapp"})
"""The channels whose addresses are phones."""

_NUMBER = re.compile(r"(?:whatsapp:)?\+?(\d{6,15})", re.ASCII)
_HASH_LENGTH = 24
"""Hexadecimal digits of the hash: 96 bits, which no two phones of the world share."""

_SHOWN = 3
_REMEMBERED = 10_000
"""Phones whose encrypted form is at hand, as it needn't be made anew for every message."""


@dataclass(frozen=True, slots=True)
class KeptPhone:
    """A phone as the store keeps it: the user it is everywhere else, and its number, encrypted."""

    user: str
    number: str = field(repr=False)


class Phones:
    """What makes users of phones, and phones of users, by the keys of an installation."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._key = hmac.digest(vault.audit_key, b"phones", "sha256")
        self._kept = lru_cache(_REMEMBERED)(self._keep)

    def user_of(self, phone: str) -> str:
        """What `+15550100001` is called, in every process of the installation; empty without a phone."""
        return self._user(phone) if phone else ""

    def kept(self, phone: str) -> KeptPhone:
        """The phone as it may be stored."""
        return self._kept(phone)

    def phone(self, number: str) -> str:
        """The phone that `KeptPhone.number` stands for.

        Raises:
            VaultError: it was encrypted with a key that is not kept any more.
        """
        return self._vault.decrypt(number)

    def _keep(self, phone: str) -> KeptPhone:
        return KeptPhone(self._user(phone), self._vault.encrypt(phone))

    def _user(self, phone: str) -> str:
        named = hmac.new(self._key, phone.encode(), hashlib.sha256).hexdigest()
        return f"{named[:_HASH_LENGTH]}.{phone[-_SHOWN:]}"


def phone_of(text: object) -> str:
    """The number in `whatsapp:+15550100001`, `+15550100001` or `15550100001`; empty if it is none."""
    found = _NUMBER.fullmatch(text.strip()) if isinstance(text, str) else None
    return f"+{found[1]}" if found else ""


async def save_phones(transaction: Transaction, phones: Collection[KeptPhone]) -> None:
    """Keep phones; those that are kept stay as they are."""
    noted_at = to_microseconds(transaction.recorded_at)
    numbers = {each.user: each.number for each in phones}
    rows = [(user, number, noted_at) for user, number in sorted(numbers.items())]  # one order for all
    connection = transaction.connection
    await insert_rows(connection, insert_missing(connection.dialect.name, PHONE), rows)


async def find_phone(connection: AsyncConnection, user: str) -> str | None:
    """`KeptPhone.number` of a user; nothing if none is kept."""
    return (await connection.execute(_FIND, {"of_user": user})).scalar_one_or_none()


async def forget_phone(transaction: Transaction, user: str) -> None:
    """Nobody learns any more which phone the user was."""
    await transaction.connection.execute(delete(PHONE).where(PHONE.c.user == user))


async def reencrypt_phones(transaction: Transaction, reencrypt: Callable[[str], str]) -> int:
    """Put every number through `reencrypt`, after the key was changed; how many."""
    rows = (await transaction.connection.execute(select(PHONE.c.user, PHONE.c.number))).all()
    if rows:
        await transaction.connection.execute(
            update(PHONE).where(PHONE.c.user == bindparam("of_user")).values(number=bindparam("renewed")),
            [{"of_user": row.user, "renewed": reencrypt(row.number)} for row in rows],
        )
    return len(rows)


_FIND = select(PHONE.c.number).where(PHONE.c.user == bindparam("of_user"))
