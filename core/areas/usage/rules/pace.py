"""At which pace a plan lasts, and where the present pace leads (taara.md 8.2 and 11).

Volumes are in bytes, paces in bytes a day.
"""

from __future__ import annotations

from decimal import Decimal

from core.areas.usage.model import GIGABYTE

__all__ = [
    "allowance",
    "end_of_period",
    "is_over_pace",
    "safe_daily_budget",
]


def safe_daily_budget(balance: int | None, days_left: int | None) -> float | None:
    """The pace at which what is left lasts the whole remaining time, nothing kept back.

    On the last day all of it may go.
    """
    if balance is None or days_left is None:
        return None
    return balance / max(days_left, 1)


def is_over_pace(average: float | None, balance: int | None, days_left: int | None) -> bool | None:
    """Whether the present pace uses more than is left before the plan ends; nothing when unknown."""
    if average is None or balance is None or days_left is None:
        return None
    return average * days_left > balance


def end_of_period(average: float | None, balance: int | None, days_left: int | None) -> float | None:
    """What will be left when the plan ends, at the present pace: negative is what will be missing."""
    if average is None or balance is None or days_left is None:
        return None
    return balance - average * days_left


def allowance(balance: int | None, largest: float | None, *, home: bool, monthly: Decimal) -> int | None:
    """What the plan held when it was full, in bytes, as far as that can be told.

    Taara never says it. A home plan holds what a new `monthly` plan does (in GB, a setting); any plan at
    least the `largest` balance seen since its purchase. Nothing when no balance is known.
    """
    if balance is None and largest is None:
        return None
    seen = max(balance or 0, round(largest or 0))
    return max(int(monthly * GIGABYTE), seen) if home else seen
