"""Alerts, their notices and blind stretches, between rows and values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast

from sqlalchemy import RowMapping, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.encoding import decode, encode
from core.message import Message
from core.notify.alert import Alert, AlertState, EdgeKind, Withheld
from core.notify.alert_tables import ALERT, ALERT_NOTICE
from core.notify.composing import Composed
from core.notify.notice import NoticeClass, Recipient
from core.notify.routes import Decision, Outcome
from core.store.metadata import FOREVER, from_microseconds, to_microseconds
from core.store.store import Transaction
from core.store.versions import as_of, record
from core.units import Severity

__all__ = [
    "ToldNotice",
    "alert_at",
    "alert_history",
    "keep_alerts",
    "keep_notice",
    "last_alert_number",
    "notices_of",
    "open_alerts",
    "open_alerts_at",
    "recent_alerts",
    "told_notice",
    "told_notices",
]

_OPEN = [state.value for state in AlertState if state.open]
_MOMENTS = ("opened_at", "last_seen", "said_at", "tell_at", "repeat_at", "escalate_at", "lapse_at", "expire_at")
_FURTHER_MOMENTS = ("clear_at", "closed_at")


@dataclass(frozen=True, slots=True)
class ToldNotice:
    """A notice that alerting made, and what was decided for every person."""

    key: str
    recorded_at: datetime
    edge: EdgeKind
    rule: str
    alerts: tuple[int, ...]
    cls: NoticeClass
    kind: str
    area: str
    subject: str
    severity: Severity
    title: Message
    reason: Message
    decisions: tuple[Decision, ...]


async def open_alerts(connection: AsyncConnection) -> list[Alert]:
    """The alerts that are open at present, by number."""
    statement = select(ALERT).where(ALERT.c.superseded_at == FOREVER, ALERT.c.state.in_(_OPEN))
    rows = (await connection.execute(statement.order_by(ALERT.c.id))).mappings()
    return [_alert(row) for row in rows]


async def open_alerts_at(connection: AsyncConnection, moment: datetime) -> list[Alert]:
    """The alerts that were open at `moment` as it was known then, by number."""
    stamp = to_microseconds(moment)
    statement = select(ALERT).where(
        ALERT.c.state.in_(_OPEN), ALERT.c.superseded_at > stamp, ALERT.c.recorded_at <= stamp
    )
    rows = (await connection.execute(statement.order_by(ALERT.c.id))).mappings()
    return [_alert(row) for row in rows]


async def recent_alerts(connection: AsyncConnection, moment: datetime, limit: int = 100) -> list[Alert]:
    """The newest alerts as known at `moment`, open or over, the newest first."""
    stamp = to_microseconds(moment)
    statement = select(ALERT).where(ALERT.c.superseded_at > stamp, ALERT.c.recorded_at <= stamp)
    rows = (await connection.execute(statement.order_by(ALERT.c.id.desc()).limit(limit))).mappings()
    return [_alert(row) for row in rows]


async def alert_at(connection: AsyncConnection, number: int, moment: datetime) -> Alert | None:
    """The alert of that number as known at `moment`."""
    found = await as_of(connection, ALERT, moment, id=number)
    return _alert(found[0]) if found else None


async def alert_history(
    connection: AsyncConnection, number: int, moment: datetime
) -> list[tuple[datetime, Alert]]:
    """Every state the alert was in up to `moment`, the newest first, each with when it was recorded."""
    statement = select(ALERT).where(ALERT.c.id == number, ALERT.c.recorded_at <= to_microseconds(moment))
    rows = (await connection.execute(statement.order_by(ALERT.c.recorded_at.desc()))).mappings()
    return [(from_microseconds(row["recorded_at"]), _alert(row)) for row in rows]


async def last_alert_number(connection: AsyncConnection) -> int:
    """The number of the newest alert; 0 before the first."""
    return int((await connection.execute(select(func.coalesce(func.max(ALERT.c.id), 0)))).scalar_one())


async def keep_alerts(transaction: Transaction, alerts: Iterable[Alert]) -> None:
    """Record the alerts as they are now."""
    await record(transaction, ALERT, [_row(alert) for alert in alerts])


async def keep_notice(transaction: Transaction, made: Composed, decisions: Sequence[Decision]) -> None:
    """Record a notice with what was decided for every person."""
    notice, numbers = made.notice, [alert.id for alert in made.alerts if alert.id]
    row = {
        "key": notice.key,
        "recorded_at": to_microseconds(transaction.recorded_at),
        "edge": made.kind.value,
        "rule": made.alerts[0].rule,
        "alert": numbers[0] if numbers else None,
        "alerts": json.dumps(numbers),
        "cls": notice.cls.value,
        "kind": notice.kind,
        "area": notice.area,
        "subject": notice.subject,
        "severity": int(notice.severity),
        "title": encode(notice.title),
        "reason": encode(notice.reason),
        "decisions": encode([_decision_document(each) for each in decisions]),
    }
    await transaction.connection.execute(insert(ALERT_NOTICE).values(**row))


async def told_notice(connection: AsyncConnection, key: str) -> ToldNotice | None:
    """The notice of that key."""
    statement = select(ALERT_NOTICE).where(ALERT_NOTICE.c.key == key)
    row = (await connection.execute(statement)).mappings().one_or_none()
    return None if row is None else _notice(row)


async def told_notices(
    connection: AsyncConnection, moment: datetime, *, since: datetime | None = None, limit: int = 200
) -> list[ToldNotice]:
    """The newest notices made by `moment`, the newest first."""
    statement = select(ALERT_NOTICE).where(ALERT_NOTICE.c.recorded_at <= to_microseconds(moment))
    if since is not None:
        statement = statement.where(ALERT_NOTICE.c.recorded_at >= to_microseconds(since))
    statement = statement.order_by(ALERT_NOTICE.c.recorded_at.desc(), ALERT_NOTICE.c.key).limit(limit)
    return [_notice(row) for row in (await connection.execute(statement)).mappings()]


async def notices_of(
    connection: AsyncConnection, alert: Alert, subject: str, moment: datetime
) -> list[ToldNotice]:
    """Every notice about the alert made by `moment`, the newest first; `subject` is what they are filed under."""
    statement = select(ALERT_NOTICE).where(
        ALERT_NOTICE.c.subject == subject, ALERT_NOTICE.c.recorded_at <= to_microseconds(moment)
    )
    rows = (await connection.execute(statement.order_by(ALERT_NOTICE.c.recorded_at.desc()))).mappings()
    return [notice for notice in map(_notice, rows) if alert.id in notice.alerts]


def _row(alert: Alert) -> dict[str, object]:
    row = {each.name: getattr(alert, each.name) for each in fields(alert)}
    for name in (*_MOMENTS, *_FURTHER_MOMENTS):
        row[name] = None if row[name] is None else to_microseconds(row[name])
    row["group_key"] = row.pop("group")
    return row | {
        "state": alert.state.value,
        "severity": int(alert.severity),
        "title": encode(alert.title),
        "parents": json.dumps(alert.parents),
        "said": None if alert.said is None else int(alert.said),
        "withheld": alert.withheld.value,
        "told": json.dumps(alert.told),
    }


def _alert(row: RowMapping) -> Alert:
    values: dict[str, Any] = {
        each.name: row["group_key" if each.name == "group" else each.name] for each in fields(Alert)
    }
    for name in (*_MOMENTS, *_FURTHER_MOMENTS):
        values[name] = None if values[name] is None else from_microseconds(values[name])
    told = cast("list[list[str]]", json.loads(values["told"]))
    values |= {
        "state": AlertState(values["state"]),
        "severity": Severity(values["severity"]),
        "title": decode(values["title"]),
        "parents": tuple(json.loads(values["parents"])),
        "said": None if values["said"] is None else Severity(values["said"]),
        "withheld": Withheld(values["withheld"]),
        "told": tuple((person, channel) for person, channel in told),
    }
    return Alert(**values)


def _notice(row: RowMapping) -> ToldNotice:
    documents = cast("Sequence[dict[str, Any]]", decode(row["decisions"]))
    return ToldNotice(
        key=row["key"],
        recorded_at=from_microseconds(row["recorded_at"]),
        edge=EdgeKind(row["edge"]),
        rule=row["rule"],
        alerts=tuple(json.loads(row["alerts"])),
        cls=NoticeClass(row["cls"]),
        kind=row["kind"],
        area=row["area"],
        subject=row["subject"],
        severity=Severity(row["severity"]),
        title=cast("Message", decode(row["title"])),
        reason=cast("Message", decode(row["reason"])),
        decisions=tuple(_decision(each) for each in documents),
    )


def _decision_document(decision: Decision) -> dict[str, object]:
    to = decision.recipient
    return {
        "person": decision.person,
        "outcome": decision.outcome.value,
        "reason": decision.reason,
        "recipient": None if to is None else [to.person, to.channel, to.address, to.language, to.zone],
        "not_before": decision.not_before,
    }


def _decision(document: dict[str, Any]) -> Decision:
    to = document["recipient"]
    return Decision(
        person=document["person"],
        outcome=Outcome(document["outcome"]),
        reason=document["reason"],
        recipient=None if to is None else Recipient(*to),
        not_before=document["not_before"],
    )
