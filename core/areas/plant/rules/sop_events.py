"""What the event log says of failures of procedures. Its titles never quote what somebody wrote."""

from __future__ import annotations

import enum
from datetime import datetime

from core.areas.plant.model.sops import Decision, SopPriority, SopTicket
from core.event import Event
from core.message import Message, _
from core.units import Severity

__all__ = ["SopHappening", "sop_event"]


class SopHappening(enum.Enum):
    """What happened to a ticket: the last word of its event's kind."""

    REPORTED = "reported"
    ACCEPTED = "accepted"
    ESCALATED = "escalated"
    DECIDED = "decided"
    REASSIGNED = "reassigned"
    CLOSED = "closed"
    VERIFIED = "verified"


_REPORTED = {
    SopPriority.LOW: Severity.NOTICE,
    SopPriority.NORMAL: Severity.NOTICE,
    SopPriority.HIGH: Severity.WARNING,
    SopPriority.URGENT: Severity.SERIOUS,
}


def sop_event(happened: SopHappening, ticket: SopTicket, at: datetime) -> Event:
    """The event `plant.sop.{happened}`; each escalation of a ticket happens once."""
    kind = f"plant.sop.{happened.value}"
    facts: dict[str, str | int | float | bool | None] = {
        "ticket": ticket.number,
        "reference": ticket.reference,
        "state": ticket.state.value,
        "priority": ticket.priority.value,
        "charged": ticket.charged,
        "charging": ticket.charging,
        "reporter": ticket.reported_by,
        "escalations": ticket.escalations,
        "decision": ticket.decision.value if ticket.decision else "",
    }
    key: str | None = None
    if happened is SopHappening.REPORTED:
        key = f"{kind}:{ticket.number}"
    elif happened is SopHappening.ESCALATED:
        key = f"{kind}:{ticket.number}:{ticket.escalations}"
    severity = _severity(happened, ticket)
    return Event(kind, "plant", f"sop:{ticket.number}", severity, _title(happened, ticket), at, facts, key)


def _severity(happened: SopHappening, ticket: SopTicket) -> Severity:
    match happened:
        case SopHappening.REPORTED:
            return _REPORTED[ticket.priority]
        case SopHappening.ESCALATED:
            return Severity.SERIOUS
        case SopHappening.CLOSED | SopHappening.VERIFIED:
            return Severity.GOOD
        case _:
            return Severity.NOTICE


def _title(happened: SopHappening, ticket: SopTicket) -> Message:
    about = {"ticket": ticket.number, "reference": ticket.reference, "department": ticket.charged}
    match happened:
        case SopHappening.REPORTED:
            return _("{ticket}: {reference} failed in {department}", **about)
        case SopHappening.ACCEPTED:
            return _("{ticket}: {department} looks into {reference}", **about)
        case SopHappening.ESCALATED:
            return _("{ticket}: {department} rejects it; the head of department has to decide", **about)
        case SopHappening.DECIDED if ticket.decision is Decision.ACCEPT:
            return _("{ticket} is to be looked into by {department}", **about)
        case SopHappening.DECIDED:
            return _("{ticket} was rejected by the head of department and is closed", **about)
        case SopHappening.REASSIGNED:
            return _("{ticket} is with {department} now", **about)
        case SopHappening.CLOSED:
            return _("{ticket} is closed: its report was submitted", **about)
        case SopHappening.VERIFIED:
            return _("{ticket}: its report was verified", **about)
