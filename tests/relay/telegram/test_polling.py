"""Polling: only what is durable is confirmed, and only the holder of the lease polls (R13, R15)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from telegram.error import NetworkError

from core.engine.identity import Identity
from core.engine.lease import Lease, LeaseLostError
from core.errors import StoreBusyError
from core.message import _
from core.moment import FrozenClock
from core.relay.tally import Tally
from core.relay.telegram.errors import ApiError
from core.relay.telegram.polling import Poller
from core.store.store import Store
from tests.notify.alerted import NOON

KEY = b"a fake audit key for tests only!"
OURS, THEIRS = Identity("relay", "here", 1), Identity("relay", "there", 2)


class _Line:
    """Answers polls with what a test has put there, and ends the test's patience after the last."""

    name = "telegram:42"

    def __init__(self, clock: FrozenClock) -> None:
        self.clock = clock
        self.answers: list[list[object] | Exception | float] = []
        self.offsets: list[int] = []
        self.over = asyncio.Event()

    async def updates(self, offset: int, timeout: int) -> list[object]:
        self.offsets.append(offset)
        if not self.answers:
            self.over.set()
            await asyncio.Event().wait()
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, float):  # asleep for so long, and woken with something to do
            self.clock.advance(answer)
            return [{"update_id": 1}]
        return answer


class _Intake:
    def __init__(self) -> None:
        self.settled: list[object] = []
        self.fails = 0

    async def room(self) -> None:
        return

    async def settle(self, updates: Sequence[object], within: float) -> None:
        if self.fails:
            self.fails -= 1
            raise StoreBusyError(_("Somebody else writes."))
        self.settled += updates


class _World:
    def __init__(self, store: Store, clock: FrozenClock, lease: Lease) -> None:
        self.store, self.clock, self.lease = store, clock, lease
        self.line, self.intake = _Line(clock), _Intake()
        self.tally = Tally("w", "telegram:42", "polling", NOON)

    async def poll(self) -> None:
        """Poll until all answers are used up, or the poller gives up."""
        poller = Poller(self.line, self.intake, self.lease, _Patient(self.clock), self.tally, timeout=30)  # type: ignore[arg-type]
        polling = asyncio.create_task(poller.run())
        over = asyncio.create_task(self.line.over.wait())
        await asyncio.wait({polling, over}, return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        if not polling.done():
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)
            return
        polling.result()


class _Patient:
    """The clock, but for renewals of the lease, which would otherwise come without end."""

    def __init__(self, clock: FrozenClock) -> None:
        self.clock = clock
        self.now, self.monotonic = clock.now, clock.monotonic

    async def sleep(self, seconds: float) -> None:
        if seconds == 10.0:
            await asyncio.Event().wait()
        await self.clock.sleep(seconds)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[_World]:
    clock = FrozenClock(NOON)
    store = await Store.open(f"sqlite:///{tmp_path / 'p.db'}", clock=clock, audit_key=KEY)
    lease = Lease(store, "relay.poll:telegram:42", OURS, clock=clock)
    assert await lease.acquire()
    yield _World(store, clock, lease)
    await store.close()


async def test_what_is_durable_is_confirmed_by_the_next_poll(world: _World) -> None:
    world.line.answers = [[{"update_id": 7}, {"update_id": 8}], []]
    await world.poll()
    assert world.line.offsets == [0, 9, 9]
    assert world.tally.polled_at is not None


async def test_what_could_not_be_recorded_comes_again(world: _World) -> None:
    world.intake.fails = 1
    world.line.answers = [[{"update_id": 7}], [{"update_id": 7}]]
    await world.poll()
    assert world.line.offsets == [0, 0, 8]
    assert world.intake.settled == [{"update_id": 7}]


async def test_r15_who_slept_while_another_took_over_neither_deals_nor_polls_again(world: _World) -> None:
    other = Lease(world.store, world.lease.name, THEIRS, clock=world.clock)
    assert not await other.acquire()

    async def taken_over(offset: int, timeout: int) -> list[object]:
        world.line.offsets.append(offset)
        world.clock.advance(60)
        assert await other.acquire()
        return [{"update_id": 7}]

    world.line.updates = taken_over  # type: ignore[method-assign]
    with pytest.raises(LeaseLostError):
        await world.poll()
    assert world.line.offsets == [0]
    assert world.intake.settled == []


async def test_who_slept_and_was_not_replaced_goes_on(world: _World) -> None:
    world.line.answers = [60.0]
    await world.poll()
    assert world.intake.settled == [{"update_id": 1}]


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (ApiError(429, "Too Many Requests: retry after 7", retry_after=7.0), 7.5),
        (ApiError(401, "Unauthorized"), 60.0),
        (ApiError(409, "Conflict: terminated by other getUpdates request"), 1.0),
        (NetworkError("no route"), 1.0),
    ],
)
async def test_a_failure_is_shown_and_waited_after(world: _World, error: Exception, seconds: float) -> None:
    world.line.answers = [error]
    before = world.clock.monotonic()
    await world.poll()
    assert world.clock.monotonic() - before == seconds
    assert world.tally.errors == 1
    assert world.tally.last_error


async def test_failures_in_a_row_are_waited_after_longer_and_longer(world: _World) -> None:
    world.line.answers = [NetworkError("down")] * 12
    before = world.clock.monotonic()
    await world.poll()
    waited = world.clock.monotonic() - before
    assert 12 * 1.0 < waited <= 12 * 30.0
