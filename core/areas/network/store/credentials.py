"""The team's Plume credentials: kept encrypted, one version after the other, never shown."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.network.model import PlumeAccess
from core.secret import Secret
from core.store.credentials import credential, save_credential
from core.store.store import Transaction
from core.vault import Vault

__all__ = ["NAME", "load", "save", "version"]

NAME = "plume"
"""The name under which the credentials are kept."""


async def version(connection: AsyncConnection, moment: datetime) -> str | None:
    """What differs whenever other credentials were set up; nothing before the first, as of `moment`."""
    return await credential(connection, NAME, moment)


async def load(connection: AsyncConnection, vault: Vault, moment: datetime) -> PlumeAccess | None:
    """The credentials as of `moment`, or nothing when none were set up."""
    ciphertext = await credential(connection, NAME, moment)
    if ciphertext is None:
        return None
    document = json.loads(vault.decrypt(ciphertext))
    return PlumeAccess(
        authorization=Secret(document["authorization"]),
        partner=document["partner"],
        customers=tuple(document["customers"]),
        token_url=document["token_url"],
    )


async def save(transaction: Transaction, vault: Vault, access: PlumeAccess) -> None:
    """Keep new credentials; the ones before them stay as an older version."""
    document = {
        "authorization": access.authorization.reveal(),
        "partner": access.partner,
        "customers": list(access.customers),
        "token_url": access.token_url,
    }
    await save_credential(transaction, NAME, vault.encrypt(json.dumps(document)))
