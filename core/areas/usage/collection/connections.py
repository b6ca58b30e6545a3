"""The clients that ask Taara: one for each account, made anew whenever the account's access changes."""

from __future__ import annotations

import hmac
import json
import random
from typing import TYPE_CHECKING

from core.area import Services
from core.areas.usage.model import TaaraAccess
from core.areas.usage.settings import UsageSettings

if TYPE_CHECKING:
    from core.areas.usage.client import TaaraClient

__all__ = ["access_mark", "new_client", "shared_client"]


async def shared_client(services: Services, name: str, access: TaaraAccess) -> TaaraClient:
    """The process's one client for an account, which all of its jobs and commands share."""
    version = access_mark(services, access)
    return await services.connections.get(f"taara:{name}", version, lambda: new_client(services, access))


def new_client(services: Services, access: TaaraAccess) -> TaaraClient:
    """A client for this access.

    Raises:
        SettingsError: Taara's address can't be used.
    """
    from core.areas.usage.client import TaaraClient  # the HTTP library, at the first poll

    settings = services.settings.of(UsageSettings)
    services.politeness.allow(settings.base_url.host or "", settings.requests_per_second)
    return TaaraClient(
        base_url=str(settings.base_url),
        access=access,
        politeness=services.politeness,
        clock=services.clock,
        user_agent=settings.user_agent,
        jitter=random.Random(),  # noqa: S311  spreads repeats, guards nothing
    )


def access_mark(services: Services, access: TaaraAccess) -> str:
    """What differs whenever the access does, and gives nothing of it away without the team's key."""
    parts = [access.country_code, access.phone, access.passcode.reveal(), access.partner, access.hotspot]
    text = json.dumps(["taara access", *parts]).encode()
    return hmac.new(services.vault.audit_key, text, "sha256").hexdigest()
