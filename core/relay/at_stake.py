"""What a danger would touch as things stand, said with the question before it (production.md 6)."""

from __future__ import annotations

from datetime import datetime

from core.areas.production.store import reading
from core.command import Command
from core.message import Message, _, plural
from core.store.store import Store
from core.units import Instant

__all__ = ["at_stake"]

_PRODUCTION_CONTROLS = frozenset({"pause", "restart"})


async def at_stake(store: Store, command: Command, now: datetime) -> Message | None:
    """How much is under way in the system that the command would stop; nothing where none is stopped.

    Raises:
        StoreError: the database can't be read.
    """
    if command.name not in _PRODUCTION_CONTROLS:
        return None
    async with store.reading() as connection:
        system = await reading.system(connection, now)
    if system is None or system.in_flight is None:
        return _("How many jobs are in flight isn’t known.")
    return plural(
        "{count} job is in flight, as of {moment}.",
        "{count} jobs are in flight, as of {moment}.",
        system.in_flight,
        moment=Instant(system.as_of),
    )
