"""What falls due on an open incident as time goes by: warnings, breaches, lapses, escalation, closing.

Everything is decided from stored moments, and what was told is stored with it. So each thing is told once,
however often or seldom anybody looks, and whoever looks after a restart finds the same (operations.md 5.3).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from core import sla
from core.areas.incidents.model import Actor, EntryKind, Incident, IncidentSeverity, Status
from core.areas.incidents.rules import lifecycle
from core.areas.incidents.rules.escalation import escalation
from core.areas.incidents.rules.opening import RESOLUTION, RESPONSE
from core.areas.incidents.rules.step import Draft, Happening, Step, then
from core.areas.incidents.rules.targets import TARGETS
from core.message import Message, _
from core.sla import Clock

__all__ = ["CLOSES_AFTER", "ENGINE_ACTOR", "SCHEDULE_WITHIN", "duties"]

ENGINE_ACTOR = Actor("opsdeck", person=False)
"""Opsdeck itself, in timelines."""

CLOSES_AFTER = timedelta(days=7)
"""How long after its resolution an incident closes by itself, where no post-mortem is required."""

SCHEDULE_WITHIN = timedelta(days=7)
"""How long a low incident may stay without a day on which it will be dealt with."""

_WARNED: dict[str, tuple[Happening, Message]] = {
    RESPONSE: (Happening.RESPONSE_WARNED, _("A quarter of the time to respond is left")),
    RESOLUTION: (Happening.RESOLUTION_WARNED, _("A quarter of the time to resolve it is left")),
}
_OVERDUE: dict[str, tuple[Happening, Message]] = {
    RESPONSE: (Happening.RESPONSE_OVERDUE, _("The response is overdue")),
    RESOLUTION: (Happening.RESOLUTION_OVERDUE, _("The resolution is overdue")),
}


def duties(incident: Incident, now: datetime, *, postmortem_closed: bool = False) -> Step | None:
    """All that fell due by `now` and was not done yet; nothing where nothing did."""
    step = Step(incident, ENGINE_ACTOR)
    for due in (_response, _resolution, _lapse, escalation, _scheduling):
        step = then(step, due(step.after, now))
    step = then(step, _closing(step.after, now, postmortem_closed=postmortem_closed))
    return None if step.after == incident else step


def _response(incident: Incident, now: datetime) -> Step:
    clock, draft, happened = _looked_at(incident, incident.response, now)
    return Step(replace(incident, response=clock), ENGINE_ACTOR, draft, happened)


def _resolution(incident: Incident, now: datetime) -> Step:
    clock, draft, happened = _looked_at(incident, incident.resolution, now)
    return Step(replace(incident, resolution=clock), ENGINE_ACTOR, draft, happened)


def _looked_at(
    incident: Incident, clock: Clock, now: datetime
) -> tuple[Clock, tuple[Draft, ...], tuple[Happening, ...]]:
    """A clock marked as warned or breached. One that did both unseen tells only of the worse."""
    if not incident.open:
        return clock, (), ()
    found = sla.standing(clock, now)
    if found.breach and clock.stopped_at is None and clock.target:
        breached_at = sla.moment_of(clock, clock.target) or now
        marked = replace(clock, breached_at=breached_at, warned_at=clock.warned_at or breached_at)
        happening, text = _OVERDUE[clock.name]
    elif found.warn and not found.breached:
        marked = replace(clock, warned_at=now)
        happening, text = _WARNED[clock.name]
    else:
        return clock, (), ()
    return marked, (Draft(EntryKind.NOTIFICATION, text),), (happening,)


def _lapse(incident: Incident, now: datetime) -> Step:
    """An acknowledgement without news counts no more; from then on it is nobody's again."""
    timeout = TARGETS[incident.severity].lapse
    if incident.status is not Status.ACKNOWLEDGED or timeout is None or now - incident.updated_at < timeout:
        return Step(incident, ENGINE_ACTOR)
    lapsed_at = incident.updated_at + timeout
    return lifecycle.withdraw(incident, ENGINE_ACTOR, lapsed_at, lapsed=True)


def _scheduling(incident: Incident, now: datetime) -> Step:
    """A low one that nobody planned for is brought to mind, once."""
    planned = incident.scheduled_for is not None or incident.scheduling_warned_at is not None
    waits = incident.severity is IncidentSeverity.LOW and incident.open and not planned
    if not waits or now - incident.created_at < SCHEDULE_WITHIN:
        return Step(incident, ENGINE_ACTOR)
    draft = Draft(EntryKind.NOTIFICATION, _("It needs scheduling: no day is set for it yet"))
    after = replace(incident, scheduling_warned_at=now)
    return Step(after, ENGINE_ACTOR, (draft,), (Happening.SCHEDULING_NEEDED,))


def _closing(incident: Incident, now: datetime, *, postmortem_closed: bool) -> Step:
    over = incident.resolved_at is not None and now - incident.resolved_at >= CLOSES_AFTER
    refused = lifecycle.refusal(incident, lifecycle.Move.CLOSE, now, postmortem_closed=postmortem_closed)
    if not over or refused is not None:
        return Step(incident, ENGINE_ACTOR)
    return lifecycle.close(incident, ENGINE_ACTOR, now, postmortem_closed=postmortem_closed)
