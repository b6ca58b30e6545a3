"""Where things are in the Plume cloud: one method for each path that opsdeck asks (plume.md 1 and 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx

from core.errors import InputError, SettingsError
from core.message import _

__all__ = ["Endpoints", "Target", "address"]

_LONGEST_ID = 128


@dataclass(frozen=True, slots=True)
class Target:
    """A thing to ask about: its address, whether that names a customer and a location, and the query."""

    url: httpx.URL
    customer: bool = False
    location: bool = False
    query: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def path(self) -> str:
        """What tells one target from another, whatever the query."""
        return str(self.url)


class Endpoints:
    """The paths below the two base addresses. An id that can be none raises `InputError`."""

    def __init__(self, api: httpx.URL, reports: httpx.URL) -> None:
        self._api = api
        self._reports = reports

    def customers(self, loopback_filter: str) -> Target:
        """All customers; the filter is a JSON text of LoopBack form."""
        return _target(self._api, "Customers", query={"filter": loopback_filter})

    def locations(self, customer: str) -> Target:
        """A customer's locations."""
        return _target(self._api, "Customers", customer, "locations")

    def location(self, customer: str, location: str) -> Target:
        """A location with its summary."""
        return self._in_location(customer, location, query={"include": "summary"})

    def service_level(self, customer: str, location: str) -> Target:
        """A location's commercial state."""
        return self._in_location(customer, location, "serviceLevel")

    def nodes(self, customer: str, location: str) -> Target:
        """A location's pods."""
        return self._in_location(customer, location, "nodes")

    def alerts(self, customer: str, location: str) -> Target:
        """The alerts of a whole location."""
        return self._in_location(customer, location, "alerts")

    def wifi_networks(self, customer: str, location: str) -> Target:
        """A location's Wi-Fi networks: the plural path, never the one that carries the passphrase."""
        return self._in_location(customer, location, "wifiNetworks")

    def devices(self, customer: str, location: str) -> Target:
        """A location's devices."""
        return self._in_location(customer, location, "devices")

    def speed_test_start(self, customer: str, location: str) -> Target:
        """Where a test of the line is started."""
        return self._in_location(customer, location, "ispSpeedTest")

    def wan_stats(self, customer: str, location: str) -> Target:
        """The WAN statistics of a day."""
        return self._in_reports(customer, location, "wanStats", query={"period": "daily"})

    def online_stats(self, customer: str, location: str, granularity: str, limit: int) -> Target:
        """The connection history of the last `limit` hours or days."""
        query = {"granularity": granularity, "limit": str(limit)}
        return self._in_reports(customer, location, "onlineStats", query=query)

    def speed_test_results(self, customer: str, location: str, node: str, days: int) -> Target:
        """The history of a node's speed tests, failed ones included."""
        query = {"granularity": "days", "limit": str(days), "showFailedSpeedTests": "true"}
        return self._in_reports(customer, location, "nodes", node, "results", query=query)

    def wan_history(self, location: str) -> Target:
        """The newer twin of the WAN statistics."""
        return self._in_gateway(location, "wan-stats", "history")

    def saturation(self, location: str) -> Target:
        """How full the line is now."""
        return self._in_gateway(location, "wan-saturation")

    def qoe(self, location: str) -> Target:
        """The quality of experience in the newest minute."""
        return self._in_gateway(location, "qoe")

    def _in_location(
        self, customer: str, location: str, *rest: str, query: Mapping[str, str] | None = None
    ) -> Target:
        return _target(self._api, "Customers", customer, "locations", location, *rest, query=query)

    def _in_reports(
        self, customer: str, location: str, *rest: str, query: Mapping[str, str] | None = None
    ) -> Target:
        return _target(self._reports, "Customers", customer, "locations", location, *rest, query=query)

    def _in_gateway(self, location: str, *rest: str) -> Target:
        return _target(self._reports, "gateway", "locations", location, *rest)


def address(text: str, setting: str) -> httpx.URL:
    """A base address out of the settings.

    Raises:
        SettingsError: it is no web address, or carries a name and password that would take the place of ours.
    """
    try:
        url = httpx.URL(text.strip())
    except httpx.InvalidURL as error:
        raise SettingsError(_("{setting} is no web address.", setting=setting)) from error
    if url.scheme not in ("http", "https") or not url.host:
        raise SettingsError(_("{setting} must begin with https://.", setting=setting))
    if url.userinfo:
        raise SettingsError(_("{setting} must not contain a name or password.", setting=setting))
    return url


def _target(base: httpx.URL, *segments: str, query: Mapping[str, str] | None = None) -> Target:
    """The target at `segments` below `base`, each encoded, with exactly one slash between any two."""
    path = "/".join(_encoded(segment) for segment in segments)
    return Target(
        httpx.URL(f"{str(base).rstrip('/')}/{path}"),
        customer=segments[0] == "Customers" and len(segments) > 1,
        location="locations" in segments[:-1],
        query=query or {},
    )


def _encoded(segment: str) -> str:
    """An id as a part of a path.

    Raises:
        InputError: it is empty, too long, or would lead to another path.
    """
    if len(segment) > _LONGEST_ID or not segment.strip(". "):
        raise InputError(_("This can't be an id of Plume's."))
    try:
        return quote(segment, safe="")
    except UnicodeEncodeError as error:
        raise InputError(_("This can't be an id of Plume's.")) from error
