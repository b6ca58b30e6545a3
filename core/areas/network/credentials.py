"""The team's Plume credentials: kept encrypted, one version after the other, never shown."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Services
from core.areas.network.settings import NetworkSettings
from core.errors import SettingsError
from core.message import _
from core.secret import Secret
from core.store.credentials import credential, save_credential
from core.store.store import Transaction
from core.vault import Vault

if TYPE_CHECKING:
    from core.areas.network.client import PlumeClient

__all__ = ["NAME", "Access", "line", "load", "make_client", "save", "version"]

NAME = "plume"


@dataclass(frozen=True, slots=True)
class Access:
    """What it takes to watch a network: the credential, and whose locations to watch.

    `customers` empty means every customer the credential may see. `token_url` was given with the
    credential; empty means the setting's.
    """

    authorization: Secret = field(repr=False)
    partner: str
    customers: tuple[str, ...] = ()
    token_url: str = ""


async def version(connection: AsyncConnection, moment: datetime) -> str | None:
    """What differs whenever other credentials were set up; nothing before the first, as of `moment`."""
    return await credential(connection, NAME, moment)


async def load(connection: AsyncConnection, vault: Vault, moment: datetime) -> Access | None:
    """The credentials as of `moment`, or nothing when none were set up."""
    ciphertext = await credential(connection, NAME, moment)
    if ciphertext is None:
        return None
    document = json.loads(vault.decrypt(ciphertext))
    return Access(
        authorization=Secret(document["authorization"]),
        partner=document["partner"],
        customers=tuple(document["customers"]),
        token_url=document["token_url"],
    )


async def save(transaction: Transaction, vault: Vault, access: Access) -> None:
    """Keep new credentials; the ones before them stay as an older version."""
    document = {
        "authorization": access.authorization.reveal(),
        "partner": access.partner,
        "customers": list(access.customers),
        "token_url": access.token_url,
    }
    await save_credential(transaction, NAME, vault.encrypt(json.dumps(document)))


def make_client(services: Services, access: Access) -> PlumeClient:
    """A client for these credentials.

    Raises:
        SettingsError: nobody said where tokens are given out.
    """
    from core.areas.network.client import PlumeClient, PlumeCredential  # pages need no HTTP library

    settings = services.settings.of(NetworkSettings)
    token_url = access.token_url or (str(settings.token_url) if settings.token_url else "")
    if not token_url:
        raise SettingsError(
            _(
                "Where Plume gives out tokens isn't known. Set PLUME_TOKEN_URL to the address that came with"
                " the credentials: https://external.sso.plume.com/oauth2/…/v1/token."
            )
        )
    for base in (settings.api_base, settings.reports_base):
        services.politeness.allow(base.host or "", settings.requests_per_second)
    return PlumeClient(
        api_base=str(settings.api_base),
        reports_base=str(settings.reports_base),
        token_url=token_url,
        credential=PlumeCredential(access.authorization.reveal(), access.partner),
        politeness=services.politeness,
        clock=services.clock,
    )


async def line(services: Services) -> tuple[PlumeClient, Access] | None:
    """The shared line to Plume, or nothing when no credentials were set up.

    Raises:
        SettingsError: nobody said where tokens are given out.
        VaultError: the credentials can't be decrypted any more.
    """
    async with services.store.reading() as connection:
        access = await load(connection, services.vault, services.store.present())
    if access is None:
        return None
    identity = (access.authorization, access.partner, access.token_url)
    client = await services.connections.get(NAME, identity, lambda: make_client(services, access))
    return client, access
