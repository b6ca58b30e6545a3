"""Holding back towards A2E, over any course of events."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from core.areas.production.client.throttling import CircuitBreaker, RateLimit
from core.moment import FrozenClock

PAUSES = st.lists(st.floats(0, 40, allow_nan=False), min_size=1, max_size=60)


def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 1, 22, tzinfo=UTC))


@given(PAUSES)
def test_the_pace_is_kept_whenever_requests_come(pauses: list[float]) -> None:
    time = clock()

    async def run() -> list[float]:
        pace = RateLimit(time)
        starts: list[float] = []
        for pause in pauses:
            time.advance(pause)
            await pace.turn()
            starts.append(time.monotonic())
        return starts

    starts = asyncio.run(run())
    assert all(after - before >= 1.0 - 1e-6 for before, after in itertools.pairwise(starts))
    assert all(after - before >= 60.0 - 1e-6 for before, after in zip(starts, starts[10:], strict=False))


def test_requests_that_come_together_take_turns() -> None:
    time = clock()

    async def run() -> None:
        pace = RateLimit(time)
        await asyncio.gather(*(pace.turn() for _ in range(4)))

    asyncio.run(run())
    assert 3.0 <= time.monotonic() < 4.0


@given(st.lists(st.sampled_from(["fail", "succeed", "wait"]), max_size=60))
def test_the_circuit_is_open_after_five_failures_in_a_row_and_never_before(steps: list[str]) -> None:
    time = clock()
    circuit = CircuitBreaker(time)
    in_a_row, last_failure = 0, 0.0
    for step in steps:
        if step == "fail":
            circuit.failed()
            in_a_row, last_failure = in_a_row + 1, time.monotonic()
        elif step == "succeed":
            circuit.succeeded()
            in_a_row = 0
        else:
            time.advance(70)
        resting = in_a_row >= 5 and time.monotonic() < last_failure + 300
        assert (circuit.remaining > 0) is resting
