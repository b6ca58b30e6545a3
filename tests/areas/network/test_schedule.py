"""Whose turn it is with the collector: how often, what first, how many at once, and across restarts."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.areas.network.collection.collect import Collector, jobs
from core.areas.network.collection.polled_parts import POLLED_PARTS
from core.areas.network.store.recording import PolledLocation
from core.moment import FrozenClock
from core.page import Freshness
from tests.areas.network.world import START, World, facts, opened, verdict, words


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as world:
        await world.setup("Single Pier Ltd")
        yield world


async def test_what_is_watched_is_polled_often_the_rest_seldom(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.setup(f"{world.customer('Single Pier Ltd')},{world.customer('States Ltd')}")
        for location in ("Single Pier", "Green"):
            await world.look("status", only=world.location(location))
        await world.run("select", location="Single Pier")
        world.simulator.log.clear()
        await world.collector.collect(parts=[POLLED_PARTS[0]])  # takes over: both were polled just now
        for _tick in range(30):
            world.clock.advance(10)
            await world.collector.collect(parts=[POLLED_PARTS[0]])
        asked = Counter(entry.path.split("/")[-2] for entry in world.simulator.log if "/nodes" in entry.path)
        assert asked[world.location("Single Pier")] == 5
        assert asked[world.location("Green")] == 1


async def test_what_is_watched_comes_first_and_a_round_does_not_outlast_its_time(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.setup("States Ltd")
        await world.run("select", location="Odd networks")
        order: list[str] = []

        async def slow(_client: object, polled: PolledLocation, _now: object) -> None:
            order.append(polled.location.name)
            world.clock.advance(2)

        async def nothing(*_arguments: object) -> None:
            return

        part = replace(POLLED_PARTS[0], fetch=slow, record=nothing)
        await world.collector.collect(parts=[part])
        assert order[0] == "Odd networks"
        assert len(order) < 12
        while len(set(order)) < 22:
            await world.collector.collect(parts=[part])
        assert len(order) <= 23  # nobody twice before everybody once, but for whoever is watched


async def test_a_location_just_selected_has_its_turn_at_once(world: World) -> None:
    await world.collector.collect()
    await world.after(100)
    assert (await world.polled())["status"] == 100
    await world.run("select", location="Single Pier")
    await world.after(1)
    assert (await world.polled())["status"] == 0


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


async def test_other_credentials_start_a_new_round_at_once(world: World) -> None:
    await world.collector.collect()
    await world.setup("States Ltd")
    await world.collector.collect(parts=[POLLED_PARTS[0]])
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

    parts = [replace(part, fetch=slow, record=nothing) for part in POLLED_PARTS]
    await Collector(world.deck.services).collect(everything=True, parts=parts)
    assert most == 4


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
