"""What verdicts, priorities and promises are called."""

from __future__ import annotations

from core.areas.plant.rules.sla import PriorityNow, PromisedTime, SlaStanding, TicketKind, Verdict
from core.message import Message, _, sense
from core.units import Severity, State

__all__ = ["kind_word", "priority_state", "running_word", "verdict_state"]

_VERDICTS = {
    Verdict.ON_TRACK: sense("promised ticket", "on track"),
    Verdict.AT_RISK: sense("promised ticket", "at risk"),
    Verdict.BREACHED: sense("promised ticket", "breached"),
    Verdict.COMPLETED: sense("promised ticket", "completed"),
    Verdict.COMPLETED_LATE: sense("promised ticket", "completed late"),
    Verdict.CANCELLED: sense("promised ticket", "cancelled"),
}
_PRIORITIES = {
    PriorityNow.NORMAL: State(Severity.IDLE, _("normal")),
    PriorityNow.HIGH: State(Severity.WARNING, _("high")),
    PriorityNow.URGENT: State(Severity.SERIOUS, _("urgent")),
}
_RUNNING = {
    PromisedTime.RESPONSE: _("response"),
    PromisedTime.COMPLETION: _("completion"),
}
_KINDS = {
    TicketKind.MAINTENANCE: _("maintenance"),
    TicketKind.DEFECT: _("defect"),
    TicketKind.SOP: _("failure of a procedure"),
}


def verdict_state(found: SlaStanding) -> State:
    """A verdict as it is shown, coloured by the timer's bands while it runs."""
    return State(found.severity, _VERDICTS[found.verdict])


def priority_state(priority: PriorityNow) -> State:
    """A priority as it is shown."""
    return _PRIORITIES[priority]


def running_word(running: PromisedTime) -> Message:
    """Which promise it is."""
    return _RUNNING[running]


def kind_word(kind: TicketKind) -> Message:
    """Which kind of ticket it is."""
    return _KINDS[kind]
