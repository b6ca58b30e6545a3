"""Key figures: how each is reckoned from what the store holds, and what is said where nobody measures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.areas.operations.rules.incident_courses import acknowledged_after, courses, kept, resolved_after
from core.areas.operations.rules.kpi import Goal, Kind, Kpi, KpiStanding, Measured, Target, Trend, compared
from core.areas.operations.rules.ticket_courses import (
    first_contact,
    first_responses,
    flow,
    kept_first_response,
    ratings,
    ticket_courses,
)
from core.areas.operations.store.keys import figure_key
from core.event import Event, RecordedEvent
from core.message import _
from core.moment import Window, to_epoch
from core.store.series import write_samples
from core.units import Severity

from .routine import NOW, World, cells, opened

DAYS_30 = Window.last(timedelta(days=30), NOW)


def minutes(count: float) -> datetime:
    """So many minutes after a day within the window."""
    return NOW - timedelta(days=10) + timedelta(minutes=count)


def log(*told: tuple[float, str, dict[str, Any]]) -> list[RecordedEvent]:
    return [
        RecordedEvent(
            number,
            minutes(at),
            Event(kind, kind.split(".")[0] + "s", "x", Severity.NOTICE, _("x"), minutes(at), facts),
        )
        for number, (at, kind, facts) in enumerate(told, 1)
    ]


# Incidents


def an_incident(id_: str, *steps: tuple[float, str], severity: str = "high") -> list[RecordedEvent]:
    return log(*((at, f"incident.{word}", {"id": id_, "severity": severity}) for at, word in steps))


def test_vector_mtta_is_from_opening_to_the_first_acknowledgement() -> None:
    found = courses(an_incident("1", (0, "opened"), (12, "acknowledged"), (30, "acknowledged")))
    assert acknowledged_after(found, DAYS_30) == [12 * 60]


def test_vector_mttr_is_from_opening_to_resolution() -> None:
    found = courses(an_incident("1", (0, "opened"), (12, "acknowledged"), (90, "resolved")))
    assert resolved_after(found, DAYS_30) == [90 * 60]


def test_vector_a_reopened_incident_keeps_its_clock_without_the_resolved_gap() -> None:
    steps = ((0, "opened"), (60, "resolved"), (100, "reopened"), (130, "resolved"))
    assert resolved_after(courses(an_incident("1", *steps)), DAYS_30) == [90 * 60]


def test_vector_cancelled_and_merged_incidents_are_left_out() -> None:
    told = [
        *an_incident("1", (0, "opened"), (5, "acknowledged"), (6, "cancelled")),
        *an_incident("2", (0, "opened"), (5, "acknowledged"), (6, "merged")),
    ]
    assert acknowledged_after(courses(told), DAYS_30) == []


def test_vector_attainment_is_of_the_resolved_ones_of_a_severity() -> None:
    told = [
        *an_incident("1", (0, "opened"), (60, "resolved")),
        *an_incident("2", (0, "opened"), (480, "resolution_overdue"), (600, "resolved")),
        *an_incident("3", (0, "opened")),
        *an_incident("4", (0, "opened"), (60, "resolved"), severity="low"),
    ]
    assert kept(courses(told), DAYS_30, "high") == (1, 2)
    assert kept(courses(told), DAYS_30, "low") == (1, 1)
    assert kept(courses(told), DAYS_30, "critical") == (0, 0)


# Tickets


def a_ticket(id_: str, *steps: tuple[float, str, dict[str, Any]], tier: str = "pro") -> list[RecordedEvent]:
    return log(*((at, f"ticket.{word}", {"id": id_, "tier": tier, **more}) for at, word, more in steps))


OPENED: tuple[float, str, dict[str, Any]] = (0, "opened", {})
AGENT, REQUESTER = {"by": "agent"}, {"by": "requester"}


def test_vector_the_first_response_is_the_first_agents_answer() -> None:
    told = a_ticket("1", OPENED, (10, "replied", REQUESTER), (25, "replied", AGENT), (90, "replied", AGENT))
    assert first_responses(ticket_courses(told), DAYS_30) == [25 * 60]
    assert first_responses(ticket_courses(told), DAYS_30, "elite") == []


def test_vector_first_responses_within_their_promise() -> None:
    told = [
        *a_ticket("1", OPENED, (25, "replied", AGENT)),
        *a_ticket("2", OPENED, (60, "breached", {"clock": "first_response"}), (90, "replied", AGENT)),
        *a_ticket("3", OPENED, (60, "breached", {"clock": "next_reply"}), (90, "replied", AGENT)),
        *a_ticket("4", OPENED, (60, "breached", {"clock": "first_response"})),  # and still not answered
        *a_ticket("5", OPENED, (25, "replied", AGENT), tier="nobody"),
    ]
    assert kept_first_response(ticket_courses(told), DAYS_30, {"pro"}) == (2, 4)


def test_vector_first_contact_is_one_answer_and_not_reopened_within_seven_days() -> None:
    week = 7 * 24 * 60
    told = [
        *a_ticket("1", OPENED, (5, "replied", AGENT), (6, "solved", {})),
        *a_ticket("2", OPENED, (5, "replied", AGENT), (7, "replied", AGENT), (8, "solved", {})),
        *a_ticket("3", OPENED, (5, "replied", AGENT), (6, "solved", {}), (week, "reopened", {})),
        *a_ticket("4", OPENED, (5, "replied", AGENT), (6, "solved", {}), (week + 7, "reopened", {})),
        *a_ticket("5", OPENED, (6, "solved", {})),
    ]
    assert first_contact(ticket_courses(told), DAYS_30) == (2, 5)


def test_vector_each_tickets_last_rating_counts() -> None:
    told = a_ticket("1", OPENED, (5, "rated", {"stars": 2}), (9, "rated", {"stars": 5}))
    assert ratings(ticket_courses(told), DAYS_30) == [5]


def test_vector_ticket_flow() -> None:
    told = [
        *a_ticket("1", OPENED, (6, "solved", {})),
        *a_ticket("2", (3, "opened", {})),
        *a_ticket("3", OPENED, (6, "solved", {}), (60, "reopened", {})),
        *a_ticket("4", (-60 * 24 * 40, "opened", {})),
    ]
    found = flow(ticket_courses(told), DAYS_30)
    assert (found.created, found.solved, found.backlog) == (3, 2, 3)
    assert found.oldest_open == minutes(-60 * 24 * 40)
    before = flow(ticket_courses(told), Window.last(timedelta(days=30), DAYS_30.start))
    assert (before.created, before.backlog) == (1, 1)


# A row


def row(value: float | None, before: float | None, target: Target | None = None) -> Kpi:
    measured = Measured(value, before)
    return Kpi("k", _("K"), timedelta(days=30), Kind.PERCENT, measured, target)


@pytest.mark.parametrize(
    ("value", "before", "target", "standing", "trend"),
    [
        (99.95, 99.9, Target(Goal.AT_LEAST, 99.9), KpiStanding.MET, Trend.SAME),
        (99.9, 99.0, Target(Goal.AT_LEAST, 99.9), KpiStanding.MET, Trend.BETTER),
        (99.8, 99.9, Target(Goal.AT_LEAST, 99.9), KpiStanding.MISSED, Trend.WORSE),
        (0.5, 0.9, Target(Goal.BELOW, 1.0), KpiStanding.MET, Trend.BETTER),
        (1.0, 0.9, Target(Goal.BELOW, 1.0), KpiStanding.MISSED, Trend.WORSE),
        (0.0, 5.0, Target(Goal.ABOVE, 0.0), KpiStanding.MISSED, Trend.WORSE),
        (7.0, 5.0, None, KpiStanding.NO_TARGET, Trend.UP),
        (5.0, 7.0, None, KpiStanding.NO_TARGET, Trend.DOWN),
        (5.0, None, None, KpiStanding.NO_TARGET, Trend.UNKNOWN),
        (None, 5.0, Target(Goal.BELOW, 1.0), KpiStanding.NO_DATA, Trend.UNKNOWN),
    ],
)
def test_standing_and_trend(
    value: float | None, before: float | None, target: Target | None, standing: KpiStanding, trend: Trend
) -> None:
    found = row(value, before, target)
    assert (found.standing, found.trend) == (standing, trend)


def test_a_figure_is_compared_with_the_window_right_before() -> None:
    asked: list[Window] = []

    def measure(window: Window) -> tuple[float | None, int]:
        asked.append(window)
        return 1.0, 3

    compared(NOW, timedelta(days=7), measure, _("nothing"))
    assert asked == [
        Window.last(timedelta(days=7), NOW),
        Window(NOW - timedelta(days=14), NOW - timedelta(days=7)),
    ]


# The report


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path, start=NOW - timedelta(days=30)) as made:
        yield made


async def samples(world: World, name: str, value: float, *, subject: str = "api") -> None:
    """A sample every minute of the two hours before now."""
    start = to_epoch(world.now) - 7_200
    found = [(start + 60 * index, value) for index in range(120)]
    async with world.deck.services.store.writing() as transaction:
        await write_samples(transaction, figure_key(subject, name), found, step=60)


CHECKS = ("ai_models", "database", "telegram_bot", "web_app", "stripe_api")


async def test_vector_the_report_of_a_month_with_32_minutes_down(world: World) -> None:
    """The uptime vector of 7.3 through the store: every component down 20 minutes, and 40 in part."""
    for check in CHECKS:
        await world.health(check, "pass")
    world.advance(days=10)
    for component in COMPONENTS:
        await world.run("component set", component=component, state="major_outage")
    world.advance(minutes=20)
    for component in COMPONENTS:
        await world.run("component set", component=component, state="partial_outage")
    world.advance(minutes=40)
    for component in COMPONENTS:
        await world.run("component clear", component=component)
    world.until(NOW)
    found = cells(await world.run("ops performance"), "kpis")
    assert found["uptime.30d"]["value"] == "99.92 %"
    assert found["uptime.30d"]["standing"] == "● met"
    assert found["error_budget"]["value"] == "11.2 min"
    assert found["burn_rate.72h"]["value"] == "0"
    assert found["uptime.90d"]["before"] == "n/a"


COMPONENTS = (
    "neural-predictions",
    "adaptive-strategies",
    "regime-detection",
    "signal-generation",
    "telegram-bot",
    "web-dashboard",
    "api",
    "payments",
)


async def test_what_nobody_measures_is_there_with_its_reason(world: World) -> None:
    page = await world.run("ops performance", period="day")
    found = cells(page, "kpis")
    for key in (
        "uptime.1d",
        "api_latency_p95",
        "api_latency_mean",
        "error_rate",
        "ai_accuracy",
        "menu_openings",
    ):
        assert found[key]["standing"] == "? no data"
        assert found[key]["value"] == "n/a"
    text = world.render(page)
    assert "MONITOR_METRICS_URL" in text
    assert "no recovery drill was ever recorded" in text
    assert "NO DATA" in text


async def test_latency_and_errors_come_from_the_monitors_series(world: World) -> None:
    world.until(NOW)
    await samples(world, "api_latency_p95", 140.0)
    await samples(world, "error_rate", 0.4)
    await samples(world, "api_requests_rate", 50.0)
    await samples(world, "ai_accuracy", 96.0, subject="model-a")
    found = cells(await world.run("ops performance", period="day"), "kpis")
    assert (found["api_latency_p95"]["value"], found["api_latency_p95"]["standing"]) == ("140 ms", "▲ missed")
    assert (found["error_rate"]["value"], found["error_rate"]["standing"]) == ("0.40 %", "● met")
    assert found["ai_accuracy"]["value"] == "96.0 %"
    assert found["ai_accuracy"]["n"] == "120"
    assert found["api_latency_mean"]["value"] == "n/a"


async def test_tickets_and_incidents_come_from_the_event_log(world: World) -> None:
    world.until(NOW)
    told = [
        *a_ticket(
            "T-1",
            OPENED,
            (30, "replied", AGENT),
            (40, "solved", {}),
            (50, "rated", {"stars": 5}),
            tier="ultra_premium",
        ),
        *an_incident("INC-1", (0, "opened"), (12, "acknowledged"), (90, "resolved")),
    ]
    await world.emit(*(each.event for each in told))
    found = cells(await world.run("ops performance"), "kpis")
    assert found["first_response_top"]["value"] == "30 min"
    assert found["first_response_top"]["standing"] == "● met"
    assert found["satisfaction"]["value"] == "100.0 %"
    assert found["rating"]["value"] == "5.00/5"
    assert found["first_contact"]["value"] == "100.0 %"
    assert found["mtta.30d"]["value"] == "12 min"
    assert found["mttr.90d"]["value"] == "1 h 30 min"
    assert found["resolved.high.30d"]["value"] == "100.0 %"
    assert found["resolved.high.30d"]["n"] == "1"
    day = cells(await world.run("ops performance", period="day"), "kpis")
    assert day["mtta.1d"]["value"] == "n/a"


async def test_a_report_of_the_past_knows_nothing_later(world: World) -> None:
    for check in CHECKS:
        await world.health(check, "pass")
    world.advance(days=10)
    then = world.now
    world.advance(minutes=1)
    for check in CHECKS:
        await world.health(check, "fail")
    world.advance(days=1)
    past = cells(await world.run("ops performance", at=then, period="day"), "kpis")
    now = cells(await world.run("ops performance", period="day"), "kpis")
    assert past["uptime.1d"]["value"] == "100.00 %"
    assert now["uptime.1d"]["value"] == "0.00 %"
    assert now["uptime.1d"]["trend"] == "worse"


# Burn-rate alarms


async def test_burning_the_budget_is_told_once_and_ends_when_the_short_window_recovers(world: World) -> None:
    kinds = ("error_budget.burning", "error_budget.steady")
    for check in CHECKS:
        await world.health(check, "pass")
    world.advance(days=3)
    await world.watch()
    assert await world.events(*kinds) == []
    for check in CHECKS:
        await world.health(check, "fail")
    world.advance(minutes=6)
    for _round in range(2):
        await world.watch()
    told = await world.events(*kinds)
    assert [each.event.facts["rule"] for each in told] == ["fast", "medium", "slow"]
    assert [each.event.severity for each in told] == [Severity.CRITICAL, Severity.SERIOUS, Severity.WARNING]
    assert told[0].event.facts["long_hours"] == 1
    assert told[0].event.facts["long_rate"] == pytest.approx(100)
    assert told[0].event.facts["short_rate"] == pytest.approx(1000)
    for check in CHECKS:
        await world.health(check, "pass")
    world.advance(minutes=5)
    await world.watch()
    ended = await world.events("error_budget.steady")
    assert [each.event.facts["rule"] for each in ended] == ["fast"]


async def test_nothing_is_told_where_nothing_was_measured(world: World) -> None:
    await world.watch()
    assert await world.events("error_budget.burning") == []
