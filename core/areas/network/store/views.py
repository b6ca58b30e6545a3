"""Locations as pages and lights see them: with their pods, how fresh that is, and what it amounts to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.network.model import Location, Node
from core.areas.network.rules.verdict import Assessment, assess, severity_rank
from core.areas.network.store import tables
from core.areas.network.store.polling import Polling
from core.areas.network.store.reading import known_locations, known_speed_tests
from core.areas.network.store.rows import node_from_row
from core.areas.network.store.selection import selected_location
from core.errors import InputError, NotFoundError
from core.message import Message, _, plural
from core.page import Freshness, SourceState
from core.query import matches
from core.store.versions import as_of

__all__ = ["LocationView", "chosen_location", "location_view", "location_views", "own_location"]

_NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class LocationView:
    """A location with its pods, how fresh that is, and what it amounts to."""

    location: Location
    nodes: tuple[Node, ...]
    source: SourceState
    assessment: Assessment


async def location_view(connection: AsyncConnection, request: Request, location: Location) -> LocationView:
    """One location as of the request's moment."""
    moment = request.moment
    rows = await as_of(connection, tables.nodes, moment, location=location.id)
    nodes = tuple(sorted((node_from_row(row) for row in rows), key=_gateway_first))
    tests = await known_speed_tests(connection, location.id, moment, most=1)
    location = replace(location, speed_test=tests[0] if tests else None)
    polling = await Polling.of(connection, request)
    return _view(location, nodes, await polling.part(connection, location.id, "status"))


async def location_views(connection: AsyncConnection, request: Request) -> list[LocationView]:
    """Every location as of the request's moment, worst first."""
    moment = request.moment
    polling = await Polling.of(connection, request, every=True)
    pods: dict[str, list[Node]] = defaultdict(list)
    for row in await as_of(connection, tables.nodes, moment):
        pods[row["location"]].append(node_from_row(row))
    views: list[LocationView] = []
    for location in await known_locations(connection, moment):
        source = await polling.part(connection, location.id, "status")
        views.append(_view(location, tuple(sorted(pods[location.id], key=_gateway_first)), source))
    return sorted(views, key=lambda view: severity_rank(view.assessment))


def _view(location: Location, nodes: tuple[Node, ...], source: SourceState) -> LocationView:
    never = source.freshness is Freshness.NEVER
    assessment = assess(location, None if never else nodes, source.freshness)
    if source.freshness is Freshness.UNKNOWN and source.last_good is None and source.reason is not None:
        assessment = replace(assessment, headline=source.reason)  # no poll is on record to reckon from
    return LocationView(location, nodes, source, assessment)


def _gateway_first(node: Node) -> tuple[bool, str, str]:
    return (not node.gateway, node.name.casefold(), node.id)


async def chosen_location(connection: AsyncConnection, request: Request) -> Location | None:
    """The location a request is about: the one it names, else the person's own, else the only one there is.

    One that is known by now but wasn't at a past moment is the same location, of which nothing was known.

    Raises:
        NotFoundError: what it names isn't known.
        InputError: what it names fits more than one.
    """
    known = await known_locations(connection, request.moment)
    wanted = request.text("location")
    selected = await own_location(connection, request)
    if request.at is not None and not _has(wanted or selected, known):
        present = await known_locations(connection, request.now)
        known += [Location(each.id, each.customer, each.name) for each in present if not _has(each.id, known)]
    if wanted is not None:
        return _named(wanted, known)
    for location in known:
        if location.id == selected:
            return location
    return known[0] if len(known) == 1 else None


def _has(wanted: str | None, known: Sequence[Location]) -> bool:
    return wanted is not None and any(wanted in (each.id, each.name) for each in known)


def _named(wanted: str, known: Sequence[Location]) -> Location:
    """The location meant by an id, a name, or a part of a name; the closest kind of likeness decides."""
    text = wanted.strip().casefold()
    likenesses: tuple[Callable[[Location], bool], ...] = (
        lambda each: each.id == wanted.strip(),
        lambda each: each.name.casefold() == text,
        lambda each: each.name.casefold().startswith(text),
        lambda each: text in each.name.casefold(),
        lambda each: matches(text, each.name),
    )
    for like in likenesses:
        found = [each for each in known if like(each)]
        if len(found) == 1:
            return found[0]
        if found:
            raise InputError(_several(wanted, found))
    raise NotFoundError(
        _("There is no location “{text}” here. “locations” lists those there are.", text=wanted[:60])
    )


def _several(wanted: str, found: Sequence[Location]) -> Message:
    """Which locations a name may mean: with their ids, where the names are the same."""
    same = len({each.name for each in found}) < len(found)
    names = [f"{each.name} ({each.id})" if same else each.name for each in found[:_NAMES_SHOWN]]
    more = " …" if len(found) > _NAMES_SHOWN else ""
    return plural(
        "“{text}” fits {count} location: {names}.",
        "“{text}” fits {count} locations: {names}.",
        len(found),
        text=wanted[:60],
        names=", ".join(names) + more,
    )


async def own_location(connection: AsyncConnection, request: Request) -> str | None:
    """The id of the location that the person has selected, in the past too: it says who looks."""
    return await selected_location(connection, request.principal.name, request.now)
