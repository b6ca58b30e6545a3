"""Time series: from the store to a drawn chart, into the store, and what they take on disk."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from pathlib import Path

from bench.figure import Figure, compare
from bench.testbed import PERSON, Testbed
from core.command import Invocation
from core.deck import Deck
from core.folders import Folders
from core.message import ENGLISH
from core.moment import SystemClock, to_epoch
from core.page import Chart
from core.render import charting, plot
from core.render.values import Formatter
from core.settings import SettingsBook
from core.store.series import SeriesKey, SeriesSamples, load_history, write_many
from core.store.store import Store

__all__ = ["run"]

_SLOT = 900
_YEAR_SLOTS = 365 * 86_400 // _SLOT
_FIELDS = ("rx_mbytes", "tx_mbytes", "rx_max_mbps", "tx_max_mbps")
_LOCATIONS = 1_000
_ROUNDS = 7
_WIDTH, _HEIGHT = 120, 40
_COLOURS = plot.Colours(((255, 0, 0), (0, 0, 255)))
_SMALL_STORE, _LARGE_STORE = 1_000_000, 20_000_000


def run(testbed: Testbed) -> list[Figure]:
    """A year against a day, one poll of a thousand locations, bytes a sample; with `large` big stores."""
    with asyncio.Runner() as runner:
        figures = [_year(testbed, runner), _poll(testbed, runner), _size(testbed, runner)]
        if testbed.large:
            figures.append(_big_stores(testbed, runner))
    return figures


def _year(testbed: Testbed, runner: asyncio.Runner) -> Figure:
    """The WAN page of one location with its charts drawn, over a year and over a day."""
    book = SettingsBook(Folders.below(testbed.home.folder), environment={}, dotenv=testbed.folder / ".env")
    clock = SystemClock()
    deck = runner.run(Deck.open(book, clock))
    location = testbed.home.location

    async def draw(span: str) -> None:
        page = await deck.run(Invocation("wan", PERSON, {"span": span, "location": location}))
        formatter = Formatter(ENGLISH, PERSON.zone, clock.now())
        charts = [block for block in page.blocks if isinstance(block, Chart)]
        assert charts, "the WAN page has no chart"
        for chart in charts:
            planned = charting.plan(chart, formatter, _WIDTH, _HEIGHT)
            assert not planned.empty, "the chart has no data"
            plot.draw(planned, _WIDTH, _HEIGHT, _COLOURS)

    try:
        return compare(
            "a year of a location → drawn charts, against 24 h",
            lambda: _milliseconds(runner, draw("1y")),
            lambda: _milliseconds(runner, draw("24h")),
            "ms",
            rounds=_ROUNDS,
            goal=2,
        )
    finally:
        runner.run(deck.close())


def _poll(testbed: Testbed, runner: asyncio.Runner) -> Figure:
    """One new slot of every series of a thousand locations, against the bare rows."""
    store = runner.run(_open(testbed.folder / "polls.db"))
    bare = _BareTable(testbed.folder / "bare.db")
    begin = _first_slot(store, 30)
    slots = {"ours": 0, "bare": 0}

    async def history() -> None:
        async with store.writing() as transaction:
            await load_history(transaction, _samples(range(_LOCATIONS), begin, 8))

    async def write(batch: list[SeriesSamples]) -> None:
        async with store.writing() as transaction:
            await write_many(transaction, batch)

    def write_ours() -> float:
        slots["ours"] += 1
        batch = _samples(range(_LOCATIONS), begin + (7 + slots["ours"]) * _SLOT, 1)
        return _milliseconds(runner, write(batch))

    def write_bare() -> float:
        slots["bare"] += 1
        start = begin + (7 + slots["bare"]) * _SLOT
        rows = [(number, start, 1.5 + number, 0) for number in range(_LOCATIONS * len(_FIELDS))]
        return bare.insert(rows)

    try:
        runner.run(history())
        return compare(
            "one poll of 1,000 locations, against one executemany",
            write_ours,
            write_bare,
            "ms",
            rounds=_ROUNDS,
            goal=2,
        )
    finally:
        bare.close()
        runner.run(store.close())


def _size(testbed: Testbed, runner: asyncio.Runner) -> Figure:
    """The database's growth by a year of one location, roll-ups included."""
    path = testbed.folder / "size.db"

    async def load() -> None:
        store = await _open(path)
        async with store.writing() as transaction:
            await load_history(transaction, _samples([0], _first_slot(store, 366), _YEAR_SLOTS))
        await store.close()

    async def empty() -> None:
        await (await _open(path)).close()

    runner.run(empty())
    before = path.stat().st_size
    runner.run(load())
    size = (path.stat().st_size - before) / (_YEAR_SLOTS * len(_FIELDS))
    return Figure("a sample on disk, roll-ups included", size, "B", goal=30)


def _big_stores(testbed: Testbed, runner: asyncio.Runner) -> Figure:
    """The year of one location in a store of twenty million samples, against one of a million."""

    async def filled(samples: int) -> tuple[Store, Callable[[], Awaitable[None]]]:
        from core.moment import Window, from_epoch
        from core.store.series import read_buckets

        store = await _open(testbed.folder / f"store-{samples}.db")
        begin = _first_slot(store, 366)
        locations = max(1, samples // (_YEAR_SLOTS * len(_FIELDS)))
        for number in range(locations):
            async with store.writing() as transaction:
                await load_history(transaction, _samples([number], begin, _YEAR_SLOTS))
        window = Window.last(timedelta(days=365), from_epoch(begin + _YEAR_SLOTS * _SLOT))

        async def read() -> None:
            async with store.reading() as connection:
                for name in _FIELDS:
                    key = SeriesKey("network", f"location {locations // 2}", name)
                    found = await read_buckets(connection, key, window, 86_400, store.present())
                    assert len(found) > 360

        return store, read

    small, read_small = runner.run(filled(_SMALL_STORE))
    large, read_large = runner.run(filled(_LARGE_STORE))
    try:
        return compare(
            f"a year out of {_LARGE_STORE:,} samples, against {_SMALL_STORE:,}",
            lambda: _milliseconds(runner, read_large()),
            lambda: _milliseconds(runner, read_small()),
            "ms",
            rounds=2 * _ROUNDS,
            goal=1.5,
        )
    finally:
        runner.run(small.close())
        runner.run(large.close())


class _BareTable:
    """The rows of a poll in a bare SQLite file that is as safe as the store's."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute(
            "CREATE TABLE sample (series INTEGER, time INTEGER, value REAL, known_after INTEGER,"
            " PRIMARY KEY (series, time)) WITHOUT ROWID"
        )

    def insert(self, rows: list[tuple[int, int, float, int]]) -> float:
        """Insert the rows in one transaction; returns the milliseconds it took."""
        started = time.perf_counter()
        with self._connection:
            self._connection.executemany("INSERT INTO sample VALUES (?, ?, ?, ?)", rows)
        return (time.perf_counter() - started) * 1e3

    def close(self) -> None:
        self._connection.close()


async def _open(path: Path) -> Store:
    return await Store.open(f"sqlite:///{path}", clock=SystemClock(), audit_key=b"a key for the bench only")


def _first_slot(store: Store, days: int) -> int:
    """The first slot of a history that begins so many days ago."""
    return (to_epoch(store.present()) - days * 86_400) // _SLOT * _SLOT


def _samples(locations: Iterable[int], start: int, slots: int) -> list[SeriesSamples]:
    """Samples of every field of the locations, with values as long as real ones."""
    return [
        SeriesSamples(
            SeriesKey("network", f"location {number}", name),
            [(start + slot * _SLOT, round((slot * 37 + number) % 997 * 1.37, 2)) for slot in range(slots)],
            _SLOT,
        )
        for number in locations
        for name in _FIELDS
    ]


def _milliseconds(runner: asyncio.Runner, work: Awaitable[None]) -> float:
    async def timed() -> float:
        started = time.perf_counter()
        await work
        return (time.perf_counter() - started) * 1e3

    return runner.run(timed())
