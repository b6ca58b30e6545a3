"""Whether there is what somebody names, so that they are told at the question and not after all of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from core.area import Request

__all__ = ["CHECKS"]


async def _order(request: Request, value: str) -> None:
    from core.areas.plant.store.orders import order_of

    async with request.services.store.reading() as connection:
        await order_of(connection, value, request.moment)


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


CHECKS: Mapping[str, Callable[[Request, str], Awaitable[None]]] = {
    "plant order": _order,
    "plant department": _department,
    "plant operator": _operator,
    "plant shift": _shift,
    "plant machine": _machine,
    "plant maintenance ticket": _maintenance_ticket,
    "plant ticket": _any_ticket,
    "plant defect": _defect,
    "plant sop": _sop,
    "plant bom": _bom,
}
"""By the source of a parameter; each raises `NotFoundError`, or `InputError` where several are meant."""
