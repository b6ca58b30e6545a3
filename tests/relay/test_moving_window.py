"""Moving windows by a clock of the test’s own (whatsapp.md A8)."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from limits import RateLimitItemPerMinute
from limits.aio.strategies import MovingWindowRateLimiter

from core.moment import FrozenClock
from core.relay.moving_window import ClockStorage

_MINUTE = 60


def _frozen() -> FrozenClock:
    return FrozenClock(datetime(2026, 11, 22, tzinfo=UTC))


async def test_a8_a_window_slides_rather_than_begins_anew() -> None:
    clock = _frozen()
    limiter, limit = MovingWindowRateLimiter(ClockStorage(clock)), RateLimitItemPerMinute(3)
    admitted: list[bool] = []
    for wait in (0, 20, 20, 10, 9, 1, 1, 20):
        clock.advance(wait)
        admitted.append(await limiter.hit(limit, "ann"))
    assert admitted == [True, True, True, False, False, True, False, True]


async def test_what_is_refused_is_not_counted() -> None:
    clock = _frozen()
    limiter, limit = MovingWindowRateLimiter(ClockStorage(clock)), RateLimitItemPerMinute(2)
    for _time in range(50):
        await limiter.hit(limit, "ann")
        clock.advance(1)
    clock.advance(10)
    assert await limiter.hit(limit, "ann")


async def test_a_day_later_a_full_window_is_empty_again() -> None:
    clock = _frozen()
    limiter, limit = MovingWindowRateLimiter(ClockStorage(clock)), RateLimitItemPerMinute(1)
    assert await limiter.hit(limit, "ann")
    clock.advance(24 * 3_600 + 5)
    assert await limiter.hit(limit, "ann")
    clock.advance(5)
    assert not await limiter.hit(limit, "ann")


async def test_everybody_has_a_window_of_their_own() -> None:
    limiter, limit = MovingWindowRateLimiter(ClockStorage(_frozen())), RateLimitItemPerMinute(1)
    assert await limiter.hit(limit, "ann")
    assert not await limiter.hit(limit, "ann")
    assert await limiter.hit(limit, "ben")


async def test_that_the_wall_clock_is_set_changes_nothing() -> None:
    clock = _frozen()
    limiter, limit = MovingWindowRateLimiter(ClockStorage(clock)), RateLimitItemPerMinute(1)
    assert await limiter.hit(limit, "ann")
    clock.step(3_600)
    assert not await limiter.hit(limit, "ann")


@settings(deadline=None)
@given(st.lists(st.floats(min_value=0, max_value=40), max_size=40), st.integers(min_value=1, max_value=5))
async def test_no_minute_holds_more_than_the_limit(waits: list[float], most: int) -> None:
    clock = _frozen()
    storage = ClockStorage(clock)
    admitted: list[float] = []
    for wait in waits:
        clock.advance(wait)
        now = clock.monotonic()
        recent = [each for each in admitted if each > now - _MINUTE]
        let_in = await storage.acquire_entry("ann", most, _MINUTE)
        assert let_in == (len(recent) < most)
        if let_in:
            admitted.append(now)


async def test_memory_stays_flat_whoever_writes_once() -> None:
    clock = _frozen()
    storage = ClockStorage(clock)
    for number in range(10_000):
        await storage.acquire_entry(f"user {number}", 5, _MINUTE)
        clock.advance(0.5)
    assert await storage.reset() <= 2_000
