"""Where things are in the Plume cloud: one function for each path that opsdeck asks (plume.md 1 and 4).

An id that can be none raises `InputError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from core.engine.addresses import segment

__all__ = [
    "Base",
    "Target",
    "alerts",
    "customers",
    "devices",
    "location",
    "locations",
    "nodes",
    "online_stats",
    "qoe",
    "saturation",
    "service_level",
    "speed_test_results",
    "speed_test_start",
    "wan_history",
    "wan_stats",
    "wifi_networks",
]


class Base(StrEnum):
    """The address that a path is below."""

    API = "api"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class Target:
    """A thing to ask about: where it is, whether that names a customer and a location, and the query."""

    base: Base
    path: str
    method: str = "GET"
    customer: bool = False
    location: bool = False
    params: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def place(self) -> str:
        """What tells one target from another, whatever the query."""
        return f"{self.base}/{self.path}"


def customers(loopback_filter: str) -> Target:
    """All customers; the filter is a JSON text of LoopBack form."""
    return _target(Base.API, "Customers", params={"filter": loopback_filter})


def locations(customer: str) -> Target:
    """A customer's locations."""
    return _target(Base.API, "Customers", customer, "locations")


def location(customer: str, location: str) -> Target:
    """A location with its summary."""
    return _in_location(Base.API, customer, location, params={"include": "summary"})


def service_level(customer: str, location: str) -> Target:
    """A location's commercial state."""
    return _in_location(Base.API, customer, location, "serviceLevel")


def nodes(customer: str, location: str) -> Target:
    """A location's pods."""
    return _in_location(Base.API, customer, location, "nodes")


def alerts(customer: str, location: str) -> Target:
    """The alerts of a whole location."""
    return _in_location(Base.API, customer, location, "alerts")


def wifi_networks(customer: str, location: str) -> Target:
    """A location's Wi-Fi networks: the plural path, never the one that carries the passphrase."""
    return _in_location(Base.API, customer, location, "wifiNetworks")


def devices(customer: str, location: str) -> Target:
    """A location's devices."""
    return _in_location(Base.API, customer, location, "devices")


def speed_test_start(customer: str, location: str) -> Target:
    """Where a test of the line is started."""
    return replace(_in_location(Base.API, customer, location, "ispSpeedTest"), method="POST")


def wan_stats(customer: str, location: str) -> Target:
    """The WAN statistics of a day."""
    return _in_location(Base.REPORTS, customer, location, "wanStats", params={"period": "daily"})


def online_stats(customer: str, location: str, granularity: str, limit: int) -> Target:
    """The connection history of the last `limit` hours or days."""
    params = {"granularity": granularity, "limit": str(limit)}
    return _in_location(Base.REPORTS, customer, location, "onlineStats", params=params)


def speed_test_results(customer: str, location: str, node: str, days: int) -> Target:
    """The history of a node's speed tests, failed ones included."""
    params = {"granularity": "days", "limit": str(days), "showFailedSpeedTests": "true"}
    return _in_location(Base.REPORTS, customer, location, "nodes", node, "results", params=params)


def wan_history(location: str) -> Target:
    """The newer twin of the WAN statistics."""
    return _in_gateway(location, "wan-stats", "history")


def saturation(location: str) -> Target:
    """How full the line is now."""
    return _in_gateway(location, "wan-saturation")


def qoe(location: str) -> Target:
    """The quality of experience in the newest minute."""
    return _in_gateway(location, "qoe")


def _in_location(
    base: Base, customer: str, location: str, *rest: str, params: Mapping[str, str] | None = None
) -> Target:
    return _target(base, "Customers", customer, "locations", location, *rest, params=params)


def _in_gateway(location: str, *rest: str) -> Target:
    return _target(Base.REPORTS, "gateway", "locations", location, *rest)


def _target(base: Base, *parts: str, params: Mapping[str, str] | None = None) -> Target:
    """The target at `parts` below `base`, each encoded."""
    return Target(
        base,
        "/".join(segment(part) for part in parts),
        customer=parts[0] == "Customers" and len(parts) > 1,
        location="locations" in parts[:-1],
        params=params or {},
    )
