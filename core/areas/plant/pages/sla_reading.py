"""How every ticket stands towards its promise, read for a request."""

from __future__ import annotations

from core.area import Request
from core.areas.plant.configuration.sla_policy import load_policy
from core.areas.plant.rules.policy import SlaPolicy
from core.areas.plant.rules.sla import SlaStanding, stand
from core.areas.plant.settings import PlantSettings
from core.areas.plant.store.promised import all_promised, promised_of

__all__ = ["all_standings", "policy_of", "standing_of"]


def policy_of(request: Request) -> SlaPolicy:
    """What is promised.

    Raises:
        SettingsError: it can't be read.
    """
    return load_policy(request.services.settings.of(PlantSettings).sla_policy)


async def all_standings(request: Request) -> list[SlaStanding]:
    """How every ticket of every kind stands at the request's moment."""
    async with request.services.store.reading() as connection:
        found = await all_promised(connection, policy_of(request), request.moment)
    return [stand(each, request.moment) for each in found]


async def standing_of(request: Request, number: str) -> SlaStanding:
    """How the ticket of that number stands at the request's moment.

    Raises:
        NotFoundError: there is none.
    """
    async with request.services.store.reading() as connection:
        found = await promised_of(connection, policy_of(request), number, request.moment)
    return stand(found, request.moment)
