"""What the event log says of defects. Its titles never quote what somebody wrote."""

from __future__ import annotations

from datetime import datetime

from core.areas.plant.model.defects import Defect, DefectSeverity, InternalReject
from core.areas.plant.rules.holding import Hold
from core.areas.plant.rules.quality_states import TYPES, defect_state, severity_state, type_of
from core.event import Event
from core.message import Message, _
from core.units import Severity

__all__ = ["defect_moved_event", "defect_reported_event", "hold_line"]

_REPORTED = {
    DefectSeverity.LOW: Severity.NOTICE,
    DefectSeverity.MEDIUM: Severity.WARNING,
    DefectSeverity.HIGH: Severity.SERIOUS,
}


def defect_reported_event(defect: Defect, hold: Hold, at: datetime | None = None) -> Event:
    """A defect was reported: the quality alert, which happens once (whatsapp.md A5).

    `at` is when it became known here, where that was later.
    """
    title = _(
        "{defect} was reported on {order}: {type}, severity {severity}. {hold}",
        defect=defect.number,
        order=defect.order,
        type=TYPES[type_of(defect)],
        severity=severity_state(defect.severity).word,
        hold=hold_line(defect.order, hold),
    )
    severity = _REPORTED[defect.severity]
    return _event("reported", defect, at or defect.reported_at, title, severity, once=True)


def defect_moved_event(defect: Defect, at: datetime) -> Event:
    """A reject came into another state, or a return was dealt with."""
    state = defect_state(defect)
    title = _("{defect} is {state}", defect=defect.number, state=state.word)
    return _event("moved", defect, at, title, state.severity)


def hold_line(order: str, hold: Hold) -> Message:
    """What a defect did to its order, in a sentence that is true."""
    match hold:
        case Hold.PUT:
            return _("{order} is on hold now.", order=order)
        case Hold.ALREADY:
            return _("{order} was on hold already.", order=order)
        case Hold.NOT_ASKED:
            return _("{order} was not put on hold.", order=order)
        case Hold.IMPOSSIBLE:
            return _("{order} could not be put on hold in its state.", order=order)


def _event(
    happened: str, defect: Defect, at: datetime, title: Message, severity: Severity, *, once: bool = False
) -> Event:
    kind = f"plant.defect.{happened}"
    facts: dict[str, str | int | float | bool | None] = {
        "defect": defect.number,
        "order": defect.order,
        "type": type_of(defect).value,
        "severity": defect.severity.value,
        "state": defect.state.value,
        "quantity": defect.quantity,
        "department": defect.department,
        "held": isinstance(defect, InternalReject) and defect.held,
        "reporter": defect.reported_by,
    }
    key = f"{kind}:{defect.number}" if once else None
    return Event(kind, "plant", f"defect:{defect.number}", severity, title, at, facts, key)
