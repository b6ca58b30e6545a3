"""The backend's rows as the plant's things, its numeric ids as our numbers and codes (whatsapp.md A3).

A row without a number, or in a state that isn't known, is left out; `Parsed.left_out` counts those. What the
backend doesn't keep (a defect's severity, since when something is in its state) is taken from what is
`known` of the thing, so that the same row read twice is the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from core.areas.plant.client.fields import amount, count, identifier, moment, number, text, word
from core.areas.plant.model.boms import BillOfMaterials, Component
from core.areas.plant.model.defects import (
    CustomerReturn,
    DefectSeverity,
    Flaw,
    InternalReject,
    RejectState,
    ReturnState,
)
from core.areas.plant.model.machines import Machine, MachineState
from core.areas.plant.model.maintenance import (
    LONGEST_DESCRIPTION,
    FaultSeverity,
    IssueType,
    MaintenanceState,
    MaintenanceTicket,
)
from core.areas.plant.model.orders import Order, OrderState
from core.areas.plant.model.people import Department, Occupation, Operator
from core.areas.plant.model.sops import Decision, SopPriority, SopState, SopTicket
from core.areas.plant.rules.bom_numbers import component_code
from core.areas.plant.rules.numbers import (
    department_code,
    employee_number,
    machine_number,
    order_number,
    sequence_number,
)
from core.areas.plant.rules.sop_numbers import procedure_reference
from core.areas.plant.rules.ticket_numbers import maintenance_number
from core.json_fields import JsonObject, as_list, as_object, flag

__all__ = [
    "Names",
    "Parsed",
    "parse_boms",
    "parse_departments",
    "parse_machines",
    "parse_maintenance",
    "parse_operators",
    "parse_orders",
    "parse_rejects",
    "parse_returns",
    "parse_sops",
    "product_names",
]

R = TypeVar("R")
T_co = TypeVar("T_co", covariant=True)
_LONGEST = 500


@dataclass(slots=True)
class Names:
    """What each numeric id stands for: codes, numbers, and what people and products are called."""

    departments: dict[int, str] = field(default_factory=dict[int, str])
    people: dict[int, str] = field(default_factory=dict[int, str])
    products: dict[int, str] = field(default_factory=dict[int, str])
    machines: dict[int, str] = field(default_factory=dict[int, str])
    orders: dict[int, str] = field(default_factory=dict[int, str])

    def department(self, row: JsonObject, name: str = "department_id") -> str:
        """The code of the department whose id stands there; empty where it isn't known."""
        return self.departments.get(identifier(row, name) or 0, "")

    def person(self, row: JsonObject, name: str) -> str:
        """The name of the person whose id stands there."""
        return self.people.get(identifier(row, name) or 0, "")

    def product(self, row: JsonObject) -> str:
        """What the product is called; its id where it isn't known."""
        found = identifier(row, "product_id")
        return "" if found is None else self.products.get(found, f"#{found}")


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T_co]):
    """The things of a list by the ids of their rows, and how many rows were left out."""

    things: Mapping[int, T_co]
    left_out: int


def _each(rows: Iterable[JsonObject], read: Callable[[JsonObject], R | None]) -> Parsed[R]:
    things: dict[int, R] = {}
    left_out = 0
    for row in rows:
        found, own = read(row), identifier(row, "id")
        if found is None or own is None:
            left_out += 1
        else:
            things[own] = found
    return Parsed(things, left_out)


def product_names(rows: Iterable[JsonObject]) -> dict[int, str]:
    """What products are called, by id."""
    return dict(_each(rows, lambda row: text(row, "name") or text(row, "code") or None).things)


def parse_departments(rows: Iterable[JsonObject]) -> Parsed[Department]:
    """Departments; one without a code goes by its name."""

    def read(row: JsonObject) -> Department | None:
        code = number(row, "code", department_code) or number(row, "name", department_code)
        if code is None:
            return None
        return Department(code, text(row, "name") or code, flag(row.get("is_active")) is not False)

    return _each(rows, read)


def parse_operators(rows: Iterable[JsonObject], names: Names) -> Parsed[Operator]:
    """People with an employee number. Who they are in opsdeck the backend doesn't know."""

    def read(row: JsonObject) -> Operator | None:
        own = number(row, "employee_number", employee_number)
        if own is None:
            return None
        return Operator(
            number=own,
            name=text(row, "full_name") or text(row, "username") or own,
            department=names.department(row),
            occupation=word(row, "role", Occupation) or Occupation.OPERATOR,
            badge=text(row, "operator_badge_id", 40),
            phone=text(row, "phone_number", 40),
            active=flag(row.get("is_active")) is not False,
        )

    return _each(rows, read)


def parse_machines(rows: Iterable[JsonObject], names: Names, now: datetime) -> Parsed[Machine]:
    """Machines; since when one is in its state is when its row was last changed."""

    def read(row: JsonObject) -> Machine | None:
        own, state = number(row, "machine_number", machine_number), word(row, "status", MachineState)
        if own is None or state is None:
            return None
        return Machine(
            number=own,
            name=text(row, "name") or own,
            department=names.department(row),
            state=state,
            since=moment(row, "updated_at") or moment(row, "created_at") or now,
            specifications=text(row, "specifications", 2_000),
        )

    return _each(rows, read)


def parse_orders(rows: Iterable[JsonObject], names: Names, now: datetime) -> Parsed[Order]:
    """Orders; one that says no end is due when it is planned to end, or else left out."""

    def read(row: JsonObject) -> Order | None:
        own, state = number(row, "order_number", order_number), word(row, "status", OrderState)
        due = moment(row, "end_date") or moment(row, "scheduled_end")
        if own is None or state is None or due is None:
            return None
        created = moment(row, "created_at") or now
        updated = moment(row, "updated_at") or created
        return Order(
            number=own,
            product=names.product(row),
            quantity=count(row, "quantity"),
            due=due,
            created_at=created,
            updated_at=updated,
            since=updated,
            state=state,
            start=moment(row, "start_date"),
            customer=text(row, "customer_name"),
            sales_order=text(row, "sales_order_number", 40),
            department=names.department(row),
            completed=count(row, "completed_quantity"),
            rejected=count(row, "rejected_quantity"),
            scheduled_start=moment(row, "scheduled_start"),
            scheduled_end=moment(row, "scheduled_end"),
            actual_start=moment(row, "actual_start"),
            actual_end=moment(row, "actual_end"),
            value=amount(row, "order_value"),
            notes=text(row, "notes", _LONGEST),
        )

    return _each(rows, read)


def parse_rejects(rows: Iterable[JsonObject], names: Names, now: datetime) -> Parsed[InternalReject]:
    """Internal rejects, of medium severity, as the backend has none."""

    def read(row: JsonObject) -> InternalReject | None:
        own = number(row, "ticket_number", lambda each: sequence_number(each, {"RJT": "RJT"}))
        state, order = word(row, "status", RejectState), names.orders.get(identifier(row, "order_id") or 0)
        if own is None or state is None or order is None:
            return None
        reported = moment(row, "created_at") or now
        return InternalReject(
            number=own,
            order=order,
            severity=DefectSeverity.MEDIUM,
            quantity=count(row, "quantity_rejected"),
            description=text(row, "reason", _LONGEST),
            reported_by=names.person(row, "reported_by_id"),
            reported_at=reported,
            since=moment(row, "updated_at") or reported,
            state=state,
            flaw=word(row, "defect_type", Flaw) or Flaw.OTHER,
            product=names.product(row),
            stage=text(row, "production_stage"),
            department=names.department(row),
            replacement=text(row, "replacement_ticket_number", 40),
            replacement_quantity=count(row, "replacement_quantity"),
        )

    return _each(rows, read)


def parse_returns(rows: Iterable[JsonObject], names: Names, now: datetime) -> Parsed[CustomerReturn]:
    """What customers sent back, of medium severity."""

    def read(row: JsonObject) -> CustomerReturn | None:
        own = number(row, "ticket_number", lambda each: sequence_number(each, {"RET": "RET"}))
        order = names.orders.get(identifier(row, "order_id") or 0)
        if own is None or order is None:
            return None
        reported = moment(row, "created_at") or now
        return CustomerReturn(
            number=own,
            order=order,
            severity=DefectSeverity.MEDIUM,
            quantity=count(row, "quantity_returned"),
            description=text(row, "reason", _LONGEST),
            reported_by=names.person(row, "reported_by_id"),
            reported_at=reported,
            since=moment(row, "updated_at") or reported,
            state=ReturnState.RESOLVED if flag(row.get("resolved")) else ReturnState.OPEN,
            returned_at=moment(row, "return_date"),
            resolution=text(row, "resolution", _LONGEST),
            cost=amount(row, "cost"),
            credit=amount(row, "credit_amount"),
        )

    return _each(rows, read)


def parse_maintenance(rows: Iterable[JsonObject], names: Names, now: datetime) -> Parsed[MaintenanceTicket]:
    """Maintenance tickets; what is promised is what the backend promised."""

    def read(row: JsonObject) -> MaintenanceTicket | None:
        own = number(row, "ticket_number", maintenance_number)
        state, severity = word(row, "status", MaintenanceState), word(row, "severity", FaultSeverity)
        machine = names.machines.get(identifier(row, "machine_id") or 0)
        respond, complete = moment(row, "expected_response_time"), moment(row, "expected_completion_time")
        if own is None or state is None or machine is None or severity is None or complete is None:
            return None
        created = moment(row, "created_at") or now
        description = text(row, "issue_description", LONGEST_DESCRIPTION)
        return MaintenanceTicket(
            number=own,
            machine=machine,
            department=names.department(row),
            issue=_issue(description),
            severity=severity,
            state=state,
            created_at=created,
            since=moment(row, "updated_at") or created,
            respond_by=respond or complete,
            complete_by=complete,
            reporter=names.person(row, "reported_by_id"),
            description=description,
            assignee=names.person(row, "assigned_to_id"),
            machine_down=flag(row.get("machine_down")) is True,
            started_at=moment(row, "started_at"),
            completed_at=moment(row, "completed_at"),
            root_cause=text(row, "root_cause", _LONGEST),
            parts=text(row, "parts_used", _LONGEST),
            cost=amount(row, "actual_cost"),
        )

    return _each(rows, read)


def _issue(description: str) -> IssueType:
    """The issue that a description begins with; the backend keeps none of its own."""
    first = description.partition(" ")[0].strip(":,.").casefold()
    return next((each for each in IssueType if each.value == first), IssueType.OTHER)


def parse_sops(rows: Iterable[JsonObject], names: Names, now: datetime) -> Parsed[SopTicket]:
    """Failure tickets of procedures."""

    def read(row: JsonObject) -> SopTicket | None:
        own = number(row, "ticket_number", lambda each: sequence_number(each, {"SOP": "SOP"}))
        state, reference = word(row, "status", SopState), number(row, "sop_reference", procedure_reference)
        if own is None or state is None or reference is None:
            return None
        reported = moment(row, "created_at") or now
        since = moment(row, "updated_at") or reported
        return SopTicket(
            number=own,
            reference=reference,
            description=text(row, "description", _LONGEST),
            charged=names.department(row, "charged_department_id"),
            charging=names.department(row, "charging_department_id"),
            reported_by=names.person(row, "reported_by_id"),
            reported_at=reported,
            since=since,
            impact=text(row, "impact_description", _LONGEST),
            priority=word(row, "priority", SopPriority) or SopPriority.NORMAL,
            state=state,
            rejection=text(row, "rejection_reason", _LONGEST),
            reassignment=text(row, "reassignment_reason", _LONGEST),
            decision=word(row, "hod_decision", Decision),
            escalations=1 if state is SopState.ESCALATED else 0,
            escalated_at=since if state is SopState.ESCALATED else None,
            closed_at=(moment(row, "closed_at") or since) if state is SopState.CLOSED else None,
        )

    return _each(rows, read)


def parse_boms(rows: Iterable[JsonObject], names: Names, now: datetime) -> Parsed[BillOfMaterials]:
    """Bills, which the backend keeps by product: product 12 has the bill BOM-12."""

    def read(row: JsonObject) -> BillOfMaterials | None:
        product, version = identifier(row, "product_id"), count(row, "version")
        components = [_component(as_object(each)) for each in as_list(row.get("components"))]
        good = [each for each in components if each is not None]
        if product is None or not version or not good or len(good) < len(components):
            return None
        return BillOfMaterials(
            number=f"BOM-{product}",
            version=version,
            product=names.product(row),
            components=tuple(good),
            made_by=names.person(row, "created_by_id"),
            made_at=moment(row, "created_at") or now,
            active=flag(row.get("is_active")) is not False,
        )

    return _each(rows, read)


def _component(row: JsonObject) -> Component | None:
    code = number(row, "code", component_code)
    quantity, cost = amount(row, "quantity"), amount(row, "unit_cost")
    if code is None or quantity is None or cost is None:
        return None
    return Component(code, text(row, "name") or code, quantity, cost, text(row, "specifications", _LONGEST))
