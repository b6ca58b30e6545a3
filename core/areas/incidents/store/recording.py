"""Recording what happened to incidents: the new version, the lines of the timeline, the events.

Whoever writes incidents takes the outbox's turn first (`core.notify.delivery.turn`), as what is told of an
incident ends there anyway: what is read after that is what will be changed, and nobody waits crosswise.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from core.areas.incidents.model import Actor, Entry, Incident, Watched
from core.areas.incidents.rules.numbering import incident_id
from core.areas.incidents.rules.postmortem import PostMortem
from core.areas.incidents.rules.step import Step
from core.areas.incidents.rules.telling import events_of
from core.areas.incidents.store import tables
from core.areas.incidents.store.rows import entry_row, incident_row, postmortem_row
from core.store.metadata import to_microseconds
from core.store.statements import insert_missing
from core.store.store import Transaction
from core.store.versions import record

__all__ = [
    "audited",
    "forget_watched",
    "next_id",
    "record_postmortem",
    "record_step",
    "watch",
]


async def next_id(transaction: Transaction) -> str:
    """An id that no incident has or had: the next of this year's numbers."""
    year = transaction.recorded_at.year
    connection, table = transaction.connection, tables.sequence
    await connection.execute(insert_missing(connection.dialect.name, table).values(year=year, last=0))
    statement = table.update().where(table.c.year == year).values(last=table.c.last + 1)
    number = (await connection.execute(statement.returning(table.c.last))).scalar_one()
    return incident_id(year, number)


async def record_step(transaction: Transaction, step: Step) -> Incident:
    """Record what a step did; the incident as it is afterwards."""
    await record(transaction, tables.incidents, [incident_row(step.after)])
    await _append(transaction, step)
    await transaction.emit(*events_of(step, transaction.recorded_at))
    return step.after


async def record_postmortem(transaction: Transaction, postmortem: PostMortem) -> None:
    """Record what a post-mortem says now."""
    await record(transaction, tables.postmortems, [postmortem_row(postmortem)])


async def watch(transaction: Transaction, alert: Watched) -> None:
    """Wait whether an alert lasts; one that is waited for already keeps its beginning."""
    values = {
        "key": alert.key,
        "raised_at": to_microseconds(alert.raised_at),
        "rule": alert.rule,
        "subject": alert.subject,
        "title": alert.title,
    }
    connection = transaction.connection
    await connection.execute(insert_missing(connection.dialect.name, tables.watched).values(**values))


async def forget_watched(transaction: Transaction, key: str) -> None:
    """Wait for that alert no longer."""
    await transaction.connection.execute(delete(tables.watched).where(tables.watched.c.key == key))


def audited(incident: Incident) -> Mapping[str, object]:
    """What the audit log keeps of an incident's state."""
    return {
        "status": incident.status.value,
        "severity": incident.severity.value,
        "title": incident.title,
        "commander": incident.commander,
        "public_status": incident.public_status.value if incident.public_status else "",
    }


async def _append(transaction: Transaction, step: Step) -> None:
    if not step.drafts:
        return
    table, id_ = tables.entries, step.after.id
    last = await transaction.connection.execute(
        select(func.coalesce(func.max(table.c.number), 0)).where(table.c.incident == id_)
    )
    rows = _rows(id_, step, last.scalar_one(), transaction.recorded_at)
    await transaction.connection.execute(insert(table), rows)


def _rows(id_: str, step: Step, last: int, now: datetime) -> list[dict[str, object]]:
    actor = Actor(step.actor.name, step.actor.person)
    return [
        entry_row(
            id_,
            Entry(number, now, actor, each.kind, each.text, each.before, each.after, each.visibility),
            now,
        )
        for number, each in enumerate(step.drafts, last + 1)
    ]
