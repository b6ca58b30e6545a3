"""Reading incidents, their timelines and post-mortems, as they were known at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.incidents.model import OPEN, Entry, Incident, Status, Watched
from core.areas.incidents.rules.alarms import ENDED, RAISED, alarm_of
from core.areas.incidents.rules.postmortem import PostMortem
from core.areas.incidents.rules.related import Related, relate, window_of
from core.areas.incidents.rules.situation import HEALTH_CHANGED, Health, health_of
from core.areas.incidents.store import tables
from core.areas.incidents.store.rows import entry_of, incident_of, postmortem_of
from core.errors import NotFoundError
from core.message import _
from core.moment import Window
from core.store.events import recent
from core.store.metadata import from_microseconds, to_microseconds
from core.store.versions import NEWEST, as_of

__all__ = [
    "alerts_holding",
    "all_health",
    "all_incidents",
    "find_incident",
    "find_postmortem",
    "incident_named",
    "open_incidents",
    "open_with_alert",
    "postmortems",
    "related_events",
    "timeline",
    "unfinished_incidents",
    "watched_alerts",
]

_ALERTS_BEFORE = timedelta(days=1)
_EVENTS_READ = 2_000


async def all_incidents(connection: AsyncConnection, moment: datetime) -> list[Incident]:
    """Every incident, oldest first."""
    return [incident_of(row) for row in await as_of(connection, tables.incidents, moment)]


async def open_incidents(connection: AsyncConnection, moment: datetime) -> list[Incident]:
    """Those that somebody has to do something about."""
    return await _in_state(connection, moment, OPEN)


async def unfinished_incidents(connection: AsyncConnection, moment: datetime) -> list[Incident]:
    """The open ones, and those that are resolved but not closed."""
    return await _in_state(connection, moment, OPEN | {Status.RESOLVED})


async def find_incident(connection: AsyncConnection, id_: str, moment: datetime) -> Incident | None:
    """The incident of that id, if there is one."""
    rows = await as_of(connection, tables.incidents, moment, id=id_)
    return incident_of(rows[0]) if rows else None


async def incident_named(connection: AsyncConnection, id_: str, moment: datetime) -> Incident:
    """The incident of that id.

    Raises:
        NotFoundError: there is none.
    """
    found = await find_incident(connection, id_, moment)
    if found is None:
        raise NotFoundError(_("There is no incident {id}; “incidents” lists them.", id=id_))
    return found


async def open_with_alert(connection: AsyncConnection, key: str, moment: datetime) -> Incident | None:
    """The open incident that the alert with that key is part of, if there is one."""
    return next((e for e in await open_incidents(connection, moment) if key in e.alerts), None)


async def timeline(connection: AsyncConnection, id_: str, moment: datetime) -> list[Entry]:
    """What was written down about an incident by `moment`, oldest first."""
    table = tables.entries
    statement = (
        select(table)
        .where(table.c.incident == id_, table.c.recorded_at <= to_microseconds(moment))
        .order_by(table.c.number)
    )
    return [entry_of(row) for row in (await connection.execute(statement)).mappings()]


async def find_postmortem(connection: AsyncConnection, id_: str, moment: datetime) -> PostMortem | None:
    """What was written in the post-mortem of an incident, if it was begun."""
    rows = await as_of(connection, tables.postmortems, moment, incident=id_)
    return postmortem_of(rows[0]) if rows else None


async def postmortems(connection: AsyncConnection, moment: datetime) -> dict[str, PostMortem]:
    """Every post-mortem, by its incident."""
    rows = await as_of(connection, tables.postmortems, moment)
    return {row["incident"]: postmortem_of(row) for row in rows}


async def watched_alerts(connection: AsyncConnection) -> list[Watched]:
    """The alerts that become an incident if they last, the longest first."""
    rows = await connection.execute(select(tables.watched).order_by(tables.watched.c.raised_at))
    return [
        Watched(row.key, row.title, row.rule, row.subject, from_microseconds(row.raised_at)) for row in rows
    ]


async def alerts_holding(connection: AsyncConnection, incident: Incident) -> set[str]:
    """Which of the incident's alerts were raised and have not ended, by their keys."""
    window = Window(incident.detected_at - _ALERTS_BEFORE, NEWEST)
    events = await recent(
        connection, at=NEWEST, window=window, kinds=(*sorted(RAISED), ENDED), limit=_EVENTS_READ
    )
    last: dict[str, bool] = {}
    for each in events:  # the newest first
        alarm = alarm_of(each.event)
        if alarm is not None and alarm.key in incident.alerts:
            last.setdefault(alarm.key, each.event.kind != ENDED)
    return {key for key, holds in last.items() if holds}


async def all_health(connection: AsyncConnection) -> dict[str, Health]:
    """What was last told of the health of every component, by name."""
    events = await recent(connection, at=NEWEST, kinds=(HEALTH_CHANGED,), limit=_EVENTS_READ)
    found: dict[str, Health] = {}
    for each in events:  # the newest first
        health = health_of(each.event)
        if health is not None:
            found.setdefault(health.component, health)
    return found


async def related_events(
    connection: AsyncConnection, incident: Incident, moment: datetime, before: timedelta
) -> Related:
    """What happened in all areas around it, up to its resolution or to `moment`."""
    until = incident.resolved_at or incident.closed_at or moment
    window = window_of(incident.detected_at, min(until, moment), before)
    events = await recent(connection, at=moment, window=window, limit=_EVENTS_READ)
    return relate(events, incident.detected_at, f"incident:{incident.id}")


async def _in_state(
    connection: AsyncConnection, moment: datetime, states: Iterable[Status]
) -> list[Incident]:
    found: list[Incident] = []
    for status in states:
        rows = await as_of(connection, tables.incidents, moment, status=status.value)
        found += [incident_of(row) for row in rows]
    return sorted(found, key=lambda each: each.id)
