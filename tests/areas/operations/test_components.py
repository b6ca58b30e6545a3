"""From changes of health to the state log: mapping, hand, maintenance, gaps, and what is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.operations.configuration.status_page import load_status_page, read_status_page
from core.areas.operations.model import Check, CheckKind, Finding, HealthStatus, Probed
from core.areas.operations.model_components import ComponentState, Standing, StateSpan, worse
from core.areas.operations.rules.components import standings
from core.areas.operations.settings import OperationsSettings
from core.areas.operations.store.checks import record_round
from core.areas.operations.store.components import spans
from core.areas.operations.store.uptime import read_state_log
from core.errors import InputError, NotFoundError, SettingsError
from core.moment import Window

from .routine import NOW, World, cells, opened

PASS, WARN, FAIL, UNKNOWN = HealthStatus.PASS, HealthStatus.WARN, HealthStatus.FAIL, HealthStatus.UNKNOWN
UP, DEGRADED = ComponentState.OPERATIONAL, ComponentState.DEGRADED_PERFORMANCE
MAINTENANCE = ComponentState.UNDER_MAINTENANCE
PARTIAL, MAJOR = ComponentState.PARTIAL_OUTAGE, ComponentState.MAJOR_OUTAGE

PAGE = """
title = "Status"
[[group]]
id = "platform"
name = "Platform"
component = [
    { id = "bot", name = "Bot", checks = ["telegram_bot"] },
    { id = "web", name = "Web", checks = ["web_app", "database"] },
]
"""
LAYOUT = read_status_page(PAGE, "page")


def states(
    health: dict[str, HealthStatus],
    by_hand: dict[str, ComponentState] | None = None,
    maintained: tuple[str, ...] = (),
    before: dict[str, Standing] | None = None,
) -> dict[str, Standing]:
    return standings(LAYOUT, health, by_hand or {}, maintained, before or {})


def test_vector_pass_and_warn_are_operational_and_degraded() -> None:
    found = states({"telegram_bot": PASS, "web_app": WARN, "database": PASS})
    assert found["bot"] == Standing(UP, UP, verified=True)
    assert found["web"].state is DEGRADED


def test_vector_fail_is_partial_while_the_group_has_another_passing_member_else_major() -> None:
    assert states({"telegram_bot": FAIL, "web_app": PASS, "database": PASS})["bot"].state is PARTIAL
    assert states({"telegram_bot": FAIL, "web_app": WARN, "database": PASS})["bot"].state is MAJOR
    assert states({"telegram_bot": FAIL})["bot"].state is MAJOR


def test_vector_unknown_keeps_the_last_state_unverified() -> None:
    before = {"bot": Standing(DEGRADED, DEGRADED, verified=True)}
    assert states({"telegram_bot": UNKNOWN}, before=before)["bot"] == Standing(
        DEGRADED, DEGRADED, verified=False
    )
    assert states({"telegram_bot": UNKNOWN})["bot"] == Standing()


def test_vector_maintenance_wins_over_degraded_and_not_over_outage() -> None:
    maintained = ("bot", "web")
    found = states({"telegram_bot": WARN, "web_app": FAIL, "database": PASS}, maintained=maintained)
    assert found["bot"].state is MAINTENANCE
    assert found["web"].state is MAJOR


def test_the_worst_check_of_a_component_speaks_for_it() -> None:
    assert states({"telegram_bot": PASS, "web_app": PASS, "database": FAIL})["web"].state is PARTIAL
    assert states({"web_app": PASS, "database": UNKNOWN})["web"].verified is False
    assert states({"web_app": WARN, "database": UNKNOWN})["web"].state is DEGRADED


def test_of_health_and_hand_the_worse_wins() -> None:
    assert states({"telegram_bot": PASS}, {"bot": MAJOR})["bot"].state is MAJOR
    assert states({"telegram_bot": FAIL}, {"bot": UP})["bot"].state is MAJOR
    assert states({}, {"bot": DEGRADED})["bot"] == Standing(DEGRADED, None, verified=True)


def test_after_maintenance_an_unknown_component_is_what_its_health_last_said() -> None:
    during = states({"telegram_bot": UNKNOWN}, maintained=("bot",), before={"bot": Standing(UP, UP, True)})
    assert during["bot"].state is MAINTENANCE
    assert states({"telegram_bot": UNKNOWN}, before=during)["bot"] == Standing(UP, UP, verified=False)


@given(st.sampled_from([*ComponentState, None]), st.sampled_from([*ComponentState, None]))
def test_worse_is_symmetric_and_never_better_than_either(
    first: ComponentState | None, second: ComponentState | None
) -> None:
    found = worse(first, second)
    assert found is worse(second, first)
    assert all(found is not None and found.badness >= each.badness for each in (first, second) if each)


# In the store


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as made:
        made.write("status_page.toml", PAGE)
        yield made


async def logged(world: World) -> dict[str, list[StateSpan]]:
    async with world.deck.services.store.reading() as connection:
        return await spans(connection, world.now)


def brief(found: list[StateSpan]) -> list[tuple[int, int | None, ComponentState | None, bool]]:
    """Stretches as (start, end) in minutes since NOW, state and whether it was verified."""
    minute = timedelta(minutes=1)
    return [
        (
            (each.start - NOW) // minute,
            None if each.end is None else (each.end - NOW) // minute,
            each.standing.state,
            each.standing.verified,
        )
        for each in found
    ]


async def test_changes_of_health_make_a_log_that_never_overlaps(world: World) -> None:
    await world.health("telegram_bot", "pass")
    world.advance(minutes=10)
    await world.health("telegram_bot", "fail")
    world.advance(minutes=5)
    await world.health("web_app", "pass")  # now another member of the group passes
    world.advance(minutes=5)
    await world.health("telegram_bot", "pass")
    assert brief((await logged(world))["bot"]) == [
        (0, 10, UP, True),
        (10, 15, MAJOR, True),
        (15, 20, PARTIAL, True),
        (20, None, UP, True),
    ]


async def test_a_component_of_two_checks_follows_the_worse(world: World) -> None:
    await world.health("web_app", "pass")
    await world.health("database", "warn")
    world.advance(minutes=3)
    await world.health("database", "pass")
    assert brief((await logged(world))["web"]) == [(0, 3, DEGRADED, True), (3, None, UP, True)]


async def test_what_is_heard_late_never_reaches_back_behind_what_is_known(world: World) -> None:
    await world.health("telegram_bot", "pass")
    world.advance(minutes=10)
    await world.health("telegram_bot", "fail")
    world.clock.step(-300)
    await world.health("telegram_bot", "pass")
    world.clock.step(300)
    found = (await logged(world))["bot"]
    assert all(a.end == b.start for a, b in pairwise(found))
    assert found[-1].standing.state is UP


async def test_state_changes_are_told_and_repeats_are_not(world: World) -> None:
    await world.health("telegram_bot", "fail")
    await world.health("telegram_bot", "fail")
    await world.health("telegram_bot", "unknown")
    (told,) = await world.events("component.changed")
    assert told.event.facts == {"component": "bot", "state": "major_outage", "before": None}


async def test_a_state_by_hand_holds_until_it_is_taken_back(world: World) -> None:
    await world.health("telegram_bot", "pass")
    world.advance(minutes=1)
    await world.run("component set", component="Bot", state="partial_outage", reason="customers say so")
    await world.tick()
    shown = cells(await world.run("component"), "components")["bot"]
    assert shown["state"] == "▲ partial outage"
    assert shown["health"] == "● operational"
    assert shown["hand"] == "partial outage by amina: customers say so"
    world.advance(minutes=1)
    await world.run("component clear", component="bot")
    assert brief((await logged(world))["bot"]) == [
        (0, 1, UP, True),
        (1, 2, PARTIAL, True),
        (2, None, UP, True),
    ]
    with pytest.raises(InputError, match="isn’t set by hand"):
        await world.run("component clear", component="bot")


async def test_a_component_that_is_not_on_the_page_is_refused_by_name(world: World) -> None:
    with pytest.raises(NotFoundError, match="bot, web"):
        await world.run("component set", component="telegram_bot", state="operational")


async def test_time_in_which_opsdeck_did_not_run_is_unmeasured(world: World) -> None:
    await world.health("telegram_bot", "pass")
    await world.tick()
    world.advance(minutes=4)
    await world.tick()  # no gap yet
    world.advance(minutes=60)
    await world.tick()
    assert brief((await logged(world))["bot"]) == [(0, 4, UP, True), (4, 64, UP, False), (64, None, UP, True)]
    layout = load_status_page(world.home / "config")
    async with world.deck.services.store.reading() as connection:
        log = await read_state_log(connection, layout, OperationsSettings(), world.now, timedelta(days=1))
    found = log.of(layout.components[0], Window(NOW, world.now))
    assert found.measured == timedelta(minutes=4)


async def probed(world: World, **found: HealthStatus) -> None:
    """A round of health checks, as the probing job writes it down."""
    results = [
        Probed(Check(name, name, CheckKind.HTTP), Finding(status), world.now, 12.0)
        for name, status in found.items()
    ]
    async with world.deck.services.store.writing() as transaction:
        await record_round(transaction, results, timedelta(minutes=1))


async def test_the_first_results_of_checks_count_though_nothing_changed(world: World) -> None:
    await probed(world, telegram_bot=PASS, web_app=PASS, database=PASS)
    await world.tick()
    assert brief((await logged(world))["bot"]) == [(0, None, UP, True)]


async def test_a_check_that_is_no_longer_done_speaks_for_nobody(world: World) -> None:
    await probed(world, telegram_bot=PASS, web_app=PASS, database=PASS)
    await world.tick()
    world.advance(minutes=2)
    await probed(world, telegram_bot=HealthStatus.SKIPPED, web_app=PASS, database=PASS)
    await world.tick()
    assert brief((await logged(world))["bot"]) == [(0, 2, UP, True), (2, None, UP, False)]


async def test_a_broken_page_file_keeps_no_health_check_from_being_recorded(world: World) -> None:
    world.write("status_page.toml", "title =")
    await world.health("telegram_bot", "fail")
    assert len(await world.events("health.changed")) == 1
    world.write("status_page.toml", PAGE)
    world.advance(minutes=2)
    await world.tick()
    assert brief((await logged(world))["bot"]) == [(2, None, MAJOR, True)]


async def test_a_component_taken_off_the_page_ends_its_log(world: World) -> None:
    await world.health("telegram_bot", "pass")
    world.advance(minutes=7)
    world.write(
        "status_page.toml", PAGE.replace('{ id = "bot", name = "Bot", checks = ["telegram_bot"] },', "")
    )
    await world.tick()
    assert brief((await logged(world))["bot"]) == [(0, 7, UP, True)]


async def test_a_log_of_the_past_is_as_it_was_known_then(world: World) -> None:
    await world.health("telegram_bot", "pass")
    world.advance(minutes=10)
    await world.health("telegram_bot", "fail")
    async with world.deck.services.store.reading() as connection:
        then = await spans(connection, NOW + timedelta(minutes=5))
    assert brief(then["bot"]) == [(0, None, UP, True)]


# The file


def test_the_shipped_page_has_the_contracts_groups() -> None:
    layout = load_status_page(None)
    assert [group.name for group in layout.groups] == ["AI services", "Platform services"]
    assert len(layout.components) == 8
    assert {check for each in layout.components for check in each.checks} == {
        "ai_models",
        "database",
        "stripe_api",
        "telegram_bot",
        "web_app",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = 'x'", "no components"),
        (PAGE.replace('id = "web"', 'id = "bot"'), "two components"),
        (PAGE.replace('title = "Status"', ""), "title"),
        (PAGE.replace('checks = ["telegram_bot"]', 'check = "telegram_bot"'), "there is no “check”"),
        (PAGE.replace('["telegram_bot"]', "[1]"), "list of texts"),
    ],
)
def test_what_is_wrong_in_the_page_file_is_said(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        read_status_page(text, "page.toml")
