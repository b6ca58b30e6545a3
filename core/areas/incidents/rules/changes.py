"""What people do to an incident beside moving its state: notes, people, severity, schedule, links."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core import sla
from core.areas.incidents.model import Actor, EntryKind, Incident, IncidentSeverity, SeveritySource
from core.areas.incidents.rules.lifecycle import STATUS_WORDS
from core.areas.incidents.rules.step import Draft, Happening, Step
from core.areas.incidents.rules.targets import TARGETS, resolution_target, severity_state
from core.errors import InputError, RefusedError
from core.message import Message, _

__all__ = [
    "assign",
    "escalate",
    "link_alert",
    "link_ticket",
    "note",
    "override_severity",
    "rewrite",
    "schedule",
]


def note(incident: Incident, by: Actor, now: datetime, text: str) -> Step:
    """Something worth writing down; it also keeps the acknowledgement from lapsing."""
    return Step(_touched(incident, by, now), by, (Draft(EntryKind.NOTE, text),), (Happening.CHANGED,))


def assign(incident: Incident, by: Actor, now: datetime, commander: str, responders: tuple[str, ...]) -> Step:
    """Who leads and who helps; an empty `commander` leaves that as it is."""
    _must_be_open(incident)
    leads = commander or incident.commander
    helps = tuple(dict.fromkeys((*incident.responders, *responders, *filter(None, (commander,)))))
    if (leads, helps) == (incident.commander, incident.responders):
        raise InputError(_("Nothing would change: say who leads or who helps."))
    after = replace(_touched(incident, by, now), commander=leads, responders=helps)
    text = _(
        "{commander} leads; responders: {people}", commander=leads or "—", people=", ".join(helps) or "—"
    )
    return Step(
        after, by, (Draft(EntryKind.ASSIGNEE, text, incident.commander, leads),), (Happening.CHANGED,)
    )


def escalate(incident: Incident, by: Actor, now: datetime, reason: str) -> Step:
    """The level above is called in by a person."""
    _must_be_open(incident)
    level = incident.level.next
    if level is incident.level:
        raise RefusedError(
            _("{id} is with the highest level already: {level}.", id=incident.id, level=level.value)
        )
    after = replace(_touched(incident, by, now), level=level)
    text = _("Escalated to {level}: {reason}", level=level.value, reason=reason)
    draft = Draft(EntryKind.NOTIFICATION, text, incident.level, level)
    return Step(after, by, (draft,), (Happening.ESCALATED,))


def override_severity(
    incident: Incident, by: Actor, now: datetime, severity: IncidentSeverity, reason: str
) -> Step:
    """A person knows better; both clocks get new targets from the original start (operations.md 4.4)."""
    _must_be_open(incident)
    if severity is incident.severity:
        raise InputError(
            _("{id} is {severity} already.", id=incident.id, severity=severity_state(severity).word)
        )
    scheduled = incident.scheduled_for
    resolution = resolution_target(severity, incident.created_at, scheduled)
    after = replace(
        _touched(incident, by, now),
        severity=severity,
        severity_source=SeveritySource.HUMAN,
        response=sla.retarget(incident.response, TARGETS[severity].response, now),
        resolution=sla.retarget(incident.resolution, resolution, now),
    )
    drafts = [Draft(EntryKind.SEVERITY, reason, incident.severity, severity)]
    happened = [Happening.CHANGED]
    for name, text, overdue in (
        ("response", _("The response is overdue"), Happening.RESPONSE_OVERDUE),
        ("resolution", _("The resolution is overdue"), Happening.RESOLUTION_OVERDUE),
    ):
        before, changed = getattr(incident, name), getattr(after, name)
        if before.breached_at is None and changed.breached_at is not None:
            drafts.append(Draft(EntryKind.STATUS, text))
            happened.append(overdue)
    return Step(after, by, tuple(drafts), tuple(happened))


def schedule(incident: Incident, by: Actor, now: datetime, moment: datetime) -> Step:
    """When work on a low one is to be done by."""
    _must_be_open(incident)
    if incident.severity is not IncidentSeverity.LOW:
        raise RefusedError(
            _(
                "Only a low incident is scheduled; {id} is {severity} and has a promise to keep.",
                id=incident.id,
                severity=severity_state(incident.severity).word,
            )
        )
    if moment <= now:
        raise InputError(_("That moment has passed; say one that is to come."))
    target = resolution_target(incident.severity, incident.created_at, moment)
    resolution = replace(sla.retarget(incident.resolution, target, now), warned_at=None)
    after = replace(_touched(incident, by, now), scheduled_for=moment, resolution=resolution)
    text = _("Scheduled for {day}", day=moment.date().isoformat())
    return Step(after, by, (Draft(EntryKind.STATUS, text),), (Happening.CHANGED,))


def rewrite(
    incident: Incident,
    by: Actor,
    now: datetime,
    *,
    title: str | None = None,
    description: str | None = None,
    workaround: str | None = None,
    components: tuple[str, ...] | None = None,
) -> Step:
    """What it says of itself changed; nothing given leaves as it is."""
    after = replace(
        incident,
        title=incident.title if title is None else title,
        description=incident.description if description is None else description,
        workaround=incident.workaround if workaround is None else workaround,
        components=incident.components if components is None else components,
    )
    if after == incident:
        raise InputError(_("Nothing would change: say what it should be."))
    drafts: list[Draft] = []
    for words, was, now_is in (
        (_("The title was changed"), incident.title, after.title),
        (_("The description was changed"), incident.description, after.description),
        (_("The workaround was changed"), incident.workaround, after.workaround),
        (_("The components were changed"), ", ".join(incident.components), ", ".join(after.components)),
    ):
        if was != now_is:
            drafts.append(Draft(EntryKind.STATUS, words, was, now_is))
    return Step(_touched(after, by, now), by, tuple(drafts), (Happening.CHANGED,))


def link_alert(incident: Incident, by: Actor, key: str, text: Message) -> Step:
    """An alert that is part of it did something."""
    after = incident
    if key not in incident.alerts:
        after = replace(incident, alerts=(*incident.alerts, key))
    return Step(after, by, (Draft(EntryKind.ALERT, text),), (Happening.CHANGED,))


def link_ticket(incident: Incident, by: Actor, ticket: str) -> Step | None:
    """A customer's ticket is about it; nothing where that was known."""
    if ticket in incident.tickets:
        return None
    draft = Draft(EntryKind.LINK, _("Ticket {ticket} is about this", ticket=ticket), after=ticket)
    after = replace(incident, tickets=(*incident.tickets, ticket))
    return Step(after, by, (draft,), (Happening.CHANGED,))


def _touched(incident: Incident, by: Actor, now: datetime) -> Incident:
    return replace(incident, updated_at=now) if by.person else incident


def _must_be_open(incident: Incident) -> None:
    if not incident.open:
        status = STATUS_WORDS[incident.status]
        raise RefusedError(_("{id} is {status}: this needs an open one.", id=incident.id, status=status))
