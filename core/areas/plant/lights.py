"""The plant at a glance: its light in the rail, what the overview shows, and orders in the palette."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import PaneLight, Request
from core.areas.plant.pages.backend import Backend, backend_health
from core.areas.plant.pages.plant import headline, load_situation, plant_verdict
from core.areas.plant.store.orders import all_orders
from core.message import _
from core.page import Action, Block, Light, Lights
from core.query import matches

__all__ = ["objects", "overview_blocks", "plant_light"]

_SHOWN = 4
_OBJECTS_SHOWN = 20


async def plant_light(request: Request) -> PaneLight:
    """The worst of what needs somebody, and how much there is; first that its backend isn't read."""
    found = await load_situation(request)
    backend = await _backend(request)
    said = headline(found)
    if backend.said is not None:
        said = backend.said if found.empty else _("{first} {then}", first=backend.said, then=said)
    return PaneLight(plant_verdict(found, backend), said, len(found.concerns))


async def overview_blocks(request: Request) -> Sequence[Block]:
    """What needs somebody first."""
    found = (await load_situation(request)).concerns[:_SHOWN]
    backend = await _backend(request)
    lights: tuple[Light, ...] = ()
    if backend.trouble is not None:
        lights = (Light("backend", _("Backend"), backend.trouble, backend.said, Action("plant", _("Plant"))),)
    lights += tuple(
        Light(
            each.number,
            _("{number} {about}", number=each.number, about=each.about),
            each.state,
            each.why,
            each.action,
        )
        for each in found
    )
    return (Lights("plant", _("Plant"), lights),) if lights else ()


async def _backend(request: Request) -> Backend:
    async with request.services.store.reading() as connection:
        return await backend_health(request, connection)


async def objects(request: Request, text: str) -> Sequence[Action]:
    """Orders whose number, product, customer or sales order fits; those still to be done first."""
    async with request.services.store.reading() as connection:
        every = await all_orders(connection, request.moment)
    every.sort(key=lambda each: (not each.active, each.number))
    return [
        Action(
            "order",
            _("Order {number}: {product}", number=each.number, product=each.product),
            (("order", each.number),),
        )
        for each in every
        if matches(text, f"{each.number} {each.product} {each.customer} {each.sales_order}")
    ][:_OBJECTS_SHOWN]
