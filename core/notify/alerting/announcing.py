"""What alerting itself tells the event log: alerts raised, changed, acknowledged and over. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from core.event import Event
from core.message import ENGLISH, Message, _
from core.notify.alerting.alert import Alert, AlertState
from core.notify.rules import RuleBook
from core.render.values import Formatter
from core.units import Severity

__all__ = ["AREA", "acknowledgement", "announcements"]

AREA = "alerts"
"""The area of these events."""

_UTC = ZoneInfo("UTC")


def announcements(
    changes: Iterable[tuple[Alert | None, Alert]], rules: RuleBook, now: datetime
) -> list[Event]:
    """An event for each alert that people were told of, when it began, got worse, was seen to, and ended.

    An alert that nobody was told of, be it too short or silenced or explained by another, is none.
    """
    events: list[Event] = []
    for before, after in changes:
        rule = rules.get(after.rule)
        if after.said is None or (rule is not None and not rule.announced):
            continue
        said = before.said if before is not None else None
        state = before.state if before is not None else AlertState.PENDING
        if said is None:
            events.append(_event("alert.raised", after, after.severity, after.title, now))
        elif after.said > said:
            events.append(_event("alert.changed", after, after.severity, after.title, now))
        if state is not after.state and after.state is AlertState.ACKNOWLEDGED:
            events.append(acknowledgement(after, now))
        if not after.open:
            title = _("Over: {title}", title=after.title)
            events.append(_event("alert.resolved", after, Severity.GOOD, title, now))
    return events


def acknowledgement(alert: Alert, now: datetime) -> Event:
    """The event that somebody sees to the alert."""
    title = _("{person} acknowledged: {title}", person=alert.acknowledged_by, title=alert.title)
    return _event("alert.acknowledged", alert, Severity.NOTICE, title, now)


def _event(kind: str, alert: Alert, severity: Severity, title: Message, now: datetime) -> Event:
    return Event(
        kind=kind,
        area=AREA,
        subject=f"alert:{alert.id}",
        severity=severity,
        title=title,
        at=now,
        facts={
            "id": alert.id,
            "rule": alert.rule,
            "subject": alert.subject,
            "severity": alert.severity.name.lower(),
            "title": Formatter(ENGLISH, _UTC, now).message(alert.title),
            "area": alert.area,
            "kind": alert.kind,
            "by": alert.acknowledged_by or None,
        },
    )
