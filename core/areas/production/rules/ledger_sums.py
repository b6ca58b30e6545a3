"""What the credit ledger adds up to, day by day (production.md 2.6, 2.7).

The ledger doesn't always say which credits an entry was charged to. Such entries are kept apart here as
`unsplit` until `credits.py` divides them by the configured order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.areas.production.model import Bucket, EntryKind
from core.areas.production.rules.costs import credit_change
from core.areas.production.rules.periods import Days
from core.units import Money

__all__ = ["BURN_DAYS", "DaySums", "EntryTotal", "LedgerSums", "burn", "sum_by_day"]

BURN_DAYS = 7
"""Complete days that the mean use per day is taken over."""

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class EntryTotal:
    """The entries of one local day that are of one kind, bucket and currency, added up."""

    day: date
    kind: EntryKind
    credits: Decimal
    bucket: Bucket | None = None
    cost: Money | None = None


@dataclass(frozen=True, slots=True)
class DaySums:
    """One local day of the ledger: credits charged less those refunded, by bucket, and credits added.

    `added` are top-ups and adjustments of the purchased credits; adjustments of another bucket count
    against what was charged to it. `totals` are what the sums are made of.
    """

    day: date
    daily: Decimal = _ZERO
    monthly: Decimal = _ZERO
    purchased: Decimal = _ZERO
    unsplit: Decimal = _ZERO
    added: Decimal = _ZERO
    used: Decimal = _ZERO
    """Debits less refunds, whatever the bucket."""
    totals: tuple[EntryTotal, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerSums:
    """The days of the ledger that have entries, oldest first, from when it began."""

    days: tuple[DaySums, ...] = ()

    def used(self, first: date, end: date) -> Decimal:
        """Credits used from `first` up to, not including, `end`."""
        return sum((each.used for each in self.days if first <= each.day < end), _ZERO)

    def charges(self, days: Days) -> list[EntryTotal]:
        """What there was to pay on these days."""
        return [total for each in self.days if each.day in days for total in each.totals]


def sum_by_day(totals: Iterable[EntryTotal]) -> LedgerSums:
    """Add up the ledger by local days."""
    by_day: dict[date, list[EntryTotal]] = {}
    for total in totals:
        by_day.setdefault(total.day, []).append(total)
    return LedgerSums(tuple(_day_sums(day, by_day[day]) for day in sorted(by_day)))


def burn(sums: LedgerSums | None, today: date, days: int = BURN_DAYS) -> Decimal | None:
    """Mean credits a day over the last complete days, fewer where the ledger is younger.

    Nothing is known before the ledger has one complete day.
    """
    if sums is None or not sums.days:
        return None
    first = max(today - timedelta(days=days), sums.days[0].day)
    length = (today - first).days
    return sums.used(first, today) / length if length > 0 else None


def _day_sums(day: date, totals: Sequence[EntryTotal]) -> DaySums:
    sums: dict[str, Decimal] = {}
    for total in totals:
        for name, change in _changes(total).items():
            sums[name] = sums.get(name, _ZERO) + change
    return DaySums(day, **sums, totals=tuple(totals))


def _changes(entry: EntryTotal) -> Mapping[str, Decimal]:
    change = credit_change(entry)
    if change:
        return {"unsplit" if entry.bucket is None else entry.bucket.value: change, "used": change}
    if entry.kind is EntryKind.TOPUP:
        return {"added": entry.credits}
    if entry.kind is EntryKind.ADJUST:
        if entry.bucket is None or entry.bucket is Bucket.PURCHASED:
            return {"added": entry.credits}
        return {entry.bucket.value: -entry.credits}
    return {}  # grants are what the configured plan gives already
