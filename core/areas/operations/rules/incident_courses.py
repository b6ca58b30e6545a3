"""How incidents were responded to, out of what the event log says of them (operations.md 4.9 and 8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.event import RecordedEvent
from core.moment import Window

__all__ = ["IncidentCourse", "acknowledged_after", "courses", "kept", "resolved_after"]

_LEFT_OUT = ("incident.cancelled", "incident.merged")


@dataclass(slots=True)
class _Heard:
    """What was heard of one incident so far."""

    opened_at: datetime
    severity: str = ""
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    not_counted: timedelta = field(default_factory=timedelta)
    response_late: bool = False
    resolution_late: bool = False
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class IncidentCourse:
    """One incident: when it was opened, first acknowledged and last resolved.

    `time_to_resolve` leaves out the time between a resolution and its reopening.
    """

    severity: str
    opened_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    time_to_resolve: timedelta | None
    response_late: bool
    resolution_late: bool


def courses(events: Iterable[RecordedEvent]) -> list[IncidentCourse]:
    """The course of each incident; cancelled and merged ones are left out."""
    heard: dict[str, _Heard] = {}
    for recorded in sorted(events, key=lambda each: each.number):
        id_ = str(recorded.event.facts.get("id") or recorded.event.subject)
        _hear(heard.setdefault(id_, _Heard(recorded.event.at)), recorded)
    return [_course(each) for each in heard.values() if not each.left_out]


def acknowledged_after(found: Sequence[IncidentCourse], window: Window) -> list[float]:
    """Seconds from opening to acknowledgement, of the incidents acknowledged within the window."""
    return [
        (each.acknowledged_at - each.opened_at).total_seconds()
        for each in found
        if each.acknowledged_at is not None and each.acknowledged_at in window
    ]


def resolved_after(found: Sequence[IncidentCourse], window: Window) -> list[float]:
    """Seconds from opening to resolution, of the incidents resolved within the window."""
    return [
        each.time_to_resolve.total_seconds()
        for each in found
        if each.resolved_at is not None and each.time_to_resolve is not None and each.resolved_at in window
    ]


def kept(found: Sequence[IncidentCourse], window: Window, severity: str) -> tuple[int, int]:
    """Of the resolved incidents of a severity: how many within their target, and how many in all."""
    resolved = [
        each
        for each in found
        if each.severity == severity and each.resolved_at is not None and each.resolved_at in window
    ]
    return sum(not each.resolution_late for each in resolved), len(resolved)


def _hear(heard: _Heard, recorded: RecordedEvent) -> None:
    event = recorded.event
    heard.severity = str(event.facts.get("severity") or heard.severity)
    match event.kind:
        case "incident.acknowledged":
            heard.acknowledged_at = heard.acknowledged_at or event.at
        case "incident.resolved":
            heard.resolved_at = event.at
        case "incident.reopened":
            if heard.resolved_at is not None:
                heard.not_counted += event.at - heard.resolved_at
            heard.resolved_at = None
        case "incident.response_overdue":
            heard.response_late = True
        case "incident.resolution_overdue":
            heard.resolution_late = True
        case kind if kind in _LEFT_OUT:
            heard.left_out = True
        case _:
            pass


def _course(heard: _Heard) -> IncidentCourse:
    taken = None
    if heard.resolved_at is not None:
        taken = max(heard.resolved_at - heard.opened_at - heard.not_counted, timedelta(0))
    return IncidentCourse(
        severity=heard.severity,
        opened_at=heard.opened_at,
        acknowledged_at=heard.acknowledged_at,
        resolved_at=heard.resolved_at,
        time_to_resolve=taken,
        response_late=heard.response_late,
        resolution_late=heard.resolution_late,
    )
