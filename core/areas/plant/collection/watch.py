"""The watch over promises and shifts: every half minute, from nothing but what is stored (whatsapp.md A5).

Whatever became due while no engine ran is found at the next look, and nothing is told twice: an event names
its threshold in its key, and a second one of that key is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Every, Job, Services
from core.areas.plant.configuration.sla_policy import load_policy
from core.areas.plant.rules.shift_reminders import beginning_soon
from core.areas.plant.rules.sla import stand
from core.areas.plant.rules.sla_events import shift_soon_events, sla_event
from core.areas.plant.settings import PlantSettings
from core.areas.plant.store.people import all_operators, all_shifts
from core.areas.plant.store.promised import open_promised
from core.event import Event
from core.store.tables import EVENT
from core.store.versions import NEWEST

__all__ = ["jobs", "watch"]

_INTERVAL = timedelta(seconds=30)
_KEYS_PER_STATEMENT = 500


def jobs(services: Services) -> Sequence[Job]:
    """The one job of the area."""

    async def run() -> None:
        await watch(services)

    return (Job("plant.watch", Every(_INTERVAL), run),)


async def watch(services: Services) -> None:
    """Look at every promise and every shift, and tell what is due.

    A transaction is begun only where something is; what is told is decided in it anew.

    Raises:
        SettingsError: what is promised can't be read.
        StoreError: the database did not do its part; the next look tries anew.
    """
    now = services.store.present()
    async with services.store.reading() as connection:
        if not await _due(connection, services, now, now):
            return
    async with services.store.writing() as transaction:
        await transaction.emit(*await _due(transaction.connection, services, NEWEST, now))


async def _due(
    connection: AsyncConnection, services: Services, moment: datetime, now: datetime
) -> list[Event]:
    """What is to be told at `now` and was not told before, by what is known as of `moment`."""
    settings = services.settings.of(PlantSettings)
    promised = await open_promised(connection, load_policy(settings.sla_policy), moment)
    found = [event for each in promised if (event := sla_event(stand(each, now), now)) is not None]
    shifts = beginning_soon(await all_shifts(connection, moment), now, settings.shift_reminder)
    if shifts:
        operators = {each.number: each for each in await all_operators(connection, moment)}
        found += [event for each in shifts for event in shift_soon_events(each, operators, now)]
    told = await _told(connection, [event.key for event in found if event.key is not None])
    return [event for event in found if event.key not in told]


async def _told(connection: AsyncConnection, keys: Sequence[str]) -> set[str | None]:
    """Those of the keys that are in the log."""
    told: set[str | None] = set()
    for start in range(0, len(keys), _KEYS_PER_STATEMENT):
        some = select(EVENT.c.key).where(EVENT.c.key.in_(keys[start : start + _KEYS_PER_STATEMENT]))
        told |= set((await connection.execute(some)).scalars())
    return told
