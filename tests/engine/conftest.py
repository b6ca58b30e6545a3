from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Protocol

import pytest

from core.moment import Clock
from core.store.store import Store


class OpenStore(Protocol):
    """Opens the test's one database, each time as another process would."""

    async def __call__(self, clock: Clock, busy_timeout: float = 5.0) -> Store: ...


@pytest.fixture
async def open_store(tmp_path: Path) -> AsyncGenerator[OpenStore]:
    opened: list[Store] = []

    async def opening(clock: Clock, busy_timeout: float = 5.0) -> Store:
        url = f"sqlite:///{tmp_path / 'opsdeck.db'}"
        store = await Store.open(url, clock=clock, audit_key=b"not a real key", busy_timeout=busy_timeout)
        opened.append(store)
        return store

    yield opening
    for store in opened:
        await store.close()
