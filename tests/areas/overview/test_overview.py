"""The overview: the worst first, what happened, how the sources do, and asking them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.area import Area, Request
from core.deck import Deck
from core.errors import NotFoundError, SignInError, UnreachableError
from core.event import Event
from core.message import _
from core.page import Freshness
from core.query import TableQuery
from core.store.polls import Poll, record_poll
from core.units import Severity
from tests.areas.network.world import START, World, block, opened, rows, table, verdict, words


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as world:
        yield world


def with_area(world: World, area: Area) -> World:
    """The same world with one more area."""
    services = replace(world.deck.services, areas=(*world.deck.areas, area))
    return replace(world, deck=Deck(services))


async def test_before_a_setup_there_is_nothing_yet(world: World) -> None:
    page = await world.run("overview")
    assert verdict(page) == "NOTHING YET"
    assert page.source_state.freshness is Freshness.NEVER
    assert words(block(page, "events").empty) == "Nothing happened yet."


async def test_the_verdict_is_the_worst_panes_word_and_names_it(world: World) -> None:
    await world.setup("States Ltd")
    await world.look("status", only=world.location("One pod down"))
    page = await world.run("overview")
    assert verdict(page) == "PODS DOWN: Network"
    assert page.verdict.severity is Severity.SERIOUS
    lights = await world.deck.lights(world.person, None)
    assert words(lights["overview"].headline) == ("Network: One pod down: Online, 1 of 3 pods disconnected")
    assert lights["overview"].open == lights["network"].open == 22


async def test_when_all_is_well_it_says_so(world: World) -> None:
    await world.setup("Single Pier Ltd")
    await world.look("status", "wan", "saturation")
    page = await world.run("overview")
    assert verdict(page) == "ALL WELL"
    assert page.source_state.freshness is Freshness.LIVE
    assert page.as_of == world.clock.now()
    assert {"Network", "WAN"} <= {words(light.name) for light in block(page, "areas").lights}
    assert words(block(page, "locations").empty) == "Every location is operational."


async def test_it_shows_the_worst_locations_first_and_how_many_there_are(world: World) -> None:
    await world.setup("States Ltd")
    await world.look("status")
    shown = block(await world.run("overview"), "locations")
    assert len(shown.rows) == 8
    assert shown.total == 13
    assert words(shown.rows[0].cells[0]) == "■ OFFLINE"


async def test_the_overview_can_be_wound_back(world: World) -> None:
    await world.setup("Single Pier Ltd")
    await world.look("status", "wan")
    world.change("Single Pier", service_level="noService")
    world.clock.advance(600)
    await world.look("status", "wan")
    assert verdict(await world.run("overview")) == "SUSPENDED: Network"
    then = await world.run("overview", at=START + timedelta(seconds=10))
    assert verdict(then) == "ALL WELL"


async def test_sources_are_called_by_name_failing_first(world: World) -> None:
    await world.setup("Single Pier Ltd")
    await world.look("status", "wifi")
    world.simulator.faults.add("*/devices", "404", None)
    world.simulator.faults.add("*/wanStats", "html", None)
    await world.look("devices", "wan")
    page = await world.run("sources")
    found = [(words(row.cells[0]), words(row.cells[2])) for row in rows(page, "sources")]
    assert found == [
        ("▲ failing", "Single Pier · devices"),
        ("▲ failing", "Single Pier · WAN usage"),
        ("● answering", "Single Pier · status"),
        ("● answering", "Single Pier · Wi-Fi networks"),
        ("● answering", "the cloud as a whole"),
        ("● answering", "the list of locations"),
    ]
    assert verdict(page) == "2 FAILING"
    here = world.location("Single Pier")
    devices = table(page, "sources")[f"plume {here}/devices"]
    assert words(devices["good"]) == "n/a"
    assert words(devices["reason"]) == "Plume does not know this location, or its customer."


async def test_a_source_that_nobody_asks_any_more_is_overdue(world: World) -> None:
    await world.setup("Single Pier Ltd")
    await world.look("status")
    assert verdict(await world.run("sources")) == "ANSWERING"
    world.clock.advance(601)
    page = await world.run("sources")
    assert verdict(page) == "1 OVERDUE"
    assert words(rows(page, "sources")[0].cells[0]) == "? overdue"
    world.clock.advance(86_400)
    page = await world.run("overview")
    assert page.source_state.freshness is Freshness.UNKNOWN
    assert words((await world.run("overview")).verdict.word) == "UNKNOWN: Network"


async def test_a_location_that_is_gone_is_no_source_any_more(world: World) -> None:
    await world.setup("States Ltd")
    await world.look("status", only=world.location("Green"))
    assert "Green · status" in world.text(await world.run("sources"))
    here = world.location("Green")
    world.remove("Green")
    world.clock.advance(3_600)
    await world.collector.collect(parts=[])
    left = world.text(await world.run("sources"))
    assert "Green" not in left
    assert here not in left


async def test_sources_of_areas_that_name_none_are_shown_as_they_are(world: World) -> None:
    async with world.deck.services.store.writing() as transaction:
        await record_poll(transaction, Poll("meter", "hall 3", START, True, None, START + timedelta(hours=1)))
        await record_poll(transaction, Poll("meter", "", START, False, _("no answer")))
    found = table(await world.run("sources"), "sources")
    assert [words(row["subject"]) for row in found.values()] == ["everything", "hall 3"]


async def test_events_newest_first_and_searched(world: World) -> None:
    async with world.deck.services.store.writing() as transaction:
        for number in range(30):
            title = _("Number {number}", number=number)
            at = START + timedelta(seconds=number)
            await transaction.emit(Event("test.counted", "test", "n", Severity.NOTICE, title, at))
    page = await world.run("events", query=TableQuery(limit=5))
    shown = block(page, "events")
    assert [words(row.cells[2]) for row in shown.rows] == [f"Number {n}" for n in (29, 28, 27, 26, 25)]
    assert shown.total == 30
    found = block(await world.run("events", query=TableQuery(text="number 17")), "events")
    assert [words(row.cells[2]) for row in found.rows] == ["Number 17"]


async def test_a_long_history_of_events_says_what_it_leaves_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.areas.overview.pages.events._MOST", 3)
    async with world.deck.services.store.writing() as transaction:
        event = Event("test.counted", "test", "n", Severity.NOTICE, _("It happened"), START)
        await transaction.emit(event, event, event, event)
    page = await world.run("events")
    assert block(page, "events").total == 3
    assert words(block(page, "cut").text) == "Only the newest 3 events are shown and searched."


async def test_refreshing_without_a_source_says_so(world: World) -> None:
    with pytest.raises(NotFoundError, match="No source is set up yet"):
        await world.run("refresh")


async def test_one_area_that_can_not_answer_keeps_none_from_being_asked(world: World) -> None:
    asked: list[str] = []

    async def refuse(_request: Request) -> None:
        asked.append("mill")
        raise UnreachableError(_("The mill does not answer."))

    world_with_mill = with_area(world, Area("mill", _("Mill"), refresh=refuse))
    with pytest.raises(UnreachableError):
        await world_with_mill.run("refresh")
    await world_with_mill.setup("Single Pier Ltd")
    page = await world_with_mill.run("refresh")
    assert asked == ["mill", "mill"]
    assert verdict(page) == "1 FAILED"
    lights = {words(light.name): words(light.note or "") for light in block(page, "asked").lights}
    assert lights == {"Network": "", "Mill": "The mill does not answer."}
    assert verdict(await world_with_mill.run("status")) == "OPERATIONAL"


async def test_refreshing_tells_that_it_was_done_or_why_not(world: World) -> None:
    await world.setup("Single Pier Ltd")
    assert verdict(await world.run("refresh")) == "DONE"
    world.simulator.revoke_tokens()
    world.simulator.faults.add("*/token", "401", None)
    with pytest.raises(SignInError):
        await world.run("refresh")
