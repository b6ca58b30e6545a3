"""The page cache: quick, private, bounded, and never in anybody's way."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.message import _
from core.moment import FrozenClock
from core.page import Page
from core.store.page_cache import PageCache, page_key
from core.units import Severity, State

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def page(title: str = "Network") -> Page:
    return Page("network", _(title), State(Severity.GOOD, _("fine")), ())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "pages.db"


@pytest.fixture
def cache(path: Path) -> PageCache:
    return PageCache(path, FrozenClock(START))


def test_a_page_comes_back_with_its_age(cache: PageCache, path: Path) -> None:
    assert cache.get("k") is None
    assert not path.exists()
    cache.put("k", page())
    cache.put("k", page("WAN"))
    assert cache.get("k") == (page("WAN"), START)
    assert cache.get("other") is None


def test_every_file_is_private(cache: PageCache, path: Path) -> None:
    cache.put("k", page())
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_only_the_newest_pages_stay(path: Path) -> None:
    clock = FrozenClock(START)
    cache = PageCache(path, clock)
    for number in range(230):
        cache.put(str(number), page())
        clock.advance(1)
    assert cache.get("29") is None
    assert cache.get("30") is not None
    assert cache.get("229") is not None


@pytest.mark.parametrize("content", [b"garbage" * 100, b"SQLite format 3\0" + b"\xff" * 4_000, b""])
def test_a_damaged_file_is_thrown_away_quietly(cache: PageCache, path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert cache.get("k") is None
    cache.put("k", page())
    assert cache.get("k") == (page(), START)


def test_another_layout_is_thrown_away_quietly(cache: PageCache, path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE page (something TEXT)")
        connection.execute("PRAGMA user_version = 99")
    assert cache.get("k") is None
    cache.put("k", page())
    assert cache.get("k") == (page(), START)


def test_a_page_of_another_version_is_not_found(cache: PageCache, path: Path) -> None:
    cache.put("k", page())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("""UPDATE page SET page = '{"$":"Hologram"}'""")
    assert cache.get("k") is None


def test_damage_inside_is_survived(cache: PageCache, path: Path) -> None:
    for number in range(100):
        cache.put(str(number), page("x" * 500))
    size = path.stat().st_size
    with path.open("r+b") as stream:
        stream.seek(4_096)
        stream.write(b"\xff" * (size - 4_096))
    for number in range(3):
        assert cache.get(str(number)) is None
        cache.put(str(number), page())
    assert cache.get("2") == (page(), START)


def test_a_place_that_may_not_be_written_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = PageCache(tmp_path / "file" / "pages.db", FrozenClock(START))
    cache.put("k", page())
    assert cache.get("k") is None


def test_a_locked_file_is_not_waited_for_long_nor_thrown_away(cache: PageCache, path: Path) -> None:
    cache.put("k", page())
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        cache.put("k", page("new"))
        assert cache.get("k") is None
    assert cache.get("k") == (page(), START)


def test_each_person_language_and_argument_has_a_page_of_its_own() -> None:
    keys = {
        page_key("network", {"location": "L1"}, "ana", "en"),
        page_key("network", {"location": "L2"}, "ana", "en"),
        page_key("network", {}, "ana", "en"),
        page_key("network", {"location": "L1"}, "ben", "en"),
        page_key("network", {"location": "L1"}, "ana", "de"),
        page_key("wan", {"location": "L1"}, "ana", "en"),
        page_key("network", {"a": "1", "b": "2"}, "ana", "en"),
    }
    assert len(keys) == 7
    assert page_key("network", {"b": "2", "a": "1"}, "ana", "en") in keys


def test_it_loads_nothing_heavy() -> None:
    code = (
        "import sys, core.store, core.store.page_cache;"
        "heavy = ('sqlalchemy', 'alembic', 'aiosqlite', 'asyncpg', 'cryptography', 'pydantic', 'textual');"
        "print([name for name in heavy if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout == "[]\n"
