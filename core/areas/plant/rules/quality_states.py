"""What the states and kinds of defects, failure tickets and bills are called, and how bad each is."""

from __future__ import annotations

from core.areas.plant.model.boms import RequestState
from core.areas.plant.model.defects import (
    CustomerReturn,
    Defect,
    DefectSeverity,
    DefectType,
    Flaw,
    RejectState,
    ReturnState,
)
from core.areas.plant.model.sops import Decision, FailureType, NcrState, SopPriority, SopState
from core.message import Message, _, sense
from core.units import Severity, State

__all__ = [
    "DECISIONS",
    "FAILURES",
    "FLAWS",
    "TYPES",
    "defect_state",
    "ncr_state",
    "priority_state",
    "reject_word",
    "request_state",
    "severity_state",
    "sop_state",
    "type_of",
]

TYPES: dict[DefectType, Message] = {
    DefectType.INTERNAL_REJECT: _("Internal reject"),
    DefectType.RETURN: _("Return"),
    DefectType.OTHER: _("Other"),
}

FLAWS: dict[Flaw, Message] = {
    Flaw.DIMENSION: _("Dimension"),
    Flaw.COLOR: _("Colour"),
    Flaw.MATERIAL: _("Material"),
    Flaw.STITCHING: _("Stitching"),
    Flaw.PRINTING: _("Printing"),
    Flaw.DAMAGE: _("Damage"),
    Flaw.OTHER: _("Other"),
}

FAILURES: dict[FailureType, Message] = {
    FailureType.NOT_FOLLOWED: _("Not followed"),
    FailureType.UNCLEAR: _("Unclear"),
    FailureType.OUTDATED: _("Outdated"),
    FailureType.MISSING: _("Missing"),
    FailureType.OTHER: _("Other"),
}

DECISIONS: dict[Decision, Message] = {
    Decision.ACCEPT: _("accepted"),
    Decision.REJECT: _("rejected"),
}

_SEVERITIES: dict[DefectSeverity, State] = {
    DefectSeverity.LOW: State(Severity.NOTICE, _("low")),
    DefectSeverity.MEDIUM: State(Severity.WARNING, _("medium")),
    DefectSeverity.HIGH: State(Severity.SERIOUS, _("high")),
}

_REJECTS: dict[RejectState, State] = {
    RejectState.PENDING: State(Severity.WARNING, sense("internal reject", "pending")),
    RejectState.APPROVED: State(Severity.NOTICE, sense("internal reject", "approved")),
    RejectState.REPLACEMENT_PROCESSED: State(Severity.GOOD, sense("internal reject", "replaced")),
    RejectState.NO_STOCK: State(Severity.SERIOUS, sense("internal reject", "without stock")),
    RejectState.REJECTED: State(Severity.IDLE, sense("internal reject", "rejected")),
    RejectState.ARCHIVED: State(Severity.IDLE, sense("internal reject", "archived")),
}

_RETURNS: dict[ReturnState, State] = {
    ReturnState.OPEN: State(Severity.WARNING, sense("return", "open")),
    ReturnState.RESOLVED: State(Severity.GOOD, sense("return", "resolved")),
}

_SOPS: dict[SopState, State] = {
    SopState.OPEN: State(Severity.WARNING, sense("procedure failure", "open")),
    SopState.IN_INVESTIGATION: State(Severity.NOTICE, sense("procedure failure", "in investigation")),
    SopState.AWAITING_HOD: State(
        Severity.SERIOUS, sense("procedure failure", "awaiting the head of department")
    ),
    SopState.ESCALATED: State(Severity.SERIOUS, sense("procedure failure", "escalated")),
    SopState.RESOLVED: State(Severity.GOOD, sense("procedure failure", "resolved")),
    SopState.CLOSED: State(Severity.IDLE, sense("procedure failure", "closed")),
}

_PRIORITIES: dict[SopPriority, State] = {
    SopPriority.LOW: State(Severity.IDLE, _("low")),
    SopPriority.NORMAL: State(Severity.NOTICE, _("normal")),
    SopPriority.HIGH: State(Severity.WARNING, _("high")),
    SopPriority.URGENT: State(Severity.SERIOUS, _("urgent")),
}

_REPORTS: dict[NcrState, State] = {
    NcrState.SUBMITTED: State(Severity.NOTICE, _("submitted")),
    NcrState.VERIFIED: State(Severity.GOOD, _("verified")),
}

_REQUESTS: dict[RequestState, State] = {
    RequestState.PENDING: State(Severity.WARNING, _("approval pending")),
    RequestState.APPROVED: State(Severity.GOOD, _("approved")),
    RequestState.REFUSED: State(Severity.IDLE, _("refused")),
}


def severity_state(severity: DefectSeverity) -> State:
    """How bad a defect is, as it is shown."""
    return _SEVERITIES[severity]


def reject_word(state: RejectState) -> Message:
    """What a state of a reject is called."""
    word = _REJECTS[state].word
    assert isinstance(word, Message)
    return word


def defect_state(defect: Defect) -> State:
    """How far a defect of either kind is, as it is shown."""
    return _RETURNS[defect.state] if isinstance(defect, CustomerReturn) else _REJECTS[defect.state]


def type_of(defect: Defect) -> DefectType:
    """What whoever reported it called it."""
    return DefectType.RETURN if isinstance(defect, CustomerReturn) else defect.type


def sop_state(state: SopState) -> State:
    """How far a failure ticket is, as it is shown."""
    return _SOPS[state]


def priority_state(priority: SopPriority) -> State:
    """How urgent a failure ticket is, as it is shown."""
    return _PRIORITIES[priority]


def ncr_state(state: NcrState) -> State:
    """Whether a report was verified, as it is shown."""
    return _REPORTS[state]


def request_state(state: RequestState) -> State:
    """What became of a request, as it is shown."""
    return _REQUESTS[state]
