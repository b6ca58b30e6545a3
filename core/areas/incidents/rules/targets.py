"""What each severity promises: response, resolution, updates, post-mortem (operations.md 4.1, 4.3, 4.5)."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from core.areas.incidents.model import Incident, IncidentSeverity
from core.message import Message, _
from core.units import Severity, State

__all__ = ["TARGETS", "PostMortemNeed", "Targets", "resolution_target", "severity_state", "update_due"]

_DAY = timedelta(days=1)


class PostMortemNeed(enum.Enum):
    """Whether a post-mortem has to be written."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    AS_NEEDED = "as needed"
    NOT_REQUIRED = "not required"


@dataclass(frozen=True, slots=True)
class Targets:
    """What is promised for one severity.

    `response` is the time to an acknowledgement by a person. `resolution` is absent where the work is
    scheduled. `lapse` is after how long without an update an acknowledgement counts no more, and `update`
    how often the public is told more while it is unresolved; absent where nothing is promised.
    """

    response: timedelta
    resolution: timedelta | None
    communicate: Message
    postmortem: PostMortemNeed
    lapse: timedelta | None = None
    update: timedelta | None = None


TARGETS: Mapping[IncidentSeverity, Targets] = MappingProxyType(
    {
        IncidentSeverity.CRITICAL: Targets(
            response=timedelta(minutes=15),
            resolution=timedelta(hours=4),
            communicate=_("all stakeholders within an hour"),
            postmortem=PostMortemNeed.REQUIRED,
            lapse=timedelta(minutes=30),
            update=timedelta(minutes=30),
        ),
        IncidentSeverity.HIGH: Targets(
            response=timedelta(hours=1),
            resolution=timedelta(hours=8),
            communicate=_("affected users within two hours"),
            postmortem=PostMortemNeed.RECOMMENDED,
            lapse=timedelta(hours=2),
            update=timedelta(minutes=60),
        ),
        IncidentSeverity.MEDIUM: Targets(
            response=timedelta(hours=4),
            resolution=_DAY,
            communicate=_("on the status page"),
            postmortem=PostMortemNeed.AS_NEEDED,
        ),
        IncidentSeverity.LOW: Targets(
            response=_DAY,
            resolution=None,
            communicate=_("with the next update cycle"),
            postmortem=PostMortemNeed.NOT_REQUIRED,
        ),
    }
)

_STATES: Mapping[IncidentSeverity, State] = MappingProxyType(
    {
        IncidentSeverity.CRITICAL: State(Severity.CRITICAL, _("critical")),
        IncidentSeverity.HIGH: State(Severity.SERIOUS, _("high")),
        IncidentSeverity.MEDIUM: State(Severity.WARNING, _("medium")),
        IncidentSeverity.LOW: State(Severity.NOTICE, _("low")),
    }
)


def severity_state(severity: IncidentSeverity) -> State:
    """The severity as glyph and word."""
    return _STATES[severity]


def resolution_target(
    severity: IncidentSeverity, created_at: datetime, scheduled_for: datetime | None
) -> timedelta | None:
    """The time to resolve it; that of a low one lasts up to the day it was scheduled for, if it was."""
    if severity is IncidentSeverity.LOW and scheduled_for is not None:
        return max(timedelta(0), scheduled_for - created_at)
    return TARGETS[severity].resolution


def update_due(incident: Incident) -> datetime | None:
    """When the public is to be told more; nothing where nobody waits for that."""
    every = TARGETS[incident.severity].update
    if not incident.open or incident.published_at is None or every is None:
        return None
    return incident.published_at + every
