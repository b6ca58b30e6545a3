"""What the event log says of machines and maintenance tickets. Its titles never quote what somebody wrote."""

from __future__ import annotations

from datetime import datetime

from core.areas.plant.model.machines import Machine, MachineState
from core.areas.plant.model.maintenance import FaultSeverity, MaintenanceState, MaintenanceTicket
from core.areas.plant.rules import machines
from core.areas.plant.rules.maintenance import state_word
from core.event import Event
from core.message import Message, _
from core.units import Severity

__all__ = ["MACHINE", "machine_event", "ticket_event", "ticket_moved_event", "ticket_opened_event"]

_SUBJECT = "maintenance"
"""What the subject of an event about a maintenance ticket begins with."""

MACHINE = "machine"
"""What the subject of an event about a machine begins with."""

_OPENED = {
    FaultSeverity.LOW: Severity.NOTICE,
    FaultSeverity.MEDIUM: Severity.NOTICE,
    FaultSeverity.HIGH: Severity.WARNING,
    FaultSeverity.CRITICAL: Severity.SERIOUS,
}
_MOVED = {
    MaintenanceState.COMPLETED: Severity.GOOD,
    MaintenanceState.CLOSED: Severity.IDLE,
    MaintenanceState.CANCELLED: Severity.IDLE,
    MaintenanceState.AWAITING_PARTS: Severity.WARNING,
}
_MACHINE = {
    MachineState.OPERATIONAL: Severity.GOOD,
    MachineState.MAINTENANCE: Severity.NOTICE,
    MachineState.BROKEN: Severity.SERIOUS,
    MachineState.INACTIVE: Severity.IDLE,
}


def ticket_opened_event(ticket: MaintenanceTicket) -> Event:
    """A ticket was opened; it happens once."""
    title = _("{ticket} was opened about {machine}", ticket=ticket.number, machine=ticket.machine)
    severity = _OPENED[ticket.severity]
    return ticket_event("opened", ticket, ticket.created_at, title, severity, key="opened")


def ticket_moved_event(ticket: MaintenanceTicket, at: datetime) -> Event:
    """A ticket came into another state."""
    title = _("{ticket} is {state}", ticket=ticket.number, state=state_word(ticket.state))
    return ticket_event("moved", ticket, at, title, _MOVED.get(ticket.state, Severity.NOTICE))


def ticket_event(
    happened: str,
    ticket: MaintenanceTicket,
    at: datetime,
    title: Message,
    severity: Severity = Severity.NOTICE,
    *,
    key: str = "",
) -> Event:
    """The event `plant.maintenance.{happened}`; with a `key` it happens once for the ticket."""
    facts: dict[str, str | int | float | bool | None] = {
        "ticket": ticket.number,
        "machine": ticket.machine,
        "department": ticket.department,
        "issue": ticket.issue.value,
        "severity": ticket.severity.value,
        "state": ticket.state.value,
        "assignee": ticket.assignee,
        "reporter": ticket.reporter,
        "machine_down": ticket.machine_down,
    }
    kind = f"plant.maintenance.{happened}"
    once = f"plant.maintenance.{key}:{ticket.number}" if key else None
    return Event(kind, "plant", f"{_SUBJECT}:{ticket.number}", severity, title, at, facts, once)


def machine_event(machine: Machine) -> Event:
    """A machine came into another state, or was added in one."""
    title = _("{machine} is {state}", machine=machine.number, state=machines.state_word(machine.state))
    facts: dict[str, str | int | float | bool | None] = {
        "machine": machine.number,
        "department": machine.department,
        "state": machine.state.value,
    }
    severity = _MACHINE[machine.state]
    subject = f"{MACHINE}:{machine.number}"
    return Event("plant.machine.moved", "plant", subject, severity, title, machine.since, facts)
