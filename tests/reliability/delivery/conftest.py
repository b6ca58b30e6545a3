from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

import core.areas
from core.moment import FrozenClock
from core.store.store import Store
from tests.engine.virtual_clock import START
from tests.postgres import postgres_server, postgres_url
from tests.reliability.delivery.kit import Delivery

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture(autouse=True)
def no_areas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the store's own schema, whatever areas there are."""
    monkeypatch.setattr(core.areas, "__path__", [str(tmp_path / "areas")])


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(START)


@pytest.fixture
async def store(tmp_path: Path, clock: FrozenClock) -> AsyncGenerator[Store]:
    opened = await Store.open(
        f"sqlite:///{tmp_path / 'opsdeck.db'}", clock=clock, audit_key=b"not a real key"
    )
    yield opened
    await opened.close()


@pytest.fixture
def delivery(store: Store, clock: FrozenClock) -> Delivery:
    return Delivery(store, clock)
