"""When the error budget is spent so fast that somebody must know (operations.md 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from core.message import Message, _
from core.units import Severity

__all__ = ["BURN_ALERTS", "BurnAlert", "burning"]


@dataclass(frozen=True, slots=True)
class BurnAlert:
    """A rate of spending that alarms when both a long and a short window show it.

    The long window keeps a blip from alarming, the short one ends the alarm soon after the trouble does.
    """

    name: str
    rate: float
    long: timedelta
    short: timedelta
    severity: Severity
    title: Message


BURN_ALERTS = (
    BurnAlert(
        "fast",
        14.4,
        timedelta(hours=1),
        timedelta(minutes=5),
        Severity.CRITICAL,
        _("The error budget of 30 days would be spent in two days"),
    ),
    BurnAlert(
        "medium",
        6.0,
        timedelta(hours=6),
        timedelta(minutes=30),
        Severity.SERIOUS,
        _("The error budget of 30 days would be spent in five days"),
    ),
    BurnAlert(
        "slow",
        1.0,
        timedelta(days=3),
        timedelta(hours=6),
        Severity.WARNING,
        _("The error budget is spent faster than it comes back"),
    ),
)
"""The three alarms: two that page somebody, one that is worth a ticket."""


def burning(alert: BurnAlert, long: float | None, short: float | None) -> bool | None:
    """Whether both windows reach the alert's rate; nothing where one of them wasn't measured."""
    if long is None or short is None:
        return None
    return long >= alert.rate and short >= alert.rate
