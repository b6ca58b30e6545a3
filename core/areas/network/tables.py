"""How the network area's values lie in the store: append-only versions of locations, pods, networks, devices.

Each table holds what the cloud said, one version for each change (`core.store.versions`). Enums lie as
their words, moments as seconds since 1970. WAN slots, saturation, the connection history and scores are
time series (`core.store.series`) under the names given here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Double, Integer, String, Text

from core.areas.network.model import (
    Alert,
    Connection,
    Device,
    Health,
    Location,
    Node,
    ServiceLevel,
    SpeedTest,
    WifiNetwork,
)
from core.moment import from_epoch, to_epoch
from core.store.metadata import new_metadata
from core.store.series import SeriesKey
from core.store.versions import versioned_table

__all__ = [
    "device_from_row",
    "device_row",
    "devices",
    "location_from_row",
    "location_row",
    "locations",
    "metadata",
    "node_from_row",
    "node_row",
    "nodes",
    "online_key",
    "qoe_key",
    "saturation_key",
    "speed_test_from_row",
    "speed_test_row",
    "speed_tests",
    "wan_key",
    "wifi_from_row",
    "wifi_networks",
    "wifi_row",
]

Row = Mapping[str, Any]

metadata = new_metadata()

locations = versioned_table(
    "network_location",
    metadata,
    keys=[Column("id", String(80))],
    fields=[
        Column("customer", String(80), nullable=False),
        Column("name", Text, nullable=False),
        Column("service_level", String(20), nullable=False),
        Column("profile", Text, nullable=False),
        Column("zone", Text, nullable=False),
        Column("provider", Text, nullable=False),
        Column("network_status", Text, nullable=False),
        Column("network_status_since", BigInteger),
        Column("connected_devices", Integer),
    ],
)

nodes = versioned_table(
    "network_node",
    metadata,
    keys=[Column("location", String(80)), Column("id", String(80))],
    fields=[
        Column("name", Text, nullable=False),
        Column("connection", String(20), nullable=False),
        Column("word", Text, nullable=False),
        Column("changed_at", BigInteger),
        Column("gateway", Boolean, nullable=False),
        Column("backhaul", Text, nullable=False),
        Column("health", String(20)),
        Column("health_word", Text, nullable=False),
        Column("alerts", Text, nullable=False),
        Column("connected_devices", Integer),
        Column("model", Text, nullable=False),
        Column("firmware", Text, nullable=False),
        Column("mac", Text, nullable=False),
        Column("ip", Text, nullable=False),
        Column("channel", Text, nullable=False),
        Column("parent", Text, nullable=False),
    ],
)

wifi_networks = versioned_table(
    "network_wifi",
    metadata,
    keys=[Column("location", String(80)), Column("id", String(80))],
    fields=[
        Column("ssid", Text, nullable=False),
        Column("enabled", Boolean),
        Column("security", Text, nullable=False),
        Column("broadcast", Boolean),
    ],
)

devices = versioned_table(
    "network_device",
    metadata,
    keys=[Column("location", String(80)), Column("mac", String(80))],
    fields=[
        Column("name", Text, nullable=False),
        Column("ip", Text, nullable=False),
        Column("medium", Text, nullable=False),
        Column("band", Text, nullable=False),
        Column("channel", Text, nullable=False),
        Column("connection", String(20), nullable=False),
        Column("changed_at", BigInteger),
        Column("health", String(20)),
        Column("node", String(80), nullable=False),
        Column("network", Text, nullable=False),
    ],
)

speed_tests = versioned_table(
    "network_speed_test",
    metadata,
    keys=[Column("location", String(80)), Column("ended_at", BigInteger)],
    fields=[
        Column("succeeded", Boolean, nullable=False),
        Column("status", Text, nullable=False),
        Column("download", Double),
        Column("upload", Double),
        Column("latency", Double),
    ],
)


def wan_key(location: str, field: str) -> SeriesKey:
    """The series of one field of a location's WAN slots, such as `rx_max_mbps`."""
    return SeriesKey("network", location, f"wan.{field}")


def saturation_key(location: str, direction: str) -> SeriesKey:
    """The series of how full a location's line is, in percent; `direction` is `rx` or `tx`."""
    return SeriesKey("network", location, f"saturation.{direction}")


def online_key(location: str) -> SeriesKey:
    """The series of a location's connection: 1 online, 0 offline, 0.5 intermittent, absent unknown."""
    return SeriesKey("network", location, "online")


def qoe_key(location: str, node: str) -> SeriesKey:
    """The series of a pod's quality of experience, 0 to 5."""
    return SeriesKey("network", location, f"qoe.{node}")


def location_row(location: Location) -> dict[str, object]:
    return {
        "id": location.id,
        "customer": location.customer,
        "name": location.name,
        "service_level": location.service_level.value,
        "profile": location.profile,
        "zone": location.zone,
        "provider": location.provider,
        "network_status": location.network_status,
        "network_status_since": _seconds(location.network_status_since),
        "connected_devices": location.connected_devices,
    }


def location_from_row(row: Row, speed_test: SpeedTest | None = None) -> Location:
    return Location(
        id=row["id"],
        customer=row["customer"],
        name=row["name"],
        service_level=ServiceLevel(row["service_level"]),
        profile=row["profile"],
        zone=row["zone"],
        provider=row["provider"],
        network_status=row["network_status"],
        network_status_since=_moment(row["network_status_since"]),
        connected_devices=row["connected_devices"],
        speed_test=speed_test,
    )


def node_row(location: str, node: Node) -> dict[str, object]:
    return {
        "location": location,
        "id": node.id,
        "name": node.name,
        "connection": node.connection.value,
        "word": node.word,
        "changed_at": _seconds(node.changed_at),
        "gateway": node.gateway,
        "backhaul": node.backhaul,
        "health": node.health.value if node.health else None,
        "health_word": node.health_word,
        "alerts": json.dumps([[alert.type, alert.muted] for alert in node.alerts], ensure_ascii=False),
        "connected_devices": node.connected_devices,
        "model": node.model,
        "firmware": node.firmware,
        "mac": node.mac,
        "ip": node.ip,
        "channel": node.channel,
        "parent": node.parent,
    }


def node_from_row(row: Row) -> Node:
    return Node(
        id=row["id"],
        name=row["name"],
        connection=Connection(row["connection"]),
        word=row["word"],
        changed_at=_moment(row["changed_at"]),
        gateway=bool(row["gateway"]),
        backhaul=row["backhaul"],
        health=Health(row["health"]) if row["health"] else None,
        health_word=row["health_word"],
        alerts=tuple(Alert(kind, muted) for kind, muted in json.loads(row["alerts"])),
        connected_devices=row["connected_devices"],
        model=row["model"],
        firmware=row["firmware"],
        mac=row["mac"],
        ip=row["ip"],
        channel=row["channel"],
        parent=row["parent"],
    )


def wifi_row(location: str, network: WifiNetwork) -> dict[str, object]:
    return {
        "location": location,
        "id": network.id,
        "ssid": network.ssid,
        "enabled": network.enabled,
        "security": network.security,
        "broadcast": network.broadcast,
    }


def wifi_from_row(row: Row) -> WifiNetwork:
    return WifiNetwork(row["id"], row["ssid"], row["enabled"], row["security"], row["broadcast"])


def device_row(location: str, device: Device) -> dict[str, object]:
    return {
        "location": location,
        "mac": device.mac,
        "name": device.name,
        "ip": device.ip,
        "medium": device.medium,
        "band": device.band,
        "channel": device.channel,
        "connection": device.connection.value,
        "changed_at": _seconds(device.changed_at),
        "health": device.health.value if device.health else None,
        "node": device.node,
        "network": device.network,
    }


def device_from_row(row: Row) -> Device:
    return Device(
        mac=row["mac"],
        name=row["name"],
        ip=row["ip"],
        medium=row["medium"],
        band=row["band"],
        channel=row["channel"],
        connection=Connection(row["connection"]),
        changed_at=_moment(row["changed_at"]),
        health=Health(row["health"]) if row["health"] else None,
        node=row["node"],
        network=row["network"],
    )


def speed_test_row(location: str, test: SpeedTest, ended_at: datetime) -> dict[str, object]:
    return {
        "location": location,
        "ended_at": to_epoch(ended_at),
        "succeeded": test.succeeded,
        "status": test.status,
        "download": test.download,
        "upload": test.upload,
        "latency": test.latency,
    }


def speed_test_from_row(row: Row) -> SpeedTest:
    return SpeedTest(
        succeeded=bool(row["succeeded"]),
        status=row["status"],
        download=row["download"],
        upload=row["upload"],
        latency=row["latency"],
        ended_at=from_epoch(row["ended_at"]),
    )


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else to_epoch(moment)


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else from_epoch(seconds)
