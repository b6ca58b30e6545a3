"""Everything else that people do to an incident: notes, people, severity, schedule, its words, the public."""

from __future__ import annotations

from datetime import datetime

from core.area import Outcome, Request
from core.areas.incidents.model import Impact, IncidentSeverity, PublicStatus
from core.areas.incidents.rules import changes, publishing
from core.areas.incidents.rules.classification import split_words
from core.areas.incidents.rules.targets import severity_state
from core.areas.incidents.writes.turn import begin, finish, words
from core.message import _
from core.store.store import Transaction

__all__ = [
    "apply_assign",
    "apply_edit",
    "apply_escalate",
    "apply_note",
    "apply_publish",
    "apply_schedule",
    "apply_severity",
]

_LONGEST_NAME = 200


async def apply_note(request: Request, transaction: Transaction) -> Outcome:
    """Write something down."""
    turn = await begin(request, transaction)
    step = changes.note(turn.incident, turn.actor, turn.now, words(request, "text"))
    return await finish(transaction, turn, step, _("Noted in {id}.", id=turn.incident.id))


async def apply_assign(request: Request, transaction: Transaction) -> Outcome:
    """Say who leads and who helps."""
    turn = await begin(request, transaction)
    helpers = split_words(words(request, "responders"))
    commander = words(request, "commander", _LONGEST_NAME)
    step = changes.assign(turn.incident, turn.actor, turn.now, commander, helpers)
    note = _("{person} leads {id}.", person=step.after.commander or "—", id=turn.incident.id)
    return await finish(transaction, turn, step, note)


async def apply_escalate(request: Request, transaction: Transaction) -> Outcome:
    """Call in the level above."""
    turn = await begin(request, transaction)
    step = changes.escalate(turn.incident, turn.actor, turn.now, words(request, "reason"))
    note = _("{id} is escalated to {level}.", id=turn.incident.id, level=step.after.level.value)
    return await finish(transaction, turn, step, note)


async def apply_severity(request: Request, transaction: Transaction) -> Outcome:
    """Set another severity than the rules did."""
    turn = await begin(request, transaction)
    severity = IncidentSeverity(request.text("severity") or "")
    step = changes.override_severity(turn.incident, turn.actor, turn.now, severity, words(request, "reason"))
    note = _("{id} is {severity} now.", id=turn.incident.id, severity=severity_state(severity).word)
    return await finish(transaction, turn, step, note)


async def apply_schedule(request: Request, transaction: Transaction) -> Outcome:
    """Set the day by which a low one is dealt with."""
    turn = await begin(request, transaction)
    moment = request.arguments["moment"]
    assert isinstance(moment, datetime)
    step = changes.schedule(turn.incident, turn.actor, turn.now, moment)
    return await finish(transaction, turn, step, _("{id} is scheduled.", id=turn.incident.id))


async def apply_edit(request: Request, transaction: Transaction) -> Outcome:
    """Change what it says of itself."""
    turn = await begin(request, transaction)
    components = request.text("components")
    step = changes.rewrite(
        turn.incident,
        turn.actor,
        turn.now,
        title=words(request, "title", 200) or None,
        description=words(request, "description") or None,
        workaround=words(request, "workaround") or None,
        components=None if components is None else split_words(words(request, "components")),
    )
    return await finish(transaction, turn, step, _("{id} is changed.", id=turn.incident.id))


async def apply_publish(request: Request, transaction: Transaction) -> Outcome:
    """Tell the public."""
    turn = await begin(request, transaction)
    status, impact = request.text("status"), request.text("impact")
    step = publishing.publish(
        turn.incident,
        turn.actor,
        turn.now,
        words(request, "text"),
        title=words(request, "title", 200) or None,
        status=None if status is None else PublicStatus(status),
        impact=None if impact is None else Impact(impact),
    )
    note = _("The public reads of {id}: “{title}”.", id=turn.incident.id, title=step.after.public_title)
    return await finish(transaction, turn, step, note)
