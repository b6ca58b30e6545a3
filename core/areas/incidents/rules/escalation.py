"""Who else hears of an incident that nobody takes in hand (operations.md 4.3).

At half of the response target those who were told are told again; when all of it is gone, and each time as
much again has gone, every administrator is, and the next level is called in.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from core.areas.incidents.model import Actor, EntryKind, Incident, Status
from core.areas.incidents.rules.step import Draft, Happening, Step
from core.areas.incidents.rules.targets import TARGETS
from core.message import Message, _

__all__ = ["escalation", "escalations_due", "next_escalation"]

_ACTOR = Actor("opsdeck", person=False)


def escalations_due(since: datetime, target: timedelta, now: datetime) -> int:
    """How often it should have been escalated: once at half of the target, then at each whole one."""
    share = (now - since) / target
    return 0 if share < 0.5 else 1 + int(share)


def next_escalation(incident: Incident) -> datetime | None:
    """When it is escalated next, if nobody acknowledges it."""
    if incident.status is not Status.TRIGGERED:
        return None
    target = TARGETS[incident.severity].response
    return incident.escalating_since + (
        target / 2 if not incident.escalations else target * incident.escalations
    )


def escalation(incident: Incident, now: datetime) -> Step:
    """The escalation that fell due; of several that nobody was awake for, only the last is told."""
    if incident.status is not Status.TRIGGERED:
        return Step(incident, _ACTOR)
    due = escalations_due(incident.escalating_since, TARGETS[incident.severity].response, now)
    if due <= incident.escalations:
        return Step(incident, _ACTOR)
    level = incident.level
    for _number in range(max(incident.escalations, 1), due):
        level = level.next
    after = replace(incident, escalations=due, level=level)
    draft = Draft(EntryKind.NOTIFICATION, _said(due, after), incident.level, level)
    return Step(after, _ACTOR, (draft,), (Happening.ESCALATED,))


def _said(due: int, after: Incident) -> Message:
    if due == 1:
        return _("Half of the time to respond is gone: told again")
    return _(
        "Nobody has acknowledged it: all administrators told, escalated to {level}", level=after.level.value
    )
