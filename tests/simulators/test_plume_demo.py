"""The demo: believable traffic, and a story that unfolds on time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from core.moment import FrozenClock
from core.simulators.plume import PlumeSimulator

START = datetime(2026, 3, 4, 11, 3, 10, tzinfo=UTC)
OFFICE = "Harbour Office"


@pytest.fixture
def clock():
    return FrozenClock(START)


@pytest.fixture
def sim(clock):
    return PlumeSimulator(clock, scenario="demo")


@pytest.fixture
async def visitor(sim, visit):
    return await visit(sim)


async def workshop(visitor):
    nodes = (await visitor.body(visitor.path(OFFICE, "/nodes")))["nodes"]
    return next(node for node in nodes if node["nickname"] == "Workshop")


async def saturation(visitor):
    return await visitor.body(f"/reports/gateway/locations/{visitor.location_id(OFFICE)}/wan-saturation")


def current_slot(sim, clock, name=OFFICE):
    place = next(row[1] for row in sim.locations if row[2] == name)
    return sim.wan_slots(place, clock.now() - timedelta(hours=1), clock.now())[-1]


async def test_before_the_story_the_office_is_all_well(visitor):
    nodes = (await visitor.body(visitor.path(OFFICE, "/nodes")))["nodes"]
    assert {node["connectionState"] for node in nodes} == {"connected"}
    assert {node["health"]["status"] for node in nodes} <= {"good", "excellent"}
    location = await visitor.body(visitor.path(OFFICE))
    assert location["geoIp"]["timezone"] == "Africa/Nairobi"
    assert location["networkStatus"]["status"] == "online"
    assert (await saturation(visitor))["rxMaxPercentage"] < 60


async def test_the_pod_drops_with_its_devices_and_comes_back(clock, visitor):
    steps = []
    for seconds in (24, 26, 164, 166, 239, 241):
        clock.advance((START + timedelta(seconds=seconds) - clock.now()).total_seconds())
        pod = await workshop(visitor)
        steps.append((pod["connectionState"], (pod["health"] or {}).get("status")))
        devices = (await visitor.body(visitor.path(OFFICE, f"/nodes/{pod['id']}")))["connectedDevices"]
        assert len(devices) == pod["connectedDeviceCount"]
        assert devices or seconds in (26, 164)
    assert [state for state, _ in steps] == ["connected", *["disconnected"] * 2, *["connected"] * 3]
    assert [health for _, health in steps[3:]] == ["fair", "fair", "good"]


async def test_the_line_fills_and_recovers(sim, clock, visitor):
    clock.advance(74)
    assert current_slot(sim, clock)[3] < 200
    clock.advance(40)
    assert 97 <= (await saturation(visitor))["rxMaxPercentage"] <= 99
    assert current_slot(sim, clock)[3] == pytest.approx(247, abs=0.5)
    clock.advance(40)
    assert 25 <= (await saturation(visitor))["rxMaxPercentage"] <= 35
    slot = current_slot(sim, clock)
    assert slot[1] > 75 * 247 / 8
    assert slot[1] <= slot[3] * 112.5


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_the_flood_shows_at_any_hour_and_with_any_seed(hour):
    for seed in range(10):
        clock = FrozenClock(START.replace(hour=hour))
        sim = PlumeSimulator(clock, scenario="demo", seed=seed)
        assert current_slot(sim, clock)[3] < 200
        clock.advance(120)
        assert current_slot(sim, clock)[3] == pytest.approx(247, abs=0.5)


async def test_the_current_slot_grows_as_it_fills(sim, clock):
    first = current_slot(sim, clock, "Fish Market")
    clock.advance(300)
    later = current_slot(sim, clock, "Fish Market")
    assert later[0] == first[0]
    assert later[1] > first[1]
    assert later[3] >= first[3]


async def test_http_serves_the_very_numbers_that_python_gives(sim, clock, visitor):
    body = await visitor.body(visitor.report(OFFICE, "/wanStats"), period="daily")
    served = [
        (row["rxMbytes"], row["txMbytes"], row["rxMaxMbps"], row["txMaxMbps"]) for row in body["fifteenMins"]
    ]
    rows = sim.wan_slots(visitor.location_id(OFFICE), clock.now() - timedelta(days=1), clock.now())
    assert served[::-1] == [row[1:] for row in rows]


async def test_a_year_of_traffic_is_possible_rhythmic_and_growing(sim, visitor):
    place = visitor.location_id(OFFICE)
    rows = sim.wan_slots(place, START - timedelta(days=400), START)
    full = [row for row in rows if row[1] is not None]
    assert all(row[1] <= row[3] * 112.5 and row[2] <= row[4] * 112.5 for row in full)
    assert all(row[3] <= 250 and row[4] <= 25 for row in full)
    assert 0 < len(rows) - len(full) < 0.02 * len(rows)
    assert 0 < 400 * 96 - len(rows) < 0.02 * 400 * 96

    def volume(part):
        return sum(row[1] for row in part) / len(part)

    local = [(datetime.fromtimestamp(row[0], UTC) + timedelta(hours=3), row) for row in full]
    noon = volume([row for at, row in local if at.hour == 11 and at.weekday() < 5])
    assert noon > 4 * volume([row for at, row in local if at.hour == 2])
    assert noon > 2 * volume([row for at, row in local if at.hour == 11 and at.weekday() > 4])
    assert volume(full[-28 * 96 :]) > 1.15 * volume(full[: 28 * 96])


async def test_outages_show_in_the_history_and_silence_the_line(sim, visitor):
    place = visitor.location_id(OFFICE)
    week = sim.online_rows(place, START - timedelta(days=7), START)
    offline = [at for at, word in week if word == "offline"]
    assert len(week) == 672
    assert len(offline) == 3
    slots = {row[0]: row[1] for row in sim.wan_slots(place, START - timedelta(days=7), START)}
    assert all(slots.get(at) is None for at in offline)


async def test_years_of_slots_end_like_the_days_asked_for_alone(sim, visitor):
    place = visitor.location_id("Fish Market")
    years = sim.wan_slots(place, START - timedelta(minutes=15 * 77_000), START)
    assert len(years) > 75_000
    days = sim.wan_slots(place, START - timedelta(days=2), START)
    assert years[-len(days) :] == days


async def test_the_fleet_is_mostly_well_with_a_few_cares(visitor):
    cares: Counter[str] = Counter()
    for _, _, name in visitor.sim.locations:
        nodes = (await visitor.body(visitor.path(name, "/nodes")))["nodes"]
        assert 3 <= len(nodes) <= 9
        down = sum(node["connectionState"] != "connected" for node in nodes)
        level = (await visitor.body(visitor.path(name)))["serviceLevel"]["status"]
        unwell = any((node["health"] or {}).get("status") in ("fair", "poor") for node in nodes)
        cares["red" if down == len(nodes) else "orange" if down else "yellow" if unwell else level] += 1
    assert cares == {"fullService": 18, "red": 1, "orange": 2, "yellow": 2, "noService": 1, "basicService": 1}


async def test_the_same_seed_and_clock_give_the_same_world(visit):
    first, second, other = [
        await visit(PlumeSimulator(FrozenClock(START), scenario="demo", seed=seed)) for seed in (7, 7, 8)
    ]
    place = first.path(OFFICE, "/devices")
    assert await first.body(place) == await second.body(place)
    assert other.path(OFFICE) != first.path(OFFICE)


async def test_device_counts_change_slowly(clock, visitor):
    counts = []
    for _ in range(24):
        nodes = (await visitor.body(visitor.path("Crew Hostel", "/nodes")))["nodes"]
        counts.append(sum(node["connectedDeviceCount"] for node in nodes))
        clock.advance(300)
        await visitor.sign_in()
    assert len(set(counts)) > 3
    assert max(counts) - min(counts) < 20
