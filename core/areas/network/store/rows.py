"""The network area's values as rows of its tables and samples of its series, and back.

Enums lie as their words, moments as seconds since 1970.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping

from core.areas.network.model import (
    Alert,
    Connection,
    Device,
    Health,
    Location,
    Node,
    OnlineRow,
    OnlineWord,
    ServiceLevel,
    SpeedTest,
    WifiNetwork,
)
from core.moment import from_epoch, to_epoch

__all__ = [
    "ONLINE_VALUES",
    "WAN_FIELDS",
    "WAN_UNITS",
    "device_from_row",
    "device_row",
    "location_from_row",
    "location_row",
    "node_from_row",
    "node_row",
    "online_rows",
    "speed_test_from_row",
    "speed_test_row",
    "wifi_from_row",
    "wifi_row",
]

WAN_UNITS = {"rx_mbytes": "MB", "tx_mbytes": "MB", "rx_max_mbps": "Mbps", "tx_max_mbps": "Mbps"}
WAN_FIELDS = tuple(WAN_UNITS)
"""The four numbers of a WAN slot, each a series of its own, with its unit."""

ONLINE_VALUES = {OnlineWord.ONLINE: 1.0, OnlineWord.OFFLINE: 0.0, OnlineWord.INTERMITTENT: 0.5}
"""How a word of the connection history lies in its series; unknown lies as an absent value."""

_ONLINE_WORDS = {value: word for word, value in ONLINE_VALUES.items()}


def location_row(location: Location) -> dict[str, object]:
    """The row of a location."""
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


def location_from_row(row: RowMapping) -> Location:
    """The location of a row; its newest speed test lies in a table of its own."""
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
    )


def node_row(location: str, node: Node) -> dict[str, object]:
    """The row of a pod."""
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


def node_from_row(row: RowMapping) -> Node:
    """The pod of a row."""
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
    """The row of a Wi-Fi network."""
    return {
        "location": location,
        "id": network.id,
        "ssid": network.ssid,
        "enabled": network.enabled,
        "security": network.security,
        "broadcast": network.broadcast,
    }


def wifi_from_row(row: RowMapping) -> WifiNetwork:
    """The Wi-Fi network of a row."""
    return WifiNetwork(row["id"], row["ssid"], row["enabled"], row["security"], row["broadcast"])


def device_row(location: str, device: Device) -> dict[str, object]:
    """The row of a device."""
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


def device_from_row(row: RowMapping) -> Device:
    """The device of a row."""
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
    """The row of a speed test that ended then."""
    return {
        "location": location,
        "ended_at": to_epoch(ended_at),
        "succeeded": test.succeeded,
        "status": test.status,
        "download": test.download,
        "upload": test.upload,
        "latency": test.latency,
    }


def speed_test_from_row(row: RowMapping) -> SpeedTest:
    """The speed test of a row."""
    return SpeedTest(
        succeeded=bool(row["succeeded"]),
        status=row["status"],
        download=row["download"],
        upload=row["upload"],
        latency=row["latency"],
        ended_at=from_epoch(row["ended_at"]),
    )


def online_rows(samples: Sequence[tuple[int, float | None]]) -> list[OnlineRow]:
    """The connection history that samples of its series mean."""
    return [
        OnlineRow(t, OnlineWord.UNKNOWN if v is None else _ONLINE_WORDS.get(v, OnlineWord.UNKNOWN))
        for t, v in samples
    ]


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else to_epoch(moment)


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else from_epoch(seconds)
