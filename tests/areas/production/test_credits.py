"""Credits: the threshold table, the split by order, drift and runway (production.md 2.6 and 4)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from core.areas.production.model import Balance, Bucket, CreditPlan, EntryKind, LedgerEntry, ReportedCredits
from core.areas.production.pages.common import percent
from core.areas.production.rules.credits import Credits, credits_at, drift_is_shown
from core.areas.production.rules.ledger_sums import DaySums, LedgerSums, burn
from core.areas.production.rules.thresholds import Level
from core.message import ENGLISH
from core.render.values import Formatter
from core.units import Absent
from tests.areas.production.ledgers import summed

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 1, 22, 11, tzinfo=UTC)
TODAY = date(2026, 1, 22)
PRO = CreditPlan("pro", Decimal(1800), Decimal(60))


def used(monthly: int, daily: int, plan: CreditPlan = PRO) -> Credits:
    """The credits with so much charged to the month, of which the day's bonus."""
    sums = LedgerSums((DaySums(TODAY, daily=Decimal(daily), monthly=Decimal(monthly)),))
    return credits_at(plan, sums, None, None, now=NOW, zone=TOKYO)


def shown(found: Credits) -> str:
    value = percent(found.usage_percent)
    return "—" if isinstance(value, Absent) else Formatter(ENGLISH, TOKYO, NOW).value(value)


VECTORS = [
    (450, 15, 1350, 1395, "25.0 %", Level.HEALTHY),
    (1439, 0, 361, 421, "79.9 %", Level.HEALTHY),
    (1440, 0, 360, 420, "80.0 %", Level.WARNING),
    (1709, 0, 91, 151, "94.9 %", Level.WARNING),
    (1710, 0, 90, 150, "95.0 %", Level.CRITICAL),
    (1850, 60, 0, 0, "102.8 %", Level.CRITICAL),
]


@pytest.mark.parametrize(
    ("monthly", "daily", "remaining", "total", "percentage", "status"),
    VECTORS,
    ids=[f"{vector[0]} used" for vector in VECTORS],
)
def test_vector_of_the_threshold_table(
    monthly: int, daily: int, remaining: int, total: int, percentage: str, status: Level
) -> None:
    found = used(monthly, daily)
    assert found.monthly_remaining == remaining
    assert found.total_available == total
    assert shown(found) == percentage
    assert found.status is status


def test_vector_threshold_table_row_7_without_an_allowance_nothing_is_known() -> None:
    found = used(700, 0, CreditPlan("", Decimal(0), Decimal(60)))
    assert (found.monthly_remaining, found.total_available) == (0, 60)
    assert shown(found) == "—"
    assert found.status is Level.UNKNOWN


def test_vector_row_6_tells_the_overage() -> None:
    assert used(1850, 60).monthly_overage == 50


def test_vector_79_9_is_shown_while_1440_is_80_0() -> None:
    assert (shown(used(1439, 0)), used(1439, 0).status) == ("79.9 %", Level.HEALTHY)
    assert (shown(used(1440, 0)), used(1440, 0).status) == ("80.0 %", Level.WARNING)


def test_vector_of_the_seed_sample_1350_and_45_is_1395() -> None:
    found = used(450, 15)
    assert (found.monthly_remaining, found.daily_remaining, found.total_available) == (1350, 45, 1395)


def test_vector_of_the_snapshot_runway_is_15_5_days() -> None:
    sums = LedgerSums((DaySums(TODAY, daily=Decimal(15), monthly=Decimal(450)),))
    found = credits_at(PRO, sums, Balance(Decimal(1395), NOW), Decimal(90), now=NOW, zone=TOKYO)
    assert (found.balance_live, found.drift, found.drifting) == (1395, 0, False)
    assert found.runway_days == Decimal("15.5")


def entry(
    day: int, amount: int, kind: EntryKind = EntryKind.DEBIT, bucket: Bucket | None = None
) -> LedgerEntry:
    at = datetime(2026, 1, day, 3, tzinfo=UTC)
    return LedgerEntry(f"{day}-{amount}-{kind.value}-{bucket}", at, kind, Decimal(amount), bucket)


def reckoned(
    *entries: LedgerEntry, plan: CreditPlan = PRO, order: tuple[Bucket, ...] | None = None
) -> Credits:
    sums = summed(entries, TOKYO)
    chosen = order or (Bucket.DAILY, Bucket.MONTHLY, Bucket.PURCHASED)
    return credits_at(plan, sums, None, burn(sums, TODAY), now=NOW, zone=TOKYO, order=chosen)


def test_unsplit_debits_take_the_days_bonus_first_and_each_day_has_its_own() -> None:
    found = reckoned(entry(20, 100), entry(21, 50), entry(22, 70))
    assert found.monthly_used == 40 + 0 + 10
    assert (found.daily_used, found.daily_remaining) == (60, 0)
    assert found.estimated


def test_the_order_is_what_is_configured() -> None:
    found = reckoned(entry(22, 70), order=(Bucket.MONTHLY, Bucket.DAILY, Bucket.PURCHASED))
    assert (found.monthly_used, found.daily_used) == (70, 0)


def test_what_exceeds_the_month_is_taken_from_the_purchased_and_then_is_overage() -> None:
    found = reckoned(entry(22, 2000), entry(21, 100, EntryKind.TOPUP))
    assert (found.monthly_used, found.daily_used, found.purchased) == (1840, 60, 0)
    assert found.monthly_overage == 40


def test_a_refund_gives_back_and_a_grant_adds_nothing() -> None:
    found = reckoned(
        entry(22, 70, bucket=Bucket.MONTHLY),
        entry(22, 20, EntryKind.REFUND, Bucket.MONTHLY),
        entry(22, 1800, EntryKind.GRANT_MONTHLY),
    )
    assert (found.monthly_used, found.total_available) == (50, 1810)
    assert not found.estimated


def test_only_the_billing_month_counts() -> None:
    plan = CreditPlan("pro", Decimal(1800), Decimal(0), billing_day=20)
    found = reckoned(entry(19, 500), entry(20, 30), entry(22, 7), plan=plan)
    assert found.monthly_used == 37
    assert found.period_start == datetime(2026, 1, 19, 15, tzinfo=UTC)
    assert found.period_end == datetime(2026, 2, 19, 15, tzinfo=UTC)


def test_without_a_ledger_nothing_is_known_and_nothing_is_healthy() -> None:
    found = credits_at(PRO, None, None, None, now=NOW, zone=TOKYO)
    assert (found.monthly_used, found.total_available, found.status) == (None, None, Level.UNKNOWN)


def test_without_a_ledger_the_systems_own_account_stands() -> None:
    reported = ReportedCredits(
        plan="pro",
        monthly_allowance=Decimal(1800),
        monthly_used=Decimal(450),
        daily_bonus=Decimal(60),
        daily_used=Decimal(15),
    )
    found = credits_at(CreditPlan(), None, None, None, now=NOW, zone=TOKYO, reported=reported)
    assert (found.total_available, found.status, found.plan) == (1395, Level.HEALTHY, "pro")


def test_old_readings_have_no_status() -> None:
    sums = LedgerSums((DaySums(TODAY, monthly=Decimal(1800)),))
    assert credits_at(PRO, sums, None, None, now=NOW, zone=TOKYO, current=False).status is Level.UNKNOWN


def test_drift_is_shown_beyond_5_credits_and_2_percent() -> None:
    assert not drift_is_shown(Decimal(-5), Decimal(100))
    assert drift_is_shown(Decimal(-6), Decimal(100))
    assert not drift_is_shown(Decimal(28), Decimal(1400))
    assert drift_is_shown(Decimal(29), Decimal(1400))


def test_burn_is_the_mean_of_the_last_7_complete_days_and_days_without_use_count() -> None:
    sums = summed([entry(10, 1), entry(15, 70), entry(21, 7), entry(22, 900)], TOKYO)
    assert burn(sums, TODAY) == 11


def test_burn_of_a_young_ledger_is_over_the_days_it_has() -> None:
    assert burn(summed([entry(20, 30), entry(22, 5)], TOKYO), TODAY) == 15
    assert burn(summed([entry(22, 5)], TOKYO), TODAY) is None
