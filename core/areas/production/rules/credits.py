"""How many credits there are and how long they last (production.md 2.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.areas.production.model import Balance, Bucket, CreditPlan, ReportedCredits
from core.areas.production.rules.ledger_sums import LedgerSums
from core.areas.production.rules.periods import Days, billing_month, day_of, midnight, next_midnight
from core.areas.production.rules.thresholds import Level, level, percent_of

__all__ = ["DEFAULT_ORDER", "Credits", "credits_at", "drift_is_shown"]

DEFAULT_ORDER = (Bucket.DAILY, Bucket.MONTHLY, Bucket.PURCHASED)
"""Which credits are taken first where the ledger doesn't say; an estimate, as nothing documents it."""

_ZERO = Decimal(0)
_DRIFT_CREDITS = Decimal(5)
_DRIFT_PERCENT = Decimal(2)


@dataclass(frozen=True, slots=True)
class Credits:
    """The fields of production.md 2.6; `None` is what isn't known.

    Where nobody ever said what the plan gives, nothing of it can be left or overdrawn: then allowance, bonus
    and all that is reckoned from them aren't known.

    `usage_percent` is unrounded and tells of the monthly credits alone: at 100 there may be others left.
    `status` is its level. `drift` is how far the provider's balance is from our own sum; `drifting` whether
    that is far enough to show. `estimated` says that some entries were divided by the configured order.
    `burn` is credits a day, `runway_days` how long `headline` lasts at that rate.
    """

    plan: str
    monthly_allowance: Decimal | None
    daily_bonus: Decimal | None
    period: Days
    period_start: datetime
    period_end: datetime
    daily_resets_at: datetime
    status: Level
    monthly_used: Decimal | None = None
    monthly_remaining: Decimal | None = None
    monthly_overage: Decimal | None = None
    daily_used: Decimal | None = None
    daily_remaining: Decimal | None = None
    purchased: Decimal | None = None
    total_available: Decimal | None = None
    balance_live: Decimal | None = None
    balance_at: datetime | None = None
    drift: Decimal | None = None
    drifting: bool = False
    usage_percent: Decimal | None = None
    burn: Decimal | None = None
    runway_days: Decimal | None = None
    estimated: bool = False

    @property
    def headline(self) -> Decimal | None:
        """What there is to use: the provider's balance, or our own sum where that was never read."""
        return self.total_available if self.balance_live is None else self.balance_live


def credits_at(
    plan: CreditPlan,
    sums: LedgerSums | None,
    balance: Balance | None,
    burn: Decimal | None,
    *,
    now: datetime,
    zone: ZoneInfo,
    order: Sequence[Bucket] = DEFAULT_ORDER,
    reported: ReportedCredits | None = None,
    current: bool = True,
) -> Credits:
    """The credits at `now`.

    `sums` is `None` where nobody ever reported to the ledger: then what was used is what the system
    `reported` of it; without that it isn't known, which is not the same as 0. What the configured plan
    leaves at 0 is taken from what was reported, too. Where `current` is false the readings are too old for
    a status (production.md 4, rule 6).
    """
    today = day_of(now, zone)
    period = billing_month(today, plan.billing_day)
    plan = _completed(plan, reported)
    spent = _Spent.told(plan, reported) if sums is None else _Spent.of(plan, sums, period, today, order)
    used = None if spent is None else spent.monthly
    percent = percent_of(used, plan.monthly_allowance)
    given = bool(
        plan.monthly_allowance or plan.daily_bonus or (spent is not None and spent.purchased_left > 0)
    )
    remaining = daily_left = total = None
    if given and spent is not None:
        remaining = max(_ZERO, plan.monthly_allowance - spent.monthly)
        daily_left = max(_ZERO, plan.daily_bonus - spent.daily)
        total = remaining + daily_left + spent.purchased_left
    live = None if balance is None else balance.coins
    drift = None if live is None or total is None else live - total
    available = total if live is None else live
    return Credits(
        plan=plan.name,
        monthly_allowance=plan.monthly_allowance if given else None,
        daily_bonus=plan.daily_bonus if given else None,
        period=period,
        period_start=midnight(period.first, zone),
        period_end=midnight(period.end, zone),
        daily_resets_at=next_midnight(now, zone),
        status=level(percent) if current else Level.UNKNOWN,
        monthly_used=used,
        monthly_remaining=remaining,
        monthly_overage=max(_ZERO, used - plan.monthly_allowance) if given and used is not None else None,
        daily_used=None if spent is None else spent.daily,
        daily_remaining=daily_left,
        purchased=spent.purchased_left if given and spent is not None else None,
        total_available=total,
        balance_live=live,
        balance_at=None if balance is None else balance.read_at,
        drift=drift,
        drifting=drift_is_shown(drift, total),
        usage_percent=percent,
        burn=burn,
        runway_days=available / burn if available is not None and burn is not None and burn > 0 else None,
        estimated=spent is not None and spent.estimated,
    )


def drift_is_shown(drift: Decimal | None, total: Decimal | None) -> bool:
    """Whether a drift is more than 5 credits and more than 2 percent of our own sum."""
    if drift is None or total is None:
        return False
    return abs(drift) > max(_DRIFT_CREDITS, abs(total) * _DRIFT_PERCENT / 100)


def _completed(plan: CreditPlan, reported: ReportedCredits | None) -> CreditPlan:
    """The configured plan, with what it doesn't say from the system's account."""
    if reported is None:
        return plan
    return replace(
        plan,
        name=plan.name or reported.plan,
        monthly_allowance=plan.monthly_allowance or reported.monthly_allowance or _ZERO,
        daily_bonus=plan.daily_bonus or reported.daily_bonus or _ZERO,
    )


@dataclass(frozen=True, slots=True)
class _Spent:
    """What each bucket was charged: monthly in the billing month, daily today; what is left of purchased."""

    monthly: Decimal
    daily: Decimal
    purchased_left: Decimal
    estimated: bool

    @classmethod
    def told(cls, plan: CreditPlan, reported: ReportedCredits | None) -> _Spent | None:
        """What the system says was used; nothing unless it says so of both the month and the day."""
        if reported is None or reported.monthly_used is None or reported.daily_used is None:
            return None
        left = plan.purchased if reported.purchased is None else reported.purchased
        return cls(reported.monthly_used, reported.daily_used, left, estimated=False)

    @classmethod
    def of(
        cls, plan: CreditPlan, sums: LedgerSums, period: Days, today: date, order: Sequence[Bucket]
    ) -> _Spent:
        """Go through the ledger's days in order, each month and each day with its own allowance."""
        month, monthly, daily, purchased = None, _ZERO, _ZERO, plan.purchased
        estimated = False
        for each in sums.days:
            own = billing_month(each.day, plan.billing_day)
            if own != month:
                month, monthly = own, _ZERO
            left = {
                Bucket.DAILY: max(_ZERO, plan.daily_bonus - each.daily),
                Bucket.MONTHLY: max(_ZERO, plan.monthly_allowance - monthly - each.monthly),
                Bucket.PURCHASED: max(_ZERO, purchased + each.added - each.purchased),
            }
            split = _split(each.unsplit, order, left)
            monthly = max(_ZERO, monthly + each.monthly + split[Bucket.MONTHLY])
            purchased = purchased + each.added - each.purchased - split[Bucket.PURCHASED]
            if each.day == today:
                daily = max(_ZERO, each.daily + split[Bucket.DAILY])
            estimated = estimated or (each.unsplit != 0 and each.day in period)
        return cls(monthly if month == period else _ZERO, daily, max(_ZERO, purchased), estimated)


def _split(amount: Decimal, order: Sequence[Bucket], left: Mapping[Bucket, Decimal]) -> dict[Bucket, Decimal]:
    """Divide a day's unsplit credits: each bucket in turn gives what it has, the monthly one the excess.

    A negative amount, which is a refund of an earlier day's charge, goes back to the monthly credits.
    """
    split = dict.fromkeys(Bucket, _ZERO)
    for bucket in order:
        taken = min(max(_ZERO, amount), left[bucket])
        split[bucket] = taken
        amount -= taken
    split[Bucket.MONTHLY] += amount
    return split
