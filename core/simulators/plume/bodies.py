"""The JSON of the main API: customers, locations, nodes, devices, Wi-Fi networks (plume.md 4.1 to 4.9)."""

from __future__ import annotations

from core.simulators.plume.cloud import Cloud
from core.simulators.plume.speed import SpeedTest
from core.simulators.plume.stamps import stamp
from core.simulators.plume.world import Customer, Device, JsonObject, Location, Node, WifiNetwork

__all__ = [
    "FAKE_KEY",
    "alerts_body",
    "customer_body",
    "device_list_body",
    "location_body",
    "location_row",
    "node_body",
    "node_list_body",
    "service_level_body",
    "speed_test_body",
    "wifi_body",
]

FAKE_KEY = "FAKE-NOT-A-KEY"
"""The passphrase of every simulated Wi-Fi network. A client that shows or stores it has leaked it."""


def customer_body(customer: Customer) -> JsonObject:
    """A customer as the customer list has it."""
    return {
        "id": customer.id,
        "accountId": customer.account_id,
        "name": customer.name,
        "partnerId": customer.partner_id,
        "email": customer.email,
        "emailVerified": True,
        "locked": False,
        "acceptLanguage": "en-US",
        "createdAt": stamp(customer.created),
        "source": "simulator",
        "_version": "1.0.0",
    }


def location_row(cloud: Cloud, location: Location, *, summary: bool) -> JsonObject:
    """A location as its customer's list has it."""
    body: JsonObject = {
        "id": location.id,
        "name": location.name,
        "customerId": location.customer_id,
        "serviceId": location.service_id,
        "profile": location.profile,
        "createdAt": stamp(location.created, location.quirks.stamps),
    }
    if summary:
        body["summary"] = _summary(cloud, location)
    named = {key: value for key, value in location.overrides.items() if key in body}
    return _finished(body | named, location.withheld)


def location_body(cloud: Cloud, location: Location, *, summary: bool) -> JsonObject:
    """A location's combined state and configuration (plume.md 4.3)."""
    customer = cloud.customers[location.customer_id]
    test = cloud.last_speed_test(location)
    body = location_row(cloud, location, summary=summary) | {
        "partnerId": customer.partner_id,
        "accountId": customer.account_id,
        "region": None,
        "serviceLevel": service_level_body(location),
        "networkStatus": _network_status(cloud, location),
        "ispSpeedTestConfiguration": {"enable": True, "speedCapable": True, "enableAllNodes": False},
        "geoIp": _geo_ip(location),
        "optimizations": {"enable": True},
        "controlMode": {"mode": "auto"},
    }
    if test is not None:
        body["speedTest"] = speed_test_body(test, location)
    return _finished(body | dict(location.overrides), location.withheld)


def service_level_body(location: Location) -> JsonObject:
    """The commercial state of a location; an empty object where the cloud has none."""
    if location.service_level is None:
        return {}
    created = stamp(location.created, location.quirks.stamps)
    return {"status": location.service_level, "createdAt": created, "updatedAt": created}


def speed_test_body(test: SpeedTest, location: Location) -> JsonObject:
    """A finished speed test: Mbit/s and ms."""
    return {
        "status": test.status,
        "download": test.download,
        "upload": test.upload,
        "rtt": test.rtt,
        "endedAt": stamp(test.ended_at.timestamp(), location.quirks.stamps),
    }


def node_body(cloud: Cloud, location: Location, node: Node, *, detailed: bool = False) -> JsonObject:
    """A node's row in the list; with `detailed` also the devices on it, as the single-node answer has."""
    body: JsonObject = {
        "id": node.id,
        "defaultName": node.default_name,
        "nickname": node.nickname,
        "connectionState": node.state,
        "connectionStateChangeAt": stamp(node.state_since, location.quirks.stamps),
        "backhaulType": node.backhaul,
        "connectedDeviceCount": cloud.device_count(location, node),
        "firmwareVersion": node.firmware,
        "model": node.model,
        "ip": node.ip,
        "mac": node.mac,
        "ethernetMac": node.mac,
        "health": None if node.health is None else {"status": node.health},
        "alerts": list(node.alerts),
        "residentialGateway": node.gateway,
        "2gChannel": "6",
        "5gChannel": "44",
        "leafToRoot": [{"id": parent} for parent in node.parents],
        "wifiConfig": [],
    }
    if detailed:
        devices = ((device, cloud.presence(location, node, device)) for device in node.devices)
        body["connectedDevices"] = [
            _device(location, node, device, presence) for device, presence in devices if presence[0]
        ]
    return _finished(body | dict(node.overrides), node.withheld)


def node_list_body(cloud: Cloud, location: Location) -> object:
    """All nodes, in the envelope the location's cloud uses (plume.md 4.4)."""
    return _enveloped([node_body(cloud, location, node) for node in cloud.nodes(location)], "nodes", location)


def device_list_body(cloud: Cloud, location: Location) -> object:
    """All known devices, connected or not (plume.md 4.9)."""
    rows = [
        _device(location, node, device, cloud.presence(location, node, device))
        for node in cloud.nodes(location)
        for device in node.devices
    ]
    return _enveloped(rows, "devices", location)


def wifi_body(network: WifiNetwork) -> JsonObject:
    """A Wi-Fi network as the plural path has it, with both spellings of enabled (plume.md 4.5)."""
    body: JsonObject = {
        "id": network.id,
        "ssid": network.ssid,
        "enable": network.enabled,
        "enabled": network.enabled,
        "ssidBroadcast": network.broadcast,
        "encryptionKey": FAKE_KEY,
    }
    return body | ({"encryption": "OPEN"} if network.wpa_mode is None else {"wpaMode": network.wpa_mode})


def alerts_body(cloud: Cloud, location: Location) -> JsonObject:
    """The alerts of the whole location: an array of nodes and one of devices."""
    nodes = [node for node in cloud.nodes(location) if node.alerts]
    return {"nodes": [{"id": node.id, "alerts": list(node.alerts)} for node in nodes], "devices": []}


def _device(location: Location, node: Node, device: Device, presence: tuple[bool, int]) -> JsonObject:
    connected, since = presence
    return {
        "mac": device.mac,
        "name": device.name,
        "nickname": None,
        "icon": device.name.rpartition("-")[0],
        "ip": device.ip,
        "medium": device.medium,
        "freqBand": device.band,
        "channel": device.channel,
        "connectionState": "connected" if connected else "disconnected",
        "connectionStateChangeAt": stamp(since, location.quirks.stamps),
        "health": {"status": device.health} if connected else None,
        "networkId": location.networks[0].id if location.networks and device.medium == "wifi" else None,
        "leafToRoot": [{"id": parent} for parent in (node.id, *node.parents)] if connected else [],
    }


def _summary(cloud: Cloud, location: Location) -> JsonObject:
    """What `include=summary` adds: the cloud's own totals."""
    nodes = cloud.nodes(location)
    gateway = next((node for node in nodes if node.gateway), None)
    return {
        "topology": [node_body(cloud, location, node) for node in nodes],
        "gatewayConnectionState": gateway.state if gateway else None,
        "nodeConnectedCount": sum(node.connected for node in nodes),
        "nodeClaimedCount": len(nodes),
        "connectedDeviceCount": sum(cloud.device_count(location, node) for node in nodes),
        "networkModeRealized": "router",
    }


def _network_status(cloud: Cloud, location: Location) -> JsonObject:
    gateway = location.gateway
    since = gateway.state_since if gateway else location.created
    return {
        "status": "online" if gateway and cloud.is_online(location) else "offline",
        "statusChangedAt": stamp(since, location.quirks.stamps),
        "durationOfPreviousStatus": 840,
        "updatedAt": stamp(cloud.now, location.quirks.stamps),
    }


def _geo_ip(location: Location) -> JsonObject:
    place = location.place
    return {
        "ip": location.address,
        "country": place.country,
        "city": place.city,
        "state": None,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "timezone": place.zone,
        "ISP": "Simulated Telecom",
    }


def _enveloped(rows: list[JsonObject], name: str, location: Location) -> object:
    if location.quirks.envelope == "list":
        return rows
    return {name: {name: rows}} if location.quirks.envelope == "nested" else {name: rows}


def _finished(body: JsonObject, withheld: frozenset[str]) -> JsonObject:
    return {key: value for key, value in body.items() if key not in withheld} if withheld else body
