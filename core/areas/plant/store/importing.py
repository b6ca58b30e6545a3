"""The plant as a whole: read for an import or export, and what an import led to recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.plant.importing.world import Entity, PlantWorld
from core.areas.plant.model.boms import BillOfMaterials, ChangeRequest
from core.areas.plant.model.defects import CustomerReturn, InternalReject
from core.areas.plant.model.machines import Machine
from core.areas.plant.model.maintenance import MaintenanceTicket
from core.areas.plant.model.orders import Order, OrderItem, OrderSchedule
from core.areas.plant.model.people import Department, Operator, Shift
from core.areas.plant.model.sops import NonConformanceReport, SopTicket
from core.areas.plant.rules.defect_numbers import ALIAS
from core.areas.plant.store.boms import all_requests, all_versions, record_boms, record_request
from core.areas.plant.store.defects import all_defects, record_defect
from core.areas.plant.store.machines import all_machines, record_machines
from core.areas.plant.store.maintenance import all_tickets, record_tickets
from core.areas.plant.store.orders import (
    all_items,
    all_orders,
    all_schedules,
    record_items,
    record_orders,
    record_schedules,
)
from core.areas.plant.store.people import (
    all_departments,
    all_operators,
    all_shifts,
    record_departments,
    record_operators,
    record_shifts,
)
from core.areas.plant.store.sequences import skip_to
from core.areas.plant.store.sops import all_reports, all_sops, record_report, record_sop
from core.store.store import Transaction

__all__ = ["fill", "record_all"]

T = TypeVar("T")

_COUNTED = re.compile(r"([A-Z]{3})-(\d{4})-(\d{1,9})")
_SEQUENCES = MappingProxyType(
    {"RJT": ALIAS, "RET": ALIAS, "MNT": "MNT", "SOP": "SOP", "SHF": "SHF", "BOM": "BOM", "BCR": "BCR"}
)
"""The sequence that numbers beginning like this are counted in."""


async def fill(world: PlantWorld, connection: AsyncConnection, moment: datetime) -> None:
    """Read everything as it was known at `moment` into `world`."""
    world.keep(await all_departments(connection, moment))
    world.keep(await all_operators(connection, moment))
    world.keep(await all_shifts(connection, moment))
    world.keep(await all_machines(connection, moment))
    world.keep(await all_orders(connection, moment))
    world.keep(await all_items(connection, moment))
    world.keep(await all_schedules(connection, moment))
    world.keep(await all_tickets(connection, moment))
    world.keep(await all_defects(connection, moment))
    world.keep(await all_sops(connection, moment))
    world.keep(await all_reports(connection, moment))
    world.keep(await all_versions(connection, moment))
    world.keep(await all_requests(connection, moment))


async def record_all(transaction: Transaction, things: Sequence[Entity]) -> None:
    """Record what things are like now; of several of one number the last one holds.

    Numbers that our own sequences could give as well are given to nothing else from then on.
    """
    await record_departments(transaction, _of(Department, things))
    await record_operators(transaction, _of(Operator, things))
    await record_shifts(transaction, _of(Shift, things))
    await record_machines(transaction, _of(Machine, things))
    await record_orders(transaction, _of(Order, things))
    await record_items(transaction, _of(OrderItem, things))
    await record_schedules(transaction, _of(OrderSchedule, things))
    await record_tickets(transaction, _of(MaintenanceTicket, things))
    await record_boms(transaction, _of(BillOfMaterials, things))
    for defect in things:
        if isinstance(defect, InternalReject | CustomerReturn):
            await record_defect(transaction, defect)
    for ticket in _of(SopTicket, things):
        await record_sop(transaction, ticket)
    for report in _of(NonConformanceReport, things):
        await record_report(transaction, report)
    for request in _of(ChangeRequest, things):
        await record_request(transaction, request)
    for (prefix, year), number in _highest(things).items():
        await skip_to(transaction, prefix, year, number)


def _of(kind: type[T], things: Iterable[Entity]) -> list[T]:
    return [each for each in things if isinstance(each, kind)]


def _highest(things: Iterable[Entity]) -> dict[tuple[str, int], int]:
    """The highest number of each sequence and year among them."""
    highest: dict[tuple[str, int], int] = {}
    for each in things:
        found = _COUNTED.fullmatch(str(getattr(each, "number", "")))
        if found is None or found[1] not in _SEQUENCES:
            continue
        key = _SEQUENCES[found[1]], int(found[2])
        highest[key] = max(highest.get(key, 0), int(found[3]))
    return highest
