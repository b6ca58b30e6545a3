"""The life of a maintenance ticket: which moves there are, and what each does (whatsapp.md A2.3 and A3).

Every move takes a ticket and gives the ticket after it. One that isn't legal raises `RefusedError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from core.areas.plant.model.machines import Machine, MachineState
from core.areas.plant.model.maintenance import (
    SETTLED,
    FaultSeverity,
    MaintenanceState,
    MaintenanceTicket,
    Urgency,
)
from core.areas.plant.rules.policy import Promise
from core.errors import InputError, RefusedError
from core.message import Message, _, listed, sense

__all__ = [
    "LEGAL",
    "NEEDS_REASON",
    "graded",
    "machine_after",
    "moved",
    "severity_of",
    "severity_word",
    "state_word",
    "taken",
]

_S = MaintenanceState

LEGAL: Mapping[MaintenanceState, frozenset[MaintenanceState]] = MappingProxyType(
    {
        _S.OPEN: frozenset({_S.ASSIGNED, _S.IN_PROGRESS, _S.CANCELLED}),
        _S.ASSIGNED: frozenset({_S.OPEN, _S.IN_PROGRESS, _S.CANCELLED}),
        _S.IN_PROGRESS: frozenset({_S.AWAITING_PARTS, _S.COMPLETED, _S.CANCELLED}),
        _S.AWAITING_PARTS: frozenset({_S.IN_PROGRESS, _S.CANCELLED}),
        _S.COMPLETED: frozenset({_S.CLOSED, _S.IN_PROGRESS}),
        _S.CLOSED: frozenset(),
        _S.CANCELLED: frozenset(),
    }
)
"""Where a ticket may go from each state; from completed back into work where the repair didn't hold."""

NEEDS_REASON = frozenset(
    {(_S.COMPLETED, _S.IN_PROGRESS), (_S.IN_PROGRESS, _S.AWAITING_PARTS)}
    | {(state, _S.CANCELLED) for state in _S if _S.CANCELLED in LEGAL[state]}
)
"""The moves that nobody makes without saying why."""


def severity_of(urgency: Urgency, *, machine_down: bool) -> FaultSeverity:
    """How bad an issue is: as urgent as reported; if that is high and the machine stands still, critical."""
    if machine_down and urgency is Urgency.HIGH:
        return FaultSeverity.CRITICAL
    return FaultSeverity(urgency.value)


def taken(ticket: MaintenanceTicket, assignee: str, at: datetime, by: str) -> MaintenanceTicket:
    """The ticket with somebody to see to it; an open one is assigned by that, any other keeps its state."""
    if ticket.state in SETTLED:
        raise _settled(ticket)
    after = replace(ticket, assignee=assignee)
    if ticket.state is _S.OPEN:
        after = replace(after, state=_S.ASSIGNED, since=at, by=by, reason="")
    return after


def moved(
    ticket: MaintenanceTicket, to: MaintenanceState, at: datetime, by: str, reason: str = ""
) -> MaintenanceTicket:
    """The ticket in another state.

    Work that begins without anybody to do it is done by whoever begins it. A ticket that is opened again
    has nobody.

    Raises:
        RefusedError: it is there already, or can't go there from where it is, or nobody has it.
        InputError: why is missing, and this move needs it.
    """
    words = {"ticket": ticket.number, "state": state_word(ticket.state)}
    if to is ticket.state:
        raise RefusedError(_("{ticket} is {state} already.", **words))
    if to not in LEGAL[ticket.state]:
        if not LEGAL[ticket.state]:
            raise _settled(ticket)
        raise RefusedError(
            _(
                "{ticket} is {state} and can’t become {wanted}; it can become {legal}.",
                wanted=state_word(to),
                legal=listed([state_word(each) for each in _S if each in LEGAL[ticket.state]]),
                **words,
            )
        )
    if to is _S.ASSIGNED and not ticket.assignee:
        raise RefusedError(
            _("{ticket} has nobody yet; take it, or give it to somebody.", ticket=ticket.number)
        )
    if (ticket.state, to) in NEEDS_REASON and not reason:
        raise InputError(
            _(
                "{parameter}: say why {ticket} becomes {wanted}.",
                parameter="reason",
                ticket=ticket.number,
                wanted=state_word(to),
            )
        )
    after = replace(ticket, state=to, since=at, by=by, reason=reason)
    match to:
        case _S.OPEN:
            return replace(after, assignee="")
        case _S.IN_PROGRESS:
            started = ticket.started_at or at
            return replace(after, assignee=ticket.assignee or by, started_at=started, completed_at=None)
        case _S.COMPLETED:
            return replace(after, completed_at=at)
        case _:
            return after


def graded(ticket: MaintenanceTicket, severity: FaultSeverity, promise: Promise) -> MaintenanceTicket:
    """The ticket with another severity, and what that promises from when it was opened."""
    if ticket.state in SETTLED:
        raise _settled(ticket)
    if severity is ticket.severity:
        raise RefusedError(
            _(
                "{ticket} is of severity {severity} already.",
                ticket=ticket.number,
                severity=severity_word(severity),
            )
        )
    return replace(
        ticket,
        severity=severity,
        respond_by=ticket.created_at + promise.response,
        complete_by=ticket.created_at + promise.completion,
    )


def machine_after(
    machine: Machine,
    before: MaintenanceTicket | None,
    after: MaintenanceTicket,
    others: Iterable[MaintenanceTicket],
    at: datetime,
) -> Machine | None:
    """The machine as a change of one of its tickets leaves it, or nothing where it stays as it is.

    A ticket that says it stands still breaks it when it is opened, or taken up again. When it is settled, and
    none of the `others` says the same, the machine runs again. One that is out of use stays so.
    """
    was_ongoing = before is not None and before.ongoing
    if not after.machine_down or was_ongoing is after.ongoing:
        return None
    if after.ongoing:
        to, from_ = MachineState.BROKEN, (MachineState.OPERATIONAL, MachineState.MAINTENANCE)
    elif any(each.machine_down and each.ongoing for each in others):
        return None
    else:
        to, from_ = MachineState.OPERATIONAL, (MachineState.BROKEN, MachineState.MAINTENANCE)
    if machine.state not in from_:
        return None
    return replace(machine, state=to, since=at, by=after.by, reason=after.number)


def _settled(ticket: MaintenanceTicket) -> RefusedError:
    return RefusedError(
        _("{ticket} is {state}, which is final.", ticket=ticket.number, state=state_word(ticket.state))
        if not LEGAL[ticket.state]
        else _(
            "{ticket} is {state}; nothing is left to do.",
            ticket=ticket.number,
            state=state_word(ticket.state),
        )
    )


_WORDS = {
    _S.OPEN: sense("maintenance ticket", "open"),
    _S.ASSIGNED: sense("maintenance ticket", "assigned"),
    _S.IN_PROGRESS: sense("maintenance ticket", "in progress"),
    _S.AWAITING_PARTS: sense("maintenance ticket", "awaiting parts"),
    _S.COMPLETED: sense("maintenance ticket", "completed"),
    _S.CLOSED: sense("maintenance ticket", "closed"),
    _S.CANCELLED: sense("maintenance ticket", "cancelled"),
}


def state_word(state: MaintenanceState) -> Message:
    """A ticket's state in words."""
    return _WORDS[state]


_SEVERITIES = {
    FaultSeverity.LOW: _("low"),
    FaultSeverity.MEDIUM: _("medium"),
    FaultSeverity.HIGH: _("high"),
    FaultSeverity.CRITICAL: _("critical"),
}


def severity_word(severity: FaultSeverity) -> Message:
    """How bad a ticket is in words."""
    return _SEVERITIES[severity]
