"""Machines and maintenance tickets as CSV."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.areas.plant.importing.cells import AmountCell, FlagCell, MomentCell, NameCell, TextCell, WordCell
from core.areas.plant.importing.kind import Accepted, ColumnError, Field, Kind, Mode, Values
from core.areas.plant.importing.world import Entity, PlantWorld
from core.areas.plant.model.machines import Machine, MachineState
from core.areas.plant.model.maintenance import (
    LONGEST_DESCRIPTION,
    FaultSeverity,
    IssueType,
    MaintenanceState,
    MaintenanceTicket,
)
from core.areas.plant.rules import machines as machine_rules
from core.areas.plant.rules import maintenance as rules
from core.areas.plant.rules.maintenance_events import machine_event, ticket_event, ticket_moved_event
from core.areas.plant.rules.numbers import department_code, machine_number
from core.areas.plant.rules.ticket_numbers import maintenance_number
from core.errors import RefusedError
from core.event import Event
from core.message import _

__all__ = ["MACHINES", "MAINTENANCE"]

_LONGEST_SPECIFICATIONS = 2_000


def _add_machine(world: PlantWorld, values: Values) -> Accepted:
    world.need_department(values["department"])
    values["since"] = values["since"] or world.now
    return Accepted((Machine(**values),))


def _change_machine(world: PlantWorld, before: Any, changed: Values, following: Values) -> Accepted:
    world.need_department(changed.get("department", ""))
    to: MachineState | None = changed.pop("state", None)
    machine: Machine = replace(before, **changed)
    if to is None:
        return Accepted((machine,))
    down = next(
        (each for each in world.tickets_of(machine.number) if each.ongoing and each.machine_down), None
    )
    if to is MachineState.OPERATIONAL and down is not None:
        raise RefusedError(
            _(
                "{machine} stands still by {ticket}; complete that ticket, and it runs again.",
                machine=machine.number,
                ticket=down.number,
            )
        )
    after = machine_rules.moved(machine, to, world.now, world.by, following.get("reason", ""))
    return Accepted((after,), (machine_event(after),))


def _add_ticket(world: PlantWorld, values: Values) -> Accepted:
    machine = _machine(world, values["machine"])
    world.need_department(values["department"])
    values["department"] = values["department"] or machine.department
    created = values["created_at"] = values["created_at"] or world.now
    values["since"] = values["since"] or created
    promise = world.sla.maintenance[values["severity"]]
    values["respond_by"] = values["respond_by"] or created + promise.response
    values["complete_by"] = values["complete_by"] or created + promise.completion
    ticket = MaintenanceTicket(**values)
    return _with_machine(world, None, ticket, [])


def _change_ticket(world: PlantWorld, before: Any, changed: Values, following: Values) -> Accepted:
    """Somebody to see to it and the severity first, as those are refused once a ticket is settled."""
    ticket: MaintenanceTicket = before
    events: list[Event] = []
    if "assignee" in changed:
        whom = changed.pop("assignee")
        if not whom:
            raise ColumnError(
                "assignee", _("It stays with {person}; open it again to take it off.", person=ticket.assignee)
            )
        ticket = rules.taken(ticket, whom, world.now, world.by)
        title = _("{ticket} was given to {person}", ticket=ticket.number, person=whom)
        events.append(ticket_event("assigned", ticket, world.now, title))
    if "severity" in changed:
        severity: FaultSeverity = changed.pop("severity")
        ticket = rules.graded(ticket, severity, world.sla.maintenance[severity])
        title = _("{ticket} has another severity: {severity}", ticket=ticket.number, severity=severity.value)
        events.append(ticket_event("graded", ticket, world.now, title))
    to: MaintenanceState | None = changed.pop("state", None)
    if to is not None and to is not ticket.state:
        ticket = rules.moved(ticket, to, world.now, world.by, following.get("reason", ""))
        events.append(ticket_moved_event(ticket, world.now))
    return _with_machine(world, before, replace(ticket, **changed), events)


def _with_machine(
    world: PlantWorld, before: MaintenanceTicket | None, after: MaintenanceTicket, events: list[Event]
) -> Accepted:
    """The ticket, and its machine where that breaks or runs again with it."""
    machine = _machine(world, after.machine)
    others = [each for each in world.tickets_of(machine.number) if each.number != after.number]
    changed = rules.machine_after(machine, before, after, others, world.now)
    if changed is None:
        return Accepted((after,), tuple(events))
    records: tuple[Entity, ...] = (after, changed)
    return Accepted(records, (*events, machine_event(changed)))


def _machine(world: PlantWorld, number: str) -> Machine:
    found = world.machines.get((number,))
    if found is None:
        raise ColumnError(
            "machine",
            _("There is no machine {machine}; “machines” lists them.", machine=number),
        )
    return found


MACHINES = Kind(
    "machines",
    _("Machines"),
    ("number",),
    (
        Field("number", NameCell(machine_number), ("machine_number", "machine"), required=True),
        Field("name", TextCell(200), ("machine_name",), required=True),
        Field("department", NameCell(department_code), ("department_id", "department_code"), required=True),
        Field("state", WordCell(MachineState), ("status",), default=MachineState.OPERATIONAL),
        Field("reason", TextCell(), mode=Mode.FOLLOWS),
        Field("specifications", TextCell(_LONGEST_SPECIFICATIONS)),
        Field("since", MomentCell(), mode=Mode.FOLLOWS),
        Field("by", TextCell(200), mode=Mode.FOLLOWS),
    ),
    lambda world: world.machines,
    _add_machine,
    _change_machine,
)

MAINTENANCE = Kind(
    "maintenance",
    _("Maintenance tickets"),
    ("number",),
    (
        Field("number", NameCell(maintenance_number), ("ticket_number", "ticket"), required=True),
        Field(
            "machine",
            NameCell(machine_number),
            ("machine_number", "machine_id"),
            mode=Mode.FIXED,
            required=True,
        ),
        Field("department", NameCell(department_code), ("department_id", "department_code")),
        Field("issue", WordCell(IssueType), ("issue_type",), default=IssueType.OTHER),
        Field("description", TextCell(LONGEST_DESCRIPTION), ("issue_description",)),
        Field("severity", WordCell(FaultSeverity), required=True),
        Field("state", WordCell(MaintenanceState), ("status",), default=MaintenanceState.OPEN),
        Field("reason", TextCell(), mode=Mode.FOLLOWS),
        Field("machine_down", FlagCell(), mode=Mode.FIXED, default=False),
        Field("assignee", TextCell(80), ("assigned_to", "assigned_to_id")),
        Field("reporter", TextCell(200), ("reported_by", "reported_by_id"), mode=Mode.FIXED),
        Field("respond_by", MomentCell(), ("expected_response_time",), mode=Mode.FOLLOWS),
        Field("complete_by", MomentCell(), ("expected_completion_time",), mode=Mode.FOLLOWS),
        Field("root_cause", TextCell()),
        Field("parts", TextCell(), ("parts_used", "parts_required")),
        Field("cost", AmountCell(), ("actual_cost",)),
        Field("created_at", MomentCell(), mode=Mode.FIXED),
        Field("started_at", MomentCell(), mode=Mode.FOLLOWS),
        Field("completed_at", MomentCell(), mode=Mode.FOLLOWS),
        Field("since", MomentCell(), mode=Mode.FOLLOWS),
        Field("by", TextCell(200), mode=Mode.FOLLOWS),
    ),
    lambda world: world.maintenance,
    _add_ticket,
    _change_ticket,
)
