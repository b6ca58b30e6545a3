"""What was known at a past moment, how fresh it was then, and what is said where nothing is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.areas.network.store import tables
from core.areas.network.store.rows import WAN_UNITS
from core.errors import NotFoundError
from core.moment import to_epoch
from core.page import Freshness, Page
from core.store.maintenance import Retention, retention
from core.store.series import SeriesSamples, load_history, write_many
from tests.areas.network.world import (
    START,
    World,
    block,
    facts,
    number,
    opened,
    rows,
    table,
    verdict,
    words,
)

COMMANDS = ("status", "wan", "stats", "nodes", "wifi", "devices", "speedtest")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as world:
        await world.setup("Single Pier Ltd")
        yield world


def states(page: Page) -> list[str]:
    return [words(row.cells[0])[2:] for row in rows(page, "pods")]


def notes(page: Page) -> str:
    return " ".join(words(each.text) for each in page.blocks if each.key == "kept")  # type: ignore[union-attr]


async def test_a_page_wound_back_shows_what_was_on_screen_then(tmp_path: Path) -> None:
    async with opened(tmp_path, scenario="demo") as world:
        await world.setup()
        await world.run("select", location="Harbour Office")
        here = world.location("Harbour Office")
        shown: dict[int, tuple[list[str], str]] = {}
        for moment in (0, 30, 170, 250):
            world.clock.advance(moment - (world.clock.now() - START).total_seconds())
            await world.look("status", "saturation", "wan", only=here)
            page = await world.run("status")
            shown[moment] = states(page), verdict(page)
        assert "offline" in shown[30][0]
        assert "offline" not in shown[0][0] + shown[170][0]
        world.clock.advance(60)
        for moment, seen in shown.items():
            then = await world.run("status", at=START + timedelta(seconds=moment + 1))
            assert (states(then), verdict(then)) == seen
            assert then.source_state.freshness is Freshness.LIVE
            assert then.at == START + timedelta(seconds=moment + 1)
        fleet = await world.run("fleet", at=START + timedelta(seconds=40))
        assert words(table(fleet, "locations")[here]["state"]) == "▼ PODS DOWN"
        lights = await world.deck.lights(world.person, START + timedelta(seconds=40))
        assert lights["network"].state.severity == 5


async def test_the_state_of_the_source_is_that_of_then(world: World) -> None:
    await world.look("status")
    world.simulator.faults.add("*/nodes", "404", None)
    world.clock.advance(600)
    await world.look("status")
    broken = world.clock.now()
    world.simulator.faults.clear()
    world.clock.advance(1_200)
    await world.look("status")
    assert (await world.run("status")).source_state.reason is None
    then = await world.run("status", at=broken + timedelta(seconds=1))
    assert words(then.source_state.reason).startswith("Plume does not know this location")
    late = await world.run("status", at=broken + timedelta(seconds=600))
    assert late.source_state.freshness is Freshness.UNKNOWN
    assert verdict(late) == "UNKNOWN"


async def test_a_slot_has_the_value_it_had_then(world: World) -> None:
    here = world.location("Single Pier")
    slot = to_epoch(START) - 1_800
    for minutes, value in ((0, 10.0), (30, 20.0)):
        world.clock.advance(minutes * 60)
        async with world.deck.services.store.writing() as transaction:
            await write_many(
                transaction,
                [
                    SeriesSamples(tables.wan_key(here, f), [(slot, value)], 900, u)
                    for f, u in WAN_UNITS.items()
                ],
            )

    async def peak(page: Page) -> float:
        return number(table(page, "figures")["peak"]["rx"])

    assert await peak(await world.run("wan")) == 20.0
    assert await peak(await world.run("wan", at=START + timedelta(minutes=1))) == 10.0


async def test_the_past_is_of_the_location_that_is_selected_now(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.setup("States Ltd")
        await world.look("status", only=world.location("Green"))
        world.clock.advance(600)
        await world.run("select", location="Green")
        page = await world.run("status", at=START + timedelta(seconds=60))
        assert page.crumb == "Green"
        assert verdict(page) == "OPERATIONAL"


async def test_before_anything_was_known_every_page_says_so(world: World) -> None:
    await world.look()
    await world.run("select", location="Single Pier")
    early = START - timedelta(days=1)
    for command in COMMANDS:
        page = await world.run(command, at=early)
        assert words(page.crumb).startswith("Single Pier"), command
        assert page.source_state.freshness is Freshness.NEVER
        assert verdict(page) in ("UNKNOWN", "No data"), command
        assert "not been read yet" in notes(page), command
    figures = table(await world.run("wan", at=early), "figures")
    assert {words(row["rx"]) for row in figures.values()} == {"n/a"}
    assert words(facts(await world.run("stats", at=early), "uptime")["Uptime"]) == "n/a"
    fleet = await world.run("fleet", at=early)
    assert verdict(fleet) == "NOT SET UP"
    assert words(block(fleet, "nothing").text) == "Plume was not set up by then."


async def test_a_location_never_heard_of_is_not_found_in_the_past_either(world: World) -> None:
    with pytest.raises(NotFoundError):
        await world.run("status", at=START - timedelta(days=1), location="Atlantis")


async def test_from_before_what_is_kept_pages_say_what_they_lack(world: World) -> None:
    await world.look("status")
    world.clock.advance(500 * 86_400)
    await world.look("status")
    old = world.clock.now() - timedelta(days=450)
    for command in ("status", "fleet", "locations", "nodes"):
        page = await world.run(command, at=old)
        assert "Only 400 days are kept" in notes(page), command
    assert notes(await world.run("status", at=world.clock.now() - timedelta(seconds=1))) == ""


async def test_where_single_polls_are_forgotten_freshness_is_unknown(world: World) -> None:
    await world.look("status")
    for _look in range(5):
        world.clock.advance(8 * 86_400)
        await world.look("status")
    keep = Retention(polls=timedelta(days=14))
    await retention(world.deck.services.store, keep)
    page = await world.run("status", at=world.clock.now() - timedelta(days=30))
    assert page.source_state.freshness is Freshness.UNKNOWN
    assert words(page.source_state.reason).endswith("so how fresh this was can't be told.")
    assert verdict(page) == "UNKNOWN"
    assert len(rows(page, "pods")) == 3
    fresh = await world.run("status", at=world.clock.now() - timedelta(days=8) + timedelta(seconds=5))
    assert fresh.source_state.freshness is Freshness.LIVE


async def test_a_year_has_365_days_and_a_month_its_hours_with_gaps_as_gaps(world: World) -> None:
    here, end = world.location("Single Pier"), to_epoch(START)
    first = end - 400 * 86_400
    missing = range(end - 40 * 86_400, end - 38 * 86_400)
    slots = [t for t in range(first, end, 900) if t not in missing]
    batch = [
        SeriesSamples(tables.wan_key(here, field), [(t, 1.0 + t % 86_400 / 900) for t in slots], 900, unit)
        for field, unit in WAN_UNITS.items()
    ]
    batch.append(SeriesSamples(tables.online_key(here), [(t, 1.0) for t in slots], 900))
    async with world.deck.services.store.writing() as transaction:
        await load_history(transaction, batch)
    year = await world.run("wan", span="1y")
    chart = block(year, "rates")
    points = chart.series[0].points
    assert len(points) == 365
    gaps = [t for t, value in points if value is None]
    assert gaps == [end // 86_400 * 86_400 - 39 * 86_400]  # the only whole day without a slot
    assert {value for _t, value in points if value is not None} == {96.0, 48.0}
    figures = table(year, "figures")
    assert words(figures["peak_at"]["figure"]) == "Peak on the day (UTC)"
    assert words(figures["peak_at"]["rx"]) == "2025-01-14"
    assert words(figures["percentile95"]["rx"].reason) == "only for ranges up to 7 days"
    assert words(facts(year, "quality")["Slots"]) == f"{365 * 96 - 192:,} of {365 * 96:,}"
    month = await world.run("wan", span="30d")
    points = block(month, "volume").series[1].points
    assert len(points) == 720
    assert words(table(month, "figures")["peak_at"]["figure"]) == "Peak within the hour from"
    older = await world.run("wan", span="1y", at=START - timedelta(days=30))
    assert len(block(older, "rates").series[0].points) == 365
