"""When an account is asked next, and how often a person may ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.usage.collection.schedule import SPREAD, WIDENED, Schedule, poll_interval, restored_turn
from core.areas.usage.store.collector_state import LONGEST_POLL, CollectorState, paced

NOW = datetime(2031, 1, 26, 9, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def test_a_turn_comes_at_most_half_a_minute_after_its_phase() -> None:
    delays: set[int] = set()
    for seed in range(40):
        turns = Schedule(Random(seed))
        turns.begin("home", "mark", 1_000.0)
        assert not turns.is_due("home", 999.9)
        assert turns.is_due("home", 1_000.0 + SPREAD)
        delays.add(next(delay for delay in range(31) if turns.is_due("home", 1_000.0 + delay)))
    assert len(delays) > 10


@given(
    now=st.floats(0, 1e7, allow_nan=False),
    planned=st.floats(0, 1e7, allow_nan=False),
    wait=st.floats(0, 7_200),
)
def test_the_next_turn_is_later_and_in_the_same_phase(now: float, planned: float, wait: float) -> None:
    turns = Schedule(Random(1))
    turns.begin("home", "mark", planned)
    found = turns.next_after("home", now, QUARTER, at_least=wait)
    assert found > now + wait - 1e-6 or found == planned > now
    assert found >= planned
    assert (found - planned) % 900 == pytest.approx(0, abs=1e-3) or (found - planned) % 900 > 899.999
    assert found <= max(planned, now + wait + 900 + 1e-3)


def test_three_failures_make_it_half_an_hour() -> None:
    assert [poll_interval(QUARTER, failures) for failures in range(5)] == [QUARTER] * 3 + [WIDENED] * 2
    assert poll_interval(timedelta(hours=1), 3) == timedelta(hours=1)


def test_a_turn_on_record_is_taken_over_and_nonsense_is_not() -> None:
    assert restored_turn(NOW + timedelta(seconds=90), NOW, 50.0, WIDENED) == 140.0
    for nonsense in (None, NOW - timedelta(days=1), NOW + timedelta(days=1)):
        assert restored_turn(nonsense, NOW, 50.0, WIDENED) == 50.0


def test_a_person_may_ask_twice_at_once_and_five_times_a_minute() -> None:
    standing, asked = CollectorState(), list[int]()
    for second in range(121):
        until, wait = paced(standing, NOW + timedelta(seconds=second))
        if not wait:
            asked.append(second)
            standing = CollectorState(paced_until=until)
    assert asked[:3] == [0, 1, 12]
    assert len([second for second in asked if 60 <= second < 120]) == 5


def test_busy_ends_by_itself_and_a_clock_set_back_does_not_make_it_last() -> None:
    standing = CollectorState(busy_until=NOW + LONGEST_POLL)
    assert standing.is_busy(NOW)
    assert not standing.is_busy(NOW + LONGEST_POLL)
    assert not standing.is_busy(NOW - timedelta(hours=1))
