"""The open lines to the production system and to A2E, one of each for every job and command."""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING

from core.area import Services
from core.areas.production.settings import ProductionSettings
from core.areas.production.sources import PROVIDER, SYSTEM
from core.secret import Secret

if TYPE_CHECKING:
    from core.areas.production.client.a2e_client import A2EClient
    from core.areas.production.client.production_client import ProductionClient

__all__ = ["a2e_client", "is_set_up", "production_client", "token_fingerprint"]


async def production_client(services: Services) -> ProductionClient | None:
    """The line to the production system; nothing where its address isn't set.

    Raises:
        SettingsError: the address can't be used.
    """
    from core.areas.production.client.production_client import ProductionClient  # pages need no HTTP library

    settings = services.settings.of(ProductionSettings)
    if settings.url is None:
        return None
    address, token = str(settings.url), Secret(settings.token.get_secret_value())
    return await services.connections.get(
        SYSTEM,
        (address, token),
        lambda: ProductionClient(address, token, services.politeness, services.clock),
    )


async def a2e_client(services: Services) -> A2EClient | None:
    """The line to A2E; nothing where there is no token.

    Raises:
        SettingsError: the address can't be used.
    """
    from core.areas.production.client.a2e_client import A2EClient

    settings = services.settings.of(ProductionSettings)
    address, token = str(settings.a2e_url), Secret(settings.a2e_token.get_secret_value())
    if not token:
        return None
    jitter = random.Random()  # noqa: S311  spreads requests, guards nothing
    return await services.connections.get(
        PROVIDER,
        (address, token),
        lambda: A2EClient(
            address,
            token,
            services.politeness,
            services.clock,
            jitter,
            rate=settings.a2e_requests_per_second,
        ),
    )


def is_set_up(settings: ProductionSettings, source: str) -> bool:
    """Whether there is anybody to ask: a system with an address, or A2E with a token."""
    return settings.url is not None if source == SYSTEM else bool(settings.a2e_token.get_secret_value())


def token_fingerprint(settings: ProductionSettings, source: str) -> str:
    """What differs whenever another token is set or another address, and gives neither away."""
    if source == SYSTEM:
        address, token = str(settings.url), settings.token
    else:
        address, token = str(settings.a2e_url), settings.a2e_token
    return hashlib.sha256(f"{source}\n{address}\n{token.get_secret_value()}".encode()).hexdigest()[:16]
