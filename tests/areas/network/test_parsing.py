"""Reading customers, locations, pods, Wi-Fi networks and devices (plume.md 4.1 to 4.5 and 4.9)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest

from core.areas.network.client.parsing import (
    parse_alerts,
    parse_customers,
    parse_devices,
    parse_location,
    parse_locations,
    parse_nodes,
    parse_service_level,
    parse_wifi_networks,
)
from core.areas.network.model import (
    Alert,
    Connection,
    Customer,
    Health,
    ServiceLevel,
    SpeedTest,
)
from core.errors import BadAnswerError

CONTRACT_NODES = {
    "nodes": [
        {
            "id": "SIMGW00001",
            "defaultName": "Gateway 1",
            "nickname": "Reception",
            "connectionState": "connected",
            "backhaulType": "ethernet",
            "connectedDeviceCount": 9,
            "model": "SIM-GW1",
            "firmwareVersion": "5.6.0-1",
            "mac": "02:00:00:00:00:01",
            "ip": "192.0.2.10",
            "residentialGateway": True,
            "health": {"status": "excellent"},
            "alerts": [],
            "leafToRoot": [],
        },
        {
            "id": "SIMPOD0002",
            "defaultName": "Pod 2",
            "nickname": None,
            "connectionState": "connected",
            "backhaulType": "wifi",
            "connectedDeviceCount": 6,
            "model": "SIM-P2",
            "firmwareVersion": "5.6.0-1",
            "mac": "02:00:00:00:00:02",
            "ip": "192.0.2.11",
            "health": {"status": "fair"},
            "alerts": [{"type": "poorHealth"}],
            "leafToRoot": [{"id": "SIMGW00001"}],
        },
        {
            "id": "SIMPOD0003",
            "defaultName": "Pod 3",
            "connectionState": "disconnected",
            "backhaulType": None,
            "connectedDeviceCount": None,
            "health": None,
            "alerts": None,
        },
    ]
}


def test_the_contracts_pods() -> None:
    gateway, second, third = parse_nodes(CONTRACT_NODES)
    assert (gateway.name, gateway.gateway, gateway.health) == ("Reception", True, Health.EXCELLENT)
    assert (gateway.connected_devices, gateway.backhaul, gateway.parent) == (9, "ethernet", "")
    assert (second.name, second.alerts, second.parent) == ("Pod 2", (Alert("poorHealth"),), "SIMGW00001")
    assert (second.connection, second.model, second.ip) == (Connection.CONNECTED, "SIM-P2", "192.0.2.11")
    assert (third.connection, third.word) == (Connection.DISCONNECTED, "disconnected")
    assert (third.health, third.connected_devices, third.alerts, third.mac) == (None, None, (), "")


@pytest.mark.parametrize(
    "body",
    [{}, {"nodes": None}, {"nodes": "none"}, {"devices": []}, "x", 7, True, None, [1, 2], [{"name": "x"}]],
)
def test_a_malformed_pod_list_is_never_no_pods(body: Any) -> None:
    with pytest.raises(BadAnswerError):
        parse_nodes(body)


def test_a_location_without_pods_has_none() -> None:
    assert parse_nodes({"nodes": []}) == []


def pod(**row: Any) -> Any:
    return parse_nodes([{"id": "P1"} | row])[0]


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"nickname": "Bar", "defaultName": "Pod"}, "Bar"),
        ({"nickname": None, "defaultName": "Pod"}, "Pod"),
        ({"nickname": "  ", "defaultName": "Pod"}, "Pod"),
        ({}, "P1"),
    ],
)
def test_a_pods_name_is_what_its_user_gave_it(row: dict[str, Any], name: str) -> None:
    assert pod(**row).name == name


@pytest.mark.parametrize(
    ("row", "mac"),
    [
        ({"mac": "02:00:00:00:00:AA", "ethernetMac": "x"}, "02:00:00:00:00:aa"),
        ({"mac": None, "macAddress": "0200.0000.00bb"}, "02:00:00:00:00:bb"),
        ({"ethernetMac": "02-00-00-00-00-CC"}, "02:00:00:00:00:cc"),
        ({"mac": "02:00:**:**:**:01"}, "02:00:**:**:**:01"),
        ({}, ""),
    ],
)
def test_a_mac_address_comes_from_the_first_field_that_has_one(row: dict[str, Any], mac: str) -> None:
    assert pod(**row).mac == mac


@pytest.mark.parametrize(
    ("row", "health", "word"),
    [
        ({"health": {"status": "FAIR"}}, Health.FAIR, "FAIR"),
        ({"health": "poor"}, Health.POOR, "poor"),
        ({"healthStatus": "good"}, Health.GOOD, "good"),
        ({"health": {"status": "splendid"}}, Health.UNKNOWN, "splendid"),
        ({"health": {"status": None}}, None, ""),
        ({"health": None}, None, ""),
        ({"health": {}}, None, ""),
        ({"health": 7.5}, Health.UNKNOWN, "7.5"),
    ],
)
def test_health_comes_nested_flat_or_not_at_all(
    row: dict[str, Any], health: Health | None, word: str
) -> None:
    found = pod(**row)
    assert (found.health, found.health_word) == (health, word)


@pytest.mark.parametrize(
    ("word", "connection"),
    [
        ("CONNECTED", Connection.CONNECTED),
        (" Disconnected ", Connection.DISCONNECTED),
        ("hibernating", Connection.UNKNOWN),
        (None, Connection.UNKNOWN),
        (True, Connection.UNKNOWN),
        ({}, Connection.UNKNOWN),
    ],
)
def test_only_two_words_say_whether_a_pod_is_connected(word: Any, connection: Connection) -> None:
    assert pod(connectionState=word).connection is connection


def test_alerts_come_as_objects_and_words_and_may_be_muted() -> None:
    found = pod(
        alerts=[
            {"type": "poorHealth"},
            {"name": "highInterference"},
            "solarFlare",
            {"type": "a", "state": "Snooze"},
            {"type": "b", "state": "performanceAcceptable"},
            {"type": "c", "state": "ignore"},
            {"type": "d", "state": "reset"},
            {"type": None},
            None,
            "",
        ]
    )
    assert [alert.type for alert in found.alerts if not alert.muted] == [
        *("poorHealth", "highInterference", "solarFlare", "d")
    ]
    assert [alert.type for alert in found.alerts if alert.muted] == ["a", "b", "c"]


def test_pods_that_share_a_serial_or_mac_are_one() -> None:
    rows = [
        {"id": "A", "mac": "02:00:00:00:00:01", "nickname": "first"},
        {"id": "A", "mac": "02:00:00:00:00:09"},
        {"id": "B", "mac": "02-00-00-00-00-01"},
        {"id": "C", "serialNumber": "A"},
        {"id": "D", "mac": "00:00:00:00:00:00"},
        {"id": "E", "mac": "00:00:00:00:00:00"},
        {"id": "F"},
        {"id": "G"},
    ]
    assert [node.id for node in parse_nodes(rows)] == ["A", "D", "E", "F", "G"]
    assert parse_nodes(rows)[0].name == "first"


def test_foreign_text_is_safe_and_short() -> None:
    found = pod(nickname="\x1b]52;c;eA==\x07Bar\u202e\nsecond line", model="m" * 999)
    assert found.name.isprintable()
    assert "\n" not in found.name
    assert len(found.model) <= 120


def test_customers_and_locations_of_the_contract() -> None:
    customers = parse_customers(
        [
            {"id": "c0ffee00c0ffee00c0ffee01", "accountId": "ACCT-0001", "name": "Example Harbour Ltd"},
            {"name": "x"},
        ]
    )
    assert customers == [Customer("c0ffee00c0ffee00c0ffee01", "Example Harbour Ltd", "ACCT-0001")]
    single = {"id": "10ca7104000000000000beef", "name": "Harbour Office", "profile": "auto"}
    assert parse_locations(single, "c") == parse_locations([single, single], "c")
    (location,) = parse_locations(single, "c")
    assert (location.customer, location.name, location.profile) == ("c", "Harbour Office", "auto")


def test_one_location_of_the_contract() -> None:
    body = {
        "id": "10ca7104000000000000beef",
        "name": "Harbour Office",
        "customerId": "c0ffee00c0ffee00c0ffee01",
        "profile": "smallbusiness",
        "serviceLevel": {"status": "fullService"},
        "networkStatus": {"status": "online", "statusChangedAt": "2026-01-10T04:00:00.000Z"},
        "geoIp": {"timezone": "Africa/Nairobi", "ISP": "Example Telecom"},
        "summary": {"connectedDeviceCount": 15, "topology": []},
        "speedTest": {
            "status": "succeeded",
            "download": 231.4,
            "upload": 24.8,
            "rtt": 11.2,
            "endedAt": "2026-01-14T03:12:45.120Z",
        },
    }
    location = parse_location(body, "asked")
    assert location.customer == "c0ffee00c0ffee00c0ffee01"
    assert (location.service_level, location.network_status) == (ServiceLevel.FULL, "online")
    assert location.network_status_since == datetime(2026, 1, 10, 4, tzinfo=UTC)
    assert (location.zone, location.provider) == ("Africa/Nairobi", "Example Telecom")
    assert location.connected_devices == 15
    ended = datetime(2026, 1, 14, 3, 12, 45, 120_000, tzinfo=UTC)
    assert location.speed_test == SpeedTest(True, "succeeded", 231.4, 24.8, 11.2, ended)
    assert parse_location({"data": body}, "asked") == location


def test_a_location_without_id_is_a_bad_answer() -> None:
    with pytest.raises(BadAnswerError):
        parse_location({"name": "x"}, "c")


@pytest.mark.parametrize("zone", ["../../etc/passwd", "/etc/localtime", "Africa//Nairobi", "a\x00b", 7])
def test_a_zone_that_could_be_a_path_is_none(zone: Any) -> None:
    assert parse_location({"id": "l", "geoIp": {"timezone": zone}}, "c").zone in {"", "7"}


@pytest.mark.parametrize(
    ("body", "level"),
    [
        ({"status": "fullService"}, ServiceLevel.FULL),
        ({"status": "NOSERVICE"}, ServiceLevel.NONE),
        ({"serviceLevel": {"status": "basicService"}}, ServiceLevel.BASIC),
        ({}, ServiceLevel.UNKNOWN),
        ({"status": "gold"}, ServiceLevel.UNKNOWN),
        ({"status": None}, ServiceLevel.UNKNOWN),
    ],
)
def test_service_levels(body: Any, level: ServiceLevel) -> None:
    assert parse_service_level(body) is level
    if "serviceLevel" not in body:
        assert parse_location({"id": "l", "serviceLevel": body}, "c").service_level is level


@pytest.mark.parametrize(
    ("row", "enabled"),
    [
        ({"enabled": True, "enable": False}, True),
        ({"enabled": None, "enable": False}, False),
        ({"enable": True}, True),
        ({}, None),
        ({"enabled": "true"}, True),
        ({"enabled": 1}, None),
    ],
)
def test_a_network_is_never_called_disabled_by_default(row: dict[str, Any], enabled: bool | None) -> None:
    assert parse_wifi_networks([{"id": "w", "ssid": "s"} | row])[0].enabled is enabled


@pytest.mark.parametrize(
    ("row", "security"),
    [
        ({"wpaMode": "psk2"}, "psk2"),
        ({"wpaMode": "PSK-Mixed"}, "psk-mixed"),
        ({"wpaMode": "sae-mixed"}, "sae-mixed"),
        ({"wpaMode": "wpa2-psk"}, "psk2"),
        ({"wpaMode": "wpa3-sae"}, "sae"),
        ({"wpaMode": "open"}, "open"),
        ({"wpaMode": "quantum"}, "quantum"),
        ({"encryption": "OPEN"}, "open"),
        ({"encryption": "OPEN", "wpaMode": "sae"}, "sae"),
        ({"encryption": "WPA-PSK"}, ""),
        ({"wpaModes": {"freqBand6": "sae", "freqBand5": "psk2"}}, "psk2"),
        ({}, ""),
    ],
)
def test_security_is_one_word_for_each_mode(row: dict[str, Any], security: str) -> None:
    assert parse_wifi_networks([{"id": "w"} | row])[0].security == security


def test_a_passphrase_is_in_no_value() -> None:
    row = {
        "id": "w",
        "ssid": "s",
        "encryptionKey": "FAKE-NOT-A-KEY",
        "keys": ["FAKE-NOT-A-KEY"],
        "wpaMode": "sae",
    }
    (network,) = parse_wifi_networks({"wifiNetworks": [row]})
    assert "FAKE-NOT-A-KEY" not in repr(asdict(network))


def test_devices_of_the_contract() -> None:
    row = {
        "mac": "02:00:00:00:aa:01",
        "name": "till-1",
        "ip": "192.0.2.50",
        "medium": "wifi",
        "freqBand": "5G",
        "channel": 44,
        "connectionState": "connected",
        "connectionStateChangeAt": "2026-01-14T08:00:00.000Z",
        "health": {"status": "good"},
        "leafToRoot": [{"id": "SIMPOD0002"}, {"id": "SIMGW00001"}],
    }
    (device,) = parse_devices({"devices": [row, row | {"name": "again"}, {"name": "no address"}]})
    assert (device.mac, device.name, device.band, device.channel) == (
        "02:00:00:00:aa:01",
        "till-1",
        "5G",
        "44",
    )
    assert (device.connection, device.health, device.node) == (
        Connection.CONNECTED,
        Health.GOOD,
        "SIMPOD0002",
    )
    assert device.changed_at == datetime(2026, 1, 14, 8, tzinfo=UTC)
    assert parse_devices([row | {"nickname": "Till"}])[0].name == "Till"


def test_location_wide_alerts_are_kept_by_pod() -> None:
    body = {
        "nodes": [
            {"id": "A", "alerts": [{"type": "poorHealth", "state": "snooze"}]},
            {"nodeId": "B", "type": "offline"},
            {"id": "C", "alerts": None},
            {"id": "D", "name": "Kitchen"},
        ],
        "devices": [],
    }
    assert parse_alerts(body) == {
        "A": (Alert("poorHealth", muted=True),),
        "B": (Alert("offline"),),
        "C": (),
        "D": (),
    }
