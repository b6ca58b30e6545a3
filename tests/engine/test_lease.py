from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace

import pytest

from core.engine.identity import Identity, this_process
from core.engine.lease import Lease, LeaseLostError, holder
from core.event import Event
from core.message import _
from core.moment import FrozenClock
from core.store.events import recent
from core.store.store import Store
from core.units import Severity

from .conftest import OpenStore
from .virtual_clock import START

DECK = Identity("console", "deck", 100, place="deck")
TOWER = Identity("relay", "tower", 200, place="tower")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, url: str) -> str:
    return url if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(START)


@pytest.fixture
async def store(open_store: OpenStore, clock: FrozenClock) -> Store:
    return await open_store(clock)


@pytest.fixture
async def other_store(open_store: OpenStore, clock: FrozenClock, store: Store) -> Store:
    return await open_store(clock)


@pytest.fixture
def deck(store: Store, clock: FrozenClock) -> Lease:
    return Lease(store, "jobs", DECK, clock=clock)


@pytest.fixture
def tower(other_store: Store, clock: FrozenClock) -> Lease:
    return Lease(other_store, "jobs", TOWER, clock=clock)


async def commit_under(lease: Lease, store: Store) -> None:
    async with store.writing() as transaction:
        await transaction.emit(Event("test.wrote", "engine", "test:1", Severity.GOOD, _("wrote"), START))
        await lease.check(transaction)


async def written(store: Store) -> int:
    async with store.reading() as connection:
        return len(await recent(connection, at=store.present()))


async def test_only_one_of_two_processes_holds_the_lease(deck: Lease, tower: Lease, store: Store) -> None:
    assert await deck.acquire()
    assert not await tower.acquire()
    async with store.reading() as connection:
        found = await holder(connection, "jobs", START)
    assert found is not None
    assert (found.identity, found.since, found.fence) == (DECK, START, 1)


async def test_leases_of_different_names_have_nothing_to_do_with_each_other(
    deck: Lease, other_store: Store, clock: FrozenClock
) -> None:
    assert await deck.acquire()
    assert await Lease(other_store, "telegram:1", TOWER, clock=clock).acquire()


async def test_a_renewed_lease_is_never_taken_over(deck: Lease, tower: Lease, clock: FrozenClock) -> None:
    await deck.acquire()
    for _turn in range(12):
        clock.advance(10)
        assert await deck.renew()
        assert not await tower.acquire()


async def test_an_unrenewed_lease_is_taken_over_after_half_a_minute(
    deck: Lease, tower: Lease, clock: FrozenClock
) -> None:
    await deck.acquire()
    clock.advance(29)
    assert not await tower.acquire()
    clock.advance(2)
    assert await tower.acquire()
    assert tower.fence == 2


async def test_a_frozen_holder_notices_and_its_commit_is_refused(
    deck: Lease, tower: Lease, store: Store, clock: FrozenClock
) -> None:
    await deck.acquire()
    clock.advance(60)
    assert deck.overdue
    assert await tower.acquire()
    with pytest.raises(LeaseLostError, match="taken over"):
        await commit_under(deck, store)
    assert await written(store) == 0
    assert not deck.held
    await commit_under(tower, store)
    assert await written(store) == 1


async def test_a_takeover_waits_for_a_commit_that_was_checked(
    deck: Lease, tower: Lease, store: Store, clock: FrozenClock
) -> None:
    await deck.acquire()
    clock.advance(60)
    async with store.writing() as transaction:
        await deck.check(transaction)
        taking = asyncio.create_task(tower.acquire())
        done, _waiting = await asyncio.wait([taking], timeout=0.05)  # long enough for one that does not wait
        assert not done
    assert await taking


async def test_a_frozen_holder_notices_when_it_renews(deck: Lease, tower: Lease, clock: FrozenClock) -> None:
    await deck.acquire()
    clock.advance(60)
    await tower.acquire()
    assert not await deck.renew()
    assert not deck.held
    assert await tower.renew()


async def test_a_frozen_holder_nobody_replaced_goes_on(deck: Lease, store: Store, clock: FrozenClock) -> None:
    await deck.acquire()
    clock.advance(60)
    await commit_under(deck, store)
    assert await deck.renew()


async def test_a_released_lease_is_free_at_once_under_a_new_number(
    deck: Lease, tower: Lease, store: Store
) -> None:
    await deck.acquire()
    await deck.release()
    async with store.reading() as connection:
        assert await holder(connection, "jobs", START) is None
    assert await tower.acquire()
    assert tower.fence == 2
    with pytest.raises(LeaseLostError):
        await commit_under(deck, store)


async def test_who_never_held_the_lease_may_not_commit(deck: Lease, store: Store) -> None:
    with pytest.raises(LeaseLostError):
        await commit_under(deck, store)


async def test_a_holder_killed_on_this_host_is_replaced_at_once(store: Store, clock: FrozenClock) -> None:
    here = this_process("console")
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        killed = Lease(
            store, "jobs", replace(here, program="relay", pid=child.pid, process_start=""), clock=clock
        )
        waiting = Lease(store, "jobs", here, clock=clock)
        assert await killed.acquire()
        assert not await waiting.acquire()
    finally:
        child.kill()
        child.wait()
        assert child.stdin is not None
        child.stdin.close()
    assert await waiting.acquire()
    with pytest.raises(LeaseLostError):
        await commit_under(killed, store)


@pytest.mark.parametrize("step", [3_600, -3_600, 86_400, -86_400])
async def test_a_clock_that_is_set_does_not_cost_a_living_holder_its_lease(
    deck: Lease, tower: Lease, clock: FrozenClock, step: float
) -> None:
    await deck.acquire()
    assert not await tower.acquire()
    clock.step(step)
    assert not await tower.acquire()
    clock.advance(10)
    assert await deck.renew()
    assert not await tower.acquire()


async def test_a_clock_set_back_does_not_keep_a_dead_holder_alive(
    deck: Lease, tower: Lease, clock: FrozenClock
) -> None:
    await deck.acquire()
    clock.step(-86_400)
    assert not await tower.acquire()
    clock.advance(31)
    assert await tower.acquire()
