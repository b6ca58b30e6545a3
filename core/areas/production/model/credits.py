"""Credits and money: the ledger, the plan, balances, budgets (production.md 2.6 to 2.8)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.areas.production.model.videos import JobStatus
from core.units import Money

__all__ = [
    "Balance",
    "Bucket",
    "Budget",
    "BudgetPeriod",
    "CreditPlan",
    "EntryKind",
    "LedgerEntry",
    "ProviderTask",
    "ReportedBudget",
    "ReportedCredits",
]


class Bucket(enum.Enum):
    """Which credits a ledger entry is charged to (production.md 2.6)."""

    DAILY = "daily"
    MONTHLY = "monthly"
    PURCHASED = "purchased"


class EntryKind(enum.Enum):
    """What a ledger entry does (production.md 2.7)."""

    DEBIT = "debit"
    REFUND = "refund"
    GRANT_MONTHLY = "grant_monthly"
    GRANT_DAILY = "grant_daily"
    TOPUP = "topup"
    ADJUST = "adjust"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One movement of credits. `credits` is positive; the kind gives the sign, an adjustment its own.

    `bucket` is `None` where the reporter didn't say: the split is then estimated by the configured order.
    """

    id: str
    at: datetime
    kind: EntryKind
    credits: Decimal
    bucket: Bucket | None = None
    cost: Money | None = None
    job: str = ""
    provider_task: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CreditPlan:
    """What the subscription gives, as configured; `billing_day` is the day of the month it renews on."""

    name: str = ""
    monthly_allowance: Decimal = Decimal(0)
    daily_bonus: Decimal = Decimal(0)
    purchased: Decimal = Decimal(0)
    billing_day: int = 1
    price_per_credit: Money | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """The provider's own figure, when it was read."""

    coins: Decimal
    read_at: datetime
    diamonds: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ProviderTask:
    """A task by the provider's account (production.md 7.2)."""

    id: str
    status: JobStatus
    status_word: str
    coins: Decimal | None
    created_at: datetime | None
    name: str = ""
    failure: str = ""


class BudgetPeriod(enum.Enum):
    """How long a budget is for: a day, an ISO week or a month of the production zone."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit of money for each period; no limit is `None`."""

    period: BudgetPeriod
    limit: Money | None = None
    hard_stop: bool = False


@dataclass(frozen=True, slots=True)
class ReportedCredits:
    """The credits by the system's own account (2.6), to be compared with our ledger and the balance."""

    as_of: datetime | None = None
    plan: str = ""
    monthly_allowance: Decimal | None = None
    monthly_used: Decimal | None = None
    monthly_remaining: Decimal | None = None
    daily_bonus: Decimal | None = None
    daily_used: Decimal | None = None
    daily_remaining: Decimal | None = None
    purchased: Decimal | None = None
    total_available: Decimal | None = None
    balance_live: Decimal | None = None
    usage_percent: Decimal | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class ReportedBudget:
    """A budget the system keeps itself (2.8); `status` is its word for how it stands."""

    period: BudgetPeriod
    limit: Money | None = None
    spent: Money | None = None
    hard_stop: bool = False
    status: str = ""
