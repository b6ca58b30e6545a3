"""Data usage: a year of ten accounts, polled every quarter of an hour; its pages, its room, its memory."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.figure import Figure, compare
from bench.testbed import PERSON, Testbed
from core.areas.usage import AREA
from core.areas.usage.importing.history import import_history
from core.areas.usage.importing.monitor_database import MonitorDatabase, MonitorRow
from core.areas.usage.model import GIGABYTE, Account, Basis, Bundle, Plan
from core.areas.usage.settings import UsageSettings
from core.areas.usage.store import tables
from core.areas.usage.store.recording import PollAttempt, record_success
from core.command import Invocation
from core.deck import Deck
from core.folders import Folders
from core.message import ENGLISH
from core.moment import SystemClock, to_epoch
from core.page import Chart
from core.render import charting, plot
from core.render.values import Formatter
from core.settings import SettingsBook
from core.store.series import Sample, SeriesSamples, write_many
from core.store.store import Store

__all__ = ["run"]

_ACCOUNTS = 10
_INTERVAL = timedelta(minutes=15)
_YEAR = timedelta(days=365)
_MONTH = 30
_ALLOWANCE = 1_000.0
_ROUNDS = 7
_WIDTH, _HEIGHT = 120, 40
_COLOURS = plot.Colours(((255, 0, 0), (0, 0, 255)))
_MEGABYTE = 1_000_000
_MOST_MEMORY = 64


def run(testbed: Testbed) -> list[Figure]:
    """The year's page against the day's, a poll after a year against one after a day, bytes and memory."""
    year, day = testbed.folder / "usage-year", testbed.folder / "usage-day"
    with asyncio.Runner() as runner:
        decks = [runner.run(_filled(year, _ACCOUNTS, _YEAR)), runner.run(_filled(day, 1, timedelta(days=1)))]
        try:
            return [
                _pages(runner, decks[0]),
                _polls(runner, decks[0], decks[1]),
                _memory(runner, decks[0]),
                _samples(runner, testbed.folder),
                _records(decks[0]),
            ]
        finally:
            for deck in decks:
                runner.run(deck.close())


def _pages(runner: asyncio.Runner, deck: Deck) -> Figure:
    return compare(
        "a year of an account's usage → drawn charts, against 24 h",
        lambda: _milliseconds(runner, _draw(deck, "1y", _ACCOUNTS // 2)),
        lambda: _milliseconds(runner, _draw(deck, "24h", _ACCOUNTS // 2)),
        "ms",
        rounds=_ROUNDS,
        goal=2,
    )


def _polls(runner: asyncio.Runner, year: Deck, day: Deck) -> Figure:
    """One poll written down, with all that follows from it."""
    numbers = {id(year): 0, id(day): 0}

    async def poll(deck: Deck) -> None:
        numbers[id(deck)] += 1
        store = deck.services.store
        at = store.present() + numbers[id(deck)] * timedelta(seconds=1)
        attempt = PollAttempt(
            Account(_name(0), ""),
            at,
            at,
            _INTERVAL,
            None,
            Decimal(1_000),
            Decimal(10),
            ZoneInfo("Africa/Nairobi"),
        )
        balance = round(_balance(at) * GIGABYTE)
        plan = Plan("product", "1 Month Unlimited", True, True, balance, Basis.BYTES, False, 9)
        async with store.writing() as transaction:
            await record_success(transaction, attempt, Bundle("", (plan,)), "{}", [])

    return compare(
        "one poll after a year of ten accounts, against after a day of one",
        lambda: _milliseconds(runner, poll(year)),
        lambda: _milliseconds(runner, poll(day)),
        "ms",
        rounds=_ROUNDS,
        goal=2,
    )


def _memory(runner: asyncio.Runner, deck: Deck) -> Figure:
    """The most that reading the year's page of every account takes at once."""
    runner.run(_draw(deck, "24h", 0))
    tracemalloc.start()
    try:
        for number in range(_ACCOUNTS):
            runner.run(_draw(deck, "1y", number))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return Figure("memory for the year's pages of ten accounts", peak / _MEGABYTE, "MB", goal=_MOST_MEMORY)


def _samples(runner: asyncio.Runner, folder: Path) -> Figure:
    """The database's growth by the series of one account's year, roll-ups included."""
    path = folder / "usage-size.db"

    async def open_store() -> Store:
        key = b"a key for the bench only"
        return await Store.open(f"sqlite:///{path}", clock=SystemClock(), audit_key=key)

    async def load() -> int:
        store = await open_store()
        moments = _moments(store.present(), _YEAR)
        balance: list[Sample] = [(to_epoch(at), _balance(at) * GIGABYTE) for at in moments]
        consumed: list[Sample] = [(to_epoch(at), 1e6 * index) for index, at in enumerate(moments)]
        async with store.writing() as transaction:
            await write_many(
                transaction,
                [
                    SeriesSamples(tables.balance_key("home", "product"), balance, tables.STEP, "B"),
                    SeriesSamples(tables.consumed_key("home", "product"), consumed, tables.STEP, "B"),
                ],
            )
        await store.close()
        return len(balance) + len(consumed)

    async def empty() -> None:
        await (await open_store()).close()

    runner.run(empty())
    before = path.stat().st_size
    count = runner.run(load())
    size = (path.stat().st_size - before) / count
    return Figure("a sample of usage on disk, roll-ups included", size, "B", goal=30)


def _records(deck: Deck) -> Figure:
    """Everything that a reading leaves for good: its record, the poll, their indexes, and both samples."""
    path = deck.services.store.path
    assert path is not None
    files = (path, path.with_name(path.name + "-wal"))
    size = sum(each.stat().st_size for each in files if each.exists())
    return Figure(
        "a reading on disk, with its record, indexes and samples",
        size / (_ACCOUNTS * (_YEAR // _INTERVAL)),
        "B",
    )


async def _filled(folder: Path, accounts: int, length: timedelta) -> Deck:
    """A deck with that many accounts' history of that length, imported as a person would."""
    book = SettingsBook(Folders.below(folder), environment={}, dotenv=folder / ".env")
    deck = await Deck.open(book, SystemClock(), areas=(AREA,))
    store, settings = deck.services.store, book.of(UsageSettings)
    moments = _moments(store.present(), length)
    for number in range(accounts):
        name = _name(number)
        file = MonitorDatabase(name, [_row(index, at) for index, at in enumerate(moments)], ())
        async with store.writing() as transaction:
            await import_history(transaction, file, name, name, settings)
    return deck


def _row(index: int, at: datetime) -> MonitorRow:
    """A reading as the other program would have kept it."""
    return {
        "id": index,
        "timestamp": at.replace(tzinfo=None).isoformat(" ", "seconds"),
        "subscriber_id": "",
        "plan_name": "1 Month Unlimited",
        "plan_id": "product",
        "remaining_balance_gb": round(_balance(at), 1),
        "total_data_usage_bytes": round(_balance(at) * GIGABYTE),
        "expires_in_days": _MONTH - at.toordinal() % _MONTH,
        "is_active": 1,
        "is_home_plan": 1,
    }


def _moments(now: datetime, length: timedelta) -> Sequence[datetime]:
    """Every poll of that length of time up to `now`, each a little late."""
    count = length // _INTERVAL
    first = now.astimezone(UTC) - length
    return [first + index * _INTERVAL + timedelta(seconds=index % 29) for index in range(count)]


def _balance(at: datetime) -> float:
    """What is left of a plan that is renewed every thirty days, in GB."""
    days = at.toordinal() % _MONTH + (at.hour * 60 + at.minute) / 1_440
    return _ALLOWANCE * (1 - 0.9 * days / _MONTH)


def _name(number: int) -> str:
    return f"home {number}"


async def _draw(deck: Deck, span: str, number: int) -> None:
    """The history page of an account with its charts drawn."""
    page = await deck.run(Invocation("usage history", PERSON, {"span": span, "account": _name(number)}))
    formatter = Formatter(ENGLISH, PERSON.zone, deck.services.clock.now())
    charts = [block for block in page.blocks if isinstance(block, Chart)]
    assert charts, "the history page has no chart"
    for chart in charts:
        planned = charting.plan(chart, formatter, _WIDTH, _HEIGHT)
        assert not planned.empty, "the chart has no data"
        plot.draw(planned, _WIDTH, _HEIGHT, _COLOURS)


def _milliseconds(runner: asyncio.Runner, work: Awaitable[None]) -> float:
    async def timed() -> float:
        started = time.perf_counter()
        await work
        return (time.perf_counter() - started) * 1e3

    return runner.run(timed())
