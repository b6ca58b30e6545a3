"""The lists of what is at a location: pods, devices, Wi-Fi networks, speed tests; and the locations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.areas.network.model import Location, SpeedTest
from core.areas.network.store.recording import PolledLocation, record_speed_tests
from core.errors import NotFoundError
from core.moment import to_epoch
from core.query import TableQuery
from tests.areas.network.world import START, World, block, facts, number, opened, rows, table, verdict, words


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as world:
        await world.setup("Single Pier Ltd")
        yield world


async def test_pods_in_full(world: World) -> None:
    await world.look("status", "devices")
    page = await world.run("nodes")
    pods = table(page, "pods")
    assert len(pods) == 3
    first = next(iter(pods.values()))
    assert words(first["name"]) == "Reception"  # the gateway first
    assert words(first["state"]) == "● online"
    assert all(
        words(row[key]) != "n/a" for row in pods.values() for key in ("model", "firmware", "mac", "ip")
    )

    serial = next(iter(pods))
    for wanted in (serial, serial.lower(), "reception", " Reception "):
        one = await world.run("nodes", node=wanted)
        found = facts(one, "pod")
        assert words(found["Serial"]) == serial
        assert words(found["Role"]) == "gateway"
        assert words(found["Alerts"]) == "none"
        assert words(one.crumb) == "Single Pier · Reception"
    assert one.key == f"network.nodes:{world.location('Single Pier')}:{serial}"
    everywhere = rows(await world.run("devices"), "devices")
    assert 0 < len(rows(one, "devices")) < len(everywhere)
    with pytest.raises(NotFoundError, match="no pod “Attic” at Single Pier"):
        await world.run("nodes", node="Attic")


async def test_the_alerts_of_a_pod_the_muted_one_dimmed(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.setup("States Ltd")
        for name in ("Snoozed alert", "Alert spellings"):
            await world.look("status", only=world.location(name))
        snoozed = facts(await world.run("nodes", location="Snoozed alert", node="Store"), "pod")
        assert words(snoozed["Alert"]) == "○ poorHealth, muted"
        spelled = facts(await world.run("nodes", location="Alert spellings", node="Store"), "pod")
        assert words(spelled["Alert"]) == "▲ highInterference"


async def test_devices_with_their_pods_found_by_a_filter(world: World) -> None:
    await world.look("status", "devices")
    page = await world.run("devices")
    devices = table(page, "devices")
    assert verdict(page) == "CURRENT"
    pods = {words(row["name"]) for row in table(await world.run("nodes"), "pods").values()}
    assert {words(row["pod"]) for row in devices.values()} <= pods
    name = words(next(iter(devices.values()))["name"])
    filtered = block(await world.run("devices", query=TableQuery(text=name)), "devices")
    assert 1 <= filtered.total < filtered.unfiltered == len(devices)


async def test_wifi_networks_with_their_security(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.setup("States Ltd")
        here = world.location("Odd networks")
        await world.look("wifi", only=here)
        page = await world.run("wifi", location=here)
        shown = {
            words(light.name): (words(light.state.word), words(light.note))
            for light in block(page, "wifi").lights
        }
        assert shown == {
            "From the future": ("enabled", "quantum"),
            "Harbour_Guest*": ("disabled", "WPA2 only"),
            "Old Mixed": ("enabled", "WPA + WPA2"),
            "Open Quay": ("enabled", "open"),
            "Six": ("enabled", "WPA3 only"),
        }
        world.change("Green", networks=())
        await world.look("wifi", only=world.location("Green"))
        none = await world.run("wifi", location="Green")
        assert verdict(none) == "EMPTY"
        assert words(block(none, "wifi").text) == "There is no Wi-Fi network at this location."


async def test_speed_tests_with_the_failed_ones(world: World) -> None:
    await world.look("status", "speed_tests")
    ended = START - timedelta(days=3, minutes=7)
    failing = SpeedTest(False, "serverBusy", ended_at=ended)
    async with world.deck.services.store.writing() as transaction:
        here = Location(world.location("Single Pier"), world.customer("Single Pier Ltd"))
        await record_speed_tests(transaction, PolledLocation(here.customer, here, 90.0), [failing], START)
    page = await world.run("speedtest")
    tests = list(table(page, "tests").values())
    assert verdict(page) == "CURRENT"
    assert {words(row["state"]) for row in tests} == {"● succeeded", "◆ serverBusy"}
    failed = next(row for row in tests if words(row["state"]) == "◆ serverBusy")
    assert words(failed["download"].reason) == "not measured"
    chart = block(page, "speeds")
    assert [t for t, value in chart.series[0].points if value is None] == [to_epoch(ended)]
    last = facts(await world.run("status"), "speedtest")
    newest = next(row for row in tests if words(row["state"]) == "● succeeded")
    assert number(last["Download"]) == number(newest["download"])
    assert page.actions[0].command == "speedtest start"


async def test_locations_with_their_ids_and_whose_is_selected(world: World) -> None:
    page = await world.run("locations")
    (row,) = rows(page, "locations")
    assert row.key == world.location("Single Pier")
    assert world.customer("Single Pier Ltd") in [words(cell) for cell in row.cells]
    assert words(row.cells[1]) == ""
    assert row.action is not None
    await world.run(row.action.command, **dict(row.action.arguments))
    assert words(rows(await world.run("locations"), "locations")[0].cells[1]) == "● selected"
    other = replace(world.person, name="baraka")
    assert words(rows(await world.run("locations", person=other), "locations")[0].cells[1]) == ""
    choices = await world.deck.choices("status", "location", world.person)
    assert [(each.value, words(each.label)) for each in choices] == [(row.key, "Single Pier")]
