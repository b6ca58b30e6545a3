"""The parts of a look at a location: what each asks the cloud, and what it writes.

A part is polled, dated and failed by itself, so that an upstream that can't answer about Wi-Fi leaves
the pods fresh. `fetch` waits for the network and holds no transaction; `store` writes what it got,
events included, in the one transaction that also records the poll.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.areas.network import changes, tables
from core.areas.network.client import PlumeClient
from core.areas.network.model import (
    Alert,
    Device,
    Location,
    Node,
    OnlineHistory,
    OnlineRow,
    OnlineWord,
    QoeScore,
    Saturation,
    SpeedTest,
    WanSlot,
    WifiNetwork,
)
from core.areas.network.online import analyse as analyse_online
from core.areas.network.speed_test import choose_speed_test
from core.areas.network.verdict import assess
from core.moment import Window, from_epoch, to_epoch
from core.page import Freshness
from core.store import events
from core.store.series import SeriesSamples, read_raw, write_many, write_samples
from core.store.store import Transaction
from core.store.versions import as_of, record

__all__ = ["ONLINE_VALUES", "PARTS", "WAN_FIELDS", "WAN_UNITS", "Part", "Site", "online_rows"]

WAN_UNITS = {"rx_mbytes": "MB", "tx_mbytes": "MB", "rx_max_mbps": "Mbps", "tx_max_mbps": "Mbps"}
WAN_FIELDS = tuple(WAN_UNITS)
"""The four numbers of a WAN slot, each a series of its own, with its unit."""

ONLINE_VALUES = {OnlineWord.ONLINE: 1.0, OnlineWord.OFFLINE: 0.0, OnlineWord.INTERMITTENT: 0.5}
"""How a word of the connection history lies in its series; unknown lies as an absent value."""

_SLOT_SECONDS = 900
_NEWS = timedelta(minutes=30)
"""How long ago a speed test may have ended and still be news."""


@dataclass(frozen=True, slots=True)
class Site:
    """A location to look at, and what the settings say about looking."""

    customer: str
    location: Location
    saturation_percent: float
    first: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a look. `factor` stretches the location's polling interval; `least` bounds it below."""

    name: str
    factor: int
    least: timedelta
    fetch: Callable[[PlumeClient, Site], Awaitable[Any]]
    store: Callable[[Transaction, Site, Any, datetime], Awaitable[None]]

    def interval(self, cadence: timedelta) -> timedelta:
        """How long after one poll of this part the next is due, for a location polled every `cadence`."""
        return max(cadence * self.factor, self.least)


async def _fetch_status(client: PlumeClient, site: Site) -> tuple[Location, list[Node]]:
    location = await client.location(site.customer, site.location.id)
    nodes = await client.nodes(site.customer, site.location.id)
    if any(node.alerts for node in nodes):
        known = await client.alerts(site.customer, site.location.id) or {}
        nodes = [replace(node, alerts=_with_states(node.alerts, known.get(node.id, ()))) for node in nodes]
    return replace(location, name=location.name or site.location.name), nodes


async def _store_status(
    transaction: Transaction, site: Site, found: tuple[Location, list[Node]], now: datetime
) -> None:
    location, nodes = found
    rows = await as_of(transaction.connection, tables.nodes, now, location=location.id)
    before = [tables.node_from_row(row) for row in rows]
    earlier = await as_of(transaction.connection, tables.locations, now, id=location.id)
    old = tables.location_from_row(earlier[0]) if earlier else None
    await record(transaction, tables.locations, [tables.location_row(location)])
    node_rows = [tables.node_row(location.id, node) for node in nodes]
    await record(transaction, tables.nodes, node_rows, scope={"location": location.id})
    previous = assess(old, before, Freshness.LIVE) if old is not None and before else None
    await transaction.emit(
        *changes.pod_events(location, before, nodes, now),
        *changes.service_events(old, location, now),
        *changes.verdict_events(location, previous, assess(location, nodes, Freshness.LIVE), now),
    )
    test = choose_speed_test(location, nodes)
    if test is not None:
        await _store_speed_tests(transaction, site, [test], now)


async def _fetch_saturation(client: PlumeClient, site: Site) -> Saturation | None:
    return await client.saturation(site.location.id)


async def _store_saturation(
    transaction: Transaction, site: Site, found: Saturation | None, now: datetime
) -> None:
    if found is None:
        return
    for direction, percent in (("rx", found.rx_percent), ("tx", found.tx_percent)):
        if percent is not None:
            key = tables.saturation_key(site.location.id, direction)
            await write_samples(transaction, key, [(int(now.timestamp()), percent)], step=60, unit="%")
    shares = [percent for percent in (found.rx_percent, found.tx_percent) if percent is not None]
    if shares:
        told = await events.recent(
            transaction.connection,
            at=transaction.recorded_at,
            subject=f"location:{site.location.id}",
            kinds=changes.SATURATION_KINDS,
            limit=1,
        )
        last = told[0].event.kind if told else None
        await transaction.emit(
            *changes.saturation_events(site.location, max(shares), site.saturation_percent, last, now)
        )


async def _fetch_wan(client: PlumeClient, site: Site) -> list[WanSlot]:
    return await client.wan_slots(site.customer, site.location.id)


async def _store_wan(transaction: Transaction, site: Site, slots: list[WanSlot], now: datetime) -> None:
    batch = [
        SeriesSamples(
            tables.wan_key(site.location.id, field),
            [(slot.start, getattr(slot, field)) for slot in slots],
            _SLOT_SECONDS,
            unit,
        )
        for field, unit in WAN_UNITS.items()
    ]
    await write_many(transaction, batch)


async def _fetch_online(client: PlumeClient, site: Site) -> OnlineHistory:
    return await client.online_history(site.customer, site.location.id, hours=168 if site.first else 24)


async def _store_online(transaction: Transaction, site: Site, history: OnlineHistory, now: datetime) -> None:
    key = tables.online_key(site.location.id)
    day = Window.last(timedelta(days=1), now)
    known = await read_raw(transaction.connection, key, day, now)
    samples = [(row.start, ONLINE_VALUES.get(row.word)) for row in history.rows]
    await write_samples(transaction, key, samples, step=_SLOT_SECONDS)
    if known:
        recent = [row for row in history.rows if row.start >= day.start.timestamp()]
        since = from_epoch(max(moment for moment, _value in known)) - timedelta(seconds=_SLOT_SECONDS)
        analysis = analyse_online(recent, day)
        await transaction.emit(*changes.outage_events(site.location, analysis.incidents, since))


async def _fetch_wifi(client: PlumeClient, site: Site) -> list[WifiNetwork]:
    return await client.wifi_networks(site.customer, site.location.id)


async def _store_wifi(
    transaction: Transaction, site: Site, networks: list[WifiNetwork], _now: datetime
) -> None:
    rows = [tables.wifi_row(site.location.id, network) for network in networks]
    await record(transaction, tables.wifi_networks, rows, scope={"location": site.location.id})


async def _fetch_devices(client: PlumeClient, site: Site) -> list[Device]:
    return await client.devices(site.customer, site.location.id)


async def _store_devices(transaction: Transaction, site: Site, found: list[Device], _now: datetime) -> None:
    rows = [tables.device_row(site.location.id, device) for device in found]
    await record(transaction, tables.devices, rows, scope={"location": site.location.id})


async def _fetch_qoe(client: PlumeClient, site: Site) -> Sequence[QoeScore]:
    return await client.qoe(site.location.id) or ()


async def _store_qoe(transaction: Transaction, site: Site, scores: Sequence[QoeScore], now: datetime) -> None:
    slot = int(now.timestamp()) // _SLOT_SECONDS * _SLOT_SECONDS
    for score in scores:
        if score.score is not None:
            key = tables.qoe_key(site.location.id, score.subject)
            await write_samples(transaction, key, [(slot, score.score)], step=_SLOT_SECONDS)


async def _fetch_speed_tests(client: PlumeClient, site: Site) -> list[SpeedTest]:
    nodes = await client.nodes(site.customer, site.location.id)
    gateway = next((node for node in nodes if node.gateway), None)
    if gateway is None:
        return []
    return await client.speed_tests(site.customer, site.location.id, gateway.id, days=30 if site.first else 2)


async def _store_speed_tests(
    transaction: Transaction, site: Site, tests: Sequence[SpeedTest], now: datetime
) -> None:
    """Keep each test that has ended, and tell of those that ended since the last look.

    The cloud tells of a test in several places, not all of which give every figure: what one place said
    is not forgotten because another does not say it.
    """
    known = await as_of(
        transaction.connection, tables.speed_tests, transaction.recorded_at, location=site.location.id
    )
    figures = {row["ended_at"]: row for row in known}
    rows: list[dict[str, object]] = []
    for test in tests:
        if test.ended_at is None:
            continue
        row = tables.speed_test_row(site.location.id, test, test.ended_at)
        earlier = figures.get(to_epoch(test.ended_at))
        for field in ("download", "upload", "latency"):
            if row[field] is None and earlier is not None:
                row[field] = earlier[field]
        rows.append(row)
        if not site.first and now - test.ended_at < _NEWS:
            await transaction.emit(*changes.speed_test_events(site.location, test, now))
    await record(transaction, tables.speed_tests, rows)


def _with_states(alerts: tuple[Alert, ...], known: tuple[Alert, ...]) -> tuple[Alert, ...]:
    muted = {alert.type for alert in known if alert.muted}
    return tuple(replace(alert, muted=alert.muted or alert.type in muted) for alert in alerts)


def online_rows(samples: Sequence[tuple[int, float | None]]) -> list[OnlineRow]:
    """The connection history that a stored series means."""
    words = {value: word for word, value in ONLINE_VALUES.items()}
    return [OnlineRow(t, OnlineWord.UNKNOWN if v is None else words[v]) for t, v in samples]


PARTS: tuple[Part, ...] = (
    Part("status", 1, timedelta(seconds=5), _fetch_status, _store_status),
    Part("saturation", 1, timedelta(seconds=5), _fetch_saturation, _store_saturation),
    Part("wan", 2, timedelta(seconds=20), _fetch_wan, _store_wan),
    Part("online", 5, timedelta(minutes=1), _fetch_online, _store_online),
    Part("devices", 2, timedelta(seconds=20), _fetch_devices, _store_devices),
    Part("qoe", 5, timedelta(minutes=5), _fetch_qoe, _store_qoe),
    Part("wifi", 10, timedelta(minutes=5), _fetch_wifi, _store_wifi),
    Part("speed_tests", 60, timedelta(hours=1), _fetch_speed_tests, _store_speed_tests),
)
"""Every part, in the order in which a location is first looked at."""
