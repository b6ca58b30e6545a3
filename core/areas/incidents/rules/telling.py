"""What is told of an incident: the events that alerts, the status page and others derive from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from core.areas.incidents.model import Incident
from core.areas.incidents.rules.step import Happening, Step
from core.areas.incidents.rules.targets import severity_state
from core.event import Event
from core.message import Message, _
from core.units import Severity

__all__ = ["AREA_NAME", "events_of"]

AREA_NAME = "incidents"

_GOOD = frozenset({Happening.RESOLVED, Happening.CLOSED, Happening.CANCELLED})
_NEWS = frozenset(
    {
        *(Happening.ACKNOWLEDGED, Happening.MITIGATED, Happening.CHANGED, Happening.MERGED),
        *(Happening.PUBLISHED, Happening.SCHEDULING_NEEDED, Happening.UNACKNOWLEDGED),
    }
)


def events_of(step: Step, now: datetime) -> list[Event]:
    """An event for each thing that happened in a step."""
    return list(_events(step, now))


def _events(step: Step, now: datetime) -> Iterator[Event]:
    incident = step.after
    for happening in dict.fromkeys(step.happened):
        yield Event(
            kind=f"incident.{happening}",
            area=AREA_NAME,
            subject=f"incident:{incident.id}",
            severity=_severity(incident, happening),
            title=_title(incident, happening, step.actor.name),
            at=now,
            facts={
                "id": incident.id,
                "severity": incident.severity.value,
                "status": incident.status.value,
                "title": incident.title,
                "public_status": incident.public_status.value if incident.public_status else "",
                "public_title": incident.public_title,
                "public_text": incident.public_text,
                "components": ", ".join(incident.components),
                "impact": incident.impact.value,
                "customer_visible": incident.customer_visible,
                "commander": incident.commander,
                "level": incident.level.value,
                "step": incident.escalations,
                "by": step.actor.name,
                "alerts": "\n".join(incident.alerts),
                "at": now.isoformat(),
            },
        )


def _severity(incident: Incident, happening: Happening) -> Severity:
    if happening in _GOOD:
        return Severity.GOOD
    return Severity.NOTICE if happening in _NEWS else severity_state(incident.severity).severity


def _title(incident: Incident, happening: Happening, who: str) -> Message:
    about = {"id": incident.id, "title": incident.title, "who": who}
    match happening:
        case Happening.OPENED:
            return _("{id} opened: {title}", **about)
        case Happening.ACKNOWLEDGED:
            return _("{id} acknowledged by {who}: {title}", **about)
        case Happening.UNACKNOWLEDGED:
            return _("{id} is nobody’s again: {title}", **about)
        case Happening.MITIGATED:
            return _("{id} mitigated: {title}", **about)
        case Happening.CHANGED:
            return _("{id} changed by {who}: {title}", **about)
        case Happening.RESOLVED:
            return _("{id} resolved: {title}", **about)
        case Happening.REOPENED:
            return _("{id} reopened by {who}: {title}", **about)
        case Happening.CLOSED:
            return _("{id} closed: {title}", **about)
        case Happening.CANCELLED:
            return _("{id} was a false alarm: {title}", **about)
        case Happening.MERGED:
            return _("{id} merged into {parent}: {title}", parent=incident.parent, **about)
        case Happening.PUBLISHED:
            return _("{id} published: {title}", **about)
        case Happening.ESCALATED:
            return _("{id} escalated to {level}: {title}", level=incident.level.value, **about)
        case Happening.RESPONSE_WARNED:
            return _("{id} needs an answer soon: {title}", **about)
        case Happening.RESPONSE_OVERDUE:
            return _("{id} has no answer in time: {title}", **about)
        case Happening.RESOLUTION_WARNED:
            return _("{id} should be resolved soon: {title}", **about)
        case Happening.RESOLUTION_OVERDUE:
            return _("{id} is not resolved in time: {title}", **about)
        case Happening.SCHEDULING_NEEDED:
            return _("{id} needs scheduling: {title}", **about)
