"""The books: every movement of credits up to a moment, and the sums over them (production.md 2.6, 2.7)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import attrgetter

from core.simulators.production.calendar import billing_period, day_bounds, instant, local_date
from core.simulators.production.records import LedgerEntry, Money
from core.simulators.production.scripts import Attempt, Company, JobScript
from core.simulators.production.timelines import JobTimeline

__all__ = ["Credits", "Ledger", "level"]

_REFUND_DELAY = timedelta(minutes=2)
_at = attrgetter("at")


@dataclass(frozen=True, slots=True)
class Credits:
    """The credits at a moment, with the fields of production.md 2.6."""

    plan: str
    monthly_allowance: int
    monthly_used: int
    monthly_remaining: int
    monthly_overage: int
    daily_bonus: int
    daily_used: int
    daily_remaining: int
    purchased: int
    total_available: int
    balance_live: int
    drift: int
    usage_percent: float | None
    status: str
    burn_7d: float
    runway_days: float | None
    period_start: datetime
    period_end: datetime
    daily_resets_at: datetime
    split: str = "estimated"


class Ledger:
    """All entries that the timelines lead to, oldest first; those of a later moment are still to come."""

    def __init__(self, company: Company, timelines: Sequence[JobTimeline], until: datetime) -> None:
        self._company = company
        entries = [entry for timeline in timelines for entry in _of_job(company, timeline)]
        entries.extend(_grants(company, until))
        self.entries = sorted(entries, key=lambda entry: (entry.at, entry.id))

    def between(self, start: datetime, end: datetime) -> list[LedgerEntry]:
        """The entries of [start, end), oldest first."""
        first = bisect_left(self.entries, start, key=_at)
        return self.entries[first : bisect_left(self.entries, end, key=_at)]

    def used(self, start: datetime, end: datetime, bucket: str | None = None) -> int:
        """Debits less refunds of [start, end], in one bucket or in all."""
        first = bisect_left(self.entries, start, key=_at)
        signs = {"debit": 1, "refund": -1}
        return sum(
            signs.get(entry.kind, 0) * entry.credits
            for entry in self.entries[first : bisect_right(self.entries, end, key=_at)]
            if bucket is None or entry.bucket == bucket
        )

    def cost(self, start: datetime, end: datetime) -> Decimal:
        """What all entries of [start, end] cost together."""
        first = bisect_left(self.entries, start, key=_at)
        rows = self.entries[first : bisect_right(self.entries, end, key=_at)]
        return sum((entry.cost.amount for entry in rows if entry.cost is not None), Decimal(0))

    def burn(self, now: datetime) -> float:
        """The mean credits per day of the last seven complete days."""
        today = local_date(now, self._company.zone)
        first = instant(today - timedelta(days=7), 0, self._company.zone)
        return self.used(first, _last_of(today - timedelta(days=1), self._company)) / 7

    def burn_cost(self, now: datetime) -> Decimal:
        """The mean cost per day of the same days."""
        today = local_date(now, self._company.zone)
        first = instant(today - timedelta(days=7), 0, self._company.zone)
        return self.cost(first, _last_of(today - timedelta(days=1), self._company)) / 7

    def credits(self, now: datetime, provider_surplus: int = 0) -> Credits:
        """The credits at `now`; the provider's figure differs from the books by `provider_surplus`."""
        company, terms = self._company, self._company.terms
        today = local_date(now, company.zone)
        first, after = billing_period(today, terms.billing_day)
        start, end = instant(first, 0, company.zone), instant(after, 0, company.zone)
        midnight, next_midnight = day_bounds(today, company.zone)
        monthly = self.used(start, now, "monthly")
        daily = self.used(midnight, now, "daily")
        purchased = terms.purchased - self.used(company.begins, now, "purchased")
        monthly_left, daily_left = (
            max(0, terms.monthly_allowance - monthly),
            max(0, terms.daily_bonus - daily),
        )
        available = monthly_left + daily_left + purchased
        percent = monthly / terms.monthly_allowance * 100 if terms.monthly_allowance else None
        burn = self.burn(now)
        return Credits(
            plan=terms.plan,
            monthly_allowance=terms.monthly_allowance,
            monthly_used=monthly,
            monthly_remaining=monthly_left,
            monthly_overage=max(0, monthly - terms.monthly_allowance),
            daily_bonus=terms.daily_bonus,
            daily_used=daily,
            daily_remaining=daily_left,
            purchased=purchased,
            total_available=available,
            balance_live=available + provider_surplus,
            drift=provider_surplus,
            usage_percent=percent,
            status=level(percent),
            burn_7d=round(burn, 2),
            runway_days=round((available + provider_surplus) / burn, 1) if burn > 0 else None,
            period_start=start,
            period_end=end,
            daily_resets_at=next_midnight,
        )


def level(percent: float | None) -> str:
    """The word for a share that is used (production.md 4), from the unrounded figure."""
    if percent is None:
        return "unknown"
    if percent >= 95:
        return "critical"
    return "warning" if percent >= 80 else "healthy"


def _of_job(company: Company, timeline: JobTimeline) -> Iterator[LedgerEntry]:
    """A debit as each task ends, and the refund of the tasks that are given back."""
    script = timeline.script
    ends = [step.at for step in timeline.steps if step.status in {"queued", "completed", "failed"}][1:]
    for attempt, at in zip(script.attempts, ends, strict=False):
        if attempt.coins:
            yield _entry(company, script, attempt, at, "debit")
            if attempt.refunded:
                yield _entry(company, script, attempt, at + _REFUND_DELAY, "refund")


def _entry(company: Company, script: JobScript, attempt: Attempt, at: datetime, kind: str) -> LedgerEntry:
    terms = company.terms
    amount = attempt.coins * terms.price * (1 if kind == "debit" else -1)
    return LedgerEntry(
        id=f"led_{attempt.task_id[:12]}_{kind}",
        at=at,
        job_id=script.id,
        kind=kind,
        bucket=attempt.bucket,
        credits=attempt.coins,
        cost=Money(amount, terms.currency),
        provider_task_id=attempt.task_id,
        note="" if attempt.failure is None else attempt.failure.code,
    )


def _grants(company: Company, until: datetime) -> Iterator[LedgerEntry]:
    """What the plan gives each day and each month, from the start of the books on."""
    day: date = local_date(company.begins, company.zone) + timedelta(days=1)
    while (at := instant(day, 0, company.zone)) <= until:
        if company.terms.daily_bonus:
            yield _grant(f"led_bonus_{day:%Y%m%d}", at, "daily", company.terms.daily_bonus)
        if day.day == company.terms.billing_day and company.terms.monthly_allowance:
            yield _grant(f"led_month_{day:%Y%m%d}", at, "monthly", company.terms.monthly_allowance)
        day += timedelta(days=1)


def _grant(entry_id: str, at: datetime, bucket: str, amount: int) -> LedgerEntry:
    return LedgerEntry(entry_id, at, None, f"grant_{bucket}", bucket, amount, None, None, "plan")


def _last_of(day: date, company: Company) -> datetime:
    return day_bounds(day, company.zone)[1] - timedelta(microseconds=1)
