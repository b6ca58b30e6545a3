"""The life of a procedure's failure ticket and of the report on it (whatsapp.md A3).

    open ──reject, with a reason──▶ escalated ──the head of department──▶ accept: in investigation
      │                                  │                              └▶ reject: closed
      └──accept──▶ in investigation ◀────┘
                         └──report submitted──▶ closed

Reassigning gives it to another department, where it is open again. Every move takes a ticket and gives the
ticket after it; one that isn't legal raises `RefusedError`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from core.areas.plant.model.sops import (
    UNFINISHED,
    Decision,
    NcrState,
    NonConformanceReport,
    SopState,
    SopTicket,
)
from core.areas.plant.rules.quality_states import sop_state
from core.errors import InputError, RefusedError
from core.message import Message, _

__all__ = [
    "LEGAL",
    "SopMove",
    "accepted",
    "decided",
    "reassigned",
    "refusal",
    "rejected",
    "reported",
    "verified",
]


class SopMove(enum.Enum):
    """What can be done about a ticket."""

    ACCEPT = "accept"
    REJECT = "reject"
    DECIDE = "decide"
    REASSIGN = "reassign"
    REPORT = "report"


_S = SopState

LEGAL: Mapping[SopMove, frozenset[SopState]] = MappingProxyType(
    {
        SopMove.ACCEPT: frozenset({_S.OPEN}),
        SopMove.REJECT: frozenset({_S.OPEN}),
        SopMove.DECIDE: frozenset({_S.ESCALATED, _S.AWAITING_HOD}),
        SopMove.REASSIGN: UNFINISHED,
        SopMove.REPORT: frozenset({_S.IN_INVESTIGATION}),
    }
)
"""The states from which each move can be made."""

_ADVICE: Mapping[SopMove, Message] = MappingProxyType(
    {
        SopMove.ACCEPT: _("only an open one can be accepted"),
        SopMove.REJECT: _("only an open one can be rejected"),
        SopMove.DECIDE: _("the head of department decides about escalated ones only"),
        SopMove.REASSIGN: _("it can’t be reassigned any more"),
        SopMove.REPORT: _("its report is due once it is in investigation"),
    }
)


_COMMANDS: Mapping[SopMove, str] = MappingProxyType(
    {each: each.value for each in SopMove} | {SopMove.REPORT: "ncr"}
)
"""The second word of the command for each move."""


def refusal(ticket: SopTicket, move: SopMove) -> Message | None:
    """Why the move can't be made now, or nothing when it can."""
    if ticket.state in LEGAL[move]:
        return None
    words = {"ticket": ticket.number, "state": sop_state(ticket.state).word, "advice": _ADVICE[move]}
    legal = ", ".join(f"sop {_COMMANDS[each]}" for each in SopMove if ticket.state in LEGAL[each])
    if not legal:
        return _("{ticket} is {state}, which is final: {advice}.", **words)
    return _("{ticket} is {state}: {advice}. What can be done now: {legal}.", legal=legal, **words)


def accepted(ticket: SopTicket, at: datetime, by: str) -> SopTicket:
    """The charged department takes it on itself, and looks into it."""
    _insist(ticket, SopMove.ACCEPT)
    return replace(ticket, state=_S.IN_INVESTIGATION, since=at, assignee=by)


def rejected(ticket: SopTicket, at: datetime, by: str, reason: str) -> SopTicket:
    """The charged department says that it wasn't them, so that the head of department has to decide."""
    _insist(ticket, SopMove.REJECT)
    _need(reason, "reason", _("say why {ticket} is rejected", ticket=ticket.number))
    return replace(
        ticket,
        state=_S.ESCALATED,
        since=at,
        rejection=reason,
        rejected_by=by,
        decision=None,
        decided_by="",
        decision_reason="",
        escalations=ticket.escalations + 1,
        escalated_at=at,
    )


def decided(ticket: SopTicket, decision: Decision, at: datetime, by: str, reason: str = "") -> SopTicket:
    """The head of department has it looked into, or closes it. Nobody decides about their own rejection."""
    _insist(ticket, SopMove.DECIDE)
    if by == ticket.rejected_by:
        raise RefusedError(
            _("You rejected {ticket} yourself; somebody else has to decide.", ticket=ticket.number)
        )
    after = replace(ticket, since=at, decision=decision, decided_by=by, decision_reason=reason)
    if decision is Decision.ACCEPT:
        return replace(after, state=_S.IN_INVESTIGATION)
    return replace(after, state=_S.CLOSED, closed_at=at)


def reassigned(ticket: SopTicket, department: str, at: datetime, reason: str) -> SopTicket:
    """Another department is charged with it, and it begins anew; what was said before stays on record."""
    _insist(ticket, SopMove.REASSIGN)
    if department == ticket.charged:
        raise InputError(
            _(
                "{parameter}: {ticket} is with {department} already.",
                parameter="department",
                ticket=ticket.number,
                department=department,
            )
        )
    _need(reason, "reason", _("say why {ticket} is given to another department", ticket=ticket.number))
    return replace(ticket, state=_S.OPEN, since=at, charged=department, assignee="", reassignment=reason)


def reported(
    ticket: SopTicket, at: datetime, by: str, root_cause: str, corrective: str, preventive: str
) -> tuple[SopTicket, NonConformanceReport]:
    """The report is submitted, by which the ticket is closed."""
    _insist(ticket, SopMove.REPORT)
    report = NonConformanceReport(ticket.number, root_cause, corrective, preventive, by, at)
    return replace(ticket, state=_S.CLOSED, since=at, closed_at=at), report


def verified(
    report: NonConformanceReport, at: datetime, by: str, effectiveness: str, follow_up: str = ""
) -> NonConformanceReport:
    """Somebody else than its author has seen whether it helped."""
    if report.state is NcrState.VERIFIED:
        raise RefusedError(
            _(
                "The report on {ticket} was verified by {person} already.",
                ticket=report.ticket,
                person=report.verified_by,
            )
        )
    if by == report.submitted_by:
        raise RefusedError(
            _(
                "You wrote the report on {ticket} yourself; somebody else has to verify it.",
                ticket=report.ticket,
            )
        )
    return replace(
        report,
        state=NcrState.VERIFIED,
        verified_by=by,
        verified_at=at,
        effectiveness=effectiveness,
        follow_up=follow_up,
    )


def _insist(ticket: SopTicket, move: SopMove) -> None:
    refused = refusal(ticket, move)
    if refused is not None:
        raise RefusedError(refused)


def _need(text: str, parameter: str, wanted: Message) -> None:
    if not text.strip():
        raise InputError(_("{parameter}: {wanted}.", parameter=parameter, wanted=wanted))
