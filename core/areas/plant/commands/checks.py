"""Whether an answer will do, so that they are told at the question and not after all of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from core.area import Request
from core.errors import NotFoundError

if TYPE_CHECKING:
    from core.areas.plant.model.boms import BillOfMaterials
    from core.areas.plant.model.defects import DefectType
    from core.areas.plant.model.orders import Order

__all__ = ["CHECKS", "bill_given"]


async def _order(request: Request, value: str) -> None:
    from core.areas.plant.store.orders import order_of

    async with request.services.store.reading() as connection:
        await order_of(connection, value, request.moment)


async def _order_of_defect(request: Request, value: str) -> None:
    """One that was cancelled suits no defect; others not every type, if that is known already."""
    from core.areas.plant.rules.defects import check_order
    from core.areas.plant.store.orders import order_of

    async with request.services.store.reading() as connection:
        order = await order_of(connection, value, request.moment)
    check_order(order, _type(request.text("type")))


async def _type_of_defect(request: Request, value: str) -> None:
    from core.areas.plant.rules.defects import check_type

    order = await _order_given(request)
    if order is not None:
        check_type(order, _type(value))


async def _pieces_of_defect(request: Request, value: str) -> None:
    from core.areas.plant.rules.defects import check_pieces

    order = await _order_given(request)
    if order is not None:
        check_pieces(order, int(value))


async def _department(request: Request, value: str) -> None:
    from core.areas.plant.store.people import department_of

    async with request.services.store.reading() as connection:
        await department_of(connection, value, request.moment)


async def _operator(request: Request, value: str) -> None:
    from core.areas.plant.store.people import operator_of

    async with request.services.store.reading() as connection:
        await operator_of(connection, value, request.moment)


async def _shift(request: Request, value: str) -> None:
    from core.areas.plant.store.people import shift_of

    async with request.services.store.reading() as connection:
        await shift_of(connection, value, request.moment)


async def _machine(request: Request, value: str) -> None:
    from core.areas.plant.store.machines import machine_of

    async with request.services.store.reading() as connection:
        await machine_of(connection, value, request.moment)


async def _assignee(request: Request, value: str) -> None:
    from core.areas.plant.store.assignees import assignee_of

    async with request.services.store.reading() as connection:
        await assignee_of(connection, value, request.moment)


async def _maintenance_ticket(request: Request, value: str) -> None:
    from core.areas.plant.store.maintenance import ticket_of

    async with request.services.store.reading() as connection:
        await ticket_of(connection, value, request.moment)


async def _any_ticket(request: Request, value: str) -> None:
    from core.areas.plant.pages.sla_reading import standing_of

    await standing_of(request, value)


async def _defect(request: Request, value: str) -> None:
    from core.areas.plant.store.defects import defect_of

    async with request.services.store.reading() as connection:
        await defect_of(connection, value, request.moment)


async def _sop(request: Request, value: str) -> None:
    from core.areas.plant.store.sops import sops_named

    async with request.services.store.reading() as connection:
        await sops_named(connection, value, request.moment)


async def _bom(request: Request, value: str) -> None:
    from core.areas.plant.store.boms import versions_of

    async with request.services.store.reading() as connection:
        await versions_of(connection, value, request.moment)


async def _bom_component(request: Request, value: str) -> None:
    """Any component will do; one that can't be taken out won't where that is asked for."""
    from core.areas.plant.rules.boms import check_taking_out

    quantity, bill = request.arguments.get("quantity"), await bill_given(request)
    if bill is not None and quantity == 0:
        check_taking_out(bill, value)


async def _bom_quantity(request: Request, value: str) -> None:
    from core.areas.plant.rules.boms import check_taking_out

    component, bill = request.text("component"), await bill_given(request)
    if bill is not None and component and Decimal(value) == 0:
        check_taking_out(bill, component)


def _type(word: str | None) -> DefectType | None:
    from core.areas.plant.model.defects import DefectType

    return DefectType(word) if word else None


async def _order_given(request: Request) -> Order | None:
    """The order that was said before, if there is one."""
    from core.areas.plant.store.orders import order_of

    async with request.services.store.reading() as connection:
        try:
            return await order_of(connection, request.text("order") or "", request.moment)
        except NotFoundError:
            return None


async def bill_given(request: Request) -> BillOfMaterials | None:
    """The active version of the bill that was said before, if there is one."""
    from core.areas.plant.store.boms import active_bom

    async with request.services.store.reading() as connection:
        try:
            return await active_bom(connection, request.text("bom") or "", request.moment)
        except NotFoundError:
            return None


CHECKS: Mapping[str, Callable[[Request, str], Awaitable[None]]] = {
    "plant order": _order,
    "plant order of a defect": _order_of_defect,
    "plant type of a defect": _type_of_defect,
    "plant pieces of a defect": _pieces_of_defect,
    "plant department": _department,
    "plant operator": _operator,
    "plant shift": _shift,
    "plant machine": _machine,
    "plant maintenance ticket": _maintenance_ticket,
    "plant ticket": _any_ticket,
    "plant defect": _defect,
    "plant sop": _sop,
    "plant bom": _bom,
    "plant bom component": _bom_component,
    "plant bom quantity": _bom_quantity,
    "plant assignee": _assignee,
}
"""By the source of a parameter; each raises `InputError`, of which `NotFoundError` is one."""
