"""A deck whose usage area was filled through the recording itself, with a clock that only the test moves."""

from __future__ import annotations

import asyncio
import atexit
import functools
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from core.areas.usage import AREA
from core.areas.usage.model import GIGABYTE, Account, ApiCall, Basis, Bundle, Operation, Plan, Purchase
from core.areas.usage.settings import UsageSettings
from core.areas.usage.store.recording import Failure, PollAttempt, record_failure, record_success
from core.command import Invocation
from core.deck import Deck
from core.errors import OpsdeckError
from core.folders import Folders
from core.message import ENGLISH
from core.moment import FrozenClock
from core.page import Block, Page
from core.principal import Principal, Role
from core.query import TableQuery
from core.render import render_as
from core.render.values import Formatter
from core.settings import SettingsBook
from core.units import Money, Value
from tests.areas.usage.vectors import NOW

__all__ = [
    "PERSON",
    "Filled",
    "block",
    "bought",
    "facts",
    "monthly",
    "opened",
    "opened_household",
    "table",
    "trial",
    "words",
]

PERSON = Principal("amina", Role.ADMIN, "test")


def words(value: object) -> str:
    """A value as a person reads it in a table's cell."""
    return Formatter(ENGLISH, PERSON.zone, NOW).value(value)  # type: ignore[arg-type]


def monthly(gigabytes: float | None, expires: int | None = 20, **more: Any) -> Plan:
    balance = None if gigabytes is None else round(gigabytes * GIGABYTE)
    fields: dict[str, Any] = {"plan_id": "p", "name": "1 Month Unlimited", "active": True, "home": True}
    fields |= {"basis": Basis.BYTES, "unlimited": False, "purchase_id": "b1"}
    return Plan(**{**fields, "balance": balance, "expires_in_days": expires, **more})


def trial(**more: Any) -> Plan:
    fields = {"plan_id": "t", "name": "500 MB Free Trial", "active": False, "home": False}
    return monthly(0.5, 18, **{**fields, "purchase_id": "b2", **more})


@dataclass
class Filled:
    """Everything a test may touch."""

    deck: Deck
    clock: FrozenClock

    async def run(
        self, command: str, *, at: datetime | None = None, query: TableQuery | None = None, **arguments: str
    ) -> Page:
        return await self.deck.run(Invocation(command, PERSON, arguments, at, query or TableQuery()))

    async def poll(
        self,
        minutes: float,
        *plans: Plan,
        account: str = "home",
        purchases: Iterable[Purchase] = (),
        error: OpsdeckError | None = None,
    ) -> None:
        """A poll so many minutes from NOW; the clock must not have passed it."""
        at = NOW + timedelta(minutes=minutes)
        self.clock.advance((at - self.clock.now()).total_seconds())
        interval = timedelta(minutes=self.deck.services.settings.of(UsageSettings).poll_minutes)
        attempt = PollAttempt(
            Account(account, "…00"),
            at,
            at,
            interval,
            at + interval,
            Decimal(1_000),
            Decimal(10),
            ZoneInfo("Africa/Nairobi"),
        )
        call = ApiCall(
            Operation.DATA,
            "GET",
            "/v1/customers/get-customer-bundle",
            at,
            error is None,
            200 if error is None else None,
            653,
            None if error is None else error.message,
        )
        bundle = Bundle(f"subscriber of {account}", plans, tuple(purchases))
        async with self.deck.services.store.writing() as transaction:
            if error is None:
                await record_success(transaction, attempt, bundle, "{}", [call])
            else:
                await record_failure(transaction, attempt, Failure(error), [call])

    async def hourly(self, start: float, first: float, by: float, count: int, **more: Any) -> None:
        """Hourly polls of the monthly plan alone, from `start` minutes on, falling by so many GB each."""
        for index in range(count):
            await self.poll(start + 60 * index, monthly(first - by * index), **more)

    def text(self, page: Page) -> str:
        formatter = Formatter(ENGLISH, PERSON.zone, self.clock.now())
        return render_as("text", page, formatter, width=200)

    def json(self, page: Page) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(
            render_as("json", page, Formatter(ENGLISH, PERSON.zone, self.clock.now()))
        )
        return found


def bought(id_: str, plan: str, day: str, price: int | None = 2_500) -> Purchase:
    money = None if price is None else Money(Decimal(price), "KES")
    return Purchase(id_, plan, datetime.fromisoformat(day).date(), money, None)


def block(page: Page, key: str) -> Any:
    """The page's block of that key."""
    found: list[Block] = [each for each in page.blocks if each.key == key]
    assert found, f"no block {key!r} among {[each.key for each in page.blocks]}"
    return found[0]


def facts(page: Page, key: str) -> dict[str, Value]:
    """A block's facts by their English labels."""
    return {words(fact.label): fact.value for fact in block(page, key).lower().facts}


def table(page: Page, key: str) -> dict[str, dict[str, Value]]:
    """A block's rows by their keys, each a cell by its column's key."""
    lowered = block(page, key).lower()
    names = [column.key for column in lowered.columns]
    return {row.key: dict(zip(names, row.cells, strict=True)) for row in lowered.rows}


@functools.cache
def _household_home() -> Path:
    """A home with two days of a household that uses too much: 33.6 GB a day of 400 GB at the beginning."""
    buy = (
        bought("b1", "1 Month Unlimited", "2026-01-05"),
        bought("b2", "500 MB Free Trial", "2026-01-05", 0),
    )

    async def make(home: Path) -> None:
        clock = FrozenClock(NOW - timedelta(days=3))
        async with await _deck(home, clock, {}) as deck:
            world = Filled(deck, clock)
            for hour in range(49):
                plans = (monthly(400 - 1.4 * hour, 19), trial())
                await world.poll(-2880 + 60 * hour, *plans, purchases=buy)

    return _made(make)


def _made(make: Callable[[Path], Awaitable[None]]) -> Path:
    home = Path(tempfile.mkdtemp(prefix="opsdeck-test-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)

    async def made() -> None:
        await make(home)

    asyncio.run(made())
    return home


async def _deck(home: Path, clock: FrozenClock, settings: Mapping[str, str]) -> Deck:
    """A deck of the usage area alone, polled every hour."""
    flags = {"TAARA_POLL_MINUTES": "60", **settings}
    book = SettingsBook(Folders.below(home), flags=flags, environment={}, dotenv=home / ".env")
    return await Deck.open(book, clock, areas=(AREA,))


@asynccontextmanager
async def opened(tmp_path: Path, settings: Mapping[str, str] | None = None) -> AsyncIterator[Filled]:
    """A deck thirty days before NOW, with nothing in it."""
    home = tmp_path / "home"
    clock = FrozenClock(NOW - timedelta(days=30))
    async with await _deck(home, clock, settings or {}) as deck:
        yield Filled(deck, clock)


@asynccontextmanager
async def opened_household(tmp_path: Path) -> AsyncIterator[Filled]:
    """A deck at NOW, after two days of a household that uses too much."""
    home = tmp_path / "household"
    shutil.copytree(await asyncio.to_thread(_household_home), home)
    clock = FrozenClock(NOW)
    async with await _deck(home, clock, {}) as deck:
        yield Filled(deck, clock)
