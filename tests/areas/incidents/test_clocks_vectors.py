"""The clocks of operations.md 4.1 and 4.4, with its vector."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.areas.incidents.model import IncidentSeverity
from core.areas.incidents.rules import changes, lifecycle
from core.areas.incidents.rules.clocks import next_due, urgency
from core.areas.incidents.rules.duties import duties
from core.areas.incidents.rules.targets import TARGETS, PostMortemNeed, update_due
from core.sla import moment_of, standing
from tests.areas.incidents.sample import AMINA, incident
from tests.areas.incidents.world import NOW


def at(clock: str, day: int = 0) -> datetime:
    """That time of the vectors' day."""
    hour, minute = map(int, clock.split(":"))
    return NOW.replace(hour=hour, minute=minute) + timedelta(days=day)


@pytest.mark.parametrize(
    ("severity", "response", "resolution", "need"),
    [
        (IncidentSeverity.CRITICAL, timedelta(minutes=15), timedelta(hours=4), PostMortemNeed.REQUIRED),
        (IncidentSeverity.HIGH, timedelta(hours=1), timedelta(hours=8), PostMortemNeed.RECOMMENDED),
        (IncidentSeverity.MEDIUM, timedelta(hours=4), timedelta(hours=24), PostMortemNeed.AS_NEEDED),
        (IncidentSeverity.LOW, timedelta(hours=24), None, PostMortemNeed.NOT_REQUIRED),
    ],
)
def test_vector_4_1_targets(
    severity: IncidentSeverity, response: timedelta, resolution: timedelta | None, need: PostMortemNeed
) -> None:
    fresh = incident(severity)
    assert (fresh.response.target, fresh.resolution.target) == (response, resolution)
    assert TARGETS[severity].postmortem is need


def test_vector_4_4_high_is_due_at_eleven_and_at_eighteen() -> None:
    fresh = incident(IncidentSeverity.HIGH)
    assert standing(fresh.response, NOW).due == at("11:00")
    assert standing(fresh.resolution, NOW).due == at("18:00")


def test_vector_4_4_high_warns_at_a_quarter_to_eleven_and_at_sixteen() -> None:
    fresh = incident(IncidentSeverity.HIGH)
    assert not standing(fresh.response, at("10:44")).warn
    assert standing(fresh.response, at("10:45")).warn
    assert not standing(fresh.resolution, at("15:59")).warn
    assert standing(fresh.resolution, at("16:00")).warn


def test_vector_4_4_raised_to_critical_is_breached_by_the_change() -> None:
    raised = changes.override_severity(
        incident(IncidentSeverity.HIGH), AMINA, at("10:20"), IncidentSeverity.CRITICAL, "it is everywhere"
    )
    response = raised.after.response
    assert response.target is not None
    assert moment_of(response, response.target) == at("10:15")
    assert response.breached_at == at("10:20")
    assert standing(raised.after.resolution, at("10:20")).due == at("14:00")
    assert "response_overdue" in raised.happened


def test_vector_4_4_acknowledged_before_it_is_raised_is_not_breached() -> None:
    held = lifecycle.acknowledge(incident(IncidentSeverity.HIGH), AMINA, at("10:05")).after
    raised = changes.override_severity(held, AMINA, at("10:20"), IncidentSeverity.CRITICAL, "worse").after
    assert raised.response.breached_at is None
    assert standing(raised.resolution, at("10:20")).due == at("14:00")


def test_4_4_breach_is_only_after_the_due_moment() -> None:
    fresh = incident(IncidentSeverity.HIGH)
    assert not standing(fresh.response, at("11:00")).breach
    assert standing(fresh.response, at("11:00") + timedelta(microseconds=1)).breach


def test_4_4_clocks_never_pause_while_it_is_open() -> None:
    fresh = lifecycle.acknowledge(incident(IncidentSeverity.HIGH), AMINA, at("10:05")).after
    mitigated = lifecycle.mitigate(fresh, AMINA, at("11:00"), "switched over").after
    assert standing(mitigated.resolution, at("13:00")).elapsed == timedelta(hours=3)


def test_4_4_reopening_keeps_the_clock_and_leaves_out_the_resolved_gap() -> None:
    fresh = lifecycle.acknowledge(incident(IncidentSeverity.HIGH), AMINA, at("10:05")).after
    resolved = lifecycle.resolve(fresh, AMINA, at("12:00"), "restarted").after
    again = lifecycle.reopen(resolved, AMINA, at("15:00"), "it is back").after
    found = standing(again.resolution, at("16:00"))
    assert (found.elapsed, found.due) == (timedelta(hours=3), at("21:00"))
    assert again.response.stopped_at == at("10:05")


def test_4_4_low_is_due_when_it_is_scheduled_for() -> None:
    low = incident(IncidentSeverity.LOW)
    assert standing(low.resolution, NOW).due is None
    planned = changes.schedule(low, AMINA, at("10:30"), at("09:00", day=5)).after
    assert standing(planned.resolution, at("10:30")).due == at("09:00", day=5)


def test_4_4_low_without_a_day_needs_scheduling_after_seven_days_and_says_so_once() -> None:
    low = lifecycle.acknowledge(incident(IncidentSeverity.LOW), AMINA, at("10:05")).after
    assert duties(low, NOW + timedelta(days=6, hours=23)) is None
    step = duties(low, NOW + timedelta(days=7))
    assert step is not None
    assert step.happened == ("scheduling_needed",)
    assert duties(step.after, NOW + timedelta(days=8)) is None


def test_4_5_updates_are_due_every_half_hour_when_critical_and_every_hour_when_high() -> None:
    for severity, minutes in ((IncidentSeverity.CRITICAL, 30), (IncidentSeverity.HIGH, 60)):
        public = replace(incident(severity), published_at=NOW)
        assert update_due(public) == NOW + timedelta(minutes=minutes)
    assert update_due(replace(incident(IncidentSeverity.MEDIUM), published_at=NOW)) is None
    assert update_due(incident(IncidentSeverity.CRITICAL)) is None


def test_incidents_are_ordered_by_the_next_clock_to_run_out() -> None:
    critical = incident(IncidentSeverity.CRITICAL, id_="INC-2026-0002", created_at=at("10:30"))
    held = lifecycle.acknowledge(critical, AMINA, at("10:31")).after  # its next clock: 14:30
    high = incident(IncidentSeverity.HIGH, id_="INC-2026-0003", created_at=at("10:40"))  # 11:40
    low = lifecycle.acknowledge(incident(IncidentSeverity.LOW), AMINA, at("10:41")).after  # none
    ordered = sorted([low, held, high], key=lambda each: urgency(each, at("10:45")))
    assert [each.id for each in ordered] == ["INC-2026-0003", "INC-2026-0002", "INC-2026-0001"]
    assert next_due(low, at("10:45")) is None
