"""The network at a glance: lights in the rail, scope in the header, blocks on the overview, the palette."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.area import PaneLight, Request, Scope
from core.areas.network.pages.charts import rate_chart
from core.areas.network.pages.common import headline, named
from core.areas.network.pages.fleet import location_table, unknown_fleet
from core.areas.network.pages.spans import SPANS
from core.areas.network.pages.wan import wan_state
from core.areas.network.rules.verdict import Verdict
from core.areas.network.settings import NetworkSettings
from core.areas.network.store import credentials, reading
from core.areas.network.store.polling import part_state
from core.areas.network.store.views import chosen_location, location_views
from core.message import _, plural
from core.page import Action, Block, Place
from core.query import TableQuery, matches
from core.units import Quantity, Severity, State, Unit

__all__ = ["configured", "network_light", "objects", "overview_blocks", "scope", "wan_light"]

_WORST_SHOWN = 8
_OBJECTS_SHOWN = 20


async def network_light(request: Request) -> PaneLight:
    """The worst of all locations, and how many want a look."""
    async with request.services.store.reading() as connection:
        views = await location_views(connection, request)
        if not views:
            state, said, _source = await unknown_fleet(request, connection)
            return PaneLight(state, said)
    troubled = [view for view in views if view.assessment.verdict is not Verdict.GREEN]
    if not troubled:
        count = len(views)
        well = plural("{count} location, all operational", "{count} locations, all operational", count)
        return PaneLight(views[0].assessment.state, well)
    worst = troubled[0]
    said = _("{location}: {headline}", location=named(worst.location), headline=headline(worst.assessment))
    return PaneLight(worst.assessment.state, said, len(troubled))


async def wan_light(request: Request) -> PaneLight:
    """The line of the person's location."""
    moment = request.moment
    async with request.services.store.reading() as connection:
        location = await chosen_location(connection, request)
        if location is None:
            return PaneLight(State(Severity.IDLE, _("CHOOSE")), _("Select a location to watch its line"))
        source = await part_state(connection, request, location.id, "wan")
        used, _use_source = await reading.line_use(connection, request, location.id)
        newest = await reading.last_slot(connection, location.id, moment)
    threshold = request.services.settings.of(NetworkSettings).saturation_percent
    has_data = newest is not None and newest >= moment - timedelta(days=1)
    state = wan_state(used, threshold, source, has_data=has_data)
    name = named(location)
    if state.severity is Severity.UNKNOWN:
        return PaneLight(state, _("{location}: no current WAN statistics", location=name))
    if used:
        percent = Quantity(max(used.values()), Unit.PERCENT, 0)
        said = _("{location}: {percent} of the line in use", location=name, percent=percent)
        return PaneLight(state, said, 1 if state.severity >= Severity.WARNING else 0)
    if not has_data:
        return PaneLight(state, _("{location}: no WAN statistics for the last 24 h", location=name))
    return PaneLight(state, _("{location}: the line is carrying traffic", location=name))


async def scope(request: Request) -> Scope | None:
    """The person's location."""
    async with request.services.store.reading() as connection:
        location = await chosen_location(connection, request)
        known = await reading.known_locations(connection, request.moment)
    if not known:
        return None
    title = named(location) if location is not None else str(_("all locations"))
    return Scope(title, Action("locations", _("Choose your location")))


async def overview_blocks(request: Request) -> Sequence[Block]:
    """The locations that want a look, and the line of the person's own."""
    async with request.services.store.reading() as connection:
        views = await location_views(connection, request)
        if not views:
            return ()
        location = await chosen_location(connection, request)
        troubled = [view for view in views if view.assessment.verdict is not Verdict.GREEN]
        query = TableQuery(
            request.query.text, request.query.sort, request.query.descending, limit=_WORST_SHOWN
        )
        none = _("Every location is operational.")
        blocks: list[Block] = [
            location_table(
                _("Locations that want a look"), troubled, "status", query, none=none, place=Place.WIDE
            )
        ]
        if location is not None:
            day = SPANS["24h"].drawn(request.moment)
            slots = await reading.wan_slots(connection, location.id, day, request.moment)
            title = _("{location}: line, last 24 h", location=named(location))
            blocks.append(rate_chart("wan", title, slots, day))
    return blocks


async def objects(request: Request, text: str) -> Sequence[Action]:
    """Locations and pods whose name, serial or address fits."""
    found: list[Action] = []
    async with request.services.store.reading() as connection:
        views = await location_views(connection, request)
    for view in views:
        here = (("location", view.location.id),)
        if matches(text, named(view.location)):
            found.append(Action("status", _("Location {name}", name=named(view.location)), here))
        for node in view.nodes:
            if matches(text, f"{node.name} {node.id} {node.mac} {node.ip}"):
                label = _("Pod {pod}, {location}", pod=node.name, location=named(view.location))
                found.append(Action("nodes", label, (*here, ("node", node.id))))
        if len(found) >= _OBJECTS_SHOWN:
            break
    return found[:_OBJECTS_SHOWN]


async def configured(request: Request) -> bool:
    """Whether credentials were set up."""
    async with request.services.store.reading() as connection:
        return await credentials.version(connection, request.now) is not None
