"""What is known of the plant while a file is judged: rows are judged by what the rows before them led to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias, TypeVar, cast
from zoneinfo import ZoneInfo

from core.areas.plant.model.boms import BillOfMaterials, ChangeRequest
from core.areas.plant.model.defects import CustomerReturn, InternalReject
from core.areas.plant.model.machines import Machine
from core.areas.plant.model.maintenance import MaintenanceTicket
from core.areas.plant.model.orders import Order, OrderItem, OrderSchedule
from core.areas.plant.model.people import Department, Operator, Shift
from core.areas.plant.model.sops import NonConformanceReport, SopTicket
from core.areas.plant.rules.holding import HoldingPolicy
from core.areas.plant.rules.policy import SlaPolicy
from core.errors import NotFoundError
from core.message import _

__all__ = ["Entity", "PlantWorld"]

T = TypeVar("T")
_UTC = ZoneInfo("UTC")

Entity: TypeAlias = (
    Department
    | Operator
    | Shift
    | Order
    | OrderItem
    | OrderSchedule
    | Machine
    | MaintenanceTicket
    | InternalReject
    | CustomerReturn
    | SopTicket
    | NonConformanceReport
    | BillOfMaterials
    | ChangeRequest
)
"""Anything that can be imported."""


@dataclass(slots=True)
class PlantWorld:
    """Everything there is, each by its key; `keep` puts in what a row led to.

    `fresh` has the numbers of bills that came with this very file. `by` is who imports, `now` when; `sla` and
    `holding` are the policies in force. A day ends as it does in `zone`.
    """

    by: str
    now: datetime
    sla: SlaPolicy
    holding: HoldingPolicy
    zone: ZoneInfo = _UTC
    departments: dict[tuple[str], Department] = field(default_factory=dict[tuple[str], Department])
    operators: dict[tuple[str], Operator] = field(default_factory=dict[tuple[str], Operator])
    shifts: dict[tuple[str], Shift] = field(default_factory=dict[tuple[str], Shift])
    orders: dict[tuple[str], Order] = field(default_factory=dict[tuple[str], Order])
    items: dict[tuple[str, int], OrderItem] = field(default_factory=dict[tuple[str, int], OrderItem])
    schedules: dict[tuple[str, int], OrderSchedule] = field(
        default_factory=dict[tuple[str, int], OrderSchedule]
    )
    machines: dict[tuple[str], Machine] = field(default_factory=dict[tuple[str], Machine])
    maintenance: dict[tuple[str], MaintenanceTicket] = field(
        default_factory=dict[tuple[str], MaintenanceTicket]
    )
    rejects: dict[tuple[str], InternalReject] = field(default_factory=dict[tuple[str], InternalReject])
    returns: dict[tuple[str], CustomerReturn] = field(default_factory=dict[tuple[str], CustomerReturn])
    sops: dict[tuple[str], SopTicket] = field(default_factory=dict[tuple[str], SopTicket])
    ncrs: dict[tuple[str], NonConformanceReport] = field(
        default_factory=dict[tuple[str], NonConformanceReport]
    )
    boms: dict[tuple[str, int], BillOfMaterials] = field(
        default_factory=dict[tuple[str, int], BillOfMaterials]
    )
    bom_requests: dict[tuple[str], ChangeRequest] = field(default_factory=dict[tuple[str], ChangeRequest])
    fresh: set[str] = field(default_factory=set[str])
    _lines: dict[str, dict[int, OrderItem]] = field(default_factory=dict[str, dict[int, OrderItem]])
    _stretches: dict[str, dict[int, OrderSchedule]] = field(
        default_factory=dict[str, dict[int, OrderSchedule]]
    )
    _tickets: dict[str, dict[str, MaintenanceTicket]] = field(
        default_factory=dict[str, dict[str, MaintenanceTicket]]
    )
    _rosters: dict[str, dict[str, Shift]] = field(default_factory=dict[str, dict[str, Shift]])

    def keep(self, things: Iterable[Entity]) -> None:
        """Take over what things are like now."""
        for thing in things:
            match thing:
                case Department():
                    self.departments[(thing.code,)] = thing
                case Operator():
                    self.operators[(thing.number,)] = thing
                case Shift():
                    self._roster(thing)
                case Order():
                    self.orders[(thing.number,)] = thing
                case OrderItem():
                    self.items[thing.order, thing.line] = thing
                    self._lines.setdefault(thing.order, {})[thing.line] = thing
                case OrderSchedule():
                    self.schedules[thing.order, thing.line] = thing
                    self._stretches.setdefault(thing.order, {})[thing.line] = thing
                case Machine():
                    self.machines[(thing.number,)] = thing
                case MaintenanceTicket():
                    self.maintenance[(thing.number,)] = thing
                    self._tickets.setdefault(thing.machine, {})[thing.number] = thing
                case InternalReject():
                    self.rejects[(thing.number,)] = thing
                case CustomerReturn():
                    self.returns[(thing.number,)] = thing
                case SopTicket():
                    self.sops[(thing.number,)] = thing
                case NonConformanceReport():
                    self.ncrs[(thing.ticket,)] = thing
                case BillOfMaterials():
                    self.boms[thing.number, thing.version] = thing
                case ChangeRequest():
                    self.bom_requests[(thing.number,)] = thing

    def like(self, thing: T) -> T | None:
        """What is known of a thing, if it is."""
        tables: tuple[Mapping[tuple[Any, ...], object], ...] = (
            *(self.departments, self.operators, self.machines, self.orders, self.maintenance),
            *(self.rejects, self.returns, self.sops, self.boms),
        )
        key: tuple[Any, ...] = (getattr(thing, "number", None) or getattr(thing, "code", None),)
        if isinstance(thing, BillOfMaterials):
            key = thing.number, thing.version
        found = (table.get(key) for table in tables)
        return cast("T | None", next((each for each in found if isinstance(each, type(thing))), None))

    def order(self, number: str) -> Order:
        """The order of that number; raises `NotFoundError`."""
        found = self.orders.get((number,))
        if found is None:
            raise NotFoundError(_("There is no order {number}; “orders” lists them.", number=number))
        return found

    def need_department(self, code: str) -> None:
        """Insist that there is such a department, where one is named; raises `NotFoundError`."""
        if code and (code,) not in self.departments:
            raise NotFoundError(_("There is no department {code}; “departments” lists them.", code=code))

    def need_operators(self, numbers: Iterable[str]) -> None:
        """Insist that there are such operators; raises `NotFoundError`."""
        for number in numbers:
            if number and (number,) not in self.operators:
                raise NotFoundError(
                    _("There is no operator {number}; “operators” lists them.", number=number)
                )

    def items_of(self, order: str) -> list[OrderItem]:
        """The items of an order, by their lines."""
        return [each for _line, each in sorted(self._lines.get(order, {}).items())]

    def schedules_of(self, order: str) -> list[OrderSchedule]:
        """The stretches of work on an order, by their lines."""
        return [each for _line, each in sorted(self._stretches.get(order, {}).items())]

    def versions_of(self, bom: str) -> list[BillOfMaterials]:
        """The versions of a bill, the newest first."""
        found = [each for (number, _version), each in self.boms.items() if number == bom]
        return sorted(found, key=lambda each: each.version, reverse=True)

    def tickets_of(self, machine: str) -> list[MaintenanceTicket]:
        """The maintenance tickets of a machine."""
        return list(self._tickets.get(machine, {}).values())

    def shifts_of(self, operators: Iterable[str]) -> list[Shift]:
        """The shifts that any of these operators is on."""
        found = {each.number: each for who in operators for each in self._rosters.get(who, {}).values()}
        return list(found.values())

    def people(self) -> dict[str, str]:
        """The names in opsdeck of operators, by employee number."""
        return {each.number: each.person for each in self.operators.values()}

    def _roster(self, shift: Shift) -> None:
        known = self.shifts.get((shift.number,))
        for operator in known.operators if known is not None else ():
            self._rosters[operator].pop(shift.number, None)
        for operator in shift.operators:
            self._rosters.setdefault(operator, {})[shift.number] = shift
        self.shifts[(shift.number,)] = shift
