from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import core.areas
from core.moment import Clock, FrozenClock
from core.store.store import Store, Transaction
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

KEY = b"a fake audit key for tests only!"
START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

REAL_AREAS = list(core.areas.__path__)

OpenStore = Callable[..., Awaitable[Store]]


async def write_and_fail(store: Store, write: Callable[[Transaction], Awaitable[object]]) -> None:
    """A transaction that does what `write` does and then breaks off."""
    async with store.writing() as transaction:
        await write(transaction)
        raise ZeroDivisionError


@pytest.fixture(autouse=True)
def no_areas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Only the store's own schema, whatever areas there are; the folder stands in for theirs."""
    folder = tmp_path / "areas"
    folder.mkdir()
    monkeypatch.setattr(core.areas, "__path__", [str(folder)])
    return folder


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(START)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the test's database is: a file, or a database of the session's PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'opsdeck.db'}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
async def open_store(clock: FrozenClock) -> AsyncGenerator[OpenStore]:
    """Opens a database as often as a test asks, and closes every store in the end."""
    opened: list[Store] = []

    async def opening(url: str, on: Clock = clock, **options: object) -> Store:
        store = await Store.open(url, clock=on, audit_key=KEY, **options)  # type: ignore[arg-type]
        opened.append(store)
        return store

    yield opening
    for store in opened:
        await store.close()


@pytest.fixture
async def store(url: str, open_store: OpenStore) -> Store:
    return await open_store(url)


@pytest.fixture
async def sqlite_store(tmp_path: Path, open_store: OpenStore) -> Store:
    return await open_store(f"sqlite:///{tmp_path / 'data' / 'opsdeck.db'}")
