"""What ledger entries cost, in one currency (production.md 2.6, 2.7, 5.1).

Without a price per credit a cost is known only where the reporter gave it. A sum of which a part isn't
known isn't known: it is absent with the reason, never too small.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from core.areas.production.model import EntryKind
from core.message import _
from core.units import Absent, Money

__all__ = ["NO_PRICE", "OTHER_CURRENCY", "Charge", "Cost", "Prices", "credit_change", "rounded"]

NO_PRICE = Absent(_("no price per credit is set"))
OTHER_CURRENCY = Absent(_("a cost was reported in another currency"))

Cost = Money | Absent
"""An amount, or why there is none."""

_CENT = Decimal("0.01")


class Charge(Protocol):
    """What a cost is reckoned from: a ledger entry, or several of one kind and currency added up."""

    @property
    def kind(self) -> EntryKind:
        """What moved the credits."""
        ...

    @property
    def credits(self) -> Decimal:
        """How many there were."""
        ...

    @property
    def cost(self) -> Money | None:
        """What they cost by the reporter's account."""
        ...


@dataclass(frozen=True, slots=True)
class Prices:
    """The currency that costs are added up in, and what a credit costs, where that is set."""

    currency: str = "USD"
    per_credit: Decimal | None = None

    def of_credits(self, count: Decimal | None) -> Cost:
        """What so many credits cost."""
        if self.per_credit is None:
            return NO_PRICE
        if count is None:
            return Absent(_("the credits aren't known"))
        return Money(count * self.per_credit, self.currency)

    def of_entry(self, entry: Charge) -> Cost:
        """What an entry adds to the cost: a debit its cost, a refund as much less, anything else nothing."""
        change = credit_change(entry)
        if not change:
            return Money(Decimal(0), self.currency)
        if entry.cost is None:
            return self.of_credits(change)
        if entry.cost.currency != self.currency:
            return OTHER_CURRENCY
        amount = abs(entry.cost.amount)
        return Money(-amount if change < 0 else amount, self.currency)

    def total(self, entries: Iterable[Charge]) -> Cost:
        """What entries cost together; nothing at all costs 0."""
        return self.sum(self.of_entry(entry) for entry in entries)

    def sum(self, costs: Iterable[Cost]) -> Cost:
        """The sum, or the first reason for which there is none."""
        amount = Decimal(0)
        for cost in costs:
            if isinstance(cost, Absent):
                return cost
            amount += cost.amount
        return Money(amount, self.currency)


def credit_change(entry: Charge) -> Decimal:
    """By how many credits an entry changes what was used: debits add, refunds take away, the rest neither."""
    match entry.kind:
        case EntryKind.DEBIT:
            return entry.credits
        case EntryKind.REFUND:
            return -entry.credits
        case _:
            return Decimal(0)


def rounded(cost: Cost) -> Cost:
    """The amount as it is displayed: two decimals, half up."""
    if isinstance(cost, Absent):
        return cost
    return Money(cost.amount.quantize(_CENT, ROUND_HALF_UP), cost.currency)
