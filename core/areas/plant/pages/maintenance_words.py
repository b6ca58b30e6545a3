"""What the states, issues and severities of machines and maintenance tickets look like on a page."""

from __future__ import annotations

from core.areas.plant.model.machines import Machine, MachineState
from core.areas.plant.model.maintenance import FaultSeverity, IssueType, MaintenanceState
from core.areas.plant.rules import machines, maintenance
from core.message import Message, _
from core.page import Action
from core.units import Severity, State

__all__ = ["issue_word", "machine_state", "open_machine", "open_ticket", "severity_state", "ticket_state"]

_TICKETS = {
    MaintenanceState.OPEN: Severity.NOTICE,
    MaintenanceState.ASSIGNED: Severity.NOTICE,
    MaintenanceState.IN_PROGRESS: Severity.GOOD,
    MaintenanceState.AWAITING_PARTS: Severity.WARNING,
    MaintenanceState.COMPLETED: Severity.GOOD,
    MaintenanceState.CLOSED: Severity.IDLE,
    MaintenanceState.CANCELLED: Severity.IDLE,
}
_MACHINES = {
    MachineState.OPERATIONAL: Severity.GOOD,
    MachineState.MAINTENANCE: Severity.WARNING,
    MachineState.BROKEN: Severity.SERIOUS,
    MachineState.INACTIVE: Severity.IDLE,
}
_ISSUES = {
    IssueType.BEARING: _("bearing"),
    IssueType.HYDRAULIC: _("hydraulic"),
    IssueType.ELECTRICAL: _("electrical"),
    IssueType.OTHER: _("something else"),
}
_SEVERITIES = {
    FaultSeverity.LOW: Severity.IDLE,
    FaultSeverity.MEDIUM: Severity.NOTICE,
    FaultSeverity.HIGH: Severity.WARNING,
    FaultSeverity.CRITICAL: Severity.SERIOUS,
}


def ticket_state(state: MaintenanceState) -> State:
    """A ticket's state as it is shown."""
    return State(_TICKETS[state], maintenance.state_word(state))


def machine_state(machine: Machine) -> State:
    """A machine's state as it is shown."""
    return State(_MACHINES[machine.state], machines.state_word(machine.state))


def issue_word(issue: IssueType) -> Message:
    """What is wrong with a machine."""
    return _ISSUES[issue]


def severity_state(severity: FaultSeverity) -> State:
    """A severity as it is shown."""
    return State(_SEVERITIES[severity], maintenance.severity_word(severity))


def open_ticket(number: str) -> Action:
    """Opening a maintenance ticket."""
    return Action("maintenance show", _("Open the ticket"), (("ticket", number),))


def open_machine(number: str) -> Action:
    """Opening a machine."""
    return Action("machine", _("Open the machine"), (("machine", number),))
