"""Following the system's event log: nothing twice, nothing lost, whatever the order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.areas.production.store import collector_state
from tests.areas.production.simulated import Simulated, simulated


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Simulated]:
    async with simulated(tmp_path, provider=False) as found:
        yield found


async def read_until(world: Simulated) -> int:
    async with world.services.store.reading() as connection:
        return int(await collector_state.read(connection, collector_state.EVENTS) or 0)


async def newest(world: Simulated) -> int:
    with world.system.world.locked():
        return world.system.world.journal().last


async def test_events_are_told_once_and_read_on_from_where_they_were_left(world: Simulated) -> None:
    await world.follower.follow()
    first = await world.events()
    assert await read_until(world) == await newest(world) > 0
    world.restart()
    await world.follower.follow()
    assert await world.events() == first
    world.clock.advance(3 * 3600)
    await world.follower.follow()
    assert len(await world.events()) > len(first)


@pytest.mark.parametrize("quirk", ["duplicated_events", "reordered_events"])
async def test_duplicated_and_reordered_events_come_to_the_same_log(
    world: Simulated, tmp_path: Path, quirk: str
) -> None:
    world.clock.advance(3 * 3600)
    await world.follower.follow()
    expected = await world.events()
    async with simulated(tmp_path / "other", provider=False) as other:
        setattr(other.system.quirks, quirk, True)
        other.clock.advance(3 * 3600)
        await other.follower.follow()
        assert sorted(await other.events()) == sorted(expected)


async def test_what_the_log_and_the_lists_both_tell_is_told_once(world: Simulated) -> None:
    for _hour in range(4):
        await world.after(3600)
        await world.follower.follow()
    told = [event for event in await world.events() if event.startswith(("video", "upload"))]
    assert len(told) == len(set(told)) > 3


async def test_events_the_system_forgot_are_skipped_and_everything_is_read_anew(world: Simulated) -> None:
    await world.collector.collect()
    world.clock.advance(3 * 3600)
    world.system.keep_events(2)
    await world.follower.follow()
    assert await read_until(world) == await newest(world)
    assert (await world.polled())["events"].good
    asked = world.asked("/characters")
    await world.collector.collect()
    assert world.asked("/characters") == asked + 1


async def test_an_event_makes_what_it_tells_of_due(world: Simulated) -> None:
    await world.follower.follow()
    await world.collector.collect()
    world.clock.advance(20)
    asked = world.asked("/api/v1/jobs")
    await world.collector.collect()
    assert world.asked("/api/v1/jobs") == asked
    world.clock.step(0)
    while len(await world.events()) == await newest(world):
        world.clock.advance(30)
    await world.follower.follow()
    await world.collector.collect()
    assert world.asked("/api/v1/jobs") == asked + 1


async def test_a_log_that_is_not_offered_leaves_the_rest_alone(world: Simulated) -> None:
    world.system.quirks.lacks = {"/events"}
    await world.follower.follow()
    await world.collector.collect()
    polled = await world.polled()
    assert not polled["events"].good
    assert polled["status"].good
    assert polled["events"].next_try is not None
    assert polled["events"].next_try > world.clock.now() + timedelta(seconds=20)
