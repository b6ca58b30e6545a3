"""What every test stands on: nothing of the environment, the folders or the settings of whoever runs them."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import time
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.statements import SharedStatements

_FOREIGN_NAMES = frozenset(
    {
        "COLORTERM",
        "COLUMNS",
        "DATABASE_URL",
        "DEBUG",
        "FORCE_COLOR",
        "LINES",
        "LOG_LEVEL",
        "NO_COLOR",
        "PYTHONDONTWRITEBYTECODE",  # every process that a test starts would compile the whole source again
        "SSH_CLIENT",
        "TZ",
    }
)
_FOREIGN_PREFIXES = ("OPSDECK_", "PLUME_", "TEXTUAL_")
_OWN_PREFIX = "TEXTUAL_SNAPSHOT_"
"""What the snapshots' plugin tells its worker processes."""
_LONGEST_ID = 200
_SELDOM = (10_000, 20, 20)
"""How many objects are made before the garbage is looked for, among the young, and those that outlived it."""


def pytest_configure() -> None:
    """Forget the settings that stand in the environment, before any module of ours is loaded."""
    for name in list(os.environ):
        foreign = name in _FOREIGN_NAMES or name.startswith(_FOREIGN_PREFIXES)
        if foreign and not name.startswith(_OWN_PREFIX):
            del os.environ[name]
    sys.dont_write_bytecode = False  # Every worker process would compile every test again, in each run.
    if hasattr(time, "tzset"):
        time.tzset()


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a test after the beginning of a long text: every report would carry the megabyte of some."""
    if isinstance(val, str | bytes) and len(val) > _LONGEST_ID:
        return f"{val[:20]!a}, {len(val)} long"
    return None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None]:
    """Look for no garbage while the tests are read, and never again among them and the modules they load.

    They stay to the end, and are so many that looking through them takes a second each time.
    """
    gc.disable()
    result = yield
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    gc.enable()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Escape lone surrogates in what a test wrote: a worker process can't hand them over."""
    report = yield
    report.sections = [
        (title, text.encode("utf-8", "backslashreplace").decode()) for title, text in report.sections
    ]
    return report


@pytest.fixture(autouse=True)
def opsdeck_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that holds all of opsdeck's folders during one test; not made until something makes it."""
    home = tmp_path / "opsdeck-home"
    monkeypatch.setenv("OPSDECK_HOME", str(home))
    return home


@pytest.fixture(scope="session", autouse=True)
def _shared_statements() -> Generator[None]:
    """What one test's database had SQLAlchemy compile is there for the next one's."""
    from core.store import connect

    made, shared = connect.create_async_engine, SharedStatements()

    def make(*place: Any, **options: Any) -> Any:
        engine = made(*place, **options)
        engine.sync_engine._compiled_cache = shared
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connect, "create_async_engine", make)
        yield


@pytest.fixture(scope="session", autouse=True)
def _migrated_databases(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """A new SQLite database begins as a copy of one that went through the migrations.

    Going through them takes a quarter of a second, and hundreds of tests want a database of their own. Where
    a test has areas of its own, its databases go through theirs.
    """
    from core.moment import FrozenClock
    from core.store.connect import prepare_file
    from core.store.schema import known_revisions
    from core.store.store import Store

    path, long_ago = (
        tmp_path_factory.mktemp("migrated") / "opsdeck.db",
        FrozenClock(datetime(2000, 1, 1, tzinfo=UTC)),
    )

    async def make() -> None:
        store = await Store.open(f"sqlite:///{path}", clock=long_ago, audit_key=b"not a real key")
        await store.close()

    asyncio.run(make())
    migrated, revisions = path.read_bytes(), known_revisions()

    def prepare(path: Path) -> None:
        prepare_file(path)
        if path.stat().st_size == 0 and known_revisions() == revisions:
            path.write_bytes(migrated)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.store.store.prepare_file", prepare)
        yield
