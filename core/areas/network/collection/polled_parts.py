"""The parts of a location that are polled: what each asks the cloud, and what writes its answer.

A part is polled, dated and failed by itself, so that an upstream that can't answer about Wi-Fi leaves
the pods fresh. `fetch` waits for the network and holds no transaction; `record` writes what it got,
events included, in the one transaction that also records the poll.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

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
from core.areas.network.rules.part_schedules import PART_SCHEDULES, PartSchedule
from core.areas.network.store import recording
from core.areas.network.store.recording import PolledLocation, StatusFound

if TYPE_CHECKING:
    from core.areas.network.client import PlumeClient
    from core.store.store import Transaction

__all__ = ["POLLED_PARTS", "PolledPart"]

_LONGEST_HISTORY = 7
"""Days of the connection history asked for at a first poll; the stats page shows no more."""

_LONGEST_TEST_HISTORY = 30
"""Days of speed tests asked for at a first poll."""


@dataclass(frozen=True, slots=True)
class PolledPart:
    """One part of a location, with what asks for it and what writes it down.

    `fetch` and `record` are given the moment at which the poll began.
    """

    schedule: PartSchedule
    fetch: Callable[[PlumeClient, PolledLocation, datetime], Awaitable[Any]]
    record: Callable[[Transaction, PolledLocation, Any, datetime], Awaitable[None]]

    @property
    def name(self) -> str:
        """What the part's polls are on record as."""
        return self.schedule.name


async def _fetch_status(client: PlumeClient, polled: PolledLocation, _now: datetime) -> StatusFound:
    location = await client.location(polled.customer, polled.location.id)
    nodes = await client.nodes(polled.customer, polled.location.id)
    alerts: Mapping[str, tuple[Alert, ...]] | None = {}
    if any(node.alerts for node in nodes):
        alerts = await client.alerts(polled.customer, polled.location.id)
    return StatusFound(replace(location, name=location.name or polled.location.name), nodes, alerts)


async def _fetch_saturation(client: PlumeClient, polled: PolledLocation, _now: datetime) -> Saturation | None:
    return await client.saturation(polled.location.id)


async def _fetch_wan(client: PlumeClient, polled: PolledLocation, _now: datetime) -> list[WanSlot]:
    return await client.wan_slots(polled.customer, polled.location.id)


async def _fetch_online(client: PlumeClient, polled: PolledLocation, now: datetime) -> OnlineHistory:
    days = _days_missed(polled, now, _LONGEST_HISTORY)
    return await client.online_history(polled.customer, polled.location.id, hours=24 * days)


async def _fetch_wifi(client: PlumeClient, polled: PolledLocation, _now: datetime) -> list[WifiNetwork]:
    return await client.wifi_networks(polled.customer, polled.location.id)


async def _fetch_devices(client: PlumeClient, polled: PolledLocation, _now: datetime) -> list[Device]:
    return await client.devices(polled.customer, polled.location.id)


async def _fetch_qoe(client: PlumeClient, polled: PolledLocation, _now: datetime) -> Sequence[QoeScore]:
    return await client.qoe(polled.location.id) or ()


async def _fetch_speed_tests(client: PlumeClient, polled: PolledLocation, now: datetime) -> list[SpeedTest]:
    nodes = await client.nodes(polled.customer, polled.location.id)
    gateway = next((node for node in nodes if node.gateway), None)
    if gateway is None:
        return []
    days = 1 + _days_missed(polled, now, _LONGEST_TEST_HISTORY)
    return await client.speed_tests(polled.customer, polled.location.id, gateway.id, days=days)


def _days_missed(polled: PolledLocation, now: datetime, most: int) -> int:
    """The days to ask a history for so that no gap is left after the last good poll: at least one."""
    if polled.last_good is None:
        return most
    missed = (now - polled.last_good) // timedelta(hours=23)
    return min(max(1 + missed, 1), most)


POLLED_PARTS: tuple[PolledPart, ...] = (
    PolledPart(PART_SCHEDULES["status"], _fetch_status, recording.record_status),
    PolledPart(PART_SCHEDULES["saturation"], _fetch_saturation, recording.record_saturation),
    PolledPart(PART_SCHEDULES["wan"], _fetch_wan, recording.record_wan),
    PolledPart(PART_SCHEDULES["online"], _fetch_online, recording.record_online),
    PolledPart(PART_SCHEDULES["devices"], _fetch_devices, recording.record_devices),
    PolledPart(PART_SCHEDULES["qoe"], _fetch_qoe, recording.record_qoe),
    PolledPart(PART_SCHEDULES["wifi"], _fetch_wifi, recording.record_wifi),
    PolledPart(PART_SCHEDULES["speed_tests"], _fetch_speed_tests, recording.record_speed_tests),
)
"""Every part, in the order in which a location is first looked at."""
