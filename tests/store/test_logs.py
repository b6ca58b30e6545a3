"""Events and polls: numbered without gaps, followed in order, read as of any moment."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core.event import Event
from core.message import _
from core.moment import FrozenClock, Window
from core.page import Freshness
from core.store.events import follow, recent
from core.store.polls import Poll, health, record_poll, sources
from core.store.store import ChangeMark, Store
from core.units import Severity
from tests.store.conftest import write_and_fail

MINUTE = timedelta(minutes=1)


def event(clock: FrozenClock, subject: str = "pod:SIM1", key: str | None = None, **changed: object) -> Event:
    fields = {
        "kind": "network.pod.offline",
        "area": "network",
        "severity": Severity.WARNING,
        "title": _("Pod {name} is offline", name="Küche\N{BELL}"),
        "at": clock.now(),
        "facts": {"bars": 2, "name": "x", "wired": False, "share": 0.5, "none": None},
    }
    return Event(subject=subject, key=key, **{**fields, **changed})  # type: ignore[arg-type]


async def emit(store: Store, *events: Event) -> None:
    async with store.writing() as transaction:
        await transaction.emit(*events)


async def test_an_event_comes_back_as_it_was(store: Store, clock: FrozenClock) -> None:
    happened = event(clock, key="once")
    await emit(store, happened)
    async with store.reading() as connection:
        (found,) = await follow(connection, 0)
    assert found.event == happened
    assert (found.number, found.recorded_at) == (1, clock.now())


async def test_numbers_have_no_gaps_and_a_rolled_back_event_takes_none(store: Store, clock) -> None:
    await emit(store, event(clock), event(clock))
    with pytest.raises(ZeroDivisionError):
        await write_and_fail(store, lambda transaction: transaction.emit(event(clock)))
    await emit(store, event(clock))
    async with store.reading() as connection:
        assert [found.number for found in await follow(connection, 0)] == [1, 2, 3]
        assert [found.number for found in await follow(connection, 1, limit=1)] == [2]
    assert await store.change_mark() == ChangeMark(3, 0)


async def test_an_event_with_a_key_happens_once(store: Store, url: str, open_store, clock) -> None:
    other = await open_store(url)
    await emit(store, event(clock, key="k1"), event(clock, key="k1"))
    await emit(other, event(clock, key="k1"), event(clock, key="k2"))
    async with store.reading() as connection:
        assert [(f.number, f.event.key) for f in await follow(connection, 0)] == [(1, "k1"), (2, "k2")]


async def test_a_follower_never_misses_a_number_while_several_write(
    store: Store, url, open_store, clock
) -> None:
    writers = [await open_store(url) for _ in range(3)]
    done = asyncio.Event()
    seen: list[int] = []

    async def write(writer: Store) -> None:
        for _index in range(8):
            await emit(writer, event(clock), event(clock))

    async def look() -> None:
        while True:
            last_look = done.is_set()
            async with store.reading() as connection:
                seen.extend([found.number for found in await follow(connection, seen[-1] if seen else 0)])
            if last_look:
                return

    follower = asyncio.create_task(look())
    await asyncio.gather(*(write(writer) for writer in writers))
    done.set()
    await follower
    assert seen == list(range(1, 49))


async def test_recent_events_are_narrowed_and_dated(store: Store, clock: FrozenClock) -> None:
    await emit(store, event(clock, "pod:A"), event(clock, "pod:B", area="usage"))
    before = clock.now()
    clock.advance(3_600)
    await emit(store, event(clock, "pod:A", at=before - MINUTE), event(clock, "pod:A"))
    async with store.reading() as connection:
        now = clock.now()
        assert [f.number for f in await recent(connection, at=now)] == [4, 2, 1, 3]
        assert [f.number for f in await recent(connection, at=before)] == [2, 1]
        assert [f.number for f in await recent(connection, at=now, subject="pod:A", limit=2)] == [4, 1]
        assert [f.number for f in await recent(connection, at=now, area="usage")] == [2]
        hour = Window(before, now)
        assert [f.number for f in await recent(connection, at=now, window=hour)] == [2, 1]


def poll(clock: FrozenClock, *, good: bool = True, subject: str = "L1", retry: int | None = None) -> Poll:
    reason = None if good else _("no answer in {seconds} s", seconds=20)
    next_try = None if retry is None else clock.now() + timedelta(seconds=retry)
    return Poll("plume", subject, clock.now(), good, reason, next_try)


async def record(store: Store, *polls: Poll) -> None:
    async with store.writing() as transaction:
        for each in polls:
            await record_poll(transaction, each)


async def test_a_source_grows_stale_and_then_unknown(store: Store, clock: FrozenClock) -> None:
    async with store.reading() as connection:
        state = await health(connection, "plume", "L1", clock.now(), MINUTE)
    assert state.freshness is Freshness.NEVER
    await record(store, poll(clock))
    start = clock.now()
    for minutes, freshness in ((0, "LIVE"), (2, "LIVE"), (2.1, "STALE"), (3, "STALE"), (3.1, "UNKNOWN")):
        async with store.reading() as connection:
            state = await health(connection, "plume", "L1", start + minutes * MINUTE, MINUTE)
        assert (state.freshness, state.last_good) == (Freshness[freshness], start)


async def test_a_failed_poll_gives_its_reason_and_the_next_try(store: Store, clock: FrozenClock) -> None:
    await record(store, poll(clock))
    first = clock.now()
    clock.advance(60)
    await record(store, poll(clock, good=False, retry=120))
    async with store.reading() as connection:
        state = await health(connection, "plume", "L1", clock.now(), MINUTE)
        assert state.freshness is Freshness.LIVE
        assert state.last_good == first
        assert str(state.reason) == "no answer in 20 s"
        assert state.next_try == clock.now() + 2 * MINUTE
        then = await health(connection, "plume", "L1", first, MINUTE)
        assert (then.reason, then.next_try) == (None, None)
    clock.advance(60)
    await record(store, poll(clock))
    async with store.reading() as connection:
        state = await health(connection, "plume", "L1", clock.now(), MINUTE)
        assert (state.reason, state.next_try, state.last_good) == (None, None, clock.now())


async def test_a_source_that_never_answered_is_known_by_its_error(store: Store, clock: FrozenClock) -> None:
    await record(store, poll(clock, good=False))
    async with store.reading() as connection:
        state = await health(connection, "plume", "L1", clock.now(), MINUTE)
    assert state.freshness is Freshness.NEVER
    assert str(state.reason) == "no answer in 20 s"


async def test_every_source_is_listed_as_of_the_moment(store: Store, clock: FrozenClock) -> None:
    await record(store, poll(clock), poll(clock, subject="L2", good=False))
    then = clock.now()
    clock.advance(60)
    await record(store, poll(clock, subject="L2"), poll(clock, subject="L3"))
    async with store.reading() as connection:
        now = [(each.subject, each.good) for each in await sources(connection, clock.now())]
        past = [(each.subject, each.good, each.last_good) for each in await sources(connection, then)]
    assert now == [("L1", True), ("L2", True), ("L3", True)]
    assert past == [("L1", True, then), ("L2", False, None)]
    assert await store.change_mark() == ChangeMark(0, 4)
