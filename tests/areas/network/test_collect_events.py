"""What the collector tells of: each thing once, when it happened, in growing numbers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from core.areas.network.collection.collect import Collector
from core.areas.network.model import Alert, Connection, Location, Node, Saturation
from core.areas.network.store.recording import PolledLocation, StatusFound, record_saturation, record_status
from core.moment import to_epoch
from core.simulators.plume.uptime import Outage
from core.store.events import recent
from core.units import Severity
from tests.areas.network.world import START, World, block, opened, part, rows, verdict, words


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as world:
        await world.setup("Single Pier Ltd")
        yield world


def outage(world: World, *spells: tuple[float, float, str]) -> None:
    """Let the single location be off in these stretches, in seconds from the start."""
    begin = to_epoch(START)
    here = world.location("Single Pier")
    uptime = next(each.uptime for each in world.simulator.world.locations if each.id == here)
    planned = tuple(Outage(int(begin + start), int(begin + end), word) for start, end, word in spells)
    world.change("Single Pier", uptime=replace(uptime, planned=planned, daily_chance=0.0))


async def seen(
    world: World,
    node: Node,
    alerts: Mapping[str, Sequence[Alert]] | None = MappingProxyType({}),
    now: datetime | None = None,
) -> None:
    """Write down that the single location has this one pod."""
    now = now or world.clock.now()
    location = Location(world.location("Single Pier"), world.customer("Single Pier Ltd"), "Single Pier")
    async with world.deck.services.store.writing() as transaction:
        polled = PolledLocation(location.customer, location, 90.0, now)
        await record_status(transaction, polled, StatusFound(location, [node], alerts), now)


async def test_the_story_of_the_demo(tmp_path: Path) -> None:
    async with opened(tmp_path, scenario="demo") as world:
        await world.setup()
        await world.run("select", location="Harbour Office")
        here = world.location("Harbour Office")
        told: list[tuple[float, str]] = []
        light = {}
        for moment in (0, 20, 30, 60, 80, 100, 149, 155, 160, 170, 200, 245, 300):
            world.clock.advance(moment - (world.clock.now() - START).total_seconds())
            await world.look("status", "saturation", "wan", only=here)
            told += [(moment, kind) for kind, _title in (await world.events())[len(told) :]]
            lights = await world.deck.lights(world.person, None)
            light[moment] = [words(lights[name].state.word) for name in ("network", "wan")]
        assert told == [
            (30, "pod.offline"),
            (30, "verdict.changed"),
            (80, "wan.saturated"),
            (155, "wan.recovered"),
            (170, "pod.online"),
            (170, "verdict.changed"),
            (245, "verdict.changed"),
        ]
        assert light[20][1] == light[155][1] == light[300][1] == "CARRYING"
        assert light[80][1] == light[149][1] == "SATURATED"
        titles = [title for _kind, title in await world.events()]
        assert titles[0].startswith("Pod ")
        assert titles[0].endswith(" went offline at Harbour Office")
        assert titles[1] == "Harbour Office: Online, 1 of 7 pods disconnected"
        assert titles[-1] == "Harbour Office: All operational: 7 pods online"
        async with world.deck.services.store.reading() as connection:
            found = await recent(connection, at=world.clock.now(), kinds=["network.pod.offline"])
        assert found[0].event.at == START + timedelta(seconds=25)  # when it happened, not when it was seen
        assert found[0].event.severity is Severity.SERIOUS
        lately = block(await world.run("status"), "events")
        assert words(lately.entries[0].text) == titles[-1]


async def test_a_line_that_swings_around_the_threshold_is_told_of_once(world: World) -> None:
    polled = PolledLocation("c", Location(world.location("Single Pier"), "c", "Single Pier"), 90.0, START)
    for percent in (50, 91, 89, 95, 76, 90, 75, 85, 99, 10, None, 20):
        world.clock.advance(60)
        async with world.deck.services.store.writing() as transaction:
            found = Saturation(percent, 1.0 if percent else None)
            await record_saturation(transaction, polled, found, world.clock.now())
    assert [kind for kind, _title in await world.events()] == [
        "wan.saturated",
        "wan.recovered",
        "wan.saturated",
        "wan.recovered",
    ]
    assert (await world.events())[0][1] == "The line at Single Pier is saturated: 91 % in use"


async def test_an_outage_is_told_of_once_when_it_begins_and_when_it_ends(world: World) -> None:
    await world.look("online")
    outage(world, (900, 3_600, "offline"), (3_600, 4_500, "intermittent"), (4_500, 5_400, "offline"))
    for _poll in range(8):
        world.clock.advance(900)
        await world.look("online")
    assert await world.events() == [
        ("outage.began", "Single Pier lost its connection"),
        ("outage.ended", "Single Pier is connected again"),
    ]
    async with world.deck.services.store.reading() as connection:
        ended, began = await recent(connection, at=world.clock.now(), area="network", limit=2)
    assert began.event.at == START + timedelta(seconds=900)
    assert ended.event.at == START + timedelta(seconds=5_400)


async def test_an_outage_open_at_the_first_sight_is_no_news_but_its_end_is(world: World) -> None:
    outage(world, (-7_200, 1_800, "offline"))
    for _poll in range(4):
        await world.look("online")
        world.clock.advance(900)
    assert [kind for kind, _title in await world.events()] == ["outage.ended"]


async def test_a_finished_speed_test_is_told_of_once(world: World) -> None:
    await world.look("status", "speed_tests")
    await world.run("speedtest start")
    assert [kind for kind, _title in await world.events()] == ["speed_test.started"]
    world.clock.advance(60)
    for _poll in range(3):
        await world.look("status", "speed_tests")
        world.clock.advance(60)
    found = await world.events()
    assert [kind for kind, _title in found] == ["speed_test.started", "speed_test.finished"]
    assert found[1][1].startswith("Speed test at Single Pier: ")
    assert "Mbps down, " in found[1][1]


async def test_a_speed_test_that_was_there_at_the_first_sight_is_no_news(world: World) -> None:
    await world.run("speedtest start")
    world.clock.advance(60)
    for _poll in range(3):
        await world.look("status")
        world.clock.advance(60)
    assert [kind for kind, _title in await world.events()] == ["speed_test.started"]


async def test_another_service_level_is_told_of(world: World) -> None:
    await world.look("status")
    world.change("Single Pier", service_level="noService")
    await world.look("status")
    await world.look("status")
    world.change("Single Pier", service_level=None)  # the cloud says nothing: no news
    await world.look("status")
    world.change("Single Pier", service_level="fullService")
    await world.look("status")
    assert await world.events() == [
        ("service.changed", "Service at Single Pier is now: suspended"),
        ("verdict.changed", "Single Pier: Service suspended"),
        ("verdict.changed", "Single Pier: All operational: 3 pods online"),
    ]


async def test_two_looks_at_the_same_time_tell_it_once(world: World) -> None:
    """A refresh beside the job: both saw the pod down, only the first finds that new."""
    await world.look("status")
    before = world.clock.now()
    for state in (Connection.CONNECTED, Connection.DISCONNECTED, Connection.DISCONNECTED):
        await seen(world, Node("SIMX", "Shed", state, gateway=True), now=before)
    kinds = [kind for kind, _title in await world.events()]
    assert kinds == ["gateway.offline", "verdict.changed"]


async def test_what_is_muted_stays_so_while_the_list_of_alerts_can_not_be_had(world: World) -> None:
    await world.look("status")
    node = Node("SIMX", "Shed", Connection.CONNECTED, alerts=(Alert("poorHealth"),))
    verdicts: list[str] = []
    for alerts in ({"SIMX": (Alert("poorHealth", muted=True),)}, None, {"SIMX": ()}, None):
        await seen(world, node, alerts)
        verdicts.append(verdict(await world.run("status")))
    assert verdicts == ["OPERATIONAL", "OPERATIONAL", "DEGRADED", "DEGRADED"]


async def test_a_verdict_lost_and_found_again_is_told_when_it_is_another(world: World) -> None:
    await world.look("status")
    for word in ("connected", "unknown", "disconnected", "unknown", "disconnected", "unknown", "connected"):
        await seen(world, Node("SIMX", "Shed", Connection(word)))
    verdicts = [title for kind, title in await world.events() if kind == "verdict.changed"]
    assert verdicts == [
        "Single Pier: Offline: the only pod is disconnected",
        "Single Pier: All operational: 1 pod online",
    ]


async def test_nothing_is_told_when_its_transaction_fails(world: World) -> None:
    await world.look("status")
    world.change("Single Pier", service_level="noService")
    real = part("status").record

    async def faulty(*arguments: object) -> None:
        await real(*arguments)  # type: ignore[arg-type]
        raise ValueError("a fault of ours")

    broken = replace(part("status"), record=faulty)
    await Collector(world.deck.services).collect(everything=True, parts=[broken])
    assert await world.events() == []
    await world.look("status")
    assert [kind for kind, _title in await world.events()] == ["service.changed", "verdict.changed"]
    assert len(rows(await world.run("events"), "events")) == 3
