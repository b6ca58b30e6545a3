"""The backend's rows as the plant's things, its numeric ids as our numbers and codes (whatsapp.md A3).

A row without a number, or in a state that isn't known, is left out; `Parsed.left_out` counts those. What the
backend doesn't keep (a defect's severity, since when something is in its state) is only assumed here:
whoever takes things over leaves that as it is known (`rules.adopting`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from core.areas.plant.client.fields import (
    LONGEST,
    amount,
    count,
    due,
    identifier,
    moment,
    number,
    text,
    word,
)
from core.areas.plant.model.boms import BillOfMaterials, Component
from core.areas.plant.model.machines import Machine, MachineState
from core.areas.plant.model.orders import Order, OrderState
from core.areas.plant.model.people import Department, Occupation, Operator
from core.areas.plant.rules.bom_numbers import component_code
from core.areas.plant.rules.numbers import (
    department_code,
    employee_number,
    machine_number,
    order_number,
)
from core.json_fields import JsonObject, as_list, as_object, flag

__all__ = [
    "Names",
    "Parsed",
    "parse_boms",
    "parse_departments",
    "parse_each",
    "parse_machines",
    "parse_operators",
    "parse_orders",
    "product_names",
]

R = TypeVar("R")
T_co = TypeVar("T_co", covariant=True)
_UTC = ZoneInfo("UTC")


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


def parse_each(rows: Iterable[JsonObject], read: Callable[[JsonObject], R | None]) -> Parsed[R]:
    """What each row is read as; those that `read` makes nothing of are counted."""
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
    return dict(parse_each(rows, lambda row: text(row, "name") or text(row, "code") or None).things)


def parse_departments(rows: Iterable[JsonObject]) -> Parsed[Department]:
    """Departments; one without a code goes by its name."""

    def read(row: JsonObject) -> Department | None:
        code = number(row, "code", department_code) or number(row, "name", department_code)
        if code is None:
            return None
        return Department(code, text(row, "name") or code, flag(row.get("is_active")) is not False)

    return parse_each(rows, read)


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

    return parse_each(rows, read)


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

    return parse_each(rows, read)


def parse_orders(
    rows: Iterable[JsonObject], names: Names, now: datetime, zone: ZoneInfo = _UTC
) -> Parsed[Order]:
    """Orders; one that says no end is due when it is planned to end, or else left out.

    A day as an end is all of that day in `zone`.
    """

    def read(row: JsonObject) -> Order | None:
        own, state = number(row, "order_number", order_number), word(row, "status", OrderState)
        promised = due(row, "end_date", zone) or moment(row, "scheduled_end")
        if own is None or state is None or promised is None:
            return None
        created = moment(row, "created_at") or now
        updated = moment(row, "updated_at") or created
        return Order(
            number=own,
            product=names.product(row),
            quantity=count(row, "quantity"),
            due=promised,
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
            notes=text(row, "notes", LONGEST),
        )

    return parse_each(rows, read)


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

    return parse_each(rows, read)


def _component(row: JsonObject) -> Component | None:
    code = number(row, "code", component_code)
    quantity, cost = amount(row, "quantity"), amount(row, "unit_cost")
    if code is None or quantity is None or cost is None:
        return None
    return Component(code, text(row, "name") or code, quantity, cost, text(row, "specifications", LONGEST))
