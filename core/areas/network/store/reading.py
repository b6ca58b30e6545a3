"""The network area as it lies in the store, as of any moment: what pages are made from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.network.model import Device, Location, Node, OnlineRow, SpeedTest, WanSlot, WifiNetwork
from core.areas.network.rules.wan import WanBucket, WanBuckets
from core.areas.network.store import tables
from core.areas.network.store.polling import part_state
from core.areas.network.store.rows import (
    WAN_FIELDS,
    device_from_row,
    location_from_row,
    online_rows,
    speed_test_from_row,
    wifi_from_row,
)
from core.moment import Window, from_epoch, to_epoch
from core.page import Freshness, SourceState
from core.store.series import latest, read_buckets, read_raw
from core.store.versions import as_of

__all__ = [
    "known_devices",
    "known_locations",
    "known_speed_tests",
    "known_wifi_networks",
    "last_slot",
    "line_use",
    "online_history",
    "pod_names",
    "pod_scores",
    "wan_buckets",
    "wan_slots",
]

_SCORES_HOLD = timedelta(hours=1)


async def known_locations(connection: AsyncConnection, moment: datetime) -> list[Location]:
    """Every location known at `moment`, by name."""
    rows = await as_of(connection, tables.locations, moment)
    return sorted((location_from_row(row) for row in rows), key=lambda each: (each.name.casefold(), each.id))


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
