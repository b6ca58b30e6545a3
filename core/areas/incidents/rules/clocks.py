"""An incident's clocks as they stand: which runs out next, and in which order incidents are looked at."""

from __future__ import annotations

from datetime import UTC, datetime

from core.areas.incidents.model import Incident, IncidentSeverity
from core.sla import Clock, ClockState, Standing, standing
from core.units import Severity

__all__ = ["clock_severity", "next_due", "running", "urgency"]

_NEVER = datetime.max.replace(tzinfo=UTC)
_SEVERITIES = list(IncidentSeverity)


def running(incident: Incident, now: datetime) -> list[tuple[Clock, Standing]]:
    """The clocks of an open incident that run towards a moment, the response first."""
    if not incident.open:
        return []
    found = [(clock, standing(clock, now)) for clock in (incident.response, incident.resolution)]
    return [(clock, each) for clock, each in found if each.due is not None]


def next_due(incident: Incident, now: datetime) -> datetime | None:
    """When its next clock runs out, or ran out; nothing where none runs."""
    return min((each.due for _clock, each in running(incident, now) if each.due is not None), default=None)


def urgency(incident: Incident, now: datetime) -> tuple[datetime, int, str]:
    """What incidents are ordered by: the next clock to run out, then how severe they are, then their age."""
    return next_due(incident, now) or _NEVER, _SEVERITIES.index(incident.severity), incident.id


def clock_severity(clock: Clock, found: Standing) -> Severity:
    """How a clock is coloured: quiet, near its end, over."""
    if found.breached:
        return Severity.SERIOUS if found.state is ClockState.BREACHED else Severity.CRITICAL
    if found.state is ClockState.MET:
        return Severity.GOOD
    near = found.ratio is not None and found.ratio <= 0.25
    if not clock.target:
        return Severity.IDLE
    return Severity.WARNING if near else Severity.GOOD
