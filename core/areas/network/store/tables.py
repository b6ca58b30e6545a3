"""How the network area's values lie in the store: append-only versions of locations, pods, networks, devices.

Each table holds what the cloud said, one version for each change (`core.store.versions`); `rows` turns
values into its rows and back. WAN slots, saturation, the connection history and scores are time series
(`core.store.series`) under the names given here.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Double, Integer, String, Text

from core.store.metadata import new_metadata
from core.store.series import SeriesKey
from core.store.versions import versioned_table

__all__ = [
    "devices",
    "locations",
    "metadata",
    "nodes",
    "online_key",
    "qoe_key",
    "saturation_key",
    "speed_tests",
    "wan_key",
    "wifi_networks",
]

metadata = new_metadata()

locations = versioned_table(
    "network_location",
    metadata,
    keys=[Column("id", String(128))],
    fields=[
        Column("customer", String(128), nullable=False),
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
    keys=[Column("location", String(128)), Column("id", String(128))],
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
    keys=[Column("location", String(128)), Column("id", String(128))],
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
    keys=[Column("location", String(128)), Column("mac", String(128))],
    fields=[
        Column("name", Text, nullable=False),
        Column("ip", Text, nullable=False),
        Column("medium", Text, nullable=False),
        Column("band", Text, nullable=False),
        Column("channel", Text, nullable=False),
        Column("connection", String(20), nullable=False),
        Column("changed_at", BigInteger),
        Column("health", String(20)),
        Column("node", String(128), nullable=False),
        Column("network", Text, nullable=False),
    ],
)

speed_tests = versioned_table(
    "network_speed_test",
    metadata,
    keys=[Column("location", String(128)), Column("ended_at", BigInteger)],
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
