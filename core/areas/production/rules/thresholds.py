"""When a share of a limit becomes a warning, and when it stops being one (production.md 4)."""

from __future__ import annotations

import enum
from decimal import Decimal

from core.message import _
from core.page import Threshold
from core.units import Severity, State

__all__ = [
    "CRITICAL_PERCENT",
    "MARKS",
    "WARNING_PERCENT",
    "Level",
    "budget_level",
    "held",
    "level",
    "percent_of",
]

WARNING_PERCENT = Decimal(80)
CRITICAL_PERCENT = Decimal(95)
_EXCEEDED_PERCENT = Decimal(100)
_REARM_GAP = Decimal(2)
"""How far below its threshold a share must fall before the level is left."""

MARKS = (
    Threshold(float(WARNING_PERCENT), _("warning"), Severity.WARNING),
    Threshold(float(CRITICAL_PERCENT), _("critical"), Severity.CRITICAL),
)
"""The thresholds as marks on a meter that goes to 100 percent."""


class Level(enum.IntEnum):
    """How much of a limit is used, in one word; a higher one is worse. Only budgets are ever EXCEEDED."""

    UNKNOWN = 0
    HEALTHY = 1
    WARNING = 2
    CRITICAL = 3
    EXCEEDED = 4

    @property
    def state(self) -> State:
        """The severity and the word shown for it."""
        return _STATES[self]


_STATES = {
    Level.UNKNOWN: State(Severity.UNKNOWN, _("unknown")),
    Level.HEALTHY: State(Severity.GOOD, _("healthy")),
    Level.WARNING: State(Severity.WARNING, _("warning")),
    Level.CRITICAL: State(Severity.CRITICAL, _("critical")),
    Level.EXCEEDED: State(Severity.CRITICAL, _("exceeded")),
}


def percent_of(used: Decimal | None, limit: Decimal | None) -> Decimal | None:
    """The unrounded percentage of `limit` that is used; nothing where either isn't known or limit is 0."""
    if used is None or not limit:
        return None
    return used * 100 / limit


def level(percent: Decimal | None) -> Level:
    """The level of an unrounded percentage: 80 is a warning, 95 critical (production.md 4)."""
    if percent is None:
        return Level.UNKNOWN
    if percent >= CRITICAL_PERCENT:
        return Level.CRITICAL
    return Level.WARNING if percent >= WARNING_PERCENT else Level.HEALTHY


def budget_level(percent: Decimal | None) -> Level:
    """The level of a budget, which is exceeded only above 100 percent (production.md 4, rule 5)."""
    if percent is not None and percent > _EXCEEDED_PERCENT:
        return Level.EXCEEDED
    return level(percent)


_FLOORS = {
    Level.WARNING: WARNING_PERCENT,
    Level.CRITICAL: CRITICAL_PERCENT,
    Level.EXCEEDED: _EXCEEDED_PERCENT,
}


def held(before: Level, percent: Decimal | None, *, of_budget: bool = False) -> Level:
    """The level after `before`: it rises at once and falls only two points below its threshold.

    So a warning clears below 78 and critical below 93; what falls further lands where it belongs. A
    percentage that isn't known leaves the level as it was.
    """
    if percent is None:
        return before
    present = budget_level(percent) if of_budget else level(percent)
    for candidate in (Level.EXCEEDED, Level.CRITICAL, Level.WARNING):
        if present < candidate <= before and percent >= _FLOORS[candidate] - _REARM_GAP:
            return candidate
    return present
