"""All locations: worst first, to choose from, and with their ids."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.network.pages.common import (
    NOT_REPORTED,
    actions,
    count_or_absent,
    headline,
    named,
    text_or_absent,
)
from core.areas.network.store import credentials, reading
from core.areas.network.store.polling import location_list_state
from core.areas.network.store.views import LocationView, location_views, own_location
from core.message import Message, _, plural
from core.page import (
    Action,
    Column,
    Freshness,
    Kind,
    Light,
    Lights,
    Note,
    Page,
    Place,
    Row,
    SourceState,
    Table,
)
from core.query import TableQuery
from core.staleness import data_state, empty, past_notes
from core.tabulate import tabulate
from core.units import Absent, Instant, Severity, State, Value

__all__ = ["choose_page", "fleet_page", "fleet_page_on", "location_table", "locations_page", "unknown_fleet"]

_TITLE = _("Network")
_NAMED_PER_STATE = 4


async def fleet_page(request: Request) -> Page:
    """Every location, worst first."""
    async with request.services.store.reading() as connection:
        return await fleet_page_on(request, connection)


async def fleet_page_on(request: Request, connection: AsyncConnection) -> Page:
    """The same on a connection that is open already."""
    views = await location_views(connection, request)
    if not views:
        return await _nothing_page(request, connection, "fleet", _TITLE)
    source = _fleet_source(views)
    table = location_table(_("Locations, worst first"), views, "status", request.query, place=Place.WIDE)
    return Page(
        key="network.fleet",
        title=_TITLE,
        crumb=plural("{count} location", "{count} locations", len(views)),
        verdict=views[0].assessment.state,
        blocks=(*past_notes(request, source), _summary(views), table),
        actions=actions(),
        as_of=source.last_good,
        source_state=source,
    )


async def choose_page(request: Request, connection: AsyncConnection, command: str, title: Message) -> Page:
    """The page of a command that needs a location when none is chosen: pick one here."""
    views = await location_views(connection, request)
    if not views:
        return await _nothing_page(request, connection, command, title)
    source = _fleet_source(views)
    note = Note("choose", _("Choose the location to look at; “select” makes one yours."), Severity.IDLE)
    return Page(
        key=f"network.{command}",
        title=title,
        verdict=State(Severity.IDLE, _("CHOOSE")),
        blocks=(note, location_table(_("Locations"), views, command, request.query)),
        actions=actions(),
        as_of=source.last_good,
        source_state=source,
    )


async def unknown_fleet(request: Request, connection: AsyncConnection) -> tuple[State, Message, SourceState]:
    """How it stands while no location is known, in a word and a sentence, and how fresh that is."""
    source = await location_list_state(connection, request)
    if await credentials.version(connection, request.moment) is None:
        said = _("Plume isn't set up yet.") if request.at is None else _("Plume was not set up by then.")
        return State(Severity.IDLE, _("NOT SET UP")), said, SourceState(Freshness.NEVER)
    if source.last_good is not None:
        return State(Severity.IDLE, _("NO LOCATIONS")), _("Plume shows no location."), source
    return State(Severity.UNKNOWN, _("UNKNOWN")), empty(source, _("No location is known yet.")), source


async def _nothing_page(request: Request, connection: AsyncConnection, command: str, title: Message) -> Page:
    """The page of a command while no location is known at all."""
    state, said, source = await unknown_fleet(request, connection)
    note = Note("nothing", said, state.severity)
    return Page(
        key=f"network.{command}",
        title=title,
        verdict=state,
        blocks=(note,),
        actions=actions(),
        as_of=source.last_good,
        source_state=source,
    )


def _fleet_source(views: Sequence[LocationView]) -> SourceState:
    """A fleet is as fresh as its freshest location: each row says its own age."""
    order = list(Freshness)
    freshest = min(order.index(view.source.freshness) for view in views)
    found = [view.source for view in views if order.index(view.source.freshness) == freshest]
    return max(found, key=lambda source: (source.last_good is not None, source.last_good))


def _summary(views: Sequence[LocationView]) -> Lights:
    """How many locations are in each state, worst first."""
    groups: dict[State, list[str]] = {}
    for view in views:
        groups.setdefault(view.assessment.state, []).append(named(view.location))
    lights = tuple(
        Light(
            str(state.word),
            plural("{count} location", "{count} locations", len(found)),
            state,
            ", ".join(found[:_NAMED_PER_STATE]) + (" …" if len(found) > _NAMED_PER_STATE else ""),
        )
        for state, found in groups.items()
    )
    return Lights("summary", _("At a glance"), lights, Place.WIDE)


def location_table(
    title: Message,
    views: Sequence[LocationView],
    command: str,
    query: TableQuery,
    *,
    none: Message | None = None,
    place: Place = Place.MAIN,
) -> Table:
    """A list of locations in the order given; opening one runs `command` for it."""
    columns = (
        Column("state", _("State"), Kind.STATE, 1),
        Column("location", _("Location"), Kind.TEXT, 1),
        Column("pods", _("Pods"), Kind.TEXT, 1),
        Column("findings", _("Findings"), Kind.NUMBER, 2),
        Column("devices", _("Devices"), Kind.NUMBER, 2),
        Column("headline", _("What"), Kind.TEXT, 2),
        Column("seen", _("Seen"), Kind.MOMENT, 3),
    )
    rows = [_site_row(view, command) for view in views]
    return tabulate("locations", title, columns, rows, query, empty=none, place=place)


def _site_row(view: LocationView, command: str) -> Row:
    assessment, location, seen = view.assessment, view.location, view.source.last_good
    pods: Value = NOT_REPORTED
    if assessment.pods_known:
        pods = _("{online} of {pods}", online=assessment.pods_online, pods=assessment.pods)
    cells = (
        assessment.state,
        named(location),
        pods,
        assessment.open_findings,
        count_or_absent(assessment.devices),
        headline(assessment),
        Absent(_("never")) if seen is None else Instant(seen, True),
    )
    return Row(location.id, cells, Action(command, _("Open"), (("location", location.id),)))


async def locations_page(request: Request) -> Page:
    """Every location, the person's own marked, with its ids; opening one makes it theirs."""
    async with request.services.store.reading() as connection:
        found = await reading.known_locations(connection, request.moment)
        source = await location_list_state(connection, request)
        chosen = await own_location(connection, request)
        if not found:
            return await _nothing_page(request, connection, "locations", _("Locations"))
    columns = (
        Column("name", _("Location"), Kind.TEXT, 1),
        Column("yours", _("Yours"), Kind.STATE, 1),
        Column("id", _("Id"), Kind.TEXT, 3),
        Column("customer", _("Customer"), Kind.TEXT, 3),
        Column("profile", _("Profile"), Kind.TEXT, 3),
        Column("zone", _("Time zone"), Kind.TEXT, 3),
    )
    mine = State(Severity.GOOD, _("selected"))
    rows = [
        Row(
            each.id,
            (
                named(each),
                mine if each.id == chosen else "",
                each.id,
                each.customer,
                text_or_absent(each.profile),
                text_or_absent(each.zone),
            ),
            Action("select", _("Make this my location"), (("location", each.id),)),
        )
        for each in found
    ]
    table = tabulate("locations", _("Locations"), columns, rows, request.query, place=Place.WIDE)
    yours = next((named(each) for each in found if each.id == chosen), None)
    note = Note("choose", _("Choose one to make it yours: your views are of it then."), Severity.IDLE)
    return Page(
        key="network.locations",
        title=_("Locations"),
        crumb=_("none selected") if yours is None else _("{name} is selected", name=yours),
        verdict=data_state(source, bool(found)),
        blocks=(*past_notes(request, source), *(() if yours else (note,)), table),
        actions=actions(),
        as_of=source.last_good,
        source_state=source,
    )
