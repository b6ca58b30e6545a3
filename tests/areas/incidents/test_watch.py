"""The job: each thing once, from stored moments alone, whoever looks and however late."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.areas.incidents.collection.watch import INTERVAL, jobs
from core.areas.incidents.model import Status
from tests.areas.incidents.world import World, opened


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as world:
        yield world


async def test_warnings_and_breaches_are_told_once_over_restarts(world: World) -> None:
    await world.open(impact="high", urgency="medium")
    for _minute in range(70):
        world.pass_time(minutes=1)
        await world.look()  # each a watcher of its own, as after a restart
    assert await world.kinds() == ["opened", "escalated", "response_warned", "escalated", "response_overdue"]


async def test_an_engine_that_slept_tells_what_matters_once(world: World) -> None:
    id_ = await world.open(impact="high", urgency="medium")
    world.pass_time(hours=3)
    await world.look()
    await world.look()
    assert await world.kinds() == ["opened", "response_overdue", "escalated"]
    overdue = (await world.incident(id_)).response
    assert overdue.breached_at == overdue.start + (overdue.target or INTERVAL)


async def test_looking_at_nothing_due_writes_nothing(world: World) -> None:
    await world.acknowledged()
    before = await world.deck.change_mark()
    world.pass_time(seconds=30)
    await world.look()
    assert await world.deck.change_mark() == before


async def test_it_closes_what_was_resolved_a_week_ago(world: World) -> None:
    id_ = await world.acknowledged()
    await world.run("incident resolve", id=id_, note="done")
    world.pass_time(days=7)
    await world.look()
    assert (await world.incident(id_)).status is Status.CLOSED


async def test_4_3_a_lapsed_acknowledgement_escalates_again(world: World) -> None:
    id_ = await world.open(impact="high", urgency="high")
    await world.run("incident ack", id=id_)
    world.pass_time(minutes=31)
    await world.look()
    assert (await world.incident(id_)).status is Status.TRIGGERED
    world.pass_time(minutes=8)
    await world.look()
    assert (await world.kinds())[-2:] == ["unacknowledged", "escalated"]


def test_5_3_clocks_are_looked_at_every_half_minute(world: World) -> None:
    (job,) = jobs(world.deck.services)
    assert job.name == "incidents.watch"
    assert INTERVAL.total_seconds() == 30
