"""What several pages say of incidents: how its clocks stand, its state, and what can be done to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from core import sla
from core.areas.incidents.model import Incident, IncidentSeverity, Status
from core.areas.incidents.rules.clocks import clock_severity, next_due, running
from core.areas.incidents.rules.escalation import next_escalation
from core.areas.incidents.rules.lifecycle import STATUS_WORDS, Move, refusal
from core.message import Message, _
from core.page import Action, Column, Kind, Place, Row, Table
from core.sla import Clock, ClockState, Standing
from core.units import Absent, Instant, Severity, Span, State, Value

__all__ = [
    "arithmetic",
    "clock_table",
    "clock_value",
    "incident_actions",
    "next_clock_value",
    "next_line",
    "open_action",
    "status_state",
]

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_STATUSES = {
    Status.TRIGGERED: Severity.CRITICAL,
    Status.ACKNOWLEDGED: Severity.WARNING,
    Status.MITIGATED: Severity.NOTICE,
    Status.RESOLVED: Severity.GOOD,
    Status.CLOSED: Severity.IDLE,
    Status.CANCELLED: Severity.IDLE,
    Status.MERGED: Severity.IDLE,
}


def status_state(status: Status) -> State:
    """Where the work stands, as glyph and word."""
    return State(_STATUSES[status], STATUS_WORDS[status])


def open_action(incident: Incident) -> Action:
    """Opening the incident."""
    return Action("incident", _("Open"), (("id", incident.id),))


def clock_value(clock: Clock, now: datetime) -> Value:
    """What is left of a clock, in a cell; or how it ended."""
    found = sla.standing(clock, now)
    colour = clock_severity(clock, found)
    if found.remaining is None:
        return Absent(_("not scheduled yet"))
    if found.state is ClockState.MET:
        return State(colour, _("met"))
    if found.state is ClockState.BREACHED:
        return State(colour, _("late by {length}", length=_brief(-found.remaining)))
    if found.remaining < timedelta(0):
        return State(colour, _("{length} over", length=_brief(-found.remaining)))
    return State(colour, _("{length} left", length=_brief(found.remaining)))


def next_clock_value(incident: Incident, now: datetime) -> Value:
    """The clock that runs out next and what is left of it: "respond: 4 min", "resolve: 2 h over"."""
    clocks = [(found.due, found, clock) for clock, found in running(incident, now) if found.due is not None]
    if not clocks:
        return Absent(_("no clock runs"))
    due, found, clock = min(clocks, key=lambda each: each[0])
    length = _brief(abs(due - now))
    left = _("{length} over", length=length) if due < now else _("{length}", length=length)
    colour = clock_severity(clock, found)
    if clock.name == incident.response.name:
        return State(colour, _("respond: {left}", left=left))
    return State(colour, _("resolve: {left}", left=left))


def arithmetic(clock: Clock, found: Standing) -> Message:
    """How the clock comes to what it shows, so that it can be checked by hand."""
    if not clock.target or found.remaining is None:
        return _("{start}: nothing is promised until a day is set", start=Instant(clock.start))
    target, elapsed, left = _span(clock.target), _span(found.elapsed), found.remaining
    paused = _paused(clock)
    if found.due is None:
        rest = _span(abs(left))
        if left < timedelta(0):
            return _("{target} − {elapsed} = {rest} too late", target=target, elapsed=elapsed, rest=rest)
        return _("{target} − {elapsed} = {rest} to spare", target=target, elapsed=elapsed, rest=rest)
    start, due = Instant(clock.start), Instant(found.due)
    if paused:
        return _(
            "{start} + {target} + {paused} resolved in between = {due}",
            start=start,
            target=target,
            paused=_span(paused),
            due=due,
        )
    return _("{start} + {target} = {due}", start=start, target=target, due=due)


def clock_table(incident: Incident, now: datetime) -> Table:
    """Both clocks with their arithmetic, and when nobody's incident is escalated next."""
    columns = (
        Column("clock", _("Clock"), Kind.TEXT, 1),
        Column("left", _("Stands at"), Kind.STATE, 1),
        Column("target", _("Promised"), Kind.NUMBER, 2),
        Column("elapsed", _("Passed"), Kind.NUMBER, 2),
        Column("due", _("Due"), Kind.MOMENT, 2),
        Column("sum", _("How that comes about"), Kind.TEXT, 3),
    )
    rows = [
        _clock_row(name, clock, incident, now)
        for name, clock in ((_("Response"), incident.response), (_("Resolution"), incident.resolution))
    ]
    return Table("clocks", _("Clocks"), columns, tuple(rows), len(rows), len(rows), place=Place.WIDE)


def incident_actions(incident: Incident, now: datetime, *, postmortem_closed: bool) -> tuple[Action, ...]:
    """What can be done to it, and why the rest can't be done now."""
    here = (("id", incident.id),)

    def can(command: str, label: Message, move: Move) -> Action:
        refused = refusal(incident, move, now, postmortem_closed=postmortem_closed)
        return Action(command, label, here, refused)

    over = None if incident.open else _("{id} isn’t open.", id=incident.id)
    low = incident.severity is IncidentSeverity.LOW
    return (
        can("incident ack", _("Acknowledge"), Move.ACKNOWLEDGE),
        Action("incident note", _("Write a note"), here),
        can("incident mitigate", _("Mitigated"), Move.MITIGATE),
        can("incident resolve", _("Resolve"), Move.RESOLVE),
        Action("incident assign", _("Who leads and helps"), here, over),
        Action("incident escalate", _("Escalate"), here, over),
        Action("incident publish", _("Tell the public"), here),
        Action("incident postmortem", _("Post-mortem"), here),
        can("incident close", _("Close"), Move.CLOSE),
        can("incident reopen", _("Reopen"), Move.REOPEN),
        can("incident unack", _("Take back the acknowledgement"), Move.WITHDRAW),
        Action("incident severity", _("Another severity"), here, over),
        Action(
            "incident schedule", _("Set a day"), here, over if low else _("Only a low incident has a day.")
        ),
        can("incident merge", _("Merge into another"), Move.MERGE),
        can("incident cancel", _("False alarm"), Move.CANCEL),
        Action("incident edit", _("Change its words"), here),
        Action("incidents", _("All incidents")),
    )


def _clock_row(name: Message, clock: Clock, incident: Incident, now: datetime) -> Row:
    found = sla.standing(clock, now)
    none = Absent(_("nothing promised"))
    due: Value = Absent(_("stopped")) if found.due is None else Instant(found.due)
    shown = _ended(incident) if _idle(incident, clock) else clock_value(clock, now)
    return Row(
        clock.name,
        (
            name,
            shown,
            Span(clock.target) if clock.target else none,
            Span(found.elapsed),
            due if clock.target else none,
            arithmetic(clock, found),
        ),
    )


def _idle(incident: Incident, clock: Clock) -> bool:
    """Whether it ended with nobody to stop the clock: cancelled or merged."""
    return not incident.open and clock.stopped_at is None


def _ended(incident: Incident) -> Value:
    return Absent(_("doesn’t count: the incident is {status}", status=STATUS_WORDS[incident.status]))


def _paused(clock: Clock) -> timedelta:
    return sum((each.end - each.start for each in clock.pauses if each.end is not None), timedelta(0))


def _span(length: timedelta) -> Span:
    """A length in whole seconds."""
    return Span(length // _SECOND * _SECOND)


def _brief(length: timedelta) -> Span:
    """A length in whole minutes, in seconds only below one, so that cells don't change every second."""
    unit = _MINUTE if length >= _MINUTE else _SECOND
    return Span(length // unit * unit)


def next_line(incident: Incident, now: datetime) -> Message | None:
    """What happens next if nobody does anything."""
    escalates = next_escalation(incident)
    if escalates is not None:
        return _("Escalated next at {moment}, unless somebody acknowledges it", moment=Instant(escalates))
    due = next_due(incident, now)
    return None if due is None else _("To be resolved by {moment}", moment=Instant(due))
