"""The states of an incident: legal moves, what each does, and why one is refused (operations.md 4.3)."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from core import sla
from core.areas.incidents.model import OPEN, Actor, EntryKind, Incident, PublicStatus, Status, Visibility
from core.areas.incidents.rules.step import Draft, Happening, Step
from core.areas.incidents.rules.targets import TARGETS, PostMortemNeed
from core.errors import RefusedError
from core.message import Message, _

__all__ = [
    "REOPEN_WITHIN",
    "STATUS_WORDS",
    "Move",
    "acknowledge",
    "cancel",
    "close",
    "mark_late",
    "merge",
    "mitigate",
    "refusal",
    "reopen",
    "resolve",
    "withdraw",
]

REOPEN_WITHIN = timedelta(hours=24)
"""After a resolution, the time within which the same incident may go on."""


class Move(enum.StrEnum):
    """What can be done to an incident's state."""

    ACKNOWLEDGE = "acknowledge"
    WITHDRAW = "withdraw"
    MITIGATE = "mitigate"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    CLOSE = "close"
    CANCEL = "cancel"
    MERGE = "merge"


STATUS_WORDS: Mapping[Status, Message] = MappingProxyType(
    {
        Status.TRIGGERED: _("triggered"),
        Status.ACKNOWLEDGED: _("acknowledged"),
        Status.MITIGATED: _("mitigated"),
        Status.RESOLVED: _("resolved"),
        Status.CLOSED: _("closed"),
        Status.CANCELLED: _("cancelled"),
        Status.MERGED: _("merged"),
    }
)
_FROM: Mapping[Move, frozenset[Status]] = MappingProxyType(
    {
        Move.ACKNOWLEDGE: frozenset({Status.TRIGGERED}),
        Move.WITHDRAW: frozenset({Status.ACKNOWLEDGED}),
        Move.MITIGATE: frozenset({Status.ACKNOWLEDGED}),
        Move.RESOLVE: frozenset({Status.ACKNOWLEDGED, Status.MITIGATED}),
        Move.REOPEN: frozenset({Status.RESOLVED}),
        Move.CLOSE: frozenset({Status.RESOLVED}),
        Move.CANCEL: OPEN,
        Move.MERGE: OPEN,
    }
)
_ADVICE: Mapping[Move, Message] = MappingProxyType(
    {
        Move.ACKNOWLEDGE: _("only a triggered one can be acknowledged"),
        Move.WITHDRAW: _("only an acknowledgement that holds can be taken back"),
        Move.MITIGATE: _("only an acknowledged one can be mitigated"),
        Move.RESOLVE: _("it must be acknowledged before it can be resolved"),
        Move.REOPEN: _("only a resolved one can be reopened"),
        Move.CLOSE: _("it must be resolved before it can be closed"),
        Move.CANCEL: _("only an open one can be cancelled"),
        Move.MERGE: _("only an open one can be merged"),
    }
)
_PUBLIC_DEFAULTS: Mapping[Status, PublicStatus] = MappingProxyType(
    {
        Status.TRIGGERED: PublicStatus.INVESTIGATING,
        Status.ACKNOWLEDGED: PublicStatus.INVESTIGATING,
        Status.MITIGATED: PublicStatus.MONITORING,
        Status.RESOLVED: PublicStatus.RESOLVED,
        Status.CANCELLED: PublicStatus.RESOLVED,
    }
)


def refusal(
    incident: Incident, move: Move, now: datetime, *, postmortem_closed: bool = False
) -> Message | None:
    """Why the move can't be made now, or nothing when it can."""
    if incident.status not in _FROM[move]:
        status = STATUS_WORDS[incident.status]
        return _("{id} is {status}: {advice}.", id=incident.id, status=status, advice=_ADVICE[move])
    resolved_at = incident.resolved_at or now
    if move is Move.REOPEN and now - resolved_at > REOPEN_WITHIN:
        return _("{id} was resolved more than 24 hours ago; open a new incident instead.", id=incident.id)
    required = TARGETS[incident.severity].postmortem is PostMortemNeed.REQUIRED
    if move is Move.CLOSE and required and not postmortem_closed:
        return _("{id} needs its post-mortem first: it has to be closed before this.", id=incident.id)
    return None


def acknowledge(incident: Incident, by: Actor, now: datetime) -> Step:
    """Somebody has it in hand. Only the first acknowledgement stops the response clock."""
    _insist(incident, Move.ACKNOWLEDGE, now)
    if not by.person:
        raise RefusedError(_("Only a person can acknowledge an incident."))
    late = mark_late(incident, now)
    after = replace(
        _moved(late.after, Status.ACKNOWLEDGED),
        response=sla.stop(late.after.response, now),
        acknowledged_at=incident.acknowledged_at or now,
        acknowledged_by=incident.acknowledged_by or by.name,
        commander=incident.commander or by.name,
        responders=_with(incident.responders, by.name),
        updated_at=now,
        escalations=0,
    )
    drafts = (*late.drafts, _status(incident, after, _("Taken in hand"), EntryKind.ACK))
    return Step(after, by, drafts, (Happening.ACKNOWLEDGED,))


def withdraw(incident: Incident, by: Actor, now: datetime, *, lapsed: bool = False) -> Step:
    """Nobody has it in hand any more: the acknowledgement was taken back, or lapsed; escalation restarts."""
    _insist(incident, Move.WITHDRAW, now)
    after = replace(_moved(incident, Status.TRIGGERED), escalating_since=now, escalations=0)
    text = (
        _("The acknowledgement lapsed without an update")
        if lapsed
        else _("The acknowledgement was taken back")
    )
    return Step(after, by, (_status(incident, after, text),), (Happening.UNACKNOWLEDGED,))


def mitigate(incident: Incident, by: Actor, now: datetime, note: Message | str) -> Step:
    """Users feel nothing of it any more, but its cause isn't fixed."""
    _insist(incident, Move.MITIGATE, now)
    after = replace(_moved(incident, Status.MITIGATED), mitigated_at=now)
    after = _updated(after, by, now)
    return Step(after, by, (_status(incident, after, note),), (Happening.MITIGATED,))


def resolve(incident: Incident, by: Actor, now: datetime, note: Message | str) -> Step:
    """It is over."""
    _insist(incident, Move.RESOLVE, now)
    late = mark_late(incident, now)
    after = replace(
        _moved(late.after, Status.RESOLVED),
        resolution=sla.stop(late.after.resolution, now),
        resolved_at=now,
        resolved_by=by.name,
    )
    after = _updated(after, by, now)
    return Step(after, by, (*late.drafts, _status(incident, after, note)), (Happening.RESOLVED,))


def reopen(incident: Incident, by: Actor, now: datetime, reason: str) -> Step:
    """It goes on; the time since it was resolved does not count against it."""
    _insist(incident, Move.REOPEN, now)
    after = replace(
        _moved(incident, Status.ACKNOWLEDGED),
        resolution=sla.reopen(incident.resolution, now),
        resolved_at=None,
        resolved_by="",
        mitigated_at=None,
        updated_at=now,
    )
    return Step(after, by, (_status(incident, after, reason),), (Happening.REOPENED,))


def close(incident: Incident, by: Actor, now: datetime, *, postmortem_closed: bool) -> Step:
    """Nothing is left to be done about it."""
    _insist(incident, Move.CLOSE, now, postmortem_closed=postmortem_closed)
    after = replace(incident, status=Status.CLOSED, closed_at=now)
    return Step(after, by, (_status(incident, after, _("Closed")),), (Happening.CLOSED,))


def cancel(incident: Incident, by: Actor, now: datetime, reason: str) -> Step:
    """It was a false alarm; where the public heard of it, it hears that too."""
    _insist(incident, Move.CANCEL, now)
    after = replace(_moved(incident, Status.CANCELLED), closed_at=now)
    drafts = [_status(incident, after, reason)]
    if incident.public:
        after = replace(after, public_text=str(_("False alarm.")), published_at=now)
        drafts.append(
            Draft(
                EntryKind.PUBLIC_UPDATE,
                after.public_text,
                incident.public_status or "",
                PublicStatus.RESOLVED,
                Visibility.PUBLIC,
            )
        )
    return Step(after, by, tuple(drafts), (Happening.CANCELLED,))


def merge(incident: Incident, target: Incident, by: Actor, now: datetime) -> tuple[Step, Step]:
    """It is part of the target, which takes over what it is about: what becomes of it, and of the target."""
    _insist(incident, Move.MERGE, now)
    if target.id == incident.id:
        raise RefusedError(_("{id} can't be merged into itself.", id=incident.id))
    if not target.open:
        raise RefusedError(
            _(
                "{id} is {status}: incidents can only be merged into an open one.",
                id=target.id,
                status=STATUS_WORDS[target.status],
            )
        )
    after = replace(
        incident,
        status=Status.MERGED,
        parent=target.id,
        closed_at=now,
        public_status=target.public_status if incident.public else None,
    )
    into = replace(
        target,
        components=_with(target.components, *incident.components),
        alerts=_with(target.alerts, *incident.alerts),
        tickets=_with(target.tickets, *incident.tickets),
        responders=_with(target.responders, *incident.responders),
        updated_at=now,
    )
    taken = Draft(
        EntryKind.LINK, _("{id} was merged into this: {title}", id=incident.id, title=incident.title)
    )
    given = _status(incident, after, _("Merged into {id}", id=target.id))
    return (
        Step(after, by, (given,), (Happening.MERGED,)),
        Step(into, by, (taken,), (Happening.CHANGED,)),
    )


def mark_late(incident: Incident, now: datetime) -> Step:
    """The clocks marked where they ran over before anybody looked, and what the timeline says of that.

    For whoever stops a clock: what is late stays on record as late, also where the engine slept.
    """
    drafts: list[Draft] = []
    response, resolution = _marked(incident.response, now), _marked(incident.resolution, now)
    if response != incident.response:
        drafts.append(Draft(EntryKind.STATUS, _("The response is overdue")))
    if resolution != incident.resolution:
        drafts.append(Draft(EntryKind.STATUS, _("The resolution is overdue")))
    after = replace(incident, response=response, resolution=resolution)
    return Step(after, Actor("opsdeck", person=False), tuple(drafts))


def _marked(clock: sla.Clock, now: datetime) -> sla.Clock:
    """The clock with the moment it ran over, where it did and that wasn't noticed."""
    if clock.stopped_at is not None or not clock.target or not sla.standing(clock, now).breach:
        return clock
    breached_at = sla.moment_of(clock, clock.target) or now
    return replace(clock, warned_at=clock.warned_at or breached_at, breached_at=breached_at)


def _insist(incident: Incident, move: Move, now: datetime, *, postmortem_closed: bool = False) -> None:
    """Raise `RefusedError` with the reason where the move can't be made."""
    reason = refusal(incident, move, now, postmortem_closed=postmortem_closed)
    if reason is not None:
        raise RefusedError(reason)


def _moved(incident: Incident, status: Status) -> Incident:
    """The incident in its new state; a public one follows, but keeps what a person set."""
    if not incident.public:
        return replace(incident, status=status)
    kept = incident.public_status is PublicStatus.IDENTIFIED and status in (
        Status.TRIGGERED,
        Status.ACKNOWLEDGED,
    )
    public = incident.public_status if kept else _PUBLIC_DEFAULTS[status]
    return replace(incident, status=status, public_status=public)


def _updated(incident: Incident, by: Actor, now: datetime) -> Incident:
    return replace(incident, updated_at=now) if by.person else incident


def _status(
    before: Incident, after: Incident, text: Message | str, kind: EntryKind = EntryKind.STATUS
) -> Draft:
    return Draft(kind, text, before.status, after.status)


def _with(known: tuple[str, ...], *more: str) -> tuple[str, ...]:
    """Those known and more, each once, in the order in which they came."""
    return tuple(dict.fromkeys((*known, *filter(None, more))))
