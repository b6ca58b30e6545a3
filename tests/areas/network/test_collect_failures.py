"""The collector when something fails: what stays, what is said about it, what comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.errors import RateLimitedError, SignInError, UnreachableError
from core.page import Freshness, Page
from core.units import Severity
from tests.areas.network.world import World, block, facts, opened, rows, table, verdict, words


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as world:
        await world.setup("Single Pier Ltd")
        yield world


async def states(world: World) -> dict[str, str]:
    """The state of every source, by what it is called."""
    found = table(await world.run("sources"), "sources")
    return {words(row["subject"]): words(row["state"])[2:] for row in found.values()}


def why(page: Page) -> str:
    return words(page.source_state.reason)


BROKEN = {
    "500": "Plume has a fault of its own (status 500). Try later.",
    "html": "Plume's answer can't be read: it is not JSON, or was cut short.",
    "truncated": "Plume's answer can't be read: it is not JSON, or was cut short.",
    "null": "Plume's answer can't be read: it is empty.",
    "404": "Plume does not know this location, or its customer.",
}


@pytest.mark.parametrize("kind", BROKEN)
async def test_one_part_that_fails_leaves_the_others_fresh(world: World, kind: str) -> None:
    await world.after(1, "status", "wifi")
    networks = rows(await world.run("wifi"), "wifi")
    world.simulator.faults.add("*/wifiNetworks", kind, None)  # type: ignore[arg-type]
    for _tick in range(4):
        await world.after(2_700, "status", "wifi")
    found = await states(world)
    assert found.pop("Single Pier · Wi-Fi networks") == "failing"
    assert set(found.values()) == {"answering"}
    page = await world.run("wifi")
    assert rows(page, "wifi") == networks
    assert verdict(page) == "UNKNOWN"
    assert page.source_state.freshness is Freshness.UNKNOWN
    assert why(page) == BROKEN[kind]
    assert page.source_state.next_try is not None
    assert page.source_state.next_try > world.clock.now()
    assert page.as_of is not None
    assert "3 h ago" in world.text(page)
    status = await world.run("status")
    assert verdict(status) == "OPERATIONAL"
    assert status.source_state.freshness is Freshness.LIVE

    world.simulator.faults.clear()
    await world.after(3_000, "status", "wifi")
    assert set((await states(world)).values()) == {"answering"}
    assert verdict(await world.run("wifi")) == "CURRENT"


async def test_a_failing_part_is_asked_less_and_less_often(world: World) -> None:
    world.simulator.faults.add("*/nodes", "404", None)
    world.simulator.log.clear()
    for _tick in range(60):
        await world.after(60, "status")
    assert 4 <= world.asked("/nodes") <= 7  # in the hour after the first: at 5, 15, 30, 45 and 60 minutes


async def test_a_malformed_list_of_pods_is_no_verdict(world: World) -> None:
    world.simulator.faults.add("*/nodes", "html", None)
    await world.look("status")
    page = await world.run("status")
    assert verdict(page) == "UNKNOWN"
    assert words(block(page, "pods").empty).startswith("Nothing is known: Plume's answer can't be read")


async def test_stale_after_two_missed_polls_unknown_after_three(world: World) -> None:
    await world.run("select", location="Single Pier")
    await world.look("status")
    seen = {}
    for _minute in range(6):
        page = await world.run("status")
        age = round((world.clock.now() - page.as_of).total_seconds()) if page.as_of else None
        seen[age] = page.source_state.freshness, verdict(page)
        world.clock.advance(50)
    assert seen == {
        0: (Freshness.LIVE, "OPERATIONAL"),
        50: (Freshness.LIVE, "OPERATIONAL"),
        100: (Freshness.LIVE, "OPERATIONAL"),
        150: (Freshness.STALE, "OPERATIONAL"),
        200: (Freshness.UNKNOWN, "UNKNOWN"),
        250: (Freshness.UNKNOWN, "UNKNOWN"),
    }
    pods = rows(page, "pods")
    assert len(pods) == 3  # the last that was known, with its age


async def test_when_the_sign_in_is_revoked_every_page_says_so(world: World) -> None:
    await world.collector.collect()
    world.simulator.revoke_tokens()
    world.simulator.faults.add("*/token", "401", None)
    await world.after(310)
    asked = len(world.simulator.log)
    for _tick in range(20):
        await world.after(60, "status")
    # An ever longer rest between two tries, not one after another.
    assert len(world.simulator.log) - asked < 16
    for command in ("status", "wan", "stats", "wifi", "devices"):
        page = await world.run(command)
        assert why(page).startswith("Plume's sign-in does not know these credentials."), command
        assert page.source_state.next_try is not None
    assert (await states(world))["the cloud as a whole"] == "failing"
    assert len(rows(await world.run("nodes"), "pods")) == 3

    world.simulator.faults.clear()
    await world.after(900)
    assert set((await states(world)).values()) <= {"answering", "overdue"}
    page = await world.run("status")
    assert verdict(page) == "OPERATIONAL"
    assert page.source_state.reason is None


async def test_the_limiter_is_obeyed_and_said(world: World) -> None:
    await world.collector.collect()
    world.simulator.faults.add("*/nodes", "403", 1)
    await world.after(310)
    page = await world.run("status")
    assert why(page) == "Plume limits our requests; nothing is asked for about 5 minutes."
    asked = len(world.simulator.log)
    for _tick in range(4):
        await world.after(60)
    assert len(world.simulator.log) == asked
    world.restart()  # a restart is no way around it
    await world.after(30)
    assert len(world.simulator.log) == asked
    await world.after(60)
    assert len(world.simulator.log) > asked
    assert (await world.run("status")).source_state.reason is None


async def test_when_the_cloud_is_down_it_is_left_alone(world: World) -> None:
    await world.collector.collect()
    world.simulator.faults.add("*", "503", None)
    world.simulator.revoke_tokens()
    for _tick in range(10):
        await world.after(300)
    world.simulator.log.clear()
    for _tick in range(6):
        await world.after(300)
    assert len(world.simulator.log) < 60
    page = await world.run("status")
    assert verdict(page) == "UNKNOWN"
    assert "503" in why(page)
    light = (await world.deck.lights(world.person, None))["network"]
    assert light.state.severity is Severity.UNKNOWN

    world.simulator.faults.clear()
    await world.after(1_000)
    assert "failing" not in (await states(world)).values()
    assert verdict(await world.run("status")) == "OPERATIONAL"


async def test_what_is_seldom_asked_for_is_not_given_up_for_as_long(world: World) -> None:
    await world.after(1, "speed_tests")
    world.simulator.faults.add("*/results", "500", None)
    await world.after(5 * 3_600, "speed_tests")
    world.simulator.faults.clear()
    await world.after(310, "speed_tests")
    assert (await states(world))["Single Pier · speed tests"] == "answering"


async def test_a_setup_ends_a_rest(world: World) -> None:
    await world.collector.collect()
    world.simulator.revoke_tokens()
    world.simulator.faults.add("*/token", "401", None)
    for _tick in range(10):
        await world.after(310)
    world.simulator.faults.clear()
    await world.setup("Single Pier Ltd")
    assert (await world.run("wifi")).source_state.reason is None
    world.simulator.log.clear()
    await world.after(1)
    assert world.asked("/nodes") >= 1


async def test_refreshing_says_why_it_could_not(world: World) -> None:
    await world.look("status")
    world.simulator.revoke_tokens()
    world.simulator.faults.add("*/token", "401", None)
    with pytest.raises(SignInError):
        await world.run("refresh")
    world.simulator.faults.clear()
    world.simulator.faults.add("*", "drop", None)
    with pytest.raises(UnreachableError):
        await world.run("refresh")
    world.simulator.faults.clear()
    world.simulator.faults.add("*/nodes", "403", 1)
    with pytest.raises(RateLimitedError):
        await world.run("refresh")
    assert len(rows(await world.run("nodes"), "pods")) == 3


async def test_an_unknown_customer_does_not_hide_the_others(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.setup(f"{world.customer('Single Pier Ltd')},{world.customer('Forms Ltd')}")
        theirs = f"*/{world.customer('Forms Ltd')}/locations"
        world.simulator.faults.add(theirs, "401", None)
        world.clock.advance(3_600)
        await world.collector.collect(parts=[])
        names = [row.cells[0] for row in rows(await world.run("locations"), "locations")]
        assert len(names) == 23
        found = await states(world)
        assert found[f"customer {world.customer('Forms Ltd')}"] == "failing"
        assert found["the list of locations"] == "answering"
        world.simulator.faults.clear()
        world.clock.advance(3_600)
        await world.collector.collect(parts=[])
        assert not [name for name in await states(world) if name.startswith("customer")]


async def test_before_the_first_answer_pages_say_what_is_wrong(world: World) -> None:
    world.simulator.faults.add("*/token", "401", None)
    world.simulator.revoke_tokens()
    await world.after(1)
    page = await world.run("status")
    assert verdict(page) == "UNKNOWN"
    assert page.source_state.freshness is Freshness.NEVER
    assert words(block(page, "pods").empty).startswith("Nothing is known: Plume's sign-in does not know")
    wan = await world.run("wan")
    assert words(block(wan, "nothing").text).startswith("Nothing is known: Plume's sign-in")
    assert words(facts(await world.run("stats"), "uptime")["Uptime"]) == "n/a"


async def test_where_saturation_is_not_offered_the_line_is_judged_without_it(world: World) -> None:
    await world.run("select", location="Single Pier")
    world.simulator.faults.add("*/wan-saturation", "404", None)
    await world.collector.collect()
    page = await world.run("wan")
    meter = block(page, "saturation")
    assert words(meter.value.reason) == "the cloud offers no such figure for this location"
    assert verdict(page) == "CARRYING"
    assert page.source_state.freshness is Freshness.LIVE
    light = (await world.deck.lights(world.person, None))["wan"]
    assert words(light.headline) == "Single Pier: the line is carrying traffic"


async def test_an_old_saturation_is_not_the_present(world: World) -> None:
    await world.run("select", location="Single Pier")
    await world.look("saturation", "wan")
    assert words(block(await world.run("wan"), "saturation").value) != "n/a"
    world.clock.advance(200)
    meter = block(await world.run("wan"), "saturation")
    assert words(meter.value.reason) == "not read lately"
    world.simulator.faults.add("*/wan-saturation", "html", None)
    await world.look("saturation")
    meter = block(await world.run("wan"), "saturation")
    assert words(meter.value.reason).startswith("Plume's answer can't be read")
    world.simulator.faults.clear()
    await world.look("saturation")
    assert words(block(await world.run("wan"), "saturation").value) != "n/a"
    world.simulator.faults.add("*/wan-saturation", "404", None)
    world.clock.advance(10)
    await world.look("saturation")  # what the last good answer leaves out is not taken from the one before
    meter = block(await world.run("wan"), "saturation")
    assert words(meter.value.reason) == "the cloud offers no such figure for this location"
