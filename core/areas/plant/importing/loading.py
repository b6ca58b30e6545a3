"""The plant as an import or an export finds it: what is known, and the policies in force."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.plant.configuration.sla_policy import load_policy
from core.areas.plant.importing.world import PlantWorld
from core.areas.plant.settings import PlantSettings
from core.areas.plant.store.importing import fill
from core.areas.plant.writes.quality_turn import author
from core.settings import CoreSettings

__all__ = ["world_at"]


async def world_at(request: Request, connection: AsyncConnection, moment: datetime) -> PlantWorld:
    """The plant as it was known at `moment`.

    Raises:
        SettingsError: the table of what is promised can't be read.
    """
    settings = request.services.settings.of(PlantSettings)
    policy, zone = load_policy(settings.sla_policy), request.services.settings.of(CoreSettings).zone
    world = PlantWorld(author(request), request.now, policy, settings.holding, zone)
    await fill(world, connection, moment)
    return world
