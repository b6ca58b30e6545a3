"""What falls due by itself: warnings and breaches once, lapses, escalation (operations.md 4.3, 4.4, 5.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.areas.incidents.model import IncidentSeverity, Level, Status
from core.areas.incidents.rules import changes, lifecycle
from core.areas.incidents.rules.duties import duties
from core.areas.incidents.rules.escalation import escalations_due, next_escalation
from core.errors import RefusedError
from tests.areas.incidents.sample import AMINA, incident
from tests.areas.incidents.world import NOW

QUARTER = timedelta(minutes=15)


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("minutes", "expected"), [(0, 0), (7.4, 0), (7.5, 1), (14.9, 1), (15, 2), (29.9, 2), (30, 3), (45, 4)]
)
def test_4_3_escalation_at_half_at_all_and_at_each_further_whole(minutes: float, expected: int) -> None:
    assert escalations_due(NOW, QUARTER, after(minutes)) == expected


def test_4_3_the_level_rises_from_the_breach_on_and_ends_at_the_top() -> None:
    known = incident(IncidentSeverity.CRITICAL)
    seen: list[Level] = []
    for minutes in (7.5, 15.5, 30.5, 45.5, 60.5):
        step = duties(known, after(minutes))
        assert step is not None
        known = step.after
        seen.append(known.level)
    assert seen == [Level.FIRST, Level.SECOND, Level.ENGINEERING, Level.TOP, Level.TOP]


def test_each_thing_is_told_once_however_often_anybody_looks() -> None:
    known, told = incident(IncidentSeverity.HIGH), list[str]()
    for minute in range(121):
        step = duties(known, after(minute))
        if step is not None:
            known = step.after
            told += step.happened
    assert told == ["escalated", "response_warned", "escalated", "response_overdue", "escalated"]


def test_what_was_slept_through_is_told_once_and_dated_when_it_was() -> None:
    step = duties(incident(IncidentSeverity.CRITICAL), after(200))
    assert step is not None
    assert step.happened == ("response_overdue", "resolution_warned", "escalated")
    assert step.after.response.breached_at == after(15)
    assert duties(step.after, after(200)) is None


def test_4_3_an_acknowledged_one_is_told_of_no_more() -> None:
    held = lifecycle.acknowledge(incident(IncidentSeverity.HIGH), AMINA, after(5)).after
    assert duties(held, after(100)) is None
    assert next_escalation(held) is None


@pytest.mark.parametrize(
    ("severity", "minutes"), [(IncidentSeverity.CRITICAL, 30), (IncidentSeverity.HIGH, 120)]
)
def test_4_3_an_acknowledgement_without_news_lapses(severity: IncidentSeverity, minutes: int) -> None:
    held = lifecycle.acknowledge(incident(severity), AMINA, after(5)).after
    assert duties(held, after(5 + minutes) - timedelta(seconds=1)) is None
    step = duties(held, after(5 + minutes))
    assert step is not None
    assert step.after.status is Status.TRIGGERED
    assert step.after.escalating_since == after(5 + minutes)


def test_4_3_medium_and_low_never_lapse() -> None:
    held = lifecycle.acknowledge(incident(IncidentSeverity.MEDIUM), AMINA, after(5)).after
    assert duties(held, after(17 * 60)) is None


def test_4_3_a_note_keeps_the_acknowledgement() -> None:
    held = lifecycle.acknowledge(incident(IncidentSeverity.CRITICAL), AMINA, after(5)).after
    noted = changes.note(held, AMINA, after(30), "still at it").after
    assert duties(noted, after(40)) is None
    assert duties(noted, after(60)) is not None


def test_4_3_after_a_lapse_escalation_restarts() -> None:
    held = lifecycle.acknowledge(incident(IncidentSeverity.CRITICAL), AMINA, after(5)).after
    lapsed = duties(held, after(35))
    assert lapsed is not None
    assert next_escalation(lapsed.after) == after(35) + QUARTER / 2
    step = duties(lapsed.after, after(43))
    assert step is not None
    assert step.happened == ("escalated",)


def test_escalating_by_hand_calls_in_the_next_level_until_the_top() -> None:
    known = incident()
    for level in ("L2", "engineering", "top"):
        known = changes.escalate(known, AMINA, after(1), "we are stuck").after
        assert known.level == level
    with pytest.raises(RefusedError, match="highest"):
        changes.escalate(known, AMINA, after(2), "still")


def test_a_finished_incident_has_no_duties() -> None:
    over = replace(incident(IncidentSeverity.CRITICAL), status=Status.CANCELLED)
    assert duties(over, after(10_000)) is None
