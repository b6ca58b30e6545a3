"""What alerting told: each notice, what was decided for every person, and who it has reached."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import RowMapping, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.encoding import decode, encode
from core.message import Message
from core.notify.alerting.alert import Alert, EdgeKind
from core.notify.alerting.composing import Composed, notice_subject
from core.notify.alerting.tables import ALERT, ALERT_NOTICE
from core.notify.delivery.rows import OutboxState
from core.notify.delivery.tables import OUTBOX
from core.notify.notice import NoticeClass, Recipient
from core.notify.people.routes import Decision, Outcome
from core.store.metadata import from_microseconds, to_microseconds
from core.store.store import Transaction
from core.units import Severity

__all__ = [
    "ToldNotice",
    "keep_notice",
    "notices_of",
    "told_notice",
    "told_notices",
    "who_was_told",
]

_UNTOLD = [each.value for each in (OutboxState.WITHDRAWN, OutboxState.DEAD, OutboxState.EXPIRED)]
"""States in which a row has reached nobody and never will."""


@dataclass(frozen=True, slots=True)
class ToldNotice:
    """A notice of alerting: the alerts and events it tells of, and what was decided for every person."""

    key: str
    recorded_at: datetime
    edge: EdgeKind
    rule: str
    alerts: tuple[int, ...]
    events: tuple[int, ...]
    cls: NoticeClass
    kind: str
    area: str
    subject: str
    severity: Severity
    title: Message
    reason: Message
    decisions: tuple[Decision, ...]


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
        "events": json.dumps([alert.event for alert in made.alerts if alert.event is not None]),
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


async def notices_of(connection: AsyncConnection, alert: Alert, moment: datetime) -> list[ToldNotice]:
    """Every notice about the alert made by `moment`, the newest first."""
    first = select(func.min(ALERT.c.recorded_at)).where(ALERT.c.id == alert.id).scalar_subquery()
    statement = select(ALERT_NOTICE).where(
        ALERT_NOTICE.c.subject == notice_subject(alert),
        ALERT_NOTICE.c.recorded_at >= first,
        ALERT_NOTICE.c.recorded_at <= to_microseconds(moment),
    )
    rows = (await connection.execute(statement.order_by(ALERT_NOTICE.c.recorded_at.desc()))).mappings()
    return [notice for notice in map(_notice, rows) if alert.id in notice.alerts]


async def who_was_told(
    connection: AsyncConnection, alerts: Iterable[Alert], moment: datetime
) -> set[tuple[str, str]]:
    """The person and channel of everybody whom a notice about one of the alerts reached, or will still reach.

    Somebody whose page was stopped before it went out has heard of nothing, and needn't hear of its end.
    """
    keys = {notice.key for alert in alerts for notice in await notices_of(connection, alert, moment)}
    statement = select(OUTBOX.c.person, OUTBOX.c.channel).where(
        OUTBOX.c.notice.in_(keys), OUTBOX.c.state.not_in(_UNTOLD)
    )
    return {(row.person, row.channel) for row in await connection.execute(statement)}


def _notice(row: RowMapping) -> ToldNotice:
    documents = cast("Sequence[dict[str, Any]]", decode(row["decisions"]))
    return ToldNotice(
        key=row["key"],
        recorded_at=from_microseconds(row["recorded_at"]),
        edge=EdgeKind(row["edge"]),
        rule=row["rule"],
        alerts=tuple(json.loads(row["alerts"])),
        events=tuple(json.loads(row["events"])),
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
