"""The client that asks the Plume cloud: made anew whenever other credentials are set up."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from core.area import Services
from core.areas.network.model import PlumeAccess
from core.areas.network.settings import NetworkSettings
from core.areas.network.store import credentials
from core.errors import SettingsError
from core.message import _

if TYPE_CHECKING:
    from core.areas.network.client import PlumeClient

__all__ = ["new_client", "shared_client"]


async def shared_client(services: Services) -> tuple[PlumeClient, PlumeAccess] | None:
    """The process's one client with the credentials in use, or nothing when no credentials were set up.

    Raises:
        SettingsError: nobody said where tokens are given out.
        VaultError: the credentials can't be decrypted any more.
    """
    async with services.store.reading() as connection:
        access = await credentials.load(connection, services.vault, services.store.present())
    if access is None:
        return None
    identity = (access.authorization, access.partner, access.token_url)
    client = await services.connections.get(credentials.NAME, identity, lambda: new_client(services, access))
    return client, access


def new_client(services: Services, access: PlumeAccess) -> PlumeClient:
    """A client for these credentials.

    Raises:
        SettingsError: nobody said where tokens are given out.
    """
    from core.areas.network.client import PlumeClient, PlumeCredential  # the HTTP library, at the first poll

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
        jitter=random.Random(),  # noqa: S311  spreads repeats, guards nothing
    )
