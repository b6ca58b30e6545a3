"""Post-mortems: states, due dates, and what stays closed (operations.md 4.8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.areas.incidents.model import IncidentSeverity, Status
from core.areas.incidents.rules import postmortem as rules
from core.areas.incidents.rules.postmortem import ActionKind, PostMortem, PostMortemStatus, Section
from core.errors import NotFoundError, RefusedError
from tests.areas.incidents.sample import incident

EMPTY = PostMortem("INC-2026-0001")
WRITTEN = rules.write(EMPTY, Section.SUMMARY, "It was the disk.", "amina")


def resolved(severity: IncidentSeverity, day: int) -> datetime | None:
    at = datetime(2026, 1, day, 15, tzinfo=UTC)
    return rules.due_at(replace(incident(severity), status=Status.RESOLVED, resolved_at=at))


def test_4_8_a_critical_one_is_due_three_calendar_days_later() -> None:
    assert resolved(IncidentSeverity.CRITICAL, 30) == datetime(2026, 2, 2, 15, tzinfo=UTC)


def test_4_8_a_high_one_is_due_five_business_days_later() -> None:
    friday, wednesday = 30, 28
    assert resolved(IncidentSeverity.HIGH, friday) == datetime(2026, 2, 6, 15, tzinfo=UTC)
    assert resolved(IncidentSeverity.HIGH, wednesday) == datetime(2026, 2, 4, 15, tzinfo=UTC)


def test_4_8_medium_and_low_ones_are_not_due() -> None:
    assert resolved(IncidentSeverity.MEDIUM, 30) is None
    assert rules.due_at(incident(IncidentSeverity.CRITICAL)) is None


def test_4_8_the_way_to_closed() -> None:
    review = rules.move(WRITTEN, PostMortemStatus.IN_REVIEW)
    reviewed = rules.move(review, PostMortemStatus.REVIEWED)
    over = replace(incident(), status=Status.RESOLVED)
    assert rules.close_postmortem(reviewed, over).status is PostMortemStatus.CLOSED


def test_no_step_is_left_out() -> None:
    with pytest.raises(RefusedError, match="in review"):
        rules.move(WRITTEN, PostMortemStatus.REVIEWED)
    with pytest.raises(RefusedError, match="reviewed"):
        rules.close_postmortem(WRITTEN, replace(incident(), status=Status.RESOLVED))
    with pytest.raises(RefusedError, match="nothing to review"):
        rules.move(EMPTY, PostMortemStatus.IN_REVIEW)


def test_one_of_an_open_incident_cannot_be_closed() -> None:
    reviewed = replace(WRITTEN, status=PostMortemStatus.REVIEWED)
    with pytest.raises(RefusedError, match="resolve it first"):
        rules.close_postmortem(reviewed, incident())


def test_a_closed_one_keeps_what_it_says_but_its_actions_can_be_done() -> None:
    planned = rules.add_action(
        WRITTEN, "Watch the disk", ActionKind.DETECT, "omar", owner="omar", due="2026-02-10", ticket=""
    )
    closed = replace(planned, status=PostMortemStatus.CLOSED)
    with pytest.raises(RefusedError, match="closed"):
        rules.write(closed, Section.SUMMARY, "It was nothing.", "amina")
    assert rules.finish_action(closed, 1).actions[0].done
    with pytest.raises(NotFoundError):
        rules.finish_action(closed, 2)
    assert planned.authors == ("amina", "omar")
