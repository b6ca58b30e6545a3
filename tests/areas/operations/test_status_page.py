"""The status page: headline, incidents, uptime, maintenance, history, and who sees what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.areas.operations.model_components import ComponentState
from core.areas.operations.rules.status_page import Impact, headline, impact_of
from core.command import Invocation
from core.errors import RefusedError, SettingsError
from core.event import Event
from core.message import _
from core.principal import Principal, Role
from core.units import Severity

from .routine import CUSTOMER, NOW, PUBLIC, World, block, cells, opened, words

UP, DEGRADED = ComponentState.OPERATIONAL, ComponentState.DEGRADED_PERFORMANCE
MAINTENANCE = ComponentState.UNDER_MAINTENANCE
PARTIAL, MAJOR = ComponentState.PARTIAL_OUTAGE, ComponentState.MAJOR_OUTAGE

CHECKS = ("ai_models", "database", "telegram_bot", "web_app", "stripe_api")


@pytest.mark.parametrize(
    ("states", "label"),
    [
        ([MAJOR, MAJOR], "Major System Outage"),
        ([MAJOR, UP], "Partial System Outage"),
        ([PARTIAL, PARTIAL], "Partial System Outage"),
        ([PARTIAL, UP], "Minor Service Outage"),
        ([PARTIAL, DEGRADED], "Minor Service Outage"),
        ([DEGRADED, DEGRADED], "Degraded System Service"),
        ([DEGRADED, UP], "Partially Degraded Service"),
        ([DEGRADED, MAINTENANCE], "Partially Degraded Service"),
        ([MAINTENANCE, UP], "Service Under Maintenance"),
        ([MAINTENANCE, MAINTENANCE], "System Under Maintenance"),
        ([UP, UP], "All Systems Operational"),
        ([MAJOR, None], "Partial System Outage"),
        ([UP, None], "All Systems Operational"),
        ([None, None], "Status Not Known"),
        ([], "Status Not Known"),
    ],
)
def test_vector_the_pages_label_is_the_first_rule_that_matches(
    states: list[ComponentState | None], label: str
) -> None:
    assert str(headline(states).word) == label


@pytest.mark.parametrize(
    ("states", "impact"),
    [
        ([DEGRADED, UP], Impact.MINOR),
        ([PARTIAL, DEGRADED], Impact.MAJOR),
        ([MAJOR, PARTIAL], Impact.CRITICAL),
        ([UP, MAINTENANCE], Impact.NONE),
        ([None], Impact.NONE),
        ([], Impact.NONE),
    ],
)
def test_vector_impact_follows_the_worst_affected_component(
    states: list[ComponentState | None], impact: Impact
) -> None:
    assert impact_of(states) is impact


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as made:
        yield made


async def everything_passes(world: World) -> None:
    for check in CHECKS:
        await world.health(check, "pass")


async def incident(world: World, kind: str, id_: str = "INC-2026-0001", **facts: Any) -> None:
    fields: dict[str, Any] = {
        "id": id_,
        "severity": "high",
        "status": "acknowledged",
        "title": "internal title",
        "public_status": "investigating",
        "public_title": "Answers are slow",
        "components": "telegram-bot, api",
        "impact": "minor",
        "customer_visible": True,
    }
    event = Event(
        f"incident.{kind}",
        "incidents",
        f"incident:{id_}",
        Severity.WARNING,
        _("x"),
        world.now,
        fields | facts,
    )
    await world.emit(event)


async def test_everybody_sees_the_page_and_only_the_team_changes_it(world: World) -> None:
    await everything_passes(world)
    page = await world.run("status-page", by=PUBLIC)
    assert str(page.verdict.word) == "All Systems Operational"
    assert page.key == "status-page"
    for command in ("component", "window", "ops performance", "ops procedures", "ops checklist"):
        with pytest.raises(RefusedError):
            await world.deck.run(Invocation(command, CUSTOMER))


async def test_nothing_measured_is_said_so_and_never_green(world: World) -> None:
    page = await world.run("status-page", by=PUBLIC)
    assert str(page.verdict.word) == "Status Not Known"
    assert "n/a" in cells(page, "uptime")["uptime.page"]["long"]
    assert "Payment processing" in words(block(page, "unmeasured").text)


async def test_a_component_nobody_verifies_says_since_when(world: World) -> None:
    await everything_passes(world)
    world.advance(minutes=5)
    await world.health("stripe_api", "unknown")
    light = cells(await world.run("status-page", by=PUBLIC), "platform-services")["payments"]
    assert light["state"] == "● operational"
    assert light["note"] == "not verified since 06:05"


async def test_vector_an_incident_with_all_components_up_shows_both(world: World) -> None:
    await everything_passes(world)
    await incident(world, "published", public_text="We are looking into it.")
    page = await world.run("status-page", by=PUBLIC)
    assert str(page.verdict.word) == "All Systems Operational"
    row = cells(page, "incidents")["incident1"]
    assert row["title"] == "Answers are slow"
    assert row["impact"] == "◆ minor impact"
    assert row["status"] == "investigating"
    assert row["components"] == "Telegram bot, API endpoints"
    (update,) = cells(page, "updates").values()
    assert update["text"] == "Answers are slow: We are looking into it."


async def test_an_incident_that_is_not_for_customers_is_not_shown(world: World) -> None:
    await incident(world, "opened", customer_visible=False)
    text = world.render(await world.run("status-page", by=PUBLIC))
    assert "Answers are slow" not in text
    assert "No incident" in text


async def test_what_was_said_before_it_was_public_stays_internal(world: World) -> None:
    await incident(world, "published", customer_visible=False, public_text="a draft")
    world.advance(minutes=5)
    await incident(world, "published", public_text="We know the cause.", public_status="identified")
    page = await world.run("status-page", by=PUBLIC)
    assert "a draft" not in world.render(page)
    assert cells(page, "incidents")["incident1"]["since"] == "06:00"
    assert cells(page, "incidents")["incident1"]["updated"] == "06:05"


async def test_resolved_incidents_stay_14_days_in_the_history(world: World) -> None:
    await incident(world, "published")
    world.advance(hours=2)
    await incident(world, "resolved", public_status="resolved")
    for days, shown in ((13, True), (2, False)):
        world.advance(days=days)
        page = await world.run("status-page", by=PUBLIC)
        assert all(each.key != "incidents" for each in page.blocks)
        assert ("Answers are slow" in world.render(page)) is shown
        if shown:
            (past,) = cells(page, "history").values()
            assert (past["state"], past["length"]) == ("◆ resolved", "2 h")


async def test_a_false_alarm_that_was_public_is_called_one_and_a_merged_one_is_gone(world: World) -> None:
    await incident(world, "published")
    await incident(world, "published", "INC-2026-0002", public_title="Another")
    await incident(world, "cancelled")
    await incident(world, "merged", "INC-2026-0002")
    page = await world.run("status-page", by=PUBLIC)
    (past,) = cells(page, "history").values()
    assert past["state"] == "◆ false alarm"
    assert "Another" not in world.render(page)


async def test_without_a_public_title_or_impact_the_page_has_words_of_its_own(world: World) -> None:
    await everything_passes(world)
    world.advance(minutes=1)
    await world.health("stripe_api", "fail")
    await incident(world, "published", public_title="", impact="", components="stripe_api")
    row = cells(await world.run("status-page", by=PUBLIC), "incidents")["incident1"]
    assert row["title"] == "Service disruption"
    assert row["impact"] == "▲ major impact"
    assert row["components"] == "Payment processing"


async def test_uptime_is_cut_and_its_weight_is_printed(world: World) -> None:
    for check in CHECKS:
        await world.health(check, "pass")
    start = world.now
    world.advance(hours=12)
    await world.health("stripe_api", "fail")
    world.advance(hours=4)
    await world.health("stripe_api", "pass")
    page = await world.run("status-page", by=PUBLIC)
    row = cells(page, "uptime")["uptime.payments"]
    elapsed = (world.now - start) / timedelta(hours=1)
    assert elapsed == 16
    assert row["short"] == "○ 92.50 %"  # four hours of sixteen, a partial outage: 1.2 of 16 lost
    assert row["short_unmeasured"] == "97.8 %"  # but for sixteen hours of thirty days
    assert row["long"] == "n/a"  # of ninety days that is less than a hundredth
    assert row["long_unmeasured"] == "99.3 %"
    assert "by 30 %" in words(block(page, "weight").text)


async def test_while_nobody_keeps_the_log_nothing_is_measured(world: World) -> None:
    await everything_passes(world)
    await world.tick()
    world.advance(minutes=4)
    assert cells(await world.run("status-page", by=CUSTOMER), "live")["payments"]["unmeasured"] == "99.7 %"
    world.advance(hours=12)  # the engine is stopped meanwhile
    page = await world.run("status-page", by=CUSTOMER)
    assert cells(page, "live")["payments"]["unmeasured"] == "100.0 %"
    assert cells(page, "platform-services")["payments"]["note"] == "not verified since 06:00"


async def test_only_ultra_premium_sees_live_figures(world: World) -> None:
    await everything_passes(world)
    page = await world.run("status-page", by=CUSTOMER)
    assert cells(page, "live")["web-dashboard"]["latency"] == "n/a"
    assert cells(page, "live")["web-dashboard"]["unmeasured"] == "100.0 %"
    otherwise_written = Principal("zawadi", Role.CUSTOMER, "test", tier="Ultra Premium")
    assert any(each.key == "live" for each in (await world.run("status-page", by=otherwise_written)).blocks)
    for other in (PUBLIC, Principal("bahati", Role.CUSTOMER, "test", tier="pro")):
        assert all(each.key != "live" for each in (await world.run("status-page", by=other)).blocks)


async def test_the_page_of_a_past_moment_is_as_it_was_then(world: World) -> None:
    await everything_passes(world)
    world.advance(hours=1)
    await world.health("ai_models", "fail")
    await incident(world, "published")
    then = await world.run("status-page", by=PUBLIC, at=NOW + timedelta(minutes=30))
    now = await world.run("status-page", by=PUBLIC)
    assert str(then.verdict.word) == "All Systems Operational"
    assert str(now.verdict.word) == "Partial System Outage"
    assert "Answers are slow" not in world.render(then)


async def test_the_page_can_be_had_as_html_without_any_script(world: World) -> None:
    await everything_passes(world)
    await incident(world, "published", public_title="<script>alert(1)</script>")
    html = world.render(await world.run("status-page", by=PUBLIC), "html")
    assert html.startswith("<!doctype html>")
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "● All Systems Operational" in html
    assert "Telegram bot" in html


async def test_a_page_file_that_is_wrong_is_named(world: World) -> None:
    world.write("status_page.toml", "title = 3")
    with pytest.raises(SettingsError, match="status_page"):
        await world.run("status-page", by=PUBLIC)
