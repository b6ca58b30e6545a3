from __future__ import annotations

import asyncio
import itertools
import random
from datetime import timedelta

import pytest

from core.engine.polling import Poller
from core.errors import RateLimitedError, SignInError, StoreFullError, UnreachableError
from core.message import _
from core.moment import FrozenClock
from core.page import Freshness, SourceState
from core.store.polls import Poll, health, record_poll, sources
from core.store.store import Store

from .conftest import OpenStore
from .virtual_clock import START

MINUTE = timedelta(minutes=1)


class Source:
    """Answers, or raises what it is told to; records its success as a collector does."""

    def __init__(self, store: Store, clock: FrozenClock) -> None:
        self.store = store
        self.clock = clock
        self.failure: Exception | None = None
        self.asked = 0

    async def __call__(self) -> str:
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        async with self.store.writing() as transaction:
            await record_poll(transaction, Poll("plume", "SIM", self.clock.now(), good=True))
        return "answer"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(START)


@pytest.fixture
async def store(open_store: OpenStore, clock: FrozenClock) -> Store:
    return await open_store(clock)


@pytest.fixture
def source(store: Store, clock: FrozenClock) -> Source:
    return Source(store, clock)


@pytest.fixture
def poller(store: Store, clock: FrozenClock) -> Poller:
    return Poller(store, clock, jitter=random.Random(3))


async def poll(poller: Poller, source: Source) -> str | None:
    return await poller.poll("plume", "SIM", MINUTE, source)


async def state(store: Store) -> SourceState:
    async with store.reading() as connection:
        return await health(connection, "plume", "SIM", store.present(), MINUTE)


async def test_a_success_is_handed_back_and_recorded_once(
    poller: Poller, source: Source, store: Store
) -> None:
    assert await poll(poller, source) == "answer"
    assert (await state(store)).freshness is Freshness.LIVE
    assert (await store.change_mark()).poll == 1


async def test_a_failure_is_recorded_with_its_reason_and_the_next_try(
    poller: Poller, source: Source, store: Store, clock: FrozenClock
) -> None:
    source.failure = SignInError(_("Plume did not accept the password."))
    assert await poll(poller, source) is None
    found = await state(store)
    assert found.freshness is Freshness.NEVER
    assert str(found.reason) == "Plume did not accept the password."
    assert found.next_try == poller.resumes_at("plume", "SIM")
    assert found.next_try is not None
    assert timedelta(seconds=48) <= found.next_try - clock.now() <= MINUTE


async def test_a_source_that_keeps_failing_is_asked_ever_less(
    poller: Poller, source: Source, clock: FrozenClock
) -> None:
    source.failure = UnreachableError(_("no answer"))
    asked: list[int] = []
    for _minute in range(120):
        before = source.asked
        await poll(poller, source)
        if source.asked > before:
            asked.append(_minute)
        clock.advance(60)
    assert asked[:4] == [0, 1, 3, 7]
    assert max(b - a for a, b in itertools.pairwise(asked)) == 15
    source.failure = None
    clock.advance(15 * 60)
    assert await poll(poller, source) == "answer"
    source.failure = UnreachableError(_("no answer"))
    await poll(poller, source)
    clock.advance(60)
    await poll(poller, source)
    assert source.asked == len(asked) + 3


async def test_the_time_it_asked_to_be_left_alone_is_kept_and_is_no_failure(
    poller: Poller, source: Source, clock: FrozenClock
) -> None:
    for _turn in range(3):
        source.failure = RateLimitedError(_("too many requests"), wait=300)
        before = source.asked
        await poll(poller, source)
        clock.advance(300)
        await poll(poller, source)
        assert source.asked == before + 1
        clock.advance(0.5)
    source.failure = UnreachableError(_("no answer"))
    await poll(poller, source)
    clock.advance(60)
    assert poller.resumes_at("plume", "SIM") is None


async def test_subjects_fail_apart(poller: Poller, source: Source, store: Store) -> None:
    source.failure = UnreachableError(_("no answer"))
    await poll(poller, source)
    await poller.poll("plume", "OTHER", MINUTE, source)
    assert source.asked == 2
    async with store.reading() as connection:
        assert [each.subject for each in await sources(connection, store.present())] == ["OTHER", "SIM"]


async def test_a_collection_that_hangs_counts_as_unanswered(store: Store, clock: FrozenClock) -> None:
    poller = Poller(store, clock, jitter=random.Random(3), limit=timedelta(0))
    assert await poller.poll("plume", "SIM", MINUTE, asyncio.Event().wait) is None
    assert "no complete answer" in str((await state(store)).reason)


async def test_the_store_s_own_failures_are_not_the_source_s(
    poller: Poller, source: Source, store: Store
) -> None:
    source.failure = StoreFullError(_("no room"))
    with pytest.raises(StoreFullError):
        await poll(poller, source)
    assert (await store.change_mark()).poll == 0


async def test_being_stopped_is_no_failure(poller: Poller, store: Store) -> None:
    task = asyncio.create_task(poller.poll("plume", "SIM", MINUTE, asyncio.Event().wait))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await store.change_mark()).poll == 0
