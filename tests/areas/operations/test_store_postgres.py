"""The operations store on both databases: health, figures, uptime, checklists and maintenance."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.areas.operations.collection.jobs import Prober
from core.areas.operations.collection.monitor import Monitor
from core.areas.operations.model import HealthStatus
from core.areas.operations.store.components import spans
from core.areas.operations.store.maintenance import windows
from core.areas.operations.store.reading import health_report
from core.areas.operations.store.runs import failed_runs, oldest_unsent
from core.message import _
from core.store.polls import Poll, record_poll
from tests.postgres import postgres_server, postgres_url

from .routine import NOW, OPERATOR, PUBLIC, World, cells, opened

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> dict[str, str]:
    """The setting of the test's database: a file, or a database of the session's PostgreSQL."""
    if request.param == "sqlite":
        return {}
    return {"DATABASE_URL": request.getfixturevalue("postgres_url")}


@pytest.fixture
async def world(database: dict[str, str], tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path, settings=database) as made:
        yield made


async def test_rounds_of_health_checks_are_kept_and_read_as_of_then(world: World) -> None:
    prober, services = Prober(), world.deck.services
    for _round in range(3):
        world.advance(minutes=1)
        await prober.probe(services)
    then = world.now
    world.advance(minutes=30)
    async with services.store.reading() as connection:
        past = await health_report(connection, then)
        now = await health_report(connection, services.store.present())
    state = {each.check.name: each.status for each in past.results}
    assert state["database"] is HealthStatus.PASS
    assert past.probed_at == then
    assert {each.status for each in now.results if each.check.name == "database"} == {HealthStatus.UNKNOWN}
    page = await world.run("health", component="database", at=then)
    assert str(page.verdict.word) == "PASSING"


async def test_the_monitor_measures_and_shows(world: World) -> None:
    monitor = Monitor(world.deck.services)
    for _look in range(3):
        world.advance(minutes=1)
        await monitor.measure()
    figures = cells(await world.run("monitor"), "figures")
    assert figures["memory_percent:host"]["value"].endswith("%")


async def test_uptime_comes_out_of_the_state_log_as_it_was_known_then(world: World) -> None:
    for check in ("database", "web_app", "telegram_bot", "stripe_api", "ai_models"):
        await world.health(check, "pass")
    world.advance(days=5)
    await world.run("component set", component="api", state="major_outage")
    world.advance(hours=12)
    await world.run("component clear", component="api")
    world.advance(days=4, hours=12)
    uptime = cells(await world.run("status-page", by=PUBLIC), "uptime")["uptime.api"]
    assert uptime["short"] == "○ 95.00 %"  # half a day of ten
    then = await world.run("status-page", by=PUBLIC, at=NOW + timedelta(days=5))
    assert cells(then, "uptime")["uptime.api"]["short"] == "○ 100.00 %"
    async with world.deck.services.store.reading() as connection:
        known = await spans(connection, world.now)
    assert [each.standing.state.value for each in known["api"] if each.standing.state] == [
        "operational",
        "major_outage",
        "operational",
    ]
    report = cells(await world.run("ops performance"), "kpis")
    assert report["error_budget"]["value"] != "n/a"


async def test_checklists_are_made_ticked_and_reread(world: World) -> None:
    await world.tick()
    before = world.now
    world.advance(minutes=1)
    await world.run("ops tick", item="daily-morning/tickets", note="none")
    now = cells(await world.run("ops checklist", checklist="daily-morning"), "daily-morning.items")
    then = cells(
        await world.run("ops checklist", checklist="daily-morning", at=before), "daily-morning.items"
    )
    assert now["daily-morning/tickets"]["state"] == "● done"
    assert then["daily-morning/tickets"]["state"] == "○ open"
    assert len(await world.deck.choices("ops tick", "item", PUBLIC)) == 0


async def test_items_ticked_at_once_are_all_done(world: World) -> None:
    await world.tick()
    known = [each.value for each in await world.deck.choices("ops tick", "item", OPERATOR)]
    morning = [each for each in known if each.startswith("daily-morning/")]
    assert len(morning) == 5
    await asyncio.gather(*(world.run("ops tick", item=each) for each in morning))
    found = cells(await world.run("ops checklist", checklist="daily-morning"), "daily-morning.items")
    assert {each["state"] for each in found.values()} == {"● done"}


async def test_components_set_at_once_all_show(world: World) -> None:
    components = ("api", "payments", "telegram-bot", "web-dashboard")
    await asyncio.gather(
        *(world.run("component set", component=each, state="partial_outage") for each in components)
    )
    found = cells(await world.run("component"), "components")
    assert {found[each]["state"] for each in components} == {"▲ partial outage"}


async def test_windows_planned_at_once_have_ids_of_their_own(world: World) -> None:
    starts = world.now + timedelta(hours=1)
    asked = {"components": "api", "starts": starts.isoformat()}
    ends = (starts + timedelta(hours=1)).isoformat()
    await asyncio.gather(*(world.run("window add", title=f"Work {n}", ends=ends, **asked) for n in range(6)))
    async with world.deck.services.store.reading() as connection:
        known = await windows(connection, world.now)
    assert sorted(each.id for each in known) == [f"M-2026-{n:04}" for n in range(1, 7)]


async def test_what_other_records_tell_is_counted_alike(world: World) -> None:
    store = world.deck.services.store
    for minutes, good in ((1, True), (2, False), (3, False)):
        at = NOW + timedelta(minutes=minutes)
        world.until(at)
        async with store.writing() as transaction:
            reason = None if good else _("no answer")
            await record_poll(transaction, Poll("plume", "main", at, good, reason, at + timedelta(minutes=1)))
    async with store.reading() as connection:
        assert await failed_runs(connection, world.now) == {("plume", "main"): 2}
        assert await failed_runs(connection, NOW + timedelta(minutes=2)) == {("plume", "main"): 1}
        assert await oldest_unsent(connection, "telegram", world.now) is None
