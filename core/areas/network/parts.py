"""The parts of a look at a location: what each asks the cloud, how often, and what writes its answer.

A part is polled, dated and failed by itself, so that an upstream that can't answer about Wi-Fi leaves
the pods fresh. `fetch` waits for the network and holds no transaction; `record` writes what it got,
events included, in the one transaction that also records the poll.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from core.areas.network import recording
from core.areas.network.model import (
    Alert,
    Device,
    OnlineHistory,
    QoeScore,
    Saturation,
    SpeedTest,
    WanSlot,
    WifiNetwork,
)
from core.areas.network.recording import Site, StatusFound
from core.areas.network.rows import ONLINE_VALUES, WAN_FIELDS, WAN_UNITS

if TYPE_CHECKING:
    from core.areas.network.client import PlumeClient
    from core.store.store import Transaction

__all__ = ["ONLINE_VALUES", "PARTS", "WAN_FIELDS", "WAN_UNITS", "Part"]

_LONGEST_HISTORY = 7
"""Days of the connection history asked for at a first look; the stats page shows no more."""

_LONGEST_TEST_HISTORY = 30
"""Days of speed tests asked for at a first look."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a look. `factor` stretches the location's polling interval; `least` bounds it below.

    `fetch` and `record` are given the moment at which the look began.
    """

    name: str
    factor: int
    least: timedelta
    fetch: Callable[[PlumeClient, Site, datetime], Awaitable[Any]]
    record: Callable[[Transaction, Site, Any, datetime], Awaitable[None]]

    def interval(self, cadence: timedelta) -> timedelta:
        """How long after one poll of this part the next is due, for a location polled every `cadence`."""
        return max(cadence * self.factor, self.least)


async def _fetch_status(client: PlumeClient, site: Site, _now: datetime) -> StatusFound:
    location = await client.location(site.customer, site.location.id)
    nodes = await client.nodes(site.customer, site.location.id)
    alerts: Mapping[str, tuple[Alert, ...]] | None = {}
    if any(node.alerts for node in nodes):
        alerts = await client.alerts(site.customer, site.location.id)
    return StatusFound(replace(location, name=location.name or site.location.name), nodes, alerts)


async def _fetch_saturation(client: PlumeClient, site: Site, _now: datetime) -> Saturation | None:
    return await client.saturation(site.location.id)


async def _fetch_wan(client: PlumeClient, site: Site, _now: datetime) -> list[WanSlot]:
    return await client.wan_slots(site.customer, site.location.id)


async def _fetch_online(client: PlumeClient, site: Site, now: datetime) -> OnlineHistory:
    days = _days_missed(site, now, _LONGEST_HISTORY)
    return await client.online_history(site.customer, site.location.id, hours=24 * days)


async def _fetch_wifi(client: PlumeClient, site: Site, _now: datetime) -> list[WifiNetwork]:
    return await client.wifi_networks(site.customer, site.location.id)


async def _fetch_devices(client: PlumeClient, site: Site, _now: datetime) -> list[Device]:
    return await client.devices(site.customer, site.location.id)


async def _fetch_qoe(client: PlumeClient, site: Site, _now: datetime) -> Sequence[QoeScore]:
    return await client.qoe(site.location.id) or ()


async def _fetch_speed_tests(client: PlumeClient, site: Site, now: datetime) -> list[SpeedTest]:
    nodes = await client.nodes(site.customer, site.location.id)
    gateway = next((node for node in nodes if node.gateway), None)
    if gateway is None:
        return []
    days = 1 + _days_missed(site, now, _LONGEST_TEST_HISTORY)
    return await client.speed_tests(site.customer, site.location.id, gateway.id, days=days)


def _days_missed(site: Site, now: datetime, most: int) -> int:
    """The days to ask a history for so that no gap is left after the last good look: at least one."""
    if site.last_good is None:
        return most
    missed = (now - site.last_good) // timedelta(hours=23)
    return min(max(1 + missed, 1), most)


PARTS: tuple[Part, ...] = (
    Part("status", 1, timedelta(seconds=5), _fetch_status, recording.record_status),
    Part("saturation", 1, timedelta(seconds=5), _fetch_saturation, recording.record_saturation),
    Part("wan", 2, timedelta(seconds=20), _fetch_wan, recording.record_wan),
    Part("online", 5, timedelta(minutes=1), _fetch_online, recording.record_online),
    Part("devices", 2, timedelta(seconds=20), _fetch_devices, recording.record_devices),
    Part("qoe", 5, timedelta(minutes=5), _fetch_qoe, recording.record_qoe),
    Part("wifi", 10, timedelta(minutes=5), _fetch_wifi, recording.record_wifi),
    Part("speed_tests", 60, timedelta(hours=1), _fetch_speed_tests, recording.record_speed_tests),
)
"""Every part, in the order in which a location is first looked at."""
