"""On which day credits and budgets run out at the present rate: projections, never facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from core.areas.production.rules.budgets import BudgetState
from core.areas.production.rules.costs import Cost
from core.areas.production.rules.credits import Credits
from core.units import Absent, Money

__all__ = ["BudgetForecast", "CreditForecast", "budget_forecasts", "credit_forecast"]

_FURTHEST = Decimal(3_650)
"""Days ahead beyond which no day is named."""


@dataclass(frozen=True, slots=True)
class CreditForecast:
    """When the credits at hand are used up, taking no account of what a new month will bring.

    `lasts` tells whether that is after the new month begins; `None` where it can't be told.
    """

    exhausted_at: datetime | None
    lasts: bool | None


@dataclass(frozen=True, slots=True)
class BudgetForecast:
    """The local day on which a budget is used up, within its period; `None` where it lasts or isn't known."""

    state: BudgetState
    exhausted_on: date | None


def credit_forecast(found: Credits, now: datetime) -> CreditForecast:
    """The moment of exhaustion at the mean use of the last 7 complete days."""
    available = found.headline
    if available is not None and available <= 0:
        return CreditForecast(now, False)
    if found.burn == 0:
        return CreditForecast(None, True)
    if found.runway_days is None:
        return CreditForecast(None, None)
    if found.runway_days > _FURTHEST:
        return CreditForecast(None, True)
    at = now + timedelta(days=float(found.runway_days))
    return CreditForecast(at, at >= found.period_end)


def budget_forecasts(states: Iterable[BudgetState], burn: Cost, today: date) -> tuple[BudgetForecast, ...]:
    """When each budget is used up if every coming day of its period costs what the last 7 did."""
    return tuple(BudgetForecast(state, _exhausted_on(state, burn, today)) for state in states)


def _exhausted_on(state: BudgetState, burn: Cost, today: date) -> date | None:
    left = state.remaining
    if state.budget.limit is None or isinstance(left, Absent):
        return None
    if left.amount <= 0:
        return today
    if not isinstance(burn, Money) or burn.amount <= 0:
        return None
    whole_days = int(min(left.amount / burn.amount, _FURTHEST))
    day = today + timedelta(days=whole_days)
    return day if day in state.days else None
