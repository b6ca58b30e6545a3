"""What enter opens: a page to read of the row, with what can be done to it now, and never a write."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.areas.operations import AREA
from core.command import Effect
from core.errors import NotFoundError
from core.page import Action, Checklist, Lights, Page, Table, Timeline

from .routine import NOW, World, block, opened, words

EFFECTS = {verb.command.name: verb.command.effect for verb in AREA.verbs}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as made:
        yield made


def openings(page: Page) -> Iterator[Action]:
    """What enter does on each thing of the page."""
    for each in page.blocks:
        match each:
            case Table(rows=things) | Timeline(entries=things):
                found = [thing.action for thing in things]
            case Lights(lights=things):
                found = [thing.action for thing in things]
            case Checklist(items=things):
                found = [thing.action for thing in things]
            case _:
                found = []
        yield from (action for action in found if action is not None)


def offers(page: Page) -> list[tuple[str, str]]:
    """What can be done on the page: each command with what it is called there."""
    return [(each.command, words(each.label)) for each in page.actions]


async def plan(world: World) -> str:
    starts = world.now + timedelta(hours=1)
    await world.run(
        "window add",
        title="New database",
        components="api, payments",
        starts=starts.isoformat(),
        ends=(starts + timedelta(hours=2)).isoformat(),
        text="Answers may be slow.",
        transition="hand",
    )
    return "M-2026-0001"


async def test_enter_never_writes_and_each_page_it_opens_can_be_read(world: World) -> None:
    await world.health("database", "fail")
    await world.tick()
    await plan(world)
    await world.run("component set", component="api", state="partial_outage")
    await world.run("ops tick", item="daily-morning/tickets")
    opened_pages: set[str] = set()
    for command in ("ops", "health", "component", "window", "ops checklist", "status-page"):
        for action in openings(await world.run(command)):
            assert EFFECTS[action.command] is Effect.READ
            if action.command != "health":  # whose components only a round of probes makes
                page = await world.run(action.command, **dict(action.arguments))
                opened_pages.add(page.key)
    assert {
        "operations.maintenance.M-2026-0001",
        "operations.component.api",
        "operations.checklist.daily-morning.tickets",
    } <= opened_pages


async def test_a_windows_page_has_its_facts_and_what_its_status_allows(world: World) -> None:
    window = await plan(world)
    page = await world.run("window", id=window)
    assert str(page.verdict.word) == "SCHEDULED"
    assert "Answers may be slow." in world.render(page)
    assert {words(fact.label): words(fact.value) for fact in block(page, "window").facts} == {
        "From": "07:00",
        "To": "09:00",
        "Length": "2 h",
        "Components": "API endpoints, Payment processing",
        "Starts and ends": "by hand",
        "Planned by": "amina",
        "Planned at": "06:00",
        "Began": "n/a",
        "Ended": "n/a",
    }
    changes = ["window extend", "window cancel", "window"]
    for step, arguments, allowed in (
        ("window start", {}, ["window end", "window end"]),
        ("window end", {"as": "verifying"}, ["window end"]),
        ("window end", {}, None),
    ):
        await world.run(step, id=window, **arguments)
        page = await world.run("window", id=window)
        found = [command for command, _label in offers(page)]
        assert found == (["window"] if allowed is None else [*allowed, *changes])
    with pytest.raises(NotFoundError):
        await world.run("window", id="M-2026-0099")


async def test_a_components_page_tells_what_says_how_it_is_and_lets_it_be_taken_back(world: World) -> None:
    await world.health("stripe_api", "pass")
    world.advance(minutes=3)
    page = await world.run("component", component="Payment processing")
    assert [command for command, _label in offers(page)] == ["component set", "component"]
    await world.run("component set", component="payments", state="major_outage", reason="no money comes")
    page = await world.run("component", component="payments")
    facts = {words(fact.label): words(fact.value) for fact in block(page, "component").facts}
    assert facts["By its health"] == "● operational"
    assert facts["By hand"] == "major outage by amina: no money comes"
    assert ("component clear", "Let it follow its health again") in offers(page)
    states = [(words(each.state), words(each.text)) for each in block(page, "states").entries]
    assert states == [
        ("■ major outage", "by hand or for maintenance"),
        ("● operational", "as its health says"),
    ]
    then = await world.run("component", component="payments", at=NOW + timedelta(minutes=1))
    assert str(then.verdict.word) == "operational"


async def test_an_items_page_offers_what_its_state_allows(world: World) -> None:
    await world.tick()
    page = await world.run("ops checklist", item="daily-morning/tickets")
    assert str(page.verdict.word) == "OPEN"
    assert [command for command, _label in offers(page)] == [
        "ops tick",
        "ops skip",
        "ops skip",
        "ops checklist",
    ]
    await world.run("ops skip", item="daily-morning/tickets", reason="none came")
    page = await world.run("ops checklist", item="daily-morning/tickets")
    assert str(page.verdict.word) == "SKIPPED"
    assert {words(fact.label): words(fact.value) for fact in block(page, "item").facts}["Note"] == "none came"
    assert [command for command, _label in offers(page)] == ["ops untick", "ops checklist"]
    with pytest.raises(NotFoundError):
        await world.run("ops checklist", item="daily-morning/nothing")
