"""Budgets and the forecasts of both credits and budgets (production.md 2.8)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.areas.production.model import (
    Budget,
    BudgetPeriod,
    CreditPlan,
    EntryKind,
    Job,
    JobStatus,
    LedgerEntry,
)
from core.areas.production.rules.budgets import (
    BudgetState,
    budget_states,
    burn_cost,
    projected_month_end,
    remaining_estimate,
    stops_work,
)
from core.areas.production.rules.costs import NO_PRICE, OTHER_CURRENCY, Prices
from core.areas.production.rules.credits import credits_at
from core.areas.production.rules.forecast import budget_forecasts, credit_forecast
from core.areas.production.rules.ledger_sums import DaySums, LedgerSums
from core.areas.production.rules.thresholds import Level
from core.units import Absent, Money
from tests.areas.production.ledgers import summed

TOKYO = ZoneInfo("Asia/Tokyo")
TODAY = date(2026, 1, 22)
NOW = datetime(2026, 1, 22, 3, tzinfo=UTC)
PRICES = Prices("USD", Decimal("0.01"))


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def spent(day: int, amount: str, currency: str = "USD", hour: int = 3) -> LedgerEntry:
    at = datetime(2026, 1, day, hour, tzinfo=UTC)
    cost = Money(Decimal(amount), currency)
    return LedgerEntry(f"{day}.{hour}.{amount}", at, EntryKind.DEBIT, Decimal(1), cost=cost)


def state(
    limit: str | None, *entries: LedgerEntry, period: BudgetPeriod = BudgetPeriod.DAILY, hard: bool = False
) -> BudgetState:
    budget = Budget(period, None if limit is None else usd(limit), hard)
    return budget_states([budget], summed(entries, TOKYO), TODAY, PRICES)[0]


def test_a_budget_counts_its_own_period_only() -> None:
    entries = (
        spent(1, "1"),
        spent(19, "2"),
        spent(21, "4", hour=14),
        spent(21, "8", hour=15),
        spent(22, "16"),
    )
    found = {period: state("100", *entries, period=period).spent for period in BudgetPeriod}
    assert found == {
        BudgetPeriod.DAILY: usd("24"),
        BudgetPeriod.WEEKLY: usd("30"),
        BudgetPeriod.MONTHLY: usd("31"),
    }


def test_levels_of_a_budget_and_exceeded_only_above_100() -> None:
    amounts = {"7.99": Level.HEALTHY, "8": Level.WARNING, "9.5": Level.CRITICAL, "10": Level.CRITICAL}
    for amount, level in amounts.items():
        assert state("10", spent(22, amount)).level is level
    over = state("10", spent(22, "10.01"))
    assert (over.level, over.exceeded, over.remaining) == (Level.EXCEEDED, True, usd("-0.01"))


def test_without_a_limit_there_is_no_percentage() -> None:
    found = state(None, spent(22, "5"))
    assert (found.used_percent, found.spent, found.level) == (None, usd("5"), Level.UNKNOWN)
    assert isinstance(found.remaining, Absent)


def test_a_limit_of_nothing_is_exceeded_by_anything() -> None:
    assert state("0", spent(22, "0.01")).exceeded
    assert not state("0").exceeded


def test_without_a_price_the_spent_is_absent_with_the_reason() -> None:
    entry = LedgerEntry("1", NOW, EntryKind.DEBIT, Decimal(5))
    found = budget_states(
        [Budget(BudgetPeriod.DAILY, usd("1"))], summed([entry], TOKYO), TODAY, Prices("USD")
    )[0]
    assert (found.spent, found.level) == (NO_PRICE, Level.UNKNOWN)


def test_currencies_are_not_added_up() -> None:
    assert state("10", spent(22, "5"), spent(22, "5", "JPY")).spent == OTHER_CURRENCY


def test_without_a_ledger_the_systems_own_figure_stands() -> None:
    budget = Budget(BudgetPeriod.DAILY, usd("10"))
    told = budget_states([budget], None, TODAY, PRICES, {BudgetPeriod.DAILY: usd("9")})[0]
    assert (told.spent, told.level) == (usd("9"), Level.WARNING)
    assert isinstance(budget_states([budget], None, TODAY, PRICES)[0].spent, Absent)


def test_only_a_hard_stop_stops_work() -> None:
    over = spent(22, "11")
    assert stops_work([state("10", over)]) is None
    assert stops_work([state("10", over, hard=True)]) is not None


def test_the_months_end_is_projected_from_the_last_7_days() -> None:
    entries = [spent(15, "7"), spent(21, "7"), spent(22, "3")]
    rate = burn_cost(summed(entries, TOKYO), TODAY, PRICES)
    assert rate == usd("2")
    assert projected_month_end(usd("17"), rate, TODAY) == usd("37")


def test_what_is_still_to_make_today_is_at_the_median_charge() -> None:
    charges = [10, 50, 12, 11, None]
    jobs = [
        Job(str(index), JobStatus.COMPLETED, credits_charged=None if charge is None else Decimal(charge))
        for index, charge in enumerate(charges)
    ]
    found = remaining_estimate(4, 1, jobs, PRICES)
    assert (found.videos, found.jobs, found.credits, found.cost) == (3, 4, Decimal("34.5"), usd("0.345"))
    done = remaining_estimate(4, 9, jobs, PRICES)
    assert (done.videos, done.credits) == (0, 0)
    assert remaining_estimate(4, 1, [], PRICES).credits is None


def test_the_day_on_which_a_budget_is_spent() -> None:
    week = state("10", spent(22, "4"), period=BudgetPeriod.WEEKLY)
    days = [budget_forecasts([week], usd(rate), TODAY)[0].exhausted_on for rate in ("6", "2.5", "1")]
    assert days == [date(2026, 1, 23), date(2026, 1, 24), None]


def test_a_spent_budget_is_spent_today_and_one_without_a_rate_never() -> None:
    spent_up = state("10", spent(22, "10"))
    assert budget_forecasts([spent_up], NO_PRICE, TODAY)[0].exhausted_on == TODAY
    assert budget_forecasts([state("10", spent(22, "1"))], usd("0"), TODAY)[0].exhausted_on is None


def credit_state(left: int, rate: str | None) -> tuple[datetime | None, bool | None]:
    plan = CreditPlan("pro", Decimal(1800))
    sums = LedgerSums((DaySums(TODAY, monthly=Decimal(1800 - left)),))
    burn = None if rate is None else Decimal(rate)
    found = credit_forecast(credits_at(plan, sums, None, burn, now=NOW, zone=TOKYO), NOW)
    return found.exhausted_at, found.lasts


def test_the_moment_on_which_credits_run_out_and_whether_the_month_renews_before() -> None:
    assert credit_state(100, "40") == (NOW + timedelta(days=2.5), False)
    assert credit_state(1000, "40") == (NOW + timedelta(days=25), True)


def test_no_credits_run_out_now_and_no_use_never() -> None:
    assert credit_state(0, None) == (NOW, False)
    assert credit_state(100, "0") == (None, True)
    assert credit_state(100, None) == (None, None)
    assert credit_state(1800, "0.001") == (None, True)
