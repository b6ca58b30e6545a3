"""What the engine does for the store itself: copies, tidying, forgetting, and watching the room left.

The hours are local ones at which a small team sleeps, the copy first, so that it still holds what is
forgotten afterwards.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

from core.area import AtLocalTime, Every, Job, Run
from core.event import Event
from core.message import Message, _
from core.store.backup import BACKUPS_KEPT, back_up
from core.store.events import recent
from core.store.maintenance import Retention, optimise, retention, room
from core.store.store import Store
from core.units import Severity

__all__ = ["ROOM_GOOD", "ROOM_LOW", "jobs"]

ROOM_LOW = "store.room.low"
"""The kind of event that says that the room for the database runs out."""

ROOM_GOOD = "store.room.good"
"""The kind of event that says that there is enough room again."""

_ROOM = "store:room"
_REMIND_AFTER = timedelta(days=1)


def jobs(
    store: Store,
    *,
    backups: Path,
    keep: Retention,
    backups_kept: int = BACKUPS_KEPT,
    database_mb: int = 20_000,
    disk_mb: int = 1_000,
) -> list[Job]:
    """The jobs that look after `store`; there is no copying of a database that isn't a file of ours.

    `backups` is the folder of the copies. `database_mb` is what the database should not outgrow and
    `disk_mb` what should stay free on its disk, in megabytes.
    """

    async def copy() -> None:
        await back_up(store, backups, keep=backups_kept)

    async def forget() -> None:
        await retention(store, keep)

    async def tidy() -> None:
        await optimise(store)

    async def watch() -> None:
        await _tell_about_room(store, await room(store, database_mb=database_mb, disk_mb=disk_mb))

    nightly = [
        Job("store.backup", AtLocalTime(time(3, 30)), copy, Run.ON_SCHEDULE),
        Job("store.retention", AtLocalTime(time(4, 0)), forget, Run.ON_SCHEDULE),
        Job("store.optimise", AtLocalTime(time(4, 30), weekday=6), tidy, Run.ON_SCHEDULE),
    ]
    own = nightly if store.path is not None else nightly[1:]
    return [*own, Job("store.room", Every(timedelta(hours=1)), watch)]


async def _tell_about_room(store: Store, warnings: list[Message]) -> None:
    """Tell once when room runs out, once a day while it stays so, and once when there is enough again."""
    now = store.present()
    async with store.reading() as connection:
        last = await recent(connection, at=now, area="store", subject=_ROOM, limit=1)
    was_low = bool(last) and last[0].event.kind == ROOM_LOW
    if warnings and not (was_low and now - last[0].event.at < _REMIND_AFTER):
        found = [_low(warning, now) for warning in warnings]
    elif was_low and not warnings:
        title = _("There is room enough for the database again.")
        found = [Event(ROOM_GOOD, "store", _ROOM, Severity.GOOD, title, now)]
    else:
        return
    async with store.writing() as transaction:
        await transaction.emit(*found)


def _low(warning: Message, now: datetime) -> Event:
    title = _("{warning} Make room there before opsdeck can record nothing more.", warning=warning)
    return Event(ROOM_LOW, "store", _ROOM, Severity.WARNING, title, now)
