from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine.backoff import LONGEST, after_failures, after_rate_limit

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("count", "longest"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 15), (6, 15), (10_000, 15)]
)
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(count: int, longest: int) -> None:
    waits = {after_failures(count, MINUTE, random.Random(seed)) for seed in range(50)}
    assert max(waits) <= timedelta(minutes=longest)
    assert min(waits) >= timedelta(minutes=longest) * 0.8
    assert len(waits) > 40


@given(count=st.integers(0, 10**6), seconds=st.integers(1, 10**6), seed=st.integers())
def test_the_wait_is_never_nothing_and_never_beyond_the_cap(count: int, seconds: int, seed: int) -> None:
    interval = timedelta(seconds=seconds)
    wait = after_failures(count, interval, random.Random(seed))
    assert min(interval, LONGEST) * 0.8 <= wait <= max(LONGEST, interval)


def test_a_wait_that_was_asked_for_is_kept_in_full() -> None:
    assert after_rate_limit(3600) == timedelta(seconds=3600.5)
    assert after_rate_limit(-5) == timedelta(seconds=0.5)
