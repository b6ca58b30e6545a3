"""The network area as it lies in the store, as of any moment: what pages are made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.network import tables
from core.areas.network.model import Device, Location, Node, OnlineRow, SpeedTest, WanSlot, WifiNetwork
from core.areas.network.rows import (
    WAN_FIELDS,
    device_from_row,
    location_from_row,
    node_from_row,
    online_rows,
    speed_test_from_row,
    wifi_from_row,
)
from core.areas.network.sources import Polling, part_state
from core.areas.network.verdict import Assessment, assess, severity_rank
from core.areas.network.wan import WanBucket, WanBuckets
from core.areas.network.watch import selected_location
from core.errors import InputError, NotFoundError
from core.message import Message, _, plural
from core.moment import Window, from_epoch, to_epoch
from core.page import Freshness, SourceState
from core.query import matches
from core.store.series import latest, read_buckets, read_raw
from core.store.versions import as_of

__all__ = [
    "SiteView",
    "chosen_location",
    "fleet",
    "known_devices",
    "known_locations",
    "known_speed_tests",
    "known_wifi_networks",
    "last_slot",
    "line_use",
    "online_history",
    "own_location",
    "pod_names",
    "pod_scores",
    "site",
    "wan_buckets",
    "wan_slots",
]

_SCORES_HOLD = timedelta(hours=1)
_NAMES_SHOWN = 5


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
    return sorted((location_from_row(row) for row in rows), key=lambda each: (each.name.casefold(), each.id))


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
        _("There is no location “{text}” here. “opsdeck locations” lists those there are.", text=wanted[:60])
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


async def site(connection: AsyncConnection, request: Request, location: Location) -> SiteView:
    """One location as of the request's moment."""
    moment = request.moment
    rows = await as_of(connection, tables.nodes, moment, location=location.id)
    nodes = tuple(sorted((node_from_row(row) for row in rows), key=_gateway_first))
    tests = await known_speed_tests(connection, location.id, moment, most=1)
    location = replace(location, speed_test=tests[0] if tests else None)
    polling = await Polling.of(connection, request)
    return _view(location, nodes, await polling.part(connection, location.id, "status"))


async def fleet(connection: AsyncConnection, request: Request) -> list[SiteView]:
    """Every location as of the request's moment, worst first."""
    moment = request.moment
    polling = await Polling.of(connection, request, every=True)
    pods: dict[str, list[Node]] = defaultdict(list)
    for row in await as_of(connection, tables.nodes, moment):
        pods[row["location"]].append(node_from_row(row))
    views: list[SiteView] = []
    for location in await known_locations(connection, moment):
        source = await polling.part(connection, location.id, "status")
        views.append(_view(location, tuple(sorted(pods[location.id], key=_gateway_first)), source))
    return sorted(views, key=lambda view: severity_rank(view.assessment))


def _view(location: Location, nodes: tuple[Node, ...], source: SourceState) -> SiteView:
    never = source.freshness is Freshness.NEVER
    assessment = assess(location, None if never else nodes, source.freshness)
    if source.freshness is Freshness.UNKNOWN and source.last_good is None and source.reason is not None:
        assessment = replace(assessment, headline=source.reason)  # no poll is on record to reckon from
    return SiteView(location, nodes, source, assessment)


def _gateway_first(node: Node) -> tuple[bool, str, str]:
    return (not node.gateway, node.name.casefold(), node.id)


async def pod_names(connection: AsyncConnection, location: str, moment: datetime) -> dict[str, str]:
    """The names of the location's pods, by their ids."""
    return {
        row["id"]: row["name"] for row in await as_of(connection, tables.nodes, moment, location=location)
    }


async def known_wifi_networks(
    connection: AsyncConnection, location: str, moment: datetime
) -> list[WifiNetwork]:
    """The location's Wi-Fi networks, by name."""
    rows = await as_of(connection, tables.wifi_networks, moment, location=location)
    return sorted((wifi_from_row(row) for row in rows), key=lambda each: (each.ssid.casefold(), each.id))


async def known_devices(connection: AsyncConnection, location: str, moment: datetime) -> list[Device]:
    """The location's devices, by name."""
    rows = await as_of(connection, tables.devices, moment, location=location)
    return sorted((device_from_row(row) for row in rows), key=lambda each: (each.name.casefold(), each.mac))


async def known_speed_tests(
    connection: AsyncConnection, location: str, moment: datetime, *, most: int = 200
) -> list[SpeedTest]:
    """The location's speed tests, newest first."""
    rows = await as_of(connection, tables.speed_tests, moment, location=location)
    newest = sorted(rows, key=lambda row: row["ended_at"], reverse=True)[:most]
    return [speed_test_from_row(row) for row in newest]


async def pod_scores(
    connection: AsyncConnection, location: str, nodes: Sequence[Node], moment: datetime
) -> dict[str, float]:
    """The newest quality of experience of each pod that reported one in the last hour."""
    scores: dict[str, float] = {}
    for node in nodes:
        found = await latest(connection, tables.qoe_key(location, node.id), moment)
        if found is not None and moment.timestamp() - found[0] <= _SCORES_HOLD.total_seconds():
            scores[node.id] = found[1]
    return scores


async def line_use(
    connection: AsyncConnection, request: Request, location: str
) -> tuple[dict[str, float], SourceState]:
    """How full the line is in each direction (`rx`, `tx`), in percent, and how fresh that is.

    Only what the last good poll said counts, and nothing after three missed ones: an older figure is no
    longer how full the line is.
    """
    source = await part_state(connection, request, location, "saturation")
    found: dict[str, float] = {}
    if source.last_good is None or source.freshness is Freshness.UNKNOWN:
        return found, source
    for direction in ("rx", "tx"):
        sample = await latest(connection, tables.saturation_key(location, direction), request.moment)
        if sample is not None and sample[0] >= to_epoch(source.last_good):
            found[direction] = sample[1]
    return found, source


async def last_slot(connection: AsyncConnection, location: str, moment: datetime) -> datetime | None:
    """The start of the newest WAN slot that has any number."""
    newest = [await latest(connection, tables.wan_key(location, field), moment) for field in WAN_FIELDS]
    return max((from_epoch(sample[0]) for sample in newest if sample is not None), default=None)


async def wan_slots(
    connection: AsyncConnection, location: str, window: Window, moment: datetime
) -> list[WanSlot]:
    """The WAN slots that start in `window`, as known at `moment`."""
    fields = [
        dict(await read_raw(connection, tables.wan_key(location, f), window, moment)) for f in WAN_FIELDS
    ]
    starts = sorted({start for values in fields for start in values})
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
