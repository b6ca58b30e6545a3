"""The event log: append-only, numbered without gaps, followed by every process from its last number."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import RowMapping, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.encoding import decode, encode
from core.event import Event, RecordedEvent
from core.message import Message
from core.moment import Window
from core.store.metadata import from_microseconds, to_microseconds
from core.store.tables import EVENT
from core.units import Severity

__all__ = ["MENTIONED_AMONG", "follow", "insert_events", "recent"]

MENTIONED_AMONG = 1_000
"""Events that are searched for a text in their facts: there is no index of those."""

log = logging.getLogger("opsdeck.store")

_KEYS_PER_STATEMENT = 500


async def follow(connection: AsyncConnection, after: int, limit: int = 500) -> list[RecordedEvent]:
    """The events that come after number `after`, in order, at most `limit` of them."""
    statement = select(EVENT).where(EVENT.c.number > after).order_by(EVENT.c.number).limit(limit)
    return [_recorded(row) for row in (await connection.execute(statement)).mappings()]


async def recent(
    connection: AsyncConnection,
    *,
    at: datetime,
    window: Window | None = None,
    area: str | None = None,
    subject: str | None = None,
    kinds: Sequence[str] = (),
    mentioning: str | None = None,
    limit: int = 100,
) -> list[RecordedEvent]:
    """The newest events first, as the log was known at `at`, at most `limit` of them.

    `window` is when they happened; `area` and `subject` narrow to those of one, `kinds` to those named.
    `mentioning` narrows to those one of whose facts is that text, among the newest `MENTIONED_AMONG`.
    """
    statement = select(EVENT).where(EVENT.c.recorded_at <= to_microseconds(at))
    if window is not None:
        statement = statement.where(
            EVENT.c.at >= to_microseconds(window.start), EVENT.c.at < to_microseconds(window.end)
        )
    if area is not None:
        statement = statement.where(EVENT.c.area == area)
    if subject is not None:
        statement = statement.where(EVENT.c.subject == subject)
    if kinds:
        statement = statement.where(EVENT.c.kind.in_(kinds))
    newest_first = EVENT.c.at.desc(), EVENT.c.number.desc()
    if mentioning is not None:
        among = statement.with_only_columns(EVENT.c.number).order_by(*newest_first).limit(MENTIONED_AMONG)
        named = EVENT.c.facts.contains(encode(mentioning), autoescape=True)
        statement = select(EVENT).where(EVENT.c.number.in_(among), named)
    statement = statement.order_by(*newest_first).limit(limit)
    return [_recorded(row) for row in (await connection.execute(statement)).mappings()]


async def insert_events(
    connection: AsyncConnection, events: Sequence[Event], *, after: int, recorded_at: datetime
) -> list[RecordedEvent]:
    """Add events under the numbers that follow `after`; those that were added, in order.

    One whose key is in the log already, or comes earlier in `events`, is left out.
    """
    taken = await _taken(connection, [event.key for event in events if event.key is not None])
    added: list[RecordedEvent] = []
    for event in events:
        if event.key is not None:
            if event.key in taken:
                log.debug("event %s with key %r is in the log already", event.kind, event.key)
                continue
            taken.add(event.key)
        after += 1
        added.append(RecordedEvent(after, recorded_at, event))
    if added:
        await connection.execute(insert(EVENT), [_row(each) for each in added])
    return added


async def _taken(connection: AsyncConnection, keys: Sequence[str]) -> set[str]:
    """Those of `keys` that are in the log."""
    taken: set[str] = set()
    for start in range(0, len(keys), _KEYS_PER_STATEMENT):
        statement = select(EVENT.c.key).where(EVENT.c.key.in_(keys[start : start + _KEYS_PER_STATEMENT]))
        taken.update((await connection.execute(statement)).scalars())
    return taken


def _row(recorded: RecordedEvent) -> dict[str, object]:
    event = recorded.event
    return {
        "number": recorded.number,
        "recorded_at": to_microseconds(recorded.recorded_at),
        "at": to_microseconds(event.at),
        "kind": event.kind,
        "area": event.area,
        "subject": event.subject,
        "severity": int(event.severity),
        "title": encode(event.title),
        "facts": encode(dict(event.facts)),
        "key": event.key,
    }


def _recorded(row: RowMapping) -> RecordedEvent:
    event = Event(
        kind=row["kind"],
        area=row["area"],
        subject=row["subject"],
        severity=Severity(row["severity"]),
        title=cast(Message, decode(row["title"])),
        at=from_microseconds(row["at"]),
        facts=cast(Mapping[str, Any], decode(row["facts"])),
        key=row["key"],
    )
    return RecordedEvent(row["number"], from_microseconds(row["recorded_at"]), event)
