"""The collector when all is well: what it records, and what it leaves when it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.areas.network.collection.collect import Collector
from core.areas.network.collection.polled_parts import POLLED_PARTS
from core.areas.network.store import tables
from core.moment import Window
from core.store.series import read_raw
from core.store.versions import as_of
from tests.areas.network.world import START, World, facts, number, opened, rows, table, verdict, words


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as world:
        await world.setup("Single Pier Ltd")
        yield world


async def test_the_first_round_records_every_part(world: World) -> None:
    await world.collector.collect()
    assert sorted(await world.polled()) == sorted(part.name for part in POLLED_PARTS)
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


async def test_a_look_that_is_stopped_leaves_nothing(world: World) -> None:
    """Cancelled while it waits for the cloud, or dead between the answer and the commit."""
    reached = asyncio.Event()

    async def never(*_arguments: object) -> None:
        reached.set()
        await asyncio.Event().wait()

    for broken in ("fetch", "record"):
        part = replace(POLLED_PARTS[0], **{broken: never})
        reached.clear()
        before = await world.counts()
        task = asyncio.create_task(Collector(world.deck.services).collect(everything=True, parts=[part]))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await world.counts() == before
        assert await world.polled() == {}
    await world.look("status")
    assert verdict(await world.run("status")) == "OPERATIONAL"


async def test_what_a_look_writes_is_written_as_one(world: World) -> None:
    """A fault after the data was written takes the data back with it, and is that part's failure only."""
    real = POLLED_PARTS[0].record

    async def faulty(*arguments: object) -> None:
        await real(*arguments)  # type: ignore[arg-type]
        raise ValueError("a fault of ours")

    parts = [replace(POLLED_PARTS[0], record=faulty), *POLLED_PARTS[1:]]
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
