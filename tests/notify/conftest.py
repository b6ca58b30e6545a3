from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.moment import FrozenClock
from core.store.store import Store
from tests.notify.alerted import ANN, BEN, NOON, Alerted

KEY = b"a fake audit key for tests only!"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOON)


@pytest.fixture
async def store(tmp_path: Path, clock: FrozenClock) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite:///{tmp_path / 'alerts.db'}", clock=clock, audit_key=KEY)
    yield store
    await store.close()


@pytest.fixture
async def alerted(store: Store, clock: FrozenClock) -> Alerted:
    """The rules of the tests, with Ann on call and Ben supervising."""
    alerted = Alerted.on(store, clock)
    await alerted.people(ANN, BEN)
    return alerted
