from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Protocol

import pytest

import core.areas
from core.moment import Clock
from core.store.store import Store
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]


class OpenStore(Protocol):
    """Opens the test's one database, each time as another process would."""

    async def __call__(self, clock: Clock, busy_timeout: float = 5.0) -> Store: ...


@pytest.fixture(autouse=True)
def no_areas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the store's own schema, whatever areas there are."""
    monkeypatch.setattr(core.areas, "__path__", [str(tmp_path / "areas")])


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where the test's database is."""
    return f"sqlite:///{tmp_path / 'opsdeck.db'}"


@pytest.fixture
async def open_store(url: str) -> AsyncGenerator[OpenStore]:
    opened: list[Store] = []

    async def opening(clock: Clock, busy_timeout: float = 5.0) -> Store:
        store = await Store.open(url, clock=clock, audit_key=b"not a real key", busy_timeout=busy_timeout)
        opened.append(store)
        return store

    yield opening
    for store in opened:
        await store.close()
