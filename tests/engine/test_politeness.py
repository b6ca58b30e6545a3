from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest

from core.engine.politeness import Politeness

from .virtual_clock import START, VirtualClock, settle

HOST = "api.example.test"


class Visits:
    """Callers that each keep a turn for a while, and what was seen of them."""

    def __init__(self, clock: VirtualClock, politeness: Politeness) -> None:
        self.clock = clock
        self.politeness = politeness
        self.inside = 0
        self.most = 0
        self.starts: list[tuple[float, int]] = []

    async def visit(self, number: int, host: str = HOST, stay: float = 1.0) -> None:
        async with self.politeness.turn(host):
            self.inside += 1
            self.most = max(self.most, self.inside)
            self.starts.append((self.clock.monotonic(), number))
            try:
                await self.clock.sleep(stay)
            finally:
                self.inside -= 1

    @property
    def times(self) -> list[float]:
        return [moment for moment, _number in self.starts]

    @property
    def order(self) -> list[int]:
        return [number for _moment, number in self.starts]


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


def polite(clock: VirtualClock, **limits: float) -> Visits:
    return Visits(clock, Politeness(clock, jitter=random.Random(7), **limits))  # type: ignore[arg-type]


async def test_fifty_that_start_together_never_exceed_the_places_nor_the_rate(clock: VirtualClock) -> None:
    visits = polite(clock)
    tasks = [asyncio.create_task(visits.visit(n, stay=0.01)) for n in range(50)]
    await clock.run(60)
    await asyncio.gather(*tasks)
    assert visits.most <= 4
    for start in visits.times:
        for length in (0.5, 1.0, 3.0):
            within = [t for t in visits.times if start <= t < start + length]
            assert len(within) <= 10 + 5.0 * length + 1e-6
    assert visits.times[-1] > (50 - 10) / 5.0 - 1e-6


async def test_slow_answers_hold_back_the_fifth(clock: VirtualClock) -> None:
    visits = polite(clock)
    tasks = [asyncio.create_task(visits.visit(n, stay=30)) for n in range(5)]
    await clock.run(29)
    assert visits.order == [0, 1, 2, 3]
    await clock.run(31)
    assert visits.order == [0, 1, 2, 3, 4]
    await clock.run(30)
    await asyncio.gather(*tasks)


async def test_turns_are_given_in_the_order_they_were_asked_for(clock: VirtualClock) -> None:
    visits = polite(clock, per_host=2, rate=2.0, burst=1)
    tasks = [asyncio.create_task(visits.visit(n, stay=0.7)) for n in range(12)]
    await clock.run(60)
    await asyncio.gather(*tasks)
    assert visits.order == list(range(12))


async def test_those_who_wait_for_a_token_start_spread(clock: VirtualClock) -> None:
    visits = polite(clock, rate=5.0, burst=1)
    tasks = [asyncio.create_task(visits.visit(n, stay=0.01)) for n in range(20)]
    await clock.run(60)
    await asyncio.gather(*tasks)
    gaps = {round(b - a, 6) for a, b in zip(visits.times, visits.times[1:], strict=False)}
    assert len(gaps) > 15


async def test_a_pause_lets_nobody_pass_and_ends(clock: VirtualClock) -> None:
    visits = polite(clock)
    visits.politeness.pause(HOST, 7)
    visits.politeness.pause(HOST, 3)
    assert visits.politeness.paused_until(HOST) == START + timedelta(seconds=7)
    tasks = [asyncio.create_task(visits.visit(n)) for n in range(2)]
    other = asyncio.create_task(visits.visit(9, host="other.example.test"))
    await clock.run(6.999)
    assert visits.order == [9]
    await clock.run(10)
    assert sorted(visits.order) == [0, 1, 9]
    assert visits.politeness.paused_until(HOST) is None
    await asyncio.gather(*tasks, other)


async def test_a_pause_also_holds_those_already_waiting(clock: VirtualClock) -> None:
    visits = polite(clock, rate=1.0, burst=1)
    tasks = [asyncio.create_task(visits.visit(n, stay=0.01)) for n in range(2)]
    await clock.run(0.5)
    visits.politeness.pause(HOST, 20)
    await clock.run(19.9)
    assert visits.order == [0]
    await clock.run(2)
    assert visits.order == [0, 1]
    await asyncio.gather(*tasks)


async def test_the_host_is_one_whatever_its_case(clock: VirtualClock) -> None:
    visits = polite(clock)
    visits.politeness.pause("API.Example.test", 5)
    assert visits.politeness.paused_until(HOST) is not None


@pytest.mark.parametrize(
    ("stay", "when"),
    [
        pytest.param(2.0, 0.0, id="in the queue"),
        pytest.param(2.0, 0.5, id="waiting for a place"),
        pytest.param(0.1, 0.5, id="waiting for a token"),
        pytest.param(2.0, 2.5, id="in its turn"),
    ],
)
async def test_one_that_is_cancelled_takes_no_place_and_stops_nobody(
    clock: VirtualClock, stay: float, when: float
) -> None:
    visits = polite(clock, per_host=1, rate=1.0, burst=1)
    first = asyncio.create_task(visits.visit(0, stay=stay))
    gone = asyncio.create_task(visits.visit(1, stay=50.0))
    last = asyncio.create_task(visits.visit(2, stay=0.1))
    await clock.run(when)
    gone.cancel()
    await settle()
    await clock.run(10)
    assert gone.cancelled()
    assert first.done()
    assert last.done()
    assert visits.inside == 0


async def test_a_request_that_raises_gives_its_place_back(clock: VirtualClock) -> None:
    politeness = Politeness(clock, per_host=1, jitter=random.Random(1))
    for _attempt in range(3):
        with pytest.raises(ValueError, match="bad answer"):
            async with politeness.turn(HOST):
                raise ValueError("bad answer")
