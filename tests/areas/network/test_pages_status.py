"""A location's health and the fleet's, as pages show them: every state of the contract scenario."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.message import ENGLISH
from core.page import Freshness
from core.query import TableQuery
from core.render import render_as
from core.render.values import Formatter
from core.units import Severity
from tests.areas.network.world import World, block, facts, opened, rows, table, verdict, words


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as world:
        yield world


async def look_at(world: World, customer: str, *names: str) -> None:
    await world.setup(customer)
    for name in names:
        await world.look("status", only=world.location(name))


def said(block_: object) -> list[tuple[str, str]]:
    """The lights of a block: the word of each state and what is said."""
    return [
        (words(light.state.word), words(light.name) + (f" ({words(light.note)})" if light.note else ""))
        for light in block_.lights  # type: ignore[attr-defined]
    ]


async def test_the_fleet_stands_worst_first_and_says_what_is_wrong(world: World) -> None:
    await world.setup("States Ltd")
    await world.look("status")
    page = await world.run("fleet")
    found = table(page, "locations")
    order = [words(row["state"]) for row in found.values()]
    kinds = ["■ OFFLINE", "▼ PODS DOWN", "▼ SUSPENDED", "▲ DEGRADED", "● OPERATIONAL"]
    assert sorted(order, key=kinds.index) == order
    assert verdict(page) == "OFFLINE"
    lines = {
        words(row["location"]): (words(row["state"])[2:], words(row["headline"])) for row in found.values()
    }
    assert lines["All down"] == ("OFFLINE", "Offline: all 3 pods disconnected")
    assert lines["No nodes"] == ("OFFLINE", "No pods at this location")
    assert lines["Suspended"] == ("SUSPENDED", "Service suspended")
    assert lines["Basic service"] == ("DEGRADED", "Online with basic service only")
    assert lines["Gateway down"][1].endswith("yet 2 pods say they are connected · CONTRADICTORY DATA")
    for name in ("Service level empty", "Service level missing", "Service level null", "Snoozed alert"):
        assert lines[name][0] == "OPERATIONAL", name
    assert len(found) == 22
    glance = said(block(page, "summary"))
    assert ("OFFLINE", "2 locations (All down, No nodes)") in glance
    assert sum(int(line.split()[0]) for _state, line in glance) == 22
    lights = await world.deck.lights(world.person, None)
    assert lights["network"].open == 22 - order.count("● OPERATIONAL")
    assert words(lights["network"].headline) == "All down: Offline: all 3 pods disconnected"

    filtered = await world.run("fleet", query=TableQuery(text="service level", limit=2))
    shown = block(filtered, "locations")
    assert (len(shown.rows), shown.total, shown.unfiltered) == (2, 3, 22)
    sorted_down = await world.run("fleet", query=TableQuery(sort="devices", descending=True))
    counts = [row.cells[4] for row in rows(sorted_down, "locations")]
    assert counts == sorted(counts, reverse=True)  # type: ignore[type-var]


async def test_twenty_five_locations_are_all_there(world: World) -> None:
    await world.setup("Twenty-five Berths Ltd")
    page = await world.run("fleet")
    assert len(rows(page, "locations")) == 25
    assert verdict(page) == "UNKNOWN"
    assert words(page.crumb) == "25 locations"
    assert {words(row.cells[2]) for row in rows(page, "locations")} == {"n/a"}


async def test_a_suspended_location_says_so_above_all(world: World) -> None:
    await look_at(world, "States Ltd", "Suspended", "Gateway down")
    page = await world.run("status", location="Suspended")
    assert verdict(page) == "SUSPENDED"
    assert words(block(page, "suspended").text) == "Service is suspended: Wi-Fi is off by order."
    assert words(facts(page, "location")["Service"]) == "▼ suspended"
    assert ("serious", "Service suspended: Wi-Fi is stopped by the operator") in said(block(page, "findings"))


async def test_contradictory_data_are_marked(world: World) -> None:
    await look_at(world, "States Ltd", "Gateway down")
    page = await world.run("status", location="Gateway down")
    assert verdict(page) == "PODS DOWN"
    assert words(facts(page, "location")["Also"]) == "◆ CONTRADICTORY DATA"
    assert block(page, "contradictory").severity is Severity.NOTICE


async def test_findings_that_count_and_those_that_do_not(world: World) -> None:
    names = ("Fair pod with an alert", "Snoozed alert", "Unknown words", "Basic service")
    await look_at(world, "States Ltd", *names)
    fair = await world.run("status", location="Fair pod with an alert")
    assert verdict(fair) == "DEGRADED"
    assert said(block(fair, "findings")) == [
        ("warning", "Store: fair health"),
        ("warning", "Store: alert: poor health"),
    ]
    snoozed = await world.run("status", location="Snoozed alert")
    assert verdict(snoozed) == "OPERATIONAL"
    assert said(block(snoozed, "findings")) == [("quiet", "Store: muted alert: poor health (not counted)")]
    assert block(snoozed, "findings").lights[0].state.severity is Severity.IDLE
    unknown = await world.run("status", location="Unknown words")
    assert said(block(unknown, "findings"))[0] == (
        "warning",
        "Store: connection state “hibernating” is not known",
    )
    assert "? hibernating" in [words(row.cells[0]) for row in rows(unknown, "pods")]
    basic = await world.run("status", location="Basic service")
    assert words(facts(basic, "location")["Service"]) == "▲ basic service"
    keys = [light.key for light in block(fair, "findings").lights]
    assert len(set(keys)) == 2
    assert block(fair, "findings").lights[0].action.command == "nodes"


async def test_a_location_without_pods(world: World) -> None:
    await look_at(world, "States Ltd", "No nodes")
    page = await world.run("status", location="No nodes")
    assert verdict(page) == "OFFLINE"
    assert words(block(page, "pods").empty) == "There is no pod at this location."
    assert words(facts(page, "location")["Pods"]) == "0 of 0 online"


async def test_null_and_sparse_rows_are_absent_never_zero(world: World) -> None:
    await look_at(world, "States Ltd", "Null node row", "Sparse node row", "No speed test")
    for name in ("Null node row", "Sparse node row"):
        page = await world.run("status", location=name)
        found = [
            [words(row[key]) for key in ("state", "health", "backhaul", "devices")]
            for row in table(page, "pods").values()
        ]
        assert ["? unknown", "n/a", "n/a", "n/a"] in found
    page = await world.run("status", location="No speed test")
    assert words(facts(page, "speedtest")["Result"]) == "n/a"


async def test_before_the_first_poll_nothing_is_claimed(world: World) -> None:
    await world.setup("Single Pier Ltd")
    for command in ("status", "wan", "stats", "nodes", "wifi", "devices", "speedtest"):
        page = await world.run(command)
        assert page.source_state.freshness is Freshness.NEVER, command
        assert page.verdict.severity is Severity.UNKNOWN, command
        assert page.as_of is None
        text = world.text(page)
        assert "Never polled." in text
        assert "0.00" not in text
        assert "0 MB" not in text
    assert words(block(await world.run("status"), "pods").empty) == "Nothing was read yet."
    assert words(block(await world.run("wifi"), "wifi").text) == "Nothing was read yet."


async def test_before_a_setup_pages_say_that_it_is_missing(world: World) -> None:
    for command in ("status", "fleet", "wan", "stats", "nodes", "wifi", "devices", "speedtest", "locations"):
        page = await world.run(command)
        assert verdict(page) == "NOT SET UP", command
        assert words(block(page, "nothing").text) == "Plume isn't set up yet."
        assert "setup" in [action.command for action in page.actions]
    lights = await world.deck.lights(world.person, None)
    assert [words(lights[pane].state.word) for pane in ("network", "wan")] == ["NOT SET UP", "CHOOSE"]


async def test_a_customer_without_locations_is_not_a_missing_setup(world: World) -> None:
    await world.setup("Empty Quay Ltd")
    page = await world.run("status")
    assert verdict(page) == "NO LOCATIONS"
    assert words(block(page, "nothing").text) == "Plume shows no location."


async def test_with_several_locations_and_none_selected_one_is_to_be_chosen(world: World) -> None:
    await world.setup("States Ltd")
    for command in ("wan", "stats", "nodes", "wifi", "devices", "speedtest"):
        page = await world.run(command)
        assert verdict(page) == "CHOOSE", command
        row = rows(page, "locations")[0]
        assert row.action is not None
        assert (row.action.command, row.action.arguments) == (command, (("location", row.key),))
    assert page.key == "network.speedtest"
    assert (await world.run("status")).key == "network.fleet"


async def test_names_stay_literal_whatever_they_hold(world: World) -> None:
    odd = "[/x] \x1b]0;X\x07\x9b31m \u202eabc [@click=app.quit]go[/] =1+1 <b>"
    world.change("Single Pier", overrides={"name": odd})
    await world.setup("Single Pier Ltd")
    await world.look("status")
    for form in ("text", "markdown", "json", "csv"):
        page = await world.run("locations" if form == "csv" else "status")
        shown = render_as(form, page, Formatter(ENGLISH, world.person.zone, world.clock.now()), width=120)
        for raw in ("\x1b", "\x07", "\x9b", "\u202e"):
            assert raw not in shown
        if form != "markdown":
            assert "[/x]" in shown
            assert "[@click=app.quit]go[/]" in shown


async def test_the_events_of_a_location_stand_on_its_page(world: World) -> None:
    await world.setup("Single Pier Ltd")
    assert words(block(await world.run("status"), "events").empty) == "Nothing happened here yet."
    await world.run("speedtest start")
    entries = block(await world.run("status"), "events").entries
    assert [words(entry.text) for entry in entries] == ["amina started a speed test at Single Pier"]


async def test_the_palette_finds_locations_and_pods(world: World) -> None:
    await look_at(world, "Single Pier Ltd", "Single Pier")
    found = await world.deck.objects(world.person, "single")
    assert words(found[0].label) == "Location Single Pier"
    serial = rows(await world.run("nodes"), "pods")[0].key
    (pod,) = await world.deck.objects(world.person, serial)
    assert (pod.command, dict(pod.arguments)["node"]) == ("nodes", serial)
