"""The bodies and odd forms of the contract scenario."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from core.moment import FrozenClock, parse_moment
from core.simulators.plume import SCENARIOS, PlumeSimulator

NOW = datetime(2026, 3, 4, 10, 7, 30, tzinfo=UTC)


@pytest.fixture
def clock():
    return FrozenClock(NOW)


@pytest.fixture
def sim(clock):
    return PlumeSimulator(clock)


@pytest.fixture
async def visitor(sim, visit):
    return await visit(sim)


async def daily(visitor, name):
    return (await visitor.body(visitor.report(name, "/wanStats"), period="daily"))["fifteenMins"]


async def nodes_of(visitor, name):
    return (await visitor.body(visitor.path(name, "/nodes")))["nodes"]


async def test_customers_have_none_one_and_twenty_five_locations(sim, visitor):
    customers = await visitor.body("/api/Customers")
    assert [row["id"] for row in customers] == sim.customer_ids
    counts = {
        row["name"]: len(await visitor.body(f"/api/Customers/{row['id']}/locations")) for row in customers
    }
    assert counts["Empty Quay Ltd"] == 0
    assert counts["Single Pier Ltd"] == 1
    assert counts["Twenty-five Berths Ltd"] == 25


async def test_the_customer_list_obeys_a_loopback_filter(visitor):
    page = await visitor.body("/api/Customers", filter='{"limit": 2, "offset": 1, "fields": ["name"]}')
    assert page == [{"name": "Forms Ltd"}, {"name": "Empty Quay Ltd"}]
    assert (await visitor.get("/api/Customers", filter="not json")).status_code == 400


async def test_customers_are_found_by_each_field(sim, visitor):
    search = "/api/partners/customers/search"
    assert [row["name"] for row in await visitor.body(f"{search}/quay")] == ["Empty Quay Ltd"]
    place = visitor.location_id("Single Pier")
    found = await visitor.body(f"{search}/{place}", field="locationId", exactMatch="true")
    assert found[0]["locations"] == [{"id": place}]
    assert await visitor.body(f"{search}/foreign") == []
    assert (await visitor.get(f"{search}/null")).status_code == 422
    rows = await visitor.body("/api/Customers/v2/search", searchString="Berth 07")
    assert rows[0]["locationIdToSelect"] == visitor.location_id("Berth 07")


async def test_a_serial_leads_to_its_place_unless_unclaimed_unknown_or_foreign(sim, visitor):
    serial = (await nodes_of(visitor, "Green"))[0]["id"]
    found = await visitor.body(f"/api/Partners/nodes/{serial}")
    assert found["locationId"] == visitor.location_id("Green")
    assert "customerId" not in await visitor.body("/api/Partners/nodes/SIMSPARE0001")
    assert (await visitor.get("/api/Partners/nodes/NOPE")).status_code == 404
    foreign = next(row for row in sim.world.locations if row.name == "Foreign Shore")
    assert (await visitor.get(f"/api/Partners/nodes/{foreign.nodes[0].id}")).status_code == 403


async def test_a_summary_comes_only_when_asked_and_agrees_with_the_nodes(visitor):
    assert "summary" not in await visitor.body(visitor.path("Green"))
    summary = (await visitor.body(visitor.path("Green"), include="summary"))["summary"]
    nodes = await nodes_of(visitor, "Green")
    assert summary["topology"] == nodes
    assert summary["nodeConnectedCount"] == summary["nodeClaimedCount"] == 3
    assert summary["connectedDeviceCount"] == sum(node["connectedDeviceCount"] for node in nodes)
    devices = (await visitor.body(visitor.path("Green", "/devices")))["devices"]
    assert summary["connectedDeviceCount"] == sum(row["connectionState"] == "connected" for row in devices)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Green", ["connected"] * 3),
        ("One pod down", ["connected", "connected", "disconnected"]),
        ("Gateway down", ["disconnected", "connected", "connected"]),
        ("All down", ["disconnected"] * 3),
        ("No nodes", []),
        ("Null node row", ["connected", "connected", None]),
        ("Unknown words", ["connected", "hibernating", "connected"]),
    ],
)
async def test_nodes_are_in_the_state_their_location_is_named_for(visitor, name, expected):
    assert [node["connectionState"] for node in await nodes_of(visitor, name)] == expected


async def test_service_levels_are_full_basic_none_empty_and_missing(visitor):
    names = ("Green", "Basic service", "Suspended", "Service level empty", "Service level null")
    levels = [(await visitor.body(visitor.path(name)))["serviceLevel"] for name in names]
    assert [level and level.get("status") for level in levels] == [
        "fullService",
        "basicService",
        "noService",
        {},
        None,
    ]
    assert "serviceLevel" not in await visitor.body(visitor.path("Service level missing"))
    alone = await visitor.body(visitor.path("Suspended", "/serviceLevel"))
    assert alone["status"] == "noService"


async def test_alerts_are_told_per_node_and_for_the_location(visitor):
    node = (await nodes_of(visitor, "Fair pod with an alert"))[1]
    assert node["health"] == {"status": "fair"}
    assert node["alerts"] == [{"type": "poorHealth"}]
    alerts = await visitor.body(visitor.path("Fair pod with an alert", "/alerts"))
    assert alerts == {"nodes": [{"id": node["id"], "alerts": node["alerts"]}], "devices": []}


async def test_nodes_come_in_three_envelopes(visitor):
    assert isinstance(await nodes_of(visitor, "Green"), list)
    assert isinstance((await nodes_of(visitor, "Nodes nested twice"))["nodes"], list)
    assert isinstance(await visitor.body(visitor.path("Nodes in a bare list", "/nodes")), list)


@pytest.mark.parametrize("name", ["Green", "Stamps with offset", "Stamps as epoch ms"])
async def test_all_spellings_of_time_mean_the_same_quarter_hours(visitor, name):
    newest = (await daily(visitor, name))[0]["timestamp"]
    if isinstance(newest, int):
        moment = datetime.fromtimestamp(newest / 1000, UTC)
    else:
        assert newest.endswith("Z" if name == "Green" else "+03:00")
        moment = parse_moment(newest)
    assert moment == datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("Green", 96),
        ("WAN 95 rows", 95),
        ("WAN 97 rows", 97),
        ("WAN 80 rows", 80),
        ("WAN out of order", 96),
        ("WAN no rows", 0),
    ],
)
async def test_a_day_holds_the_rows_its_location_is_named_for(visitor, name, count):
    rows = await daily(visitor, name)
    assert len({row["timestamp"] for row in rows}) == len(rows) == count


async def test_wan_rows_are_null_half_null_absent_doubled_or_shuffled(visitor):
    nulls = await daily(visitor, "WAN null rows")
    assert any(row["rxMbytes"] is None for row in nulls)
    assert any(row["txMaxMbps"] is None and row["rxMbytes"] is not None for row in nulls)
    assert 80 < len(await daily(visitor, "WAN absent rows")) < 96
    doubled = await daily(visitor, "WAN duplicates")
    assert len(doubled) > len({row["timestamp"] for row in doubled}) == 96
    stamps = [row["timestamp"] for row in await daily(visitor, "WAN out of order")]
    assert stamps not in (sorted(stamps), sorted(stamps, reverse=True))


async def test_the_last_of_a_doubled_row_is_the_true_one(sim, visitor):
    last = {row["timestamp"]: row["rxMbytes"] for row in await daily(visitor, "WAN duplicates")}
    rows = sim.wan_slots(visitor.location_id("WAN duplicates"), NOW - timedelta(days=1), NOW)
    assert list(last.values())[::-1] == [row[1] for row in rows]


async def test_the_twin_serves_the_same_numbers_under_its_own_names(visitor):
    rows = await daily(visitor, "Green")
    twin = f"/reports/gateway/locations/{visitor.location_id('Green')}/wan-stats/history"
    items = (await visitor.body(twin))["items"]
    assert [row["rxMbytes"] for row in rows] == [item["rxMb"] for item in items]
    assert [row["rxMaxMbps"] for row in rows] == [item["rxMaxMbps"] for item in items]


async def test_wan_statistics_require_a_period_they_know(visitor):
    place = visitor.report("Green", "/wanStats")
    assert (await visitor.get(place)).status_code == 422
    assert (await visitor.get(place, period="hourly")).status_code == 422
    assert len((await visitor.body(place, period="weekly"))["days"]) == 7


async def test_connection_history_is_empty_uneven_or_unsteady(visitor):
    async def rows(name):
        return (await visitor.body(visitor.report(name, "/onlineStats"), granularity="hours", limit=24))[
            "locationState"
        ]

    assert await rows("Online stats empty") == []
    moments = [parse_moment(row["timestamp"]) for row in await rows("Online stats uneven")]
    assert len({later - earlier for earlier, later in pairwise(moments)}) == 4
    words = [row["value"] for row in await rows("Online stats intermittent")]
    assert {"online", "offline", "intermittent", "degraded", None} == set(words)


async def test_date_ranges_come_in_three_shapes(visitor):
    async def span(name):
        return (await visitor.body(visitor.report(name, "/onlineStats")))["statsDateRange"]

    assert set(await span("Green")) == {"start", "end"}
    assert set((await span("Date range as list"))[0]) == {"start", "end", "id"}
    assert set(await span("Date range startAt")) == {"startAt", "endAt"}


async def test_names_try_a_clients_patience(sim):
    names = {name for _, _, name in sim.locations}
    assert "Mark_down *bold* `code` [link](x)" in names
    assert any(len(name) == 25 for name in names)
    assert "北埠頭の倉庫" in names


async def test_wifi_networks_carry_both_spellings_and_an_obviously_fake_key(visitor):
    networks = await visitor.body(visitor.path("Odd networks", "/wifiNetworks"))
    assert all(row["enable"] == row["enabled"] for row in networks)
    assert {row["encryptionKey"] for row in networks} == {"FAKE-NOT-A-KEY"}
    assert "wpaMode" not in networks[1]
    assert networks[1]["encryption"] == "OPEN"
    single = await visitor.body(visitor.path("Odd networks", "/wifiNetwork"))
    assert single["wifiNetwork"]["encryptionKey"] == "FAKE-NOT-A-KEY"


async def test_a_started_speed_test_appears_when_it_is_over(clock, visitor):
    before = (await visitor.body(visitor.path("Green")))["speedTest"]
    assert (await visitor.client.post(visitor.path("Green", "/ispSpeedTest"))).status_code == 200
    clock.advance(10)
    assert (await visitor.body(visitor.path("Green")))["speedTest"] == before
    clock.advance(11)
    after = (await visitor.body(visitor.path("Green")))["speedTest"]
    assert parse_moment(after["endedAt"]) == NOW + timedelta(seconds=20)
    gateway = (await nodes_of(visitor, "Green"))[0]["id"]
    results = visitor.report("Green", f"/nodes/{gateway}/results")
    history = await visitor.body(results, granularity="days", limit=7)
    assert history["downloadSpeeds"][-1] == {"timestamp": after["endedAt"], "value": after["download"]}
    assert len(history["downloadSpeeds"]) + len(history["failedSpeedTests"]) >= 7
    assert (await visitor.get(results)).status_code == 422


async def test_quality_is_scored_for_wifi_things_only(visitor):
    body = await visitor.body(f"/reports/gateway/locations/{visitor.location_id('Green')}/qoe")
    assert len(body["nodes"]) == 2
    assert all(0 <= row["score"] <= 5 and row["freqBand"] for row in body["devices"])
    classes = visitor.path("Green", "/appqoe/AppQoeStatsByTrafficClass")
    answer = await visitor.client.post(classes, data={"timePeriod": "lastHour"})
    assert len(answer.json()["trafficClasses"]) == 3
    assert (await visitor.client.post(classes, data={"timePeriod": "ever"})).status_code == 422
    assert (await visitor.get(classes)).status_code == 404


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_every_location_answers_on_every_path(clock, visit, scenario):
    visitor = await visit(PlumeSimulator(clock, scenario=scenario))
    for customer_id, location_id, _ in visitor.sim.locations:
        place = f"Customers/{customer_id}/locations/{location_id}"
        for rest in ("", "/nodes", "/devices", "/wifiNetworks", "/serviceLevel", "/alerts"):
            await visitor.body(f"/api/{place}{rest}")
        for rest in ("/wanStats?period=daily", "/onlineStats", "/appResults", "/qoe"):
            await visitor.client.get(f"/reports/{place}{rest}")
        for rest in ("wan-stats/history", "wan-saturation", "wan-saturation/history", "qoe"):
            await visitor.body(f"/reports/gateway/locations/{location_id}/{rest}")
    assert {entry.status for entry in visitor.sim.log} == {200}
