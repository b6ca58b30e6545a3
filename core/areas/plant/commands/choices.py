"""What would do for a parameter, asked of the store."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.command import Choice
from core.message import _

__all__ = ["department_choices", "operator_choices", "order_choices", "shift_choices"]

_MOST = 100


async def order_choices(request: Request) -> Sequence[Choice]:
    """The orders that something is still to be done about, in the order in which they need it."""
    from core.areas.plant.model.orders import ACTIVE
    from core.areas.plant.rules.order_verdict import by_need
    from core.areas.plant.store.orders import orders_in

    async with request.services.store.reading() as connection:
        found = await orders_in(connection, request.moment, ACTIVE)
    return [
        Choice(each.number, _("{order} {product}", order=each.number, product=each.product))
        for each in by_need(found, request.moment)[:_MOST]
    ]


async def department_choices(request: Request) -> Sequence[Choice]:
    """The departments that there are at present."""
    from core.areas.plant.store.people import all_departments

    async with request.services.store.reading() as connection:
        found = await all_departments(connection, request.moment)
    return [Choice(each.code, each.name) for each in found if each.active]


async def operator_choices(request: Request) -> Sequence[Choice]:
    """Those who work in the plant at present."""
    from core.areas.plant.store.people import all_operators

    async with request.services.store.reading() as connection:
        found = await all_operators(connection, request.moment)
    return [Choice(each.number, each.name) for each in found if each.active][:_MOST]


async def shift_choices(request: Request) -> Sequence[Choice]:
    """The shifts that are not over, the next one first."""
    from core.areas.plant.rules.shifts import to_come
    from core.areas.plant.store.people import all_shifts

    async with request.services.store.reading() as connection:
        found = to_come(await all_shifts(connection, request.moment), request.moment)
    return [Choice(each.number, _("{shift} {name}", shift=each.number, name=each.name)) for each in found][
        :_MOST
    ]
