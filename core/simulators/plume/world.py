"""What exists in the simulated cloud: partners, customers, locations and what stands in them.

All of it is immutable. What changes with time (a story, outages, people carrying phones) is computed
from these descriptions and a moment, never stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from core.simulators.plume.stamps import StampStyle
from core.simulators.plume.traffic import WanProfile, WanSlot
from core.simulators.plume.uptime import Uptime

__all__ = [
    "Alert",
    "Customer",
    "Device",
    "Habit",
    "JsonObject",
    "Location",
    "Node",
    "Partner",
    "Place",
    "Quirks",
    "WifiNetwork",
    "World",
]

JsonObject: TypeAlias = dict[str, object]
"""One JSON object on its way out."""

Alert: TypeAlias = Mapping[str, str] | str
"""`{"type": …}`, in older clouds `{"name": …}` or a bare word (plume.md 4.4)."""

Habit: TypeAlias = Literal["always", "working", "evening", "visiting"]
"""When a device tends to be connected."""


@dataclass(frozen=True, slots=True)
class Partner:
    """An operator of the cloud, with machine credentials that are obviously invented."""

    id: str
    name: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Customer:
    """An account of a partner; `created` in epoch seconds."""

    id: str
    partner_id: str
    account_id: str
    name: str
    email: str
    created: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a location is, as its `geoIp` tells it."""

    city: str
    country: str
    zone: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Device:
    """Something a person or a business connects; signal strength in dBm."""

    mac: str
    name: str
    ip: str
    medium: Literal["wifi", "ethernet"]
    band: str | None
    channel: int | None
    health: str
    signal: int
    habit: Habit


@dataclass(frozen=True, slots=True)
class Node:
    """A gateway or a pod. `overrides` replaces fields of the served body, `withheld` removes them."""

    id: str
    default_name: str
    nickname: str | None
    model: str
    firmware: str
    mac: str
    ip: str
    state_since: int
    gateway: bool = False
    parents: tuple[str, ...] = ()
    backhaul: str = "wifi"
    state: str = "connected"
    health: str | None = "good"
    alerts: tuple[Alert, ...] = ()
    devices: tuple[Device, ...] = ()
    overrides: Mapping[str, object] = field(default_factory=dict[str, object])
    withheld: frozenset[str] = frozenset()

    @property
    def connected(self) -> bool:
        return self.state == "connected"


@dataclass(frozen=True, slots=True)
class WifiNetwork:
    """A Wi-Fi network; its passphrase is the same obviously fake one everywhere."""

    id: str
    ssid: str
    enabled: bool
    wpa_mode: str | None
    broadcast: bool = True


@dataclass(frozen=True, slots=True)
class Quirks:
    """How a location's answers differ in form from the plain ones (plume.md 11.4).

    `wan_count` is how many slots the daily statistics hold; `wan_order` disturbs their list.
    """

    envelope: Literal["object", "nested", "list"] = "object"
    stamps: StampStyle = "zulu"
    date_range: Literal["object", "list", "at"] = "object"
    wan_count: int = 96
    wan_order: Literal["newest", "shuffled", "duplicated"] = "newest"


@dataclass(frozen=True, slots=True)
class Location:
    """A site. `wan_rows`, where given, is all the WAN data there is, instead of the profile's."""

    id: str
    customer_id: str
    name: str
    service_id: str
    profile: str
    created: int
    place: Place
    address: str
    nodes: tuple[Node, ...]
    networks: tuple[WifiNetwork, ...]
    wan: WanProfile
    uptime: Uptime
    service_level: str | None = "fullService"
    quirks: Quirks = Quirks()
    wan_rows: tuple[WanSlot, ...] | None = None
    overrides: Mapping[str, object] = field(default_factory=dict[str, object])
    withheld: frozenset[str] = frozenset()

    @property
    def gateway(self) -> Node | None:
        """The node on the provider's line, if there is one."""
        return next((node for node in self.nodes if node.gateway), None)


@dataclass(frozen=True, slots=True)
class World:
    """A whole scenario. The first partner is the main one; `spare_serials` are unclaimed nodes.

    `story` names the location and the node to which the demo's story happens.
    """

    partners: tuple[Partner, ...]
    customers: tuple[Customer, ...]
    locations: tuple[Location, ...]
    spare_serials: tuple[str, ...] = ()
    story: tuple[str, str] | None = None
