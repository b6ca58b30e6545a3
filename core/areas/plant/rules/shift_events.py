"""What the event log says of shifts."""

from __future__ import annotations

from datetime import datetime

from core.areas.plant.model.people import Shift
from core.event import Event
from core.message import Message, _
from core.units import Severity

__all__ = ["added_event", "ended_event"]


def added_event(shift: Shift, at: datetime) -> Event:
    """That a shift was planned."""
    return _event("plant.shift.added", shift, at, _("Shift {shift} was planned", shift=shift.number))


def ended_event(shift: Shift, at: datetime) -> Event:
    """That a shift was ended by hand, or called off."""
    title = (
        _("Shift {shift} was called off", shift=shift.number)
        if shift.called_off
        else _("Shift {shift} ended", shift=shift.number)
    )
    return _event("plant.shift.ended", shift, at, title)


def _event(kind: str, shift: Shift, at: datetime, title: Message) -> Event:
    facts = {
        "shift": shift.number,
        "operators": ", ".join(shift.operators),
        "machine": shift.machine,
        "called_off": shift.called_off,
    }
    return Event(kind, "plant", f"shift:{shift.number}", Severity.NOTICE, title, at, facts)
