"""What an event or a figure says of an alert: that it began, is still so, or is seen to. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.event import Event
from core.message import Message, _
from core.notify.alerting.alert import Alert, AlertState, Withheld, alert_key
from core.notify.rules.model import Rule, fill
from core.units import Quantity, Severity

__all__ = ["named_by", "seen_to_by", "sign_of_event", "sign_of_figure", "subject_of"]


def subject_of(rule: Rule, event: Event) -> str:
    """What the rule's alert about this event is of."""
    return fill(rule.subject, _values(rule, event)) or event.subject


def sign_of_event(rule: Rule, event: Event, number: int | None, now: datetime) -> Alert:
    """The alert that an event is a sign of; `number` is the event's own."""
    return _fresh(
        rule,
        subject_of(rule, event),
        _values(rule, event),
        kind=event.kind,
        severity=rule.severity or event.severity,
        title=event.title,
        event=number,
        now=now,
    )


def sign_of_figure(rule: Rule, subject: str, value: float, level: Severity, now: datetime) -> Alert:
    """The alert that a figure beyond a line is a sign of."""
    assert rule.series is not None
    title = _(
        "{about}: {subject} is at {value}",
        about=rule.about,
        subject=subject,
        value=Quantity(value, rule.series.unit),
    )
    return _fresh(
        rule,
        subject,
        {"subject": subject, "area": rule.series.area, "rule": rule.name},
        kind=f"{rule.series.area}.{rule.series.name}",
        severity=level,
        title=title,
        event=None,
        now=now,
    )


def named_by(rule: Rule, event: Event) -> str:
    """Whom the event names as the one to tell."""
    return fill(rule.person, _values(rule, event))


def seen_to_by(event: Event) -> str:
    """Who sees to it, by the account of an event that acknowledges."""
    return str(event.facts.get("by") or event.facts.get("commander") or event.kind)


def _values(rule: Rule, event: Event) -> dict[str, object]:
    """What the templates of a rule may name: the event's facts, and what it is of."""
    return {
        **event.facts,
        "subject": event.subject,
        "area": event.area,
        "kind": event.kind,
        "rule": rule.name,
    }


def _fresh(
    rule: Rule,
    subject: str,
    values: Mapping[str, object],
    *,
    kind: str,
    severity: Severity,
    title: Message,
    event: int | None,
    now: datetime,
) -> Alert:
    """An alert as it is at its first sign; its number is given when it is put on the board."""
    return Alert(
        id=0,
        rule=rule.name,
        subject=subject,
        area=str(values["area"]),
        kind=kind,
        group=fill(rule.group, values) or alert_key(rule.name, subject),
        state=AlertState.PENDING,
        severity=severity,
        title=title,
        opened_at=now,
        last_seen=now,
        event=event,
        parents=tuple(alert_key(each.rule, fill(each.subject, values)) for each in rule.parents),
        withheld=Withheld.SHORT if rule.hold else Withheld.NOT,
        tell_at=now + rule.hold,
        expire_at=None if rule.expires is None else now + rule.expires,
    )
