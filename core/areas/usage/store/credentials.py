"""Which accounts are watched, and what it takes to sign in to each: kept encrypted, never shown.

Besides those that were set up there is the account “default”, where the settings hold everything it takes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request, Services
from core.areas.usage.model import Account, TaaraAccess
from core.areas.usage.settings import UsageSettings
from core.areas.usage.store.reading import SOURCE
from core.areas.usage.store.reading import accounts as known_accounts
from core.message import Message, _
from core.secret import Secret
from core.store.credentials import credential, credential_names, forget_credential, save_credential
from core.store.store import Transaction
from core.vault import Vault, VaultError

__all__ = [
    "DEFAULT",
    "Watched",
    "account_of",
    "configured",
    "forget",
    "names",
    "save",
    "watched",
]

DEFAULT = "default"
"""The name of the account that the settings describe."""

_PREFIX = "taara:"


@dataclass(frozen=True, slots=True)
class Watched:
    """An account with its access; without one, `error` says why it can't be decrypted."""

    account: Account
    access: TaaraAccess | None
    error: VaultError | None = None


async def watched(services: Services, connection: AsyncConnection, moment: datetime) -> list[Watched]:
    """Every account to be asked, by name, as of `moment`."""
    found: dict[str, Watched] = {}
    settings = _from_settings(services.settings.of(UsageSettings))
    if settings is not None:
        found[DEFAULT] = Watched(account_of(DEFAULT, settings), settings)
    for name in await credential_names(connection, moment):
        if name.startswith(_PREFIX):
            ciphertext = await credential(connection, name, moment)
            account = name.removeprefix(_PREFIX)
            if ciphertext is not None:
                found[account] = _decrypted(services.vault, account, ciphertext)
    return [found[name] for name in sorted(found)]


async def save(transaction: Transaction, vault: Vault, name: str, access: TaaraAccess) -> None:
    """Keep an account's access; the one before stays as an older version."""
    document = {
        "country_code": access.country_code,
        "phone": access.phone,
        "passcode": access.passcode.reveal(),
        "partner": access.partner,
        "hotspot": access.hotspot,
    }
    await save_credential(transaction, _PREFIX + name, vault.encrypt(json.dumps(document)))


async def forget(transaction: Transaction, name: str) -> None:
    """Forget an account's access for good."""
    await forget_credential(transaction, _PREFIX + name)


def account_of(name: str, access: TaaraAccess) -> Account:
    """The account as it may be shown: of its phone number the last two digits."""
    return Account(name, f"…{access.phone[-2:]}")


async def configured(request: Request) -> bool:
    """Whether any account is set up."""
    if _from_settings(request.services.settings.of(UsageSettings)) is not None:
        return True
    async with request.services.store.reading() as connection:
        names = await credential_names(connection, request.now)
    return any(name.startswith(_PREFIX) for name in names)


async def names(request: Request) -> Mapping[tuple[str, str], Message]:
    """What each account that is polled is called to a person."""
    async with request.services.store.reading() as connection:
        known = await known_accounts(connection, request.moment)
    return {(SOURCE, account.name): _("{account}", account=account.name) for account in known}


def _from_settings(settings: UsageSettings) -> TaaraAccess | None:
    """The account of the settings, where they hold all of it."""
    passcode = settings.passcode.get_secret_value()
    if not (settings.phone_number and passcode and settings.partner_id and settings.hotspot_id):
        return None
    return TaaraAccess(
        country_code=settings.country_code,
        phone=settings.phone_number,
        passcode=Secret(passcode),
        partner=settings.partner_id,
        hotspot=settings.hotspot_id,
    )


def _decrypted(vault: Vault, name: str, ciphertext: str) -> Watched:
    try:
        document = json.loads(vault.decrypt(ciphertext))
    except VaultError as error:
        return Watched(Account(name, ""), None, error)
    access = TaaraAccess(
        country_code=document["country_code"],
        phone=document["phone"],
        passcode=Secret(document["passcode"]),
        partner=document["partner"],
        hotspot=document["hotspot"],
    )
    return Watched(account_of(name, access), access)
