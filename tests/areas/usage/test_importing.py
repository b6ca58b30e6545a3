"""Taking over an existing taara_monitoring.db: every row, or why not; twice is once."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import AsyncIterator, Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.usage.client.parsing import fingerprint
from core.areas.usage.importing.monitor_parsing import balance_of, read_call, read_record
from core.areas.usage.model import GIGABYTE, Account, Basis, Bundle, Operation
from core.areas.usage.store import reading, tables
from core.areas.usage.store.recording import PollAttempt, record_success
from core.errors import InputError, StoreForeignError
from core.moment import FrozenClock, Window, from_epoch
from core.store.events import follow
from core.store.series import read_raw
from core.store.store import Store
from tests.areas.usage.filled import Filled, facts, monthly, opened, table, words
from tests.areas.usage.vectors import NOW

EVER = Window(from_epoch(0), NOW + timedelta(days=400))
SUBSCRIBER = "11111111-2222-4333-8444-555555555555"

RECORDS = """CREATE TABLE data_usage_records (
    id INTEGER PRIMARY KEY, timestamp DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    subscriber_id VARCHAR NOT NULL, plan_name VARCHAR NOT NULL, plan_id VARCHAR NOT NULL,
    remaining_balance_gb FLOAT NOT NULL, remaining_balance_bytes BIGINT NOT NULL,
    total_data_usage_bytes BIGINT NOT NULL, expires_in_days INTEGER NOT NULL, is_active BOOLEAN NOT NULL,
    is_home_plan BOOLEAN DEFAULT 0, raw_response TEXT, created_at DATETIME)"""
SEED_CALLS = """CREATE TABLE api_logs (
    id INTEGER PRIMARY KEY, timestamp DATETIME, operation VARCHAR NOT NULL, success BOOLEAN NOT NULL,
    response_time_ms INTEGER, error_message TEXT, request_data TEXT, response_data TEXT)"""
CODE_CALLS = """CREATE TABLE api_logs (
    id INTEGER PRIMARY KEY, timestamp DATETIME, endpoint VARCHAR NOT NULL, method VARCHAR NOT NULL,
    status_code INTEGER, response_time_ms INTEGER, success BOOLEAN NOT NULL, error_message TEXT)"""


def at(minutes: float) -> str:
    return (NOW + timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S")


class Monitor:
    """Such a file, being filled by a test."""

    def __init__(self, path: Path, calls: str = SEED_CALLS) -> None:
        self.path = path
        self._connection = sqlite3.connect(path)
        self._connection.execute(RECORDS)
        if calls:
            self._connection.execute(calls)

    def record(self, minutes: float, gigabytes: object, exact: int | None = None, **more: object) -> None:
        """One row as the other program writes it, with its two errors."""
        decimal = gigabytes if isinstance(gigabytes, int | float) else 0
        row: dict[str, object] = {
            "timestamp": at(minutes),
            "subscriber_id": SUBSCRIBER,
            "plan_name": "1 Month Unlimited",
            "plan_id": "p",
            "remaining_balance_gb": gigabytes,
            "remaining_balance_bytes": int(decimal * 1024**3),
            "total_data_usage_bytes": round(decimal * GIGABYTE) if exact is None else exact,
            "expires_in_days": 20,
            "is_active": 1,
            "is_home_plan": 1,
            **more,
        }
        self.insert("data_usage_records", row)

    def insert(self, name: str, row: dict[str, object]) -> None:
        marks = ", ".join("?" * len(row))
        self._connection.execute(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({marks})", [*row.values()])

    def close(self) -> str:
        self._connection.commit()
        self._connection.close()
        return str(self.path)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Filled]:
    async with opened(tmp_path) as world:
        world.clock.advance(timedelta(days=31).total_seconds())
        yield world


@pytest.fixture
def monitor(tmp_path: Path) -> Monitor:
    return Monitor(tmp_path / "taara_monitoring.db")


async def poll(world: Filled, minutes: float, gigabytes: float) -> None:
    """A poll of the same subscriber, by opsdeck itself."""
    moment = NOW + timedelta(minutes=minutes)
    world.clock.advance((moment - world.clock.now()).total_seconds())
    interval = timedelta(hours=1)
    attempt = PollAttempt(
        Account("home", "…00"),
        moment,
        moment,
        interval,
        None,
        Decimal(1_000),
        Decimal(10),
        ZoneInfo("Africa/Nairobi"),
    )
    async with world.deck.services.store.writing() as transaction:
        bundle = Bundle(fingerprint(SUBSCRIBER), (monthly(gigabytes),))
        await record_success(transaction, attempt, bundle, "{}", [])


async def counter(world: Filled, account: str = "default", lineage: str = "p") -> list[tuple[float, float]]:
    """Minutes from NOW and the counter in GB."""
    async with world.deck.services.store.reading() as connection:
        found = await read_raw(connection, tables.consumed_key(account, lineage), EVER, world.clock.now())
    return [((time - NOW.timestamp()) / 60, round((value or 0) / GIGABYTE, 3)) for time, value in found]


async def balances(world: Filled, account: str = "default", lineage: str = "p") -> list[int | None]:
    async with world.deck.services.store.reading() as connection:
        found = await reading.readings(connection, account, lineage, EVER, world.clock.now())
    return [each.balance for each in found]


def figures(page: object) -> dict[str, object]:
    return dict(facts(page, "counts"))  # type: ignore[arg-type]


def reasons(page: object) -> dict[str, tuple[str, str]]:
    return {
        words(row["reason"]): (words(row["count"]), words(row["examples"]))
        for row in table(page, "refused").values()  # type: ignore[arg-type]
    }


async def test_both_errors_of_the_other_program_are_put_right(world: Filled, monitor: Monitor) -> None:
    monitor.record(-120, 928.5, 928_468_000_000)
    monitor.record(-105, 928.4, 5)
    monitor.record(-90, 0.48828125, 500_000_000, plan_id="t", is_active=0)
    page = await world.run("usage import", file=monitor.close())
    assert await balances(world) == [928_468_000_000, 928_400_000_000]
    assert await balances(world, lineage="t") == [500_000_000]
    assert figures(page)["Readings taken over"] == 3
    async with world.deck.services.store.reading() as connection:
        held = await reading.plans(connection, "default", world.clock.now())
    assert held[0].plan.basis is Basis.BYTES


async def test_importing_twice_imports_nothing_twice(world: Filled, monitor: Monitor) -> None:
    for index in range(5):
        monitor.record(-300 + 15 * index, 100.0 - index)
        call = {"timestamp": at(-300 + 15 * index), "operation": "data", "success": 1, "response_time_ms": 9}
        monitor.insert("api_logs", call)
    path = monitor.close()
    first = figures(await world.run("usage import", file=path))
    again = figures(await world.run("usage import", file=path))
    assert (first["Readings taken over"], first["Calls taken over"], first["Here already"]) == (5, 5, 0)
    assert (again["Readings taken over"], again["Calls taken over"], again["Here already"]) == (0, 0, 10)
    assert [value for _time, value in await counter(world)] == [0, 1, 2, 3, 4]


async def test_an_older_history_joins_on_and_the_counter_goes_on_backwards(
    tmp_path: Path, monitor: Monitor
) -> None:
    async with opened(tmp_path) as world:
        await poll(world, -60, 90)
        await poll(world, -45, 89)
        monitor.record(-90, 100.0)
        monitor.record(-75, 95.0)
        path = monitor.close()
        await world.run("usage import", file=path)
        expected = [(-90, -10), (-75, -5), (-60, 0), (-45, 1)]
        assert await counter(world, "home") == expected
        await poll(world, -30, 87)
        assert await counter(world, "home") == [*expected, (-30, 3)]
        async with world.deck.services.store.reading() as connection:
            before = await read_raw(
                connection, tables.consumed_key("home", "p"), EVER, NOW - timedelta(minutes=46)
            )
            points = await reading.counter_at(
                connection, "home", "p", [NOW - timedelta(minutes=50)], NOW - timedelta(minutes=46)
            )
        assert len(before) == 1
        assert [(each.before and each.before[1], each.after) for each in points] == [(0.0, None)]


async def test_what_was_known_before_a_history_filled_a_gap_is_still_told(
    tmp_path: Path, monitor: Monitor
) -> None:
    async with opened(tmp_path) as world:
        await poll(world, -600, 90)
        await poll(world, -60, 80)
        monitor.record(-300, 500.0)
        path = monitor.close()
        world.clock.advance(60)
        before = world.clock.now()
        world.clock.advance(60)
        await world.run("usage import", file=path, account="home")
        instants = [NOW - timedelta(minutes=each) for each in (700, 400, 60)]
        async with world.deck.services.store.reading() as connection:
            then = await reading.counter_at(connection, "home", "p", instants, before)
            now = await reading.counter_at(connection, "home", "p", instants, world.clock.now())
        assert [each.before and each.before[1] / GIGABYTE for each in then] == [None, 0, 10]
        assert [each.after and each.after[1] / GIGABYTE for each in then] == [0, 10, None]
        # The top-up hides what was used up to it: the counter keeps its newest value and begins lower.
        assert [each.before and each.before[1] / GIGABYTE for each in now] == [None, -410, 10]


async def test_a_history_that_fills_a_gap_closes_it(tmp_path: Path, monitor: Monitor) -> None:
    async with opened(tmp_path) as world:
        await poll(world, -600, 90)
        await poll(world, -60, 80)
        for minutes in range(-540, -60, 60):
            monitor.record(minutes, 85.0)
        await world.run("usage import", file=monitor.close(), account="home")
        async with world.deck.services.store.reading() as connection:
            assert await reading.gaps(connection, "home", "p", EVER, world.clock.now()) == []
        assert (await counter(world, "home"))[-1] == (-60, 10)


@pytest.mark.parametrize(
    ("shape", "row", "operation"),
    [
        (SEED_CALLS, {"operation": "login", "request_data": '{"passcode": "004217"}'}, Operation.LOGIN),
        (CODE_CALLS, {"endpoint": "get_customer_bundle", "method": "GET"}, Operation.DATA),
        (CODE_CALLS, {"endpoint": "logout", "method": "GET", "status_code": 200}, Operation.LOGOUT),
    ],
)
async def test_both_shapes_of_api_logs_are_read(
    world: Filled, tmp_path: Path, shape: str, row: dict[str, object], operation: Operation
) -> None:
    monitor = Monitor(tmp_path / "shape.db", shape)
    monitor.record(-60, 10.0)
    more = {"timestamp": at(-60), "success": 0, "response_time_ms": 478, "error_message": "HTTP 401"}
    monitor.insert("api_logs", {**row, **more})
    await world.run("usage import", file=monitor.close())
    async with world.deck.services.store.reading() as connection:
        (call,) = await reading.calls(connection, "default", world.clock.now(), 10)
    assert (call.operation, call.success, call.milliseconds) == (operation, False, 478)
    assert str(call.error) == "HTTP 401"
    assert "004217" not in call.request


async def test_what_is_left_out_is_accounted_for(world: Filled, monitor: Monitor) -> None:
    monitor.record(-120, 50.0)
    monitor.record(-120, 50.0)
    monitor.record(-105, 49.0, timestamp="yesterday")
    monitor.record(-90, 48.0, timestamp=(NOW + timedelta(days=9)).isoformat())
    monitor.record(-75, "much")
    monitor.record(-60, -3.0)
    monitor.record(-45, 47.0, plan_id="", plan_name="  ")
    monitor.record(-30, 0.0, exact=46 * GIGABYTE)
    monitor.insert("api_logs", {"timestamp": at(-30), "operation": "dance", "success": 1})
    page = await world.run("usage import", file=monitor.close())
    found = figures(page)
    assert found["Readings in the file"] == 8
    assert (found["Readings taken over"], found["Of these without a known balance"]) == (2, 1)
    assert (found["Left out"], found["Calls in the file"]) == (7, 1)
    assert reasons(page) == {
        "the same reading is in the file twice": ("1", "2"),
        "the time can't be read": ("1", "3"),
        "the time lies in the future": ("1", "4"),
        "the balance is no number": ("1", "5"),
        "the balance is below zero or absurdly large": ("1", "6"),
        "no plan is named": ("1", "7"),
        "the call isn't one of login, data and logout": ("1", "1"),
    }
    assert await balances(world) == [50 * GIGABYTE, None]


async def test_two_plans_of_one_product_in_the_same_second_are_two(world: Filled, monitor: Monitor) -> None:
    for index in range(3):
        monitor.record(-120 + 15 * index, 50.0 - index)
        monitor.record(-120 + 15 * index, 500.0, is_active=0)
    await world.run("usage import", file=monitor.close())
    assert [value for _time, value in await counter(world)] == [0, 1, 2]
    assert [value for _time, value in await counter(world, lineage="p#2")] == [0, 0, 0]


async def test_rows_of_another_subscriber_stay_apart(world: Filled, monitor: Monitor) -> None:
    for index in range(3):
        monitor.record(-120 + 15 * index, 50.0 - index)
    monitor.record(-100, 999.0, subscriber_id="test_subscriber")
    page = await world.run("usage import", file=monitor.close(), account="home")
    names = sorted(table(page, "accounts"))
    assert names == ["home", f"imported-{fingerprint('test_subscriber')[:6]}"]
    assert len(await balances(world, "home")) == 3


async def test_no_subscribers_id_is_kept(world: Filled, monitor: Monitor) -> None:
    monitor.record(-60, 10.0, raw_response=f'{{"subscriberId": "{SUBSCRIBER}"}}')
    await world.run("usage import", file=monitor.close())
    path = world.deck.services.store.path
    assert path is not None
    stored = b"".join(each.read_bytes() for each in path.parent.glob(path.name + "*"))
    assert SUBSCRIBER.encode() not in stored
    assert fingerprint(SUBSCRIBER).encode() in stored


async def test_an_import_is_no_news_about_the_plans(world: Filled, monitor: Monitor) -> None:
    for index in range(4):
        monitor.record(-120 + 15 * index, 3.0 - index)
    await world.run("usage import", file=monitor.close())
    async with world.deck.services.store.reading() as connection:
        assert [each.event.kind for each in await follow(connection, 0)] == ["usage.imported"]


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
async def test_the_file_is_not_changed(world: Filled, tmp_path: Path, mode: str) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    monitor = Monitor(folder / "taara_monitoring.db")
    monitor.record(-60, 10.0)
    path = Path(monitor.close())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode={mode}")
    before = {each.name: hashlib.sha256(each.read_bytes()).digest() for each in folder.iterdir()}
    await world.run("usage import", file=str(path))
    after = {each.name: hashlib.sha256(each.read_bytes()).digest() for each in folder.iterdir()}
    assert after == before
    assert await balances(world) == [10 * GIGABYTE]


def _texts(tmp_path: Path) -> Iterable[tuple[Path, str]]:
    missing = tmp_path / "missing.db"
    yield missing, "There is no file"
    plain = tmp_path / "notes.txt"
    plain.write_text("not a database at all")
    yield plain, "is no SQLite database"
    yield tmp_path, "can't be opened"
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE songs (id INTEGER)")
        connection.commit()
    yield other, "it holds songs"
    broken = tmp_path / "broken.db"
    broken.write_bytes(other.read_bytes()[:100] + b"\xff" * 5_000)
    yield broken, "can't be read as a database"


async def test_a_wrong_file_is_refused_in_one_sentence(world: Filled, tmp_path: Path) -> None:
    own = world.deck.services.store.path
    assert own is not None
    for path, sentence in [*_texts(tmp_path), (own, "opsdeck's own database")]:
        with pytest.raises(InputError, match=sentence):
            await world.run("usage import", file=str(path))


async def test_a_database_url_that_points_at_such_a_file_names_the_import(monitor: Monitor) -> None:
    monitor.record(-60, 10.0)
    path = Path(monitor.close())
    before = path.read_bytes()
    with pytest.raises(StoreForeignError, match="opsdeck usage import FILE"):
        await Store.open(f"sqlite:///{path}", clock=FrozenClock(NOW), audit_key=b"a fake audit key for tests")
    assert path.read_bytes() == before


def test_a_time_without_an_offset_is_utc() -> None:
    row = {"timestamp": "2025-08-23 12:00:00.123", "plan_id": "p", "remaining_balance_gb": 1.0}
    assert read_record(row, NOW).at == datetime(2025, 8, 23, 12, tzinfo=UTC)


def test_a_login_counts_as_a_login_however_it_is_written() -> None:
    row = {"timestamp": "2025-08-23 12:00:00", "operation": " Login ", "success": True}
    assert read_call(row, NOW).operation is Operation.LOGIN


@given(exact=st.integers(10**6, 2 * 10**12))
def test_what_the_other_program_made_of_an_exact_balance_is_undone(exact: int) -> None:
    """From the exact bytes to Taara's text, to the other program's figure, and back."""
    if exact >= 999_950_000:
        figure = float(round(Decimal(exact) / 10**9, 1))
    else:
        figure = float(round(Decimal(exact) / 10**6, 1)) / 1024
    assert balance_of(Decimal(repr(figure)), exact) == (exact, Basis.BYTES)
