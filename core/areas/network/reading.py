"""The network area as it lies in the store, as of any moment: what pages are made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.network import tables
from core.areas.network.collect import DIRECTORY_INTERVAL, SOURCE, subject
from core.areas.network.model import Device, Location, Node, OnlineRow, SpeedTest, WanSlot, WifiNetwork
from core.areas.network.parts import PARTS, WAN_FIELDS, online_rows
from core.areas.network.settings import NetworkSettings
from core.areas.network.verdict import Assessment, assess, severity_rank
from core.areas.network.wan import WanBucket, WanBuckets
from core.areas.network.watch import selected_location, watched_locations
from core.errors import InputError, NotFoundError
from core.message import _
from core.moment import Window
from core.page import Freshness, SourceState
from core.query import matches
from core.store.polls import health
from core.store.series import latest, read_buckets, read_raw
from core.store.versions import as_of

__all__ = [
    "SiteView",
    "chosen_location",
    "directory_state",
    "fleet",
    "known_devices",
    "known_locations",
    "known_speed_tests",
    "known_wifi_networks",
    "online_history",
    "own_location",
    "part_state",
    "pod_scores",
    "saturation",
    "site",
    "wan_buckets",
    "wan_slots",
]

_CADENCES = {part.name: part for part in PARTS}


@dataclass(frozen=True, slots=True)
class SiteView:
    """A location with its pods, how fresh that is, and what it amounts to."""

    location: Location
    nodes: tuple[Node, ...]
    source: SourceState
    assessment: Assessment


async def known_locations(connection: AsyncConnection, moment: datetime) -> list[Location]:
    """Every location known at `moment`, by name."""
    rows = await as_of(connection, tables.locations, moment)
    return sorted(
        (tables.location_from_row(row) for row in rows), key=lambda each: (each.name.casefold(), each.id)
    )


async def chosen_location(connection: AsyncConnection, request: Request) -> Location | None:
    """The location a request is about: the one it names, else the person's own, else the only one there is.

    Raises:
        NotFoundError: what it names isn't known.
        InputError: what it names fits more than one.
    """
    known = await known_locations(connection, request.moment)
    wanted = request.text("location")
    if wanted is not None:
        return _named(wanted, known)
    selected = await own_location(connection, request)
    for location in known:
        if location.id == selected:
            return location
    return known[0] if len(known) == 1 else None


def _named(wanted: str, known: Sequence[Location]) -> Location:
    exact = [each for each in known if wanted == each.id or wanted.casefold() == each.name.casefold()]
    found = exact or [each for each in known if matches(wanted, each.name)]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(each.name or each.id for each in found[:5])
        raise InputError(_("“{text}” fits several locations: {names}.", text=wanted[:60], names=names))
    raise NotFoundError(
        _("There is no location “{text}” here. “opsdeck locations” lists those there are.", text=wanted[:60])
    )


async def own_location(connection: AsyncConnection, request: Request) -> str | None:
    """The id of the location that the person has selected."""
    return await selected_location(connection, request.principal.name, request.moment)


async def directory_state(connection: AsyncConnection, request: Request) -> SourceState:
    """How fresh the list of locations is."""
    return await health(connection, SOURCE, "", request.moment, DIRECTORY_INTERVAL)


async def part_state(
    connection: AsyncConnection,
    request: Request,
    location: str,
    part: str,
    watched: frozenset[str] | None = None,
) -> SourceState:
    """How fresh one part of a location is; the reason may be that of the source as a whole."""
    settings = request.services.settings.of(NetworkSettings)
    if watched is None:
        watched = await watched_locations(connection, request.moment)
    seconds = settings.poll_seconds if location in watched else settings.fleet_poll_seconds
    interval = _CADENCES[part].interval(timedelta(seconds=seconds))
    state = await health(connection, SOURCE, subject(location, part), request.moment, interval)
    if state.reason is not None:
        return state
    whole = await directory_state(connection, request)
    if whole.reason is None:
        return state
    return replace(state, reason=whole.reason, next_try=whole.next_try)


async def site(connection: AsyncConnection, request: Request, location: Location) -> SiteView:
    """One location as of the request's moment."""
    moment = request.moment
    rows = await as_of(connection, tables.nodes, moment, location=location.id)
    nodes = tuple(sorted((tables.node_from_row(row) for row in rows), key=_gateway_first))
    tests = await known_speed_tests(connection, location.id, moment, most=1)
    location = replace(location, speed_test=tests[0] if tests else None)
    source = await part_state(connection, request, location.id, "status")
    return _view(location, nodes, source)


async def fleet(connection: AsyncConnection, request: Request) -> list[SiteView]:
    """Every location as of the request's moment, worst first."""
    moment = request.moment
    watched = await watched_locations(connection, moment)
    pods: dict[str, list[Node]] = defaultdict(list)
    for row in await as_of(connection, tables.nodes, moment):
        pods[row["location"]].append(tables.node_from_row(row))
    views: list[SiteView] = []
    for location in await known_locations(connection, moment):
        source = await part_state(connection, request, location.id, "status", watched)
        views.append(_view(location, tuple(sorted(pods[location.id], key=_gateway_first)), source))
    return sorted(views, key=lambda view: severity_rank(view.assessment))


def _view(location: Location, nodes: tuple[Node, ...], source: SourceState) -> SiteView:
    never = source.freshness is Freshness.NEVER
    assessment = assess(location, None if never else nodes, source.freshness)
    return SiteView(location, nodes, source, assessment)


def _gateway_first(node: Node) -> tuple[bool, str, str]:
    return (not node.gateway, node.name.casefold(), node.id)


async def known_wifi_networks(
    connection: AsyncConnection, location: str, moment: datetime
) -> list[WifiNetwork]:
    rows = await as_of(connection, tables.wifi_networks, moment, location=location)
    return sorted(
        (tables.wifi_from_row(row) for row in rows), key=lambda each: (each.ssid.casefold(), each.id)
    )


async def known_devices(connection: AsyncConnection, location: str, moment: datetime) -> list[Device]:
    rows = await as_of(connection, tables.devices, moment, location=location)
    return sorted(
        (tables.device_from_row(row) for row in rows), key=lambda each: (each.name.casefold(), each.mac)
    )


async def known_speed_tests(
    connection: AsyncConnection, location: str, moment: datetime, *, most: int = 200
) -> list[SpeedTest]:
    """The location's speed tests, newest first."""
    rows = await as_of(connection, tables.speed_tests, moment, location=location)
    newest = sorted(rows, key=lambda row: row["ended_at"], reverse=True)[:most]
    return [tables.speed_test_from_row(row) for row in newest]


async def pod_scores(
    connection: AsyncConnection, location: str, nodes: Sequence[Node], moment: datetime
) -> dict[str, float]:
    """The newest quality of experience of each pod that reported one in the last hour."""
    scores: dict[str, float] = {}
    for node in nodes:
        found = await latest(connection, tables.qoe_key(location, node.id), moment)
        if found is not None and moment.timestamp() - found[0] <= 3_600:
            scores[node.id] = found[1]
    return scores


async def saturation(
    connection: AsyncConnection, location: str, moment: datetime, longest_age: timedelta
) -> dict[str, float]:
    """How full the line was in each direction (`rx`, `tx`), in percent, where that was said lately."""
    found: dict[str, float] = {}
    for direction in ("rx", "tx"):
        sample = await latest(connection, tables.saturation_key(location, direction), moment)
        if sample is not None and moment.timestamp() - sample[0] <= longest_age.total_seconds():
            found[direction] = sample[1]
    return found


async def wan_slots(
    connection: AsyncConnection, location: str, window: Window, moment: datetime
) -> list[WanSlot]:
    """The WAN slots that start in `window`, as known at `moment`."""
    fields = [
        dict(await read_raw(connection, tables.wan_key(location, f), window, moment)) for f in WAN_FIELDS
    ]
    starts = sorted(set().union(*fields))
    return [WanSlot(start, *(values.get(start) for values in fields)) for start in starts]


async def wan_buckets(
    connection: AsyncConnection, location: str, window: Window, step: timedelta, moment: datetime
) -> WanBuckets:
    """The same as roll-ups of `step`."""
    series = [
        [
            WanBucket(each.start, each.low, each.high, each.total, each.count)
            for each in await read_buckets(
                connection, tables.wan_key(location, field), window, int(step.total_seconds()), moment
            )
        ]
        for field in WAN_FIELDS
    ]
    return WanBuckets(step, *series)


async def online_history(
    connection: AsyncConnection, location: str, window: Window, moment: datetime
) -> list[OnlineRow]:
    """The connection history of `window`, as known at `moment`."""
    return online_rows(await read_raw(connection, tables.online_key(location), window, moment))
