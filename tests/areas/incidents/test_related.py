"""Which events of all areas are laid beside an incident, and how far they are from its detection."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.areas.incidents.rules.related import MOST, distance, relate, window_of
from core.event import Event, RecordedEvent
from core.message import _
from core.units import Severity
from tests.areas.incidents.world import NOW


def event(number: int, minutes: float, kind: str, subject: str, severity: Severity) -> RecordedEvent:
    at = NOW + timedelta(minutes=minutes)
    return RecordedEvent(number, at, Event(kind, kind.split(".")[0], subject, severity, _("Something"), at))


def numbers(*events: RecordedEvent) -> list[int]:
    return [each.number for each in relate(events, NOW, "incident:INC-2026-0001").events]


def test_the_story_is_in_order_and_without_quiet_events() -> None:
    assert numbers(
        event(4, 9, "network.wan.recovered", "location:L1", Severity.GOOD),
        event(3, 0, "production.upload_failed", "upload:u1", Severity.WARNING),
        event(2, -2, "production.video_completed", "job:j1", Severity.GOOD),
        event(1, -4, "network.wan.saturated", "location:L1", Severity.WARNING),
    ) == [1, 3, 4]


def test_the_incidents_own_events_and_alerts_that_repeat_others_stay_out() -> None:
    assert (
        numbers(
            event(1, 0, "incident.opened", "incident:INC-2026-0001", Severity.CRITICAL),
            event(2, 0, "alert.raised", "alert:7", Severity.CRITICAL),
        )
        == []
    )
    noted = event(4, 2, "incident.changed", "incident:INC-2026-0002", Severity.NOTICE)
    assert numbers(noted) == []
    other = event(3, 1, "incident.opened", "incident:INC-2026-0002", Severity.CRITICAL)
    assert numbers(other) == [3]


def test_of_too_many_those_nearest_to_detection_stay() -> None:
    many = [event(n, n - 150, "network.pod.offline", f"pod:{n}", Severity.WARNING) for n in range(300)]
    found = relate(many, NOW, "")
    assert (len(found.events), found.left_out) == (MOST, 300 - MOST)
    assert 150 in [each.number for each in found.events]


def test_what_our_own_delivery_did_stays_out() -> None:
    assert numbers(
        event(1, -3, "network.wan.saturated", "location:L1", Severity.WARNING),
        event(2, 1, "notify.dead", "notice:1", Severity.WARNING),
        event(3, 1, "notify.line.down", "line:email", Severity.WARNING),
        event(4, 2, "notify.audit.failed", "audit:missing", Severity.WARNING),
    ) == [1]


def test_the_facts_of_the_areas_have_the_room_before_other_incidents() -> None:
    others = [
        event(n, 0, "incident.opened", f"incident:INC-{n}", Severity.CRITICAL) for n in range(1, MOST + 1)
    ]
    far = event(999, -29, "network.wan.saturated", "location:L1", Severity.WARNING)
    assert 999 in numbers(*others, far)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-240, "−4 min"),
        (0, "0 min"),
        (29, "0 min"),
        (59 * 60, "+59 min"),
        (125 * 60, "+2 h 5 min"),
        (-3 * 3600, "−3 h 0 min"),
        (50 * 3600, "+2 d 2 h"),
    ],
)
def test_the_distance_from_detection(seconds: int, expected: str) -> None:
    assert str(distance(NOW + timedelta(seconds=seconds), NOW)) == expected


def test_the_window_begins_before_detection_and_ends_with_the_incident() -> None:
    end: datetime = NOW + timedelta(hours=1)
    window = window_of(NOW, end, timedelta(minutes=30))
    assert NOW - timedelta(minutes=30) in window
    assert end in window
    assert NOW - timedelta(minutes=31) not in window
