"""The sums that the database makes of the ledger, against the same sums made entry by entry."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.areas.production.model import Bucket, BudgetPeriod, EntryKind, LedgerEntry
from core.areas.production.rules.budgets import burn_cost
from core.areas.production.rules.costs import Prices
from core.areas.production.rules.ledger_sums import burn
from core.areas.production.rules.periods import budget_days
from core.areas.production.store import ledger
from core.units import Money
from tests.areas.production.ledgers import summed
from tests.areas.production.stored import Stored, opened

ZONES = ("Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    async with opened(tmp_path, start=datetime(2026, 4, 20, 3, tzinfo=UTC)) as opened_store:
        yield opened_store


def entries(count: int, days: int) -> list[LedgerEntry]:
    """Entries of every kind over some days up to 20 April 2026, at moments that favour the ends of days."""
    chance = random.Random(7)
    found: list[LedgerEntry] = []
    for number in range(count):
        at = datetime(2026, 4, 20, 2, tzinfo=UTC) - timedelta(
            days=chance.randrange(days), hours=chance.randrange(24), minutes=chance.choice((0, 1, 30, 59))
        )
        cost = Money(Decimal(chance.randrange(900)) / 100, "USD") if chance.random() < 0.5 else None
        bucket = chance.choice((None, *Bucket))
        moved = Decimal(chance.choice((0, 1, 13, 50))) + Decimal(chance.randrange(100)) / 100
        task = f"task_{chance.randrange(count // 2)}" if chance.random() < 0.5 else ""
        kind = chance.choice(list(EntryKind))
        found.append(LedgerEntry(f"led_{number:05}", at, kind, moved, bucket, cost, provider_task=task))
    return found


@pytest.mark.parametrize("name", ZONES)
async def test_the_sums_are_those_of_the_entries_that_count(stored: Stored, name: str) -> None:
    zone, prices = ZoneInfo(name), Prices("USD", Decimal("0.01"))
    async with stored.services.store.writing() as transaction:
        await stored.recorder(transaction).entries(entries(400, 60))
    counted = await stored.read(ledger.entries)
    assert len(counted) < 400
    found = await stored.read(_sums, zone)
    expected = summed(counted, zone)
    assert [_plain(each) for each in found.days] == [_plain(each) for each in expected.days]
    today = date(2026, 4, 20)
    assert burn(found, today) == burn(expected, today)
    assert burn_cost(found, today, prices) == burn_cost(expected, today, prices)
    for period in BudgetPeriod:
        days = budget_days(period, today)
        assert prices.total(found.charges(days)) == prices.total(expected.charges(days))


async def test_no_ledger_has_no_sums(stored: Stored) -> None:
    assert await stored.read(_sums, ZoneInfo("Asia/Tokyo")) is None


async def test_what_was_reported_later_is_not_in_the_sums_of_before(stored: Stored) -> None:
    zone, at = ZoneInfo("Asia/Tokyo"), datetime(2026, 4, 19, tzinfo=UTC)
    async with stored.services.store.writing() as transaction:
        await stored.recorder(transaction).entries([LedgerEntry("one", at, EntryKind.DEBIT, Decimal(5))])
    before = stored.services.store.present()
    stored.clock.advance(60)
    async with stored.services.store.writing() as transaction:
        await stored.recorder(transaction).entries([LedgerEntry("two", at, EntryKind.DEBIT, Decimal(7))])
    async with stored.services.store.reading() as connection:
        then = await ledger.sums(connection, zone, before)
        now = await ledger.sums(connection, zone, stored.services.store.present())
    assert then is not None
    assert now is not None
    assert (then.days[0].used, now.days[0].used) == (5, 12)


async def _sums(connection: object, zone: ZoneInfo, moment: datetime) -> object:
    return await ledger.sums(connection, zone, moment)  # pyright: ignore[reportArgumentType]


def _plain(day: object) -> tuple[object, ...]:
    """A day's sums without the totals they are made of, which are finer where nothing was added up."""
    names = ("day", "daily", "monthly", "purchased", "unsplit", "added", "used")
    return tuple(getattr(day, name) for name in names)
