"""Writing in groups: durable when it returns, together where it can be, and none harmed by another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from core.errors import StoreBusyError
from core.message import _
from core.moment import FrozenClock
from core.relay.writer import GroupingWriter
from core.store.preferences import preference, set_preference
from core.store.store import Store, Transaction
from tests.notify.alerted import NOON

KEY = b"a fake audit key for tests only!"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite:///{tmp_path / 'w.db'}", clock=FrozenClock(NOON), audit_key=KEY)
    yield store
    await store.close()


class _Recording:
    def __init__(self) -> None:
        self.groups: list[list[int]] = []

    async def __call__(self, transaction: Transaction, numbers: Sequence[int]) -> None:
        self.groups.append(list(numbers))
        for number in numbers:
            if number < 0:
                raise ValueError(number)
            await set_preference(transaction, "test", str(number), "written")


async def written(store: Store, number: int) -> bool:
    async with store.reading() as connection:
        return await preference(connection, "test", str(number), NOON) is not None


async def test_what_comes_at_the_same_time_shares_a_transaction(store: Store) -> None:
    recording = _Recording()
    writer = GroupingWriter(store, recording)
    await asyncio.gather(*(writer.write(number) for number in range(50)))
    assert sum(map(len, recording.groups)) == 50
    assert len(recording.groups) <= 3
    assert all([await written(store, number) for number in range(50)])


async def test_one_that_fails_takes_none_with_it(store: Store) -> None:
    writer = GroupingWriter(store, _Recording())
    results = await asyncio.gather(*(writer.write(each) for each in (1, -2, 3)), return_exceptions=True)
    assert [type(each) for each in results] == [type(None), ValueError, type(None)]
    assert await written(store, 1)
    assert await written(store, 3)


async def test_a_database_that_fails_is_told_to_everybody_at_once(store: Store) -> None:
    calls: list[int] = []

    async def busy(_transaction: Transaction, numbers: Sequence[int]) -> None:
        calls.append(len(numbers))
        raise StoreBusyError(_("Somebody else writes."))

    writer = GroupingWriter(store, busy)
    results = await asyncio.gather(*(writer.write(each) for each in range(5)), return_exceptions=True)
    assert all(isinstance(each, StoreBusyError) for each in results)
    assert sum(calls) == 5


async def test_closing_waits_for_what_was_handed_in(store: Store) -> None:
    writer = GroupingWriter(store, _Recording())
    task = asyncio.create_task(writer.write(7))
    await asyncio.sleep(0)
    await writer.close()
    assert await written(store, 7)
    await task
