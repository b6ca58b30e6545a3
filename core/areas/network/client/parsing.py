"""From the API's JSON to values: customers, locations, pods, Wi-Fi networks, devices, alerts.

The rules are those of plume.md 4.1 to 4.5 and 4.9. Every parser takes any JSON at all and either answers
values or raises `BadAnswerError`; rows without an id are left out, and so is any later row with an id
already seen. No field that can hold a passphrase is ever read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from core.areas.network.client.fields import (
    JsonObject,
    as_list,
    as_object,
    count,
    flag,
    hardware_address,
    identifier,
    moment,
    rows,
    single,
    text,
    word,
)
from core.areas.network.client.parsing_reports import parse_speed_test
from core.areas.network.model import (
    Alert,
    Connection,
    Customer,
    Device,
    Health,
    Location,
    Node,
    ServiceLevel,
    SpeedTest,
    WifiNetwork,
)
from core.errors import BadAnswerError
from core.message import _
from core.text import cell

__all__ = [
    "parse_alerts",
    "parse_customers",
    "parse_devices",
    "parse_location",
    "parse_locations",
    "parse_nodes",
    "parse_service_level",
    "parse_wifi_networks",
]

T = TypeVar("T")

_MUTED_STATES = frozenset({"snooze", "ignore", "performanceacceptable"})
_MOST_ALERTS = 50  # Of one pod; no screen shows more.
_NO_ADDRESS = "00:00:00:00:00:00"
_ZONE = re.compile(r"[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,3}")
_SAME_SECURITY = {"wpa2-psk": "psk2", "wpa3-sae": "sae"}
_CONNECTIONS = {"connected": Connection.CONNECTED, "disconnected": Connection.DISCONNECTED}
_HEALTHS = {health.value: health for health in Health}
_SERVICE_LEVELS = {level.value.lower(): level for level in ServiceLevel}


def parse_customers(body: object) -> list[Customer]:
    """The customers of a partner (plume.md 4.1)."""
    found = (
        Customer(identifier(row, "id"), text(row, "name"), text(row, "accountId"))
        for row in rows(body, "customers", things=_("customers"))
    )
    return _unique(found, lambda customer: customer.id)


def parse_locations(body: object, customer: str) -> list[Location]:
    """The locations of `customer`: a list, or one object where the cloud sends that (plume.md 4.2)."""
    if identifier(as_object(body), "id"):
        return [_location(as_object(body), customer)]
    found = rows(body, "locations", things=_("locations"))
    return _unique((_location(row, customer) for row in found), lambda location: location.id)


def parse_location(body: object, customer: str) -> Location:
    """One location with its state (plume.md 4.3).

    Raises:
        BadAnswerError: there is no location in the answer.
    """
    location = _location(single(body, "location", thing=_("a location")), customer)
    if not location.id:
        raise BadAnswerError(_("Plume's answer can't be read: its location has no id."))
    return location


def parse_service_level(body: object) -> ServiceLevel:
    """The commercial state of a location, from its own endpoint; `{}` is unknown (plume.md 4.3)."""
    return _service_level(single(body, "serviceLevel", thing=_("a service level")))


def parse_nodes(body: object) -> list[Node]:
    """The pods of a location, duplicates by serial or MAC left out (plume.md 4.4).

    Raises:
        BadAnswerError: no list, or a list of things without ids. Never an empty answer in their stead,
            because a location without pods is judged offline (plume.md 7.2).
    """
    found = rows(body, "nodes", things=_("pods"), null_is_empty=False)
    nodes: list[Node] = []
    seen: set[str] = set()
    for row in found:
        node = _node(row)
        marks = {node.id, *({node.mac} - {"", _NO_ADDRESS}), *({identifier(row, "serialNumber")} - {""})}
        if node.id and seen.isdisjoint(marks):
            nodes.append(node)
            seen |= marks
    if found and not nodes:
        raise BadAnswerError(_("Plume's answer can't be read: none of its pods has an id."))
    return nodes


def parse_wifi_networks(body: object) -> list[WifiNetwork]:
    """The Wi-Fi networks of a location (plume.md 4.5); passphrases in the answer are not looked at."""
    found = rows(body, "wifiNetworks", "networks", things=_("Wi-Fi networks"))
    return _unique((_wifi_network(row) for row in found), lambda network: network.id)


def parse_devices(body: object) -> list[Device]:
    """The devices of a location (plume.md 4.9); one without a MAC address can't be told from another."""
    found = rows(body, "devices", things=_("devices"))
    return _unique((_device(row) for row in found), lambda device: device.mac)


def parse_alerts(body: object) -> dict[str, tuple[Alert, ...]]:
    """The alerts of each pod, by its id, from the location-wide list (plume.md 4.4)."""
    alerts: dict[str, tuple[Alert, ...]] = {}
    for row in rows(body, "nodes", things=_("pods")):
        node = identifier(row, "id", "nodeId", "serialNumber")
        if node:
            own = row.get("alerts", [row] if "type" in row else [])
            alerts[node] = (*alerts.get(node, ()), *_alerts(own))[:_MOST_ALERTS]
    return alerts


def _location(row: JsonObject, customer: str) -> Location:
    geography = as_object(row.get("geoIp"))
    status = as_object(row.get("networkStatus"))
    zone = text(geography, "timezone")
    level = row.get("serviceLevel")
    return Location(
        id=identifier(row, "id"),
        customer=identifier(row, "customerId") or customer,
        name=text(row, "name"),
        service_level=_service_level(as_object(level) or {"status": level}),
        profile=text(row, "profile", limit=40),
        zone=zone if _ZONE.fullmatch(zone) else "",
        provider=text(geography, "ISP", "isp"),
        network_status=text(status, "status", limit=60),
        network_status_since=moment(status.get("statusChangedAt")),
        connected_devices=count(as_object(row.get("summary")).get("connectedDeviceCount")),
        speed_test=_location_speed_test(row),
    )


def _location_speed_test(row: JsonObject) -> SpeedTest | None:
    """The newest test; the older place of it had no status and was there only after a success."""
    return parse_speed_test(row.get("speedTest")) or parse_speed_test(
        row.get("ispSpeedTestResult"), without_status=True
    )


def _service_level(row: JsonObject) -> ServiceLevel:
    return _SERVICE_LEVELS.get(word(row, "status"), ServiceLevel.UNKNOWN)


def _node(row: JsonObject) -> Node:
    node = identifier(row, "id", "nodeId", "serialNumber")
    health, health_word = _health(row)
    return Node(
        id=node,
        name=text(row, "nickname", "defaultName") or node,
        connection=_connection(row),
        word=text(row, "connectionState", limit=60),
        changed_at=moment(row.get("connectionStateChangeAt")),
        gateway=flag(row.get("residentialGateway")) is True,
        backhaul=word(row, "backhaulType"),
        health=health,
        health_word=health_word,
        alerts=_alerts(row.get("alerts")),
        connected_devices=count(row.get("connectedDeviceCount")),
        model=text(row, "model"),
        firmware=text(row, "firmwareVersion"),
        mac=hardware_address(row, "mac", "macAddress", "ethernetMac"),
        ip=text(row, "ip", limit=64),
        channel=text(row, "channel", "5gChannel", "6gChannel", "2gChannel", limit=40),
        parent=_next_hop(row, node),
        speed_test=parse_speed_test(row.get("speedTest")),
    )


def _device(row: JsonObject) -> Device:
    mac = hardware_address(row, "mac", "macAddress")
    return Device(
        mac=mac,
        name=text(row, "nickname", "name"),
        ip=text(row, "ip", limit=64),
        medium=word(row, "medium"),
        band=text(row, "freqBand", limit=40),
        channel=text(row, "channel", limit=40),
        connection=_connection(row),
        changed_at=moment(row.get("connectionStateChangeAt")),
        health=_health(row)[0],
        node=_next_hop(row, mac),
        network=identifier(row, "networkId"),
    )


def _wifi_network(row: JsonObject) -> WifiNetwork:
    ssid = text(row, "ssid", limit=64)
    enabled = flag(row.get("enabled"))
    return WifiNetwork(
        id=identifier(row, "id") or ssid,
        ssid=ssid,
        enabled=flag(row.get("enable")) if enabled is None else enabled,
        security=_security(row),
        broadcast=flag(row.get("ssidBroadcast")),
    )


def _security(row: JsonObject) -> str:
    """The vendor's word for how a network is secured, one spelling of each; empty when not said."""
    bands = as_object(row.get("wpaModes"))
    mode = word(row, "wpaMode") or word(bands, "freqBand5", "freqBand24", "freqBand6")
    if not mode and word(row, "encryption") == "open":
        return "open"
    return _SAME_SECURITY.get(mode, mode)


def _connection(row: JsonObject) -> Connection:
    return _CONNECTIONS.get(word(row, "connectionState"), Connection.UNKNOWN)


def _health(row: JsonObject) -> tuple[Health | None, str]:
    """The health and its word, from an object or flat; nothing at all is not reported, which is no health."""
    nested = as_object(row.get("health")) or {"status": row.get("health")}
    said = text(nested, "status", limit=60) or text(row, "healthStatus", limit=60)
    return (_HEALTHS.get(said.lower(), Health.UNKNOWN), said) if said else (None, "")


def _alerts(value: object) -> tuple[Alert, ...]:
    """Alerts as objects or bare words; one without a word to show is left out."""
    found: list[Alert] = []
    for each in as_list(value)[:_MOST_ALERTS]:
        row = as_object(each)
        kind = cell(each, 120) if isinstance(each, str) else text(row, "type", "name")
        if kind:
            found.append(Alert(kind, word(row, "state") in _MUTED_STATES))
    return tuple(found)


def _next_hop(row: JsonObject, own: str) -> str:
    """The first thing on the path to the gateway that is not the row itself."""
    path = as_list(row.get("leafToRoot"))
    hops = (identifier(as_object(each) or {"id": each}, "id") for each in path)
    return next((hop for hop in hops if hop and hop.lower() != own.lower()), "")


def _unique(found: Iterable[T], key: Callable[[T], Hashable]) -> list[T]:
    """The first of each key, in order; without a key, left out."""
    kept: dict[Hashable, T] = {}
    for each in found:
        if key(each):
            kept.setdefault(key(each), each)
    return list(kept.values())
