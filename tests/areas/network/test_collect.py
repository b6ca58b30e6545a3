"""The collector when all is well: what it records, when, how often, and what it leaves when it is stopped."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.areas.network import tables
from core.areas.network.collect import Collector, jobs
from core.areas.network.parts import PARTS
from core.areas.network.recording import Site
from core.areas.network.sources import SOURCE
from core.moment import FrozenClock, Window
from core.page import Freshness
from core.store.polls import sources
from core.store.series import read_raw
from core.store.versions import as_of
from tests.areas.network.world import START, World, facts, number, opened, rows, table, verdict, words


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as world:
        await world.setup("Single Pier Ltd")
        yield world


async def polled(world: World) -> dict[str, int]:
    """How many seconds ago each part of the single location was last polled well, by its name."""
    store = world.deck.services.store
    async with store.reading() as connection:
        found = await sources(connection, store.present())
    return {
        each.subject.rpartition("/")[2]: int((world.clock.now() - each.last_good).total_seconds())
        for each in found
        if each.source == SOURCE and "/" in each.subject and each.last_good is not None
    }


async def test_the_first_round_records_every_part(world: World) -> None:
    await world.collector.collect()
    assert sorted(await polled(world)) == sorted(part.name for part in PARTS)
    assert verdict(await world.run("status")) == "OPERATIONAL"
    assert len(rows(await world.run("nodes"), "pods")) == 3
    assert len(rows(await world.run("wifi"), "wifi")) == 3
    assert len(rows(await world.run("devices"), "devices")) > 5
    assert len(rows(await world.run("speedtest"), "tests")) > 20
    assert words(facts(await world.run("stats"), "uptime")["Coverage"]) == "100.0 %"
    peak = table(await world.run("wan"), "figures")["peak"]
    assert number(peak["rx"]) > number(peak["tx"]) > 0
    assert any(words(row.cells[-1]) != "n/a" for row in rows(await world.run("status"), "pods"))


async def test_the_first_sight_of_anything_is_no_event(world: World) -> None:
    await world.collector.collect()
    assert await world.events() == []
    await world.after(400)
    assert [kind for kind, _title in await world.events()] == []


async def test_polling_what_did_not_change_adds_nothing(world: World) -> None:
    world.change("Single Pier", overrides={"summary": {"connectedDeviceCount": 7}})
    await world.look("status", "wifi", "wan", "online", "speed_tests", "qoe")
    before = await world.counts()
    for _round in range(3):
        await world.look("status", "wifi", "wan", "online", "speed_tests", "qoe")
    assert await world.counts() == before


async def test_a_speed_test_keeps_what_only_one_place_says(world: World) -> None:
    await world.look("status")
    newest = next(iter(table(await world.run("speedtest"), "tests").values()))
    assert number(newest["latency"]) > 0
    await world.look("speed_tests")
    again = table(await world.run("speedtest"), "tests")
    assert next(iter(again.values())) == newest
    assert words(list(again.values())[1]["latency"]) == "n/a"


async def test_the_alerts_are_asked_for_only_where_a_pod_has_one(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.setup("States Ltd")
        await world.look("status")
        asking = {
            entry.path.split("/")[-2] for entry in world.simulator.log if entry.path.endswith("/alerts")
        }
        names = {"Fair pod with an alert", "Unknown words", "Snoozed alert", "Alert spellings"}
        assert asking == {world.location(name) for name in names}


async def test_what_is_watched_is_polled_often_the_rest_seldom(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.setup(f"{world.customer('Single Pier Ltd')},{world.customer('States Ltd')}")
        for location in ("Single Pier", "Green"):
            await world.look("status", only=world.location(location))
        await world.run("select", location="Single Pier")
        world.simulator.log.clear()
        await world.collector.collect(parts=[PARTS[0]])  # takes over: both were polled just now
        for _tick in range(30):
            world.clock.advance(10)
            await world.collector.collect(parts=[PARTS[0]])
        asked = Counter(entry.path.split("/")[-2] for entry in world.simulator.log if "/nodes" in entry.path)
        assert asked[world.location("Single Pier")] == 5
        assert asked[world.location("Green")] == 1


async def test_what_is_watched_comes_first_and_a_round_does_not_outlast_its_time(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.setup("States Ltd")
        await world.run("select", location="Odd networks")
        order: list[str] = []

        async def slow(_client: object, site: Site, _now: object) -> None:
            order.append(site.location.name)
            world.clock.advance(2)

        async def nothing(*_arguments: object) -> None:
            return

        part = replace(PARTS[0], fetch=slow, record=nothing)
        await world.collector.collect(parts=[part])
        assert order[0] == "Odd networks"
        assert len(order) < 12
        while len(set(order)) < 22:
            await world.collector.collect(parts=[part])
        assert len(order) <= 23  # nobody twice before everybody once, but for whoever is watched


async def test_a_location_just_selected_has_its_turn_at_once(world: World) -> None:
    await world.collector.collect()
    await world.after(100)
    assert (await polled(world))["status"] == 100
    await world.run("select", location="Single Pier")
    await world.after(1)
    assert (await polled(world))["status"] == 0


async def test_selecting_does_not_make_old_data_look_late(world: World) -> None:
    await world.collector.collect()
    world.clock.advance(250)
    await world.run("select", location="Single Pier")
    page = await world.run("status")
    assert page.source_state.freshness is Freshness.LIVE


async def test_each_part_has_its_own_rhythm(world: World) -> None:
    await world.run("select", location="Single Pier")
    await world.collector.collect()
    before = Counter(entry.path.rpartition("/")[2] for entry in world.simulator.log)
    for _tick in range(60):
        await world.after(10)
    after = Counter(entry.path.rpartition("/")[2] for entry in world.simulator.log)
    new = after - before
    assert new["nodes"] == 10
    assert new["wan-saturation"] == 10
    assert new["wanStats"] == new["devices"] == 5
    assert new["onlineStats"] == new["qoe"] == 2
    assert new["wifiNetworks"] == 1
    assert new["results"] == 0


async def test_a_restart_takes_over_the_turns_on_record(world: World) -> None:
    await world.collector.collect()
    world.simulator.log.clear()
    for _restart in range(3):
        world.restart()
        await world.after(10)
    assert not world.simulator.log
    world.restart()
    await world.after(300)
    assert world.asked("/nodes") == 1


async def test_after_a_long_absence_the_connection_history_has_no_hole(world: World) -> None:
    await world.look("online")
    world.clock.advance(timedelta(days=3).total_seconds())
    await world.look("online")
    assert words(facts(await world.run("stats"), "uptime")["Coverage"]) == "100.0 %"


@pytest.mark.parametrize("step", [-86_400, -3_600, 3_600, 86_400])
async def test_a_wall_clock_set_forward_or_back_changes_no_turn(world: World, step: float) -> None:
    await world.collector.collect()
    world.simulator.log.clear()
    world.clock.step(step)
    await world.after(10)
    assert not [entry for entry in world.simulator.log if entry.path.endswith("/nodes")]
    await world.after(300)
    assert world.asked("/nodes") == 1
    page = await world.run("status")
    assert page.source_state.freshness is Freshness.LIVE
    assert verdict(page) == "OPERATIONAL"


async def test_locations_that_disappear_are_gone_and_come_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.setup("States Ltd")
        kept = world.simulator.world
        world.remove("Green")
        world.clock.advance(3_600)
        await world.collector.collect(parts=[])
        names = [row.cells[0] for row in rows(await world.run("locations"), "locations")]
        assert "Green" not in names
        assert len(names) == 21
        world.put_back(kept)
        world.clock.advance(3_600)
        await world.collector.collect(parts=[])
        assert len(rows(await world.run("locations"), "locations")) == 22


async def test_other_credentials_start_a_new_round_at_once(world: World) -> None:
    await world.collector.collect()
    await world.setup("States Ltd")
    await world.collector.collect(parts=[PARTS[0]])
    assert world.asked("/nodes") >= 22


async def test_no_more_than_four_requests_at_once(world: World) -> None:
    running = most = 0
    full = asyncio.Event()

    async def slow(*_arguments: object) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if running == 4:
            full.set()
        await full.wait()
        await asyncio.sleep(0)
        running -= 1

    async def nothing(*_arguments: object) -> None:
        return

    parts = [replace(part, fetch=slow, record=nothing) for part in PARTS]
    await Collector(world.deck.services).collect(everything=True, parts=parts)
    assert most == 4


async def test_a_look_that_is_stopped_leaves_nothing(world: World) -> None:
    """Cancelled while it waits for the cloud, or dead between the answer and the commit."""
    reached = asyncio.Event()

    async def never(*_arguments: object) -> None:
        reached.set()
        await asyncio.Event().wait()

    for broken in ("fetch", "record"):
        part = replace(PARTS[0], **{broken: never})
        reached.clear()
        before = await world.counts()
        task = asyncio.create_task(Collector(world.deck.services).collect(everything=True, parts=[part]))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await world.counts() == before
        assert await polled(world) == {}
    await world.look("status")
    assert verdict(await world.run("status")) == "OPERATIONAL"


async def test_what_a_look_writes_is_written_as_one(world: World) -> None:
    """A fault after the data was written takes the data back with it, and is that part's failure only."""
    real = PARTS[0].record

    async def faulty(*arguments: object) -> None:
        await real(*arguments)  # type: ignore[arg-type]
        raise ValueError("a fault of ours")

    parts = [replace(PARTS[0], record=faulty), *PARTS[1:]]
    before = await world.counts()
    looked = [each for each in parts if each.name in ("status", "wifi")]
    await Collector(world.deck.services).collect(everything=True, parts=looked)
    after = await world.counts()
    assert after.pop("network_wifi") == before.pop("network_wifi") + 3
    assert after == before
    reason = table(await world.run("sources"), "sources")[f"plume {world.location('Single Pier')}/status"]
    assert words(reason["reason"]) == "opsdeck has a fault and could not write this down; see the log."


async def test_wan_rows_of_every_form_reach_the_figures(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.setup("Forms Ltd")
        await world.look("wan")
        slots = {}
        for name in (
            "WAN null rows",
            "WAN absent rows",
            "WAN duplicates",
            "WAN out of order",
            "WAN 95 rows",
            "WAN 97 rows",
            "WAN 80 rows",
            "WAN no rows",
            "Stamps as epoch ms",
        ):
            page = await world.run("wan", location=name)
            quality = facts(page, "quality")
            slots[name] = words(quality["Slots"]), verdict(page)
        assert slots == {
            "WAN null rows": ("85 of 96", "CARRYING"),
            "WAN absent rows": ("85 of 96", "CARRYING"),
            "WAN duplicates": ("96 of 96", "CARRYING"),
            "WAN out of order": ("96 of 96", "CARRYING"),
            "WAN 95 rows": ("95 of 96", "CARRYING"),
            "WAN 97 rows": ("96 of 96", "CARRYING"),
            "WAN 80 rows": ("80 of 96", "CARRYING"),
            "WAN no rows": ("0 of 96", "NO DATA"),
            "Stamps as epoch ms": ("96 of 96", "CARRYING"),
        }
        nothing = table(await world.run("wan", location="WAN no rows"), "figures")
        assert {words(cell) for row in nothing.values() for key, cell in row.items() if key != "figure"} == {
            "n/a"
        }


async def test_the_later_of_two_rows_for_one_slot_is_kept(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.setup("Forms Ltd")
        here = world.location("WAN duplicates")
        await world.look("wan", only=here)
        day = Window.last(timedelta(days=1), START)
        async with world.deck.services.store.reading() as connection:
            stored = await read_raw(connection, tables.wan_key(here, "rx_mbytes"), day, START)
        made = {slot[0]: slot[1] for slot in world.simulator.wan_slots(here, day.start, day.end)}
        assert dict(stored) == made


async def test_the_wifi_passphrase_is_not_kept(world: World) -> None:
    await world.look("wifi")
    async with world.deck.services.store.reading() as connection:
        kept = await as_of(connection, tables.wifi_networks, START)
    assert "FAKE-NOT-A-KEY" not in str(kept)
    assert not any(entry.path.endswith("/wifiNetwork") for entry in world.simulator.log)


async def test_without_credentials_nothing_is_asked(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.collector.collect()
        assert not world.simulator.log


async def test_the_area_has_one_job(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=FrozenClock(START)) as world:
        (job,) = jobs(world.deck.services)
        await world.setup("Single Pier Ltd")
        await job.run()
        assert verdict(await world.run("status")) == "OPERATIONAL"
