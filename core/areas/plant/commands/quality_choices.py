"""Defects, failure tickets, bills and requests that would do for a parameter, asked of the store."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.command import Choice
from core.message import _

__all__ = [
    "attachment_choices",
    "bom_choices",
    "bom_component_choices",
    "bom_request_choices",
    "defect_choices",
    "sop_choices",
]

_MOST = 100


async def defect_choices(request: Request) -> Sequence[Choice]:
    """The defects that somebody still has to do something about, the newest first."""
    from core.areas.plant.store.defects import all_defects

    async with request.services.store.reading() as connection:
        found = await all_defects(connection, request.moment)
    return [
        Choice(each.number, _("{defect} {order}", defect=each.number, order=each.order))
        for each in found
        if each.unfinished
    ][:_MOST]


async def sop_choices(request: Request) -> Sequence[Choice]:
    """The failure tickets that are not closed, the newest first."""
    from core.areas.plant.store.sops import all_sops

    async with request.services.store.reading() as connection:
        found = await all_sops(connection, request.moment)
    return [
        Choice(each.number, _("{ticket} {reference}", ticket=each.number, reference=each.reference))
        for each in found
        if each.unfinished
    ][:_MOST]


async def attachment_choices(request: Request) -> Sequence[Choice]:
    """The photos and documents that came in last."""
    from core.areas.plant.store.attachments import newest_attachments

    async with request.services.store.reading() as connection:
        found = await newest_attachments(connection, request.moment, _MOST)
    return [
        Choice(each.name, _("{name} {caption}", name=each.name, caption=each.caption or each.file_name))
        for each in found
    ]


async def bom_choices(request: Request) -> Sequence[Choice]:
    """The bills that are worked by, by number."""
    from core.areas.plant.store.boms import active_boms

    async with request.services.store.reading() as connection:
        found = await active_boms(connection, request.moment)
    return [
        Choice(each.number, _("{bom} {product}", bom=each.number, product=each.product)) for each in found
    ][:_MOST]


async def bom_component_choices(request: Request) -> Sequence[Choice]:
    """The components of the bill that was said before; what it lacks can be added by its code."""
    from core.areas.plant.commands.checks import bill_given

    bill = await bill_given(request)
    components = () if bill is None else bill.components[:_MOST]
    return [
        Choice(each.code, each.code if each.name == each.code else f"{each.code} {each.name}")
        for each in components
    ]


async def bom_request_choices(request: Request) -> Sequence[Choice]:
    """The requests that wait for approval, the newest first."""
    from core.areas.plant.model.boms import RequestState
    from core.areas.plant.store.boms import all_requests

    async with request.services.store.reading() as connection:
        found = await all_requests(connection, request.moment)
    return [
        Choice(
            each.number,
            _("{request} {bom} {component}", request=each.number, bom=each.bom, component=each.component),
        )
        for each in found
        if each.state is RequestState.PENDING
    ][:_MOST]
