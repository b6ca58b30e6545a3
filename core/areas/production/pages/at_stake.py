"""What stopping the production system would touch as things stand (production.md 6)."""

from __future__ import annotations

from core.area import Request
from core.areas.production.store import reading
from core.message import Message, _, plural
from core.units import Instant

__all__ = ["in_flight"]


async def in_flight(request: Request) -> Message:
    """How much is under way in the system.

    Raises:
        StoreError: the database can't be read.
    """
    async with request.services.store.reading() as connection:
        system = await reading.system(connection, request.moment)
    if system is None or system.in_flight is None:
        return _("How many jobs are in flight isn’t known.")
    moment = Instant(system.as_of)
    if not system.in_flight:
        return _("No job is in flight, as of {moment}.", moment=moment)
    return plural(
        "{count} job is in flight, as of {moment}.",
        "{count} jobs are in flight, as of {moment}.",
        system.in_flight,
        moment=moment,
    )
