"""Maintenance: by people and by the clock, announced once each time, and its mark on the state log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.operations.model_maintenance import MaintenanceStatus, MaintenanceWindow
from core.areas.operations.rules import maintenance as rules
from core.areas.operations.rules.maintenance import Announcement
from core.errors import InputError, NotFoundError
from core.notify.alerting.silence_rows import read_silences

from .routine import NOW, OPERATOR, PUBLIC, World, cells, opened

STARTS, ENDS = NOW + timedelta(hours=48), NOW + timedelta(hours=50)
SCHEDULED, ACTIVE = MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS


def window(**more: object) -> MaintenanceWindow:
    made = MaintenanceWindow(
        id="M-2026-0001",
        title="New database",
        text="",
        components=("api",),
        starts_at=STARTS,
        ends_at=ENDS,
        automatic=True,
        status=SCHEDULED,
        created_at=NOW,
        by="amina",
    )
    return replace(made, **more)  # type: ignore[arg-type]


def told(made: MaintenanceWindow, now: datetime) -> list[Announcement]:
    return [what for what, _when in rules.advance(made, now).announcements]


def test_vector_announced_24_hours_before_and_not_earlier_or_later() -> None:
    assert told(window(), STARTS - timedelta(hours=24, seconds=1)) == []
    assert told(window(), STARTS - timedelta(hours=24)) == [Announcement.DAY_BEFORE]
    assert told(window(), STARTS) == [Announcement.STARTED]


def test_what_is_planned_within_a_day_is_not_announced_twice() -> None:
    short_notice = window(created_at=STARTS - timedelta(hours=5))
    assert told(short_notice, STARTS - timedelta(hours=4)) == []


def test_by_the_clock_it_starts_and_completes() -> None:
    started = rules.advance(window(), STARTS + timedelta(minutes=1)).window
    assert (started.status, started.started_at) == (ACTIVE, STARTS)
    ended = rules.advance(started, ENDS + timedelta(minutes=1))
    assert (ended.window.status, ended.window.ended_at) == (MaintenanceStatus.COMPLETED, ENDS)
    assert [what for what, _when in ended.announcements] == [Announcement.ENDED]


def test_by_hand_it_waits_for_people_and_running_over_warns() -> None:
    waiting = window(automatic=False)
    assert rules.advance(waiting, ENDS + timedelta(hours=1)).window == waiting
    running = rules.start(waiting, STARTS).window
    assert told(running, ENDS) == []
    assert told(running, ENDS + timedelta(seconds=1)) == [Announcement.OVERDUE]


def test_verifying_comes_between_the_work_and_its_end() -> None:
    running = rules.start(window(automatic=False), STARTS).window
    verifying = rules.end(running, STARTS + timedelta(minutes=30), verify=True)
    assert verifying.window.status is MaintenanceStatus.VERIFYING
    assert [what for what, _when in verifying.announcements] == [Announcement.ENDING]
    with pytest.raises(InputError):
        rules.end(verifying.window, STARTS, verify=True)
    assert rules.end(verifying.window, ENDS).window.status is MaintenanceStatus.COMPLETED


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (ENDS, STARTS),
        (STARTS, STARTS),
        (NOW - timedelta(hours=2), NOW),
        (STARTS, STARTS + timedelta(days=15)),
    ],
)
def test_times_that_can_not_be_meant_are_refused(starts: datetime, ends: datetime) -> None:
    with pytest.raises(InputError):
        rules.check_times(starts, ends, NOW)


@given(st.lists(st.integers(0, 60 * 72), max_size=8), st.booleans())
def test_the_clock_never_turns_back_whatever_the_moments_it_is_asked_at(
    minutes: list[int], automatic: bool
) -> None:
    order = [SCHEDULED, ACTIVE, MaintenanceStatus.COMPLETED]
    made = window(automatic=automatic)
    for each in sorted(minutes):
        after = rules.advance(made, NOW + timedelta(minutes=each)).window
        assert order.index(after.status) >= order.index(made.status)
        made = after
    assert automatic or made.status is SCHEDULED


# In the store


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as made:
        yield made


async def plan(world: World, **more: str) -> None:
    arguments = {
        "title": "New database",
        "components": "api, AI services",
        "starts": STARTS.isoformat(),
        "ends": ENDS.isoformat(),
    }
    await world.run("window add", **(arguments | more))


KINDS = tuple(
    f"maintenance.{word}" for word in ("announced", "started", "ending", "overdue", "ended", "cancelled")
)


async def story(world: World) -> list[tuple[str, str]]:
    return [(each.event.kind, str(each.event.facts["what"])) for each in await world.events(*KINDS)]


async def test_vector_announced_at_creation_a_day_before_at_start_and_at_end_once_each(
    world: World,
) -> None:
    await plan(world)
    for moment in (STARTS - timedelta(hours=24), STARTS, ENDS):
        world.until(moment)
        for _round in range(2):
            await world.tick()
            world.advance(seconds=30)
    assert await story(world) == [
        ("maintenance.announced", "created"),
        ("maintenance.announced", "day before"),
        ("maintenance.started", "started"),
        ("maintenance.ended", "ended"),
    ]
    (first, *_rest) = await world.events(*KINDS)
    assert first.event.facts["components"] == (
        "api,neural-predictions,adaptive-strategies,regime-detection,signal-generation"
    )
    assert datetime.fromisoformat(str(first.event.facts["starts_at"])) == STARTS


async def test_running_over_is_warned_of_once_for_each_planned_end(world: World) -> None:
    await plan(world, transition="hand")
    world.until(STARTS)
    await world.run("window start", id="M-2026-0001")
    world.until(ENDS + timedelta(minutes=1))
    await world.tick()
    await world.tick()
    await world.run("window extend", id="M-2026-0001", ends=(ENDS + timedelta(hours=1)).isoformat())
    world.advance(minutes=30)
    await world.tick()
    world.advance(hours=1)
    await world.tick()
    assert [what for _kind, what in await story(world)].count("overdue") == 2
    assert "RUNS OVER" in world.render(await world.run("window"))
    await world.run("window end", id="m-2026-0001", **{"as": "verifying"})
    await world.run("window end", id="M-2026-0001")
    assert (await story(world))[-2:] == [("maintenance.ending", "ending"), ("maintenance.ended", "ended")]


async def test_components_are_under_maintenance_meanwhile_unless_they_are_out(world: World) -> None:
    for check in ("web_app", "database", "ai_models"):
        await world.health(check, "pass")
    await plan(world, components="web-dashboard, signal-generation")
    world.until(STARTS)
    await world.tick()
    await world.health("ai_models", "fail")
    page = await world.run("status-page", by=PUBLIC)
    assert cells(page, "platform-services")["web-dashboard"]["state"] == "○ under maintenance"
    assert cells(page, "ai-services")["signal-generation"]["state"] == "■ major outage"
    world.until(ENDS)
    await world.tick()
    page = await world.run("status-page", by=PUBLIC)
    assert cells(page, "platform-services")["web-dashboard"]["state"] == "● operational"
    (past,) = cells(page, "history").values()
    assert past["text"] == "Maintenance: New database (Web dashboard, Signal generation)"


async def test_what_is_cancelled_never_starts(world: World) -> None:
    await plan(world)
    await world.run("window cancel", id="M-2026-0001", reason="postponed")
    world.until(STARTS)
    await world.tick()
    assert await story(world) == [
        ("maintenance.announced", "created"),
        ("maintenance.cancelled", "cancelled"),
    ]
    assert cells(await world.run("window"), "over")["M-2026-0001"]["status"] == "○ cancelled"
    with pytest.raises(InputError, match="cancelled"):
        await world.run("window start", id="M-2026-0001")


async def test_a_window_keeps_alerts_about_its_components_quiet_but_leaves_the_rest(world: World) -> None:
    await plan(world, components="web-dashboard")
    world.until(STARTS)
    await world.tick()
    store = world.deck.services.store
    async with store.reading() as connection:
        silences = await read_silences(connection, store.present())
    assert {each.matchers["subject"] for each in silences} == {"component:web-dashboard", "component:web_app"}
    assert all((each.starts_at, each.ends_at) == (world.now, ENDS) for each in silences)


async def test_windows_are_numbered_through_and_unknown_ones_named(world: World) -> None:
    await plan(world)
    await plan(world, title="Another")
    found = [each.value for each in await world.deck.choices("window start", "id", OPERATOR)]
    assert found == ["M-2026-0001", "M-2026-0002"]
    with pytest.raises(NotFoundError, match="m-2026-0009"):
        await world.run("window end", id="M-2026-0009")
    with pytest.raises(NotFoundError, match="nothing"):
        await plan(world, components="nothing")


async def test_the_pages_of_the_past_show_a_window_as_it_was_planned_then(world: World) -> None:
    await plan(world)
    world.advance(hours=1)
    await world.run("window extend", id="M-2026-0001", ends=(ENDS + timedelta(hours=1)).isoformat())
    then = cells(await world.run("window", at=NOW), "ahead")["M-2026-0001"]
    now = cells(await world.run("window"), "ahead")["M-2026-0001"]
    assert then["ends"].endswith(f"{ENDS.astimezone(UTC):%H:%M}")
    assert now["ends"].endswith(f"{ENDS + timedelta(hours=1):%H:%M}")
