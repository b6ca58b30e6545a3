"""What alerts say in the event log, read for incidents.

An alert about an incident or a ticket never becomes an incident itself: it only passes on what they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from core.event import Event
from core.notify.alerting.alert import alert_key
from core.text import clean
from core.units import Severity

__all__ = ["ENDED", "RAISED", "Alarm", "alarm_of", "is_lasting", "own_incident"]

RAISED = frozenset({"alert.raised", "alert.changed"})
"""Kinds that say that an alert holds."""

ENDED = "alert.resolved"
"""The kind that says that it doesn't any more."""

_DERIVED = ("incident", "ticket", "alert")
_SEVERITIES = {severity.name.casefold(): severity for severity in Severity}
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alert, as its event tells of it."""

    key: str
    rule: str
    subject: str
    severity: Severity
    title: str


def alarm_of(event: Event) -> Alarm | None:
    """The alert an event is about; nothing where it is about an incident, a ticket or alerting itself."""
    rule, subject = str(event.facts.get("rule") or ""), str(event.facts.get("subject") or event.subject)
    if not rule or rule.partition(".")[0] in _DERIVED or subject.partition(":")[0] in _DERIVED:
        return None
    said = str(event.facts.get("severity") or "").casefold()
    title = clean(str(event.facts.get("title") or event.title), _LONGEST_TITLE)
    return Alarm(alert_key(rule, subject), rule, subject, _SEVERITIES.get(said, event.severity), title)


def own_incident(event: Event) -> str:
    """The id of the incident whose own alert the event is about; empty where it is another alert."""
    kind, _colon, id_ = str(event.facts.get("subject") or "").partition(":")
    return id_ if kind == "incident" else ""


def is_lasting(alarm: Alarm, patterns: Sequence[str]) -> bool:
    """Whether the alert is about performance, so that it must last before it is an incident."""
    return any(fnmatchcase(alarm.rule, pattern) for pattern in patterns)
