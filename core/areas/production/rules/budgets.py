"""How budgets of money stand (production.md 2.8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from core.areas.production.model import Budget, BudgetPeriod, Job, JobStatus
from core.areas.production.rules.costs import OTHER_CURRENCY, Cost, Prices
from core.areas.production.rules.ledger_sums import BURN_DAYS, LedgerSums
from core.areas.production.rules.periods import Days, budget_days, month
from core.areas.production.rules.thresholds import Level, budget_level, percent_of
from core.message import _
from core.units import Absent, Money

__all__ = [
    "BudgetState",
    "RemainingEstimate",
    "budget_states",
    "burn_cost",
    "median_job_credits",
    "projected_month_end",
    "remaining_estimate",
    "stops_work",
]

_JOBS_OF_MEDIAN = 20
_NO_LEDGER = Absent(_("no ledger entry was reported yet"))
_NO_LIMIT = Absent(_("no limit is set"))


@dataclass(frozen=True, slots=True)
class BudgetState:
    """A budget in its present period.

    `used_percent` is unrounded, `None` where there is no limit or the cost isn't known. `remaining` may be
    negative. `level` is EXCEEDED only above 100 percent.
    """

    budget: Budget
    days: Days
    spent: Cost
    remaining: Cost
    used_percent: Decimal | None
    level: Level

    @property
    def exceeded(self) -> bool:
        """Whether more than the limit was spent."""
        return self.level is Level.EXCEEDED


@dataclass(frozen=True, slots=True)
class RemainingEstimate:
    """What the videos still to make today will take: how many, and credits at the median of `jobs` jobs."""

    videos: int
    jobs: int
    credits: Decimal | None
    cost: Cost


def budget_states(
    budgets: Iterable[Budget],
    sums: LedgerSums | None,
    today: date,
    prices: Prices,
    reported: Mapping[BudgetPeriod, Money] | None = None,
) -> tuple[BudgetState, ...]:
    """Each budget in the period around `today`.

    `sums` hold at least the ledger of the longest period; where nobody ever reported to it they are
    `None`, and what was spent is what the system `reported`.
    """
    told = reported or {}
    return tuple(_state(budget, _spent(budget, sums, today, prices, told), today) for budget in budgets)


def burn_cost(sums: LedgerSums | None, today: date, prices: Prices) -> Cost:
    """The mean cost of a day over the last 7 complete days, fewer where the ledger is younger."""
    if sums is None or not sums.days:
        return _NO_LEDGER
    first = max(today - timedelta(days=BURN_DAYS), sums.days[0].day)
    length = (today - first).days
    if length <= 0:
        return Absent(_("the ledger has no complete day yet"))
    total = prices.total(sums.charges(Days(first, today)))
    return total if isinstance(total, Absent) else Money(total.amount / length, total.currency)


def projected_month_end(spent_this_month: Cost, burn: Cost, today: date) -> Cost:
    """What the month will have cost at the present rate: a projection, never a fact."""
    if isinstance(spent_this_month, Absent):
        return spent_this_month
    if isinstance(burn, Absent):
        return burn
    days_left = (month(today).end - today).days
    return Money(spent_this_month.amount + burn.amount * days_left, spent_this_month.currency)


def median_job_credits(completed: Iterable[Job]) -> tuple[Decimal | None, int]:
    """The median of what the last 20 completed jobs were charged, and how many told; newest first."""
    ended = [job for job in completed if job.status is JobStatus.COMPLETED][:_JOBS_OF_MEDIAN]
    charged = [job.credits_charged for job in ended if job.credits_charged is not None]
    return (median(charged) if charged else None), len(charged)


def remaining_estimate(
    target: int, completed_today: int, completed: Iterable[Job], prices: Prices
) -> RemainingEstimate:
    """What is still to be made today, and what that will take (production.md 2.8)."""
    videos = max(0, target - completed_today)
    each, jobs = median_job_credits(completed)
    needed = None if each is None else each * videos
    cost = Absent(_("no job's charge is known")) if needed is None else prices.of_credits(needed)
    return RemainingEstimate(videos, jobs, needed, cost)


def stops_work(states: Iterable[BudgetState]) -> BudgetState | None:
    """The budget for whose sake work should stay paused, if one is exceeded and a hard stop."""
    return next((each for each in states if each.budget.hard_stop and each.exceeded), None)


def _spent(
    budget: Budget,
    sums: LedgerSums | None,
    today: date,
    prices: Prices,
    told: Mapping[BudgetPeriod, Money],
) -> Cost:
    if sums is None:
        return told.get(budget.period, _NO_LEDGER)
    return prices.total(sums.charges(budget_days(budget.period, today)))


def _state(budget: Budget, spent: Cost, today: date) -> BudgetState:
    days, limit = budget_days(budget.period, today), budget.limit
    if limit is None:
        return BudgetState(budget, days, spent, _NO_LIMIT, None, Level.UNKNOWN)
    if isinstance(spent, Absent):
        return BudgetState(budget, days, spent, spent, None, Level.UNKNOWN)
    if spent.currency != limit.currency:
        return BudgetState(budget, days, spent, OTHER_CURRENCY, None, Level.UNKNOWN)
    remaining = Money(limit.amount - spent.amount, limit.currency)
    percent = percent_of(spent.amount, limit.amount)
    level = Level.EXCEEDED if percent is None and spent.amount > 0 else budget_level(percent)
    return BudgetState(budget, days, spent, remaining, percent, level)
