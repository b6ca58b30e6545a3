"""The open line to the plant's backend, one for every job and command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Services
from core.areas.plant.settings import PlantSettings
from core.areas.plant.sources import SOURCE
from core.secret import Secret

if TYPE_CHECKING:
    from core.areas.plant.client.plant_client import PlantClient

__all__ = ["plant_client"]


async def plant_client(services: Services) -> PlantClient | None:
    """The line; nothing where no backend is set up.

    Raises:
        SettingsError: the address can't be used.
    """
    from core.areas.plant.client.plant_client import PlantClient  # pages need no HTTP library

    settings = services.settings.of(PlantSettings)
    if settings.base_url is None:
        return None
    address, token = str(settings.base_url), Secret(settings.token.get_secret_value())
    return await services.connections.get(
        SOURCE,
        (address, token),
        lambda: PlantClient(address, token, services.politeness, services.clock),
    )
