"""What the line carried and how the connection held, as pages show them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.areas.network.store import tables
from core.areas.network.store.rows import WAN_UNITS
from core.moment import to_epoch
from core.simulators.plume.uptime import Outage
from core.store.series import SeriesSamples, write_many
from core.units import Severity
from tests.areas.network.world import START, World, block, facts, opened, table, verdict, words


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as world:
        await world.setup("Single Pier Ltd")
        yield world


async def write(world: World, **fields: float | None) -> None:
    """Let the last finished slot have these values, and no other be known."""
    here, slot = world.location("Single Pier"), to_epoch(START) - 900
    batch = [
        SeriesSamples(tables.wan_key(here, field), [(slot, fields.get(field))], 900, unit)
        for field, unit in WAN_UNITS.items()
    ]
    async with world.deck.services.store.writing() as transaction:
        await write_many(transaction, batch)


async def test_each_span_has_its_range_and_step(world: World) -> None:
    await world.look("wan", "online")
    expected = {"3h": (900, 12), "24h": (900, 96), "7d": (900, 672), "30d": (3_600, 720), "1y": (86_400, 365)}
    for span, (step, points) in expected.items():
        page = await world.run("wan", span=span)
        for key in ("rates", "volume"):
            chart = block(page, key)
            assert chart.step == step
            assert [len(series.points) for series in chart.series] == [points, points], span
        assert page.key == f"network.wan:{world.location('Single Pier')}:{span}"
    assert words((await world.run("wan", span="1y")).crumb) == "Single Pier, last year"
    assert words((await world.run("stats", span="3h")).crumb) == "Single Pier, last 3 hours"


async def test_the_slot_still_filling_is_drawn_and_not_counted(world: World) -> None:
    world.clock.advance(450)
    await world.look("wan")
    page = await world.run("wan")
    assert len(block(page, "rates").series[0].points) == 97
    assert words(facts(page, "quality")["Slots"]).endswith(" of 96")
    assert words(facts(page, "quality")["To"]) == "12:00"


async def test_a_figure_that_nothing_supports_is_absent_with_its_reason(world: World) -> None:
    await write(world, rx_max_mbps=5.0, tx_mbytes=0.0)
    figures = table(await world.run("wan"), "figures")
    assert [words(figures["peak"][way]) for way in ("rx", "tx")] == ["5.00 Mbps", "n/a"]
    assert [words(figures["total"][way]) for way in ("rx", "tx")] == ["n/a", "0 MB"]
    assert words(figures["mean_throughput"]["rx"].reason) == "no data in this range"
    assert words(figures["mean_throughput"]["tx"]) == "0.00 Mbps"
    assert words(facts(await world.run("wan"), "quality")["Complete"]) == "0.0 %"


async def test_a_saturated_line_is_the_verdict(tmp_path: Path) -> None:
    async with opened(tmp_path, settings={"PLUME_SATURATION_PERCENT": "0.1"}) as world:
        await world.setup("Single Pier Ltd")
        await world.look("wan", "saturation")
        page = await world.run("wan")
        assert verdict(page) == "SATURATED"
        meter = block(page, "saturation")
        assert meter.severity is Severity.WARNING
        assert words(meter.note).startswith("fuller direction: ")
        light = (await world.deck.lights(world.person, None))["wan"]
        assert (words(light.state.word), light.open) == ("SATURATED", 1)
        assert words(light.headline).endswith(" % of the line in use")


async def test_the_light_says_when_there_are_no_statistics(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.setup("Forms Ltd")
        await world.run("select", location="WAN no rows")
        await world.look("wan", only=world.location("WAN no rows"))
        light = (await world.deck.lights(world.person, None))["wan"]
        assert words(light.state.word) == "NO DATA"
        assert words(light.headline) == "WAN no rows: no WAN statistics for the last 24 h"
        page = await world.run("wan")
        assert words(block(page, "nothing").text) == "The cloud reported no WAN statistics for this range."


async def test_outages_with_their_beginnings_and_ends(world: World) -> None:
    begin = to_epoch(START)
    here = world.location("Single Pier")
    uptime = next(each.uptime for each in world.simulator.world.locations if each.id == here)
    spells = (Outage(begin - 50 * 3_600, begin - 48 * 3_600), Outage(begin - 1_800, begin + 900))
    world.change("Single Pier", uptime=replace(uptime, planned=spells, daily_chance=0.0))
    await world.look("online")
    page = await world.run("stats")
    entries = block(page, "incidents").entries
    assert [(words(entry.text), entry.open) for entry in entries] == [
        ("offline, not over yet", True),
        ("offline", False),
    ]
    assert [entry.length.total_seconds() for entry in entries] == [1_800, 7_200]
    found = facts(page, "uptime")
    assert found["Incidents"] == 2
    assert words(found["Offline for"]) == "2 h 30 min"
    assert words(found["Uptime"]) == "98.51 %"
    assert words(found["Rating"]) == "● Good"
    points = block(page, "online").series[0].points
    assert sum(value == 0.0 for _t, value in points) == 10
    short = await world.run("stats", span="3h")
    assert words(facts(short, "uptime")["Rows"]) == "12"
    assert words(facts(short, "uptime")["Trend"]) == "declining"


async def test_no_history_is_no_data_and_no_percentage(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.setup("Forms Ltd")
        await world.look("online", only=world.location("Online stats empty"))
        page = await world.run("stats", location="Online stats empty")
        assert verdict(page) == "No data"
        found = facts(page, "uptime")
        assert [words(found[label]) for label in ("Uptime", "Bar", "Coverage")] == ["n/a", "n/a", "0.0 %"]
        assert words(block(page, "incidents").empty) == "The cloud reported nothing here."
        assert {value for _t, value in block(page, "online").series[0].points} == {None}


async def test_a_rating_of_old_data_is_no_verdict(world: World) -> None:
    await world.look("online")
    assert verdict(await world.run("stats")) == "Excellent"
    world.clock.advance(2 * 3_600)
    page = await world.run("stats")
    assert verdict(page) == "UNKNOWN"
    assert words(facts(page, "uptime")["Rating"]) == "● Excellent"
    assert words(facts(page, "uptime")["Coverage"]) != "100.0 %"
