"""How fast a plan is used and how long it will last (taara.md 8.2; the vectors of 8.3)."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.areas.usage.model import LimitedBy, Reading
from core.areas.usage.rules.pace import end_of_period, is_over_pace, safe_daily_budget
from core.areas.usage.rules.pairs import Consumption, Pair, PairKind, consumption, in_order, pairs
from core.message import Message, _
from core.moment import Window

__all__ = ["STALE_INTERVALS", "WINDOW", "Confidence", "Forecast", "forecast"]

WINDOW = timedelta(days=7)
"""The length of time whose use is taken for the present pace."""

STALE_INTERVALS = 2
"""A last reading older than this many polling intervals is stale."""

_LEAST_COVERED = timedelta(hours=1)
_WELL_COVERED = timedelta(days=1)
_DAY = timedelta(days=1)
_NO_DATA = _("no data")
_NOT_ENOUGH_DATA = _("not enough data")
_NO_BALANCE = _("Taara states no balance for this plan")
_LONGEST = 100 * 365
"""Days beyond which a plan is said to last for ever: no date is worth giving."""


class Confidence(enum.Enum):
    """How far an average can be trusted: `LOW` under a day of covered time."""

    LOW = "low"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is left of a plan, at which pace it goes, and what ends it.

    Volumes are in bytes, paces in bytes a day; days are counted from the last reading, `read_at`. `average`
    is over the last seven days, of which `covered` is known; `reason` says
    why there is none, or nothing follows from it. `data_days`
    is how long the data alone would last, `days_left` what comes first of that and the expiry.
    `exhaustion_at` is when the data would be gone at this pace, whether or not the plan ends before.
    `remainder` is what will be left when it ends, negative for what will be missing.
    """

    read_at: datetime | None = None
    balance: int | None = None
    expires_in_days: int | None = None
    average: float | None = None
    confidence: Confidence | None = None
    covered: timedelta = timedelta()
    data_days: float | None = None
    days_left: float | None = None
    exhaustion_at: datetime | None = None
    limited_by: LimitedBy = LimitedBy.UNKNOWN
    exhausted: bool = False
    stale: bool = False
    reason: Message | None = None
    safe_daily_budget: float | None = None
    over_pace: bool | None = None
    remainder: float | None = None
    top_ups: tuple[Pair, ...] = ()
    gaps: tuple[Window, ...] = ()

    @property
    def expires_at(self) -> datetime | None:
        """When the plan ends, up to a day early: Taara states whole days, rounded down."""
        if self.read_at is None or self.expires_in_days is None:
            return None
        return self.read_at + timedelta(days=self.expires_in_days)

    @property
    def days_short(self) -> float | None:
        """How many days before its expiry the data runs out; nothing when it lasts or isn't known."""
        if self.limited_by is not LimitedBy.DATA or self.data_days is None or self.expires_in_days is None:
            return None
        return self.expires_in_days - self.data_days


def forecast(
    readings: Sequence[Reading], now: datetime, *, interval: timedelta, window: timedelta = WINDOW
) -> Forecast:
    """The forecast of one plan from its readings, as of `now`.

    `readings` are those of the window with the last one before it, in any order; `interval` is the one
    between two polls.
    """
    ordered = [each for each in in_order(readings) if each.at <= now]
    if not ordered:
        return Forecast(reason=_NO_DATA)
    last = ordered[-1]
    stale = now - last.at > STALE_INTERVALS * interval
    stretch = Window(now - window, now)
    found = [pair for pair in pairs(ordered) if pair.after.at > stretch.start]
    used = consumption(found, stretch)
    average, reason = _average(ordered, used, stretch)
    data_days = _data_days(last.balance, average)
    days_left, limited_by = _ends(last, average, data_days)
    confidence = Confidence.LOW if used.covered < _WELL_COVERED else Confidence.NORMAL
    return Forecast(
        read_at=last.at,
        balance=last.balance,
        expires_in_days=last.expires_in_days,
        average=average,
        confidence=None if average is None else confidence,
        covered=used.covered,
        data_days=data_days,
        days_left=days_left,
        exhaustion_at=_exhaustion(last, data_days),
        limited_by=limited_by,
        exhausted=last.balance == 0,
        stale=stale,
        reason=reason,
        safe_daily_budget=safe_daily_budget(last.balance, last.expires_in_days),
        over_pace=is_over_pace(average, last.balance, last.expires_in_days),
        remainder=end_of_period(average, last.balance, last.expires_in_days),
        top_ups=tuple(pair for pair in found if pair.kind is PairKind.TOP_UP),
        gaps=tuple(Window(pair.before.at, pair.after.at) for pair in found if pair.is_gap(interval)),
    )


def _average(
    ordered: Sequence[Reading], used: Consumption, stretch: Window
) -> tuple[float | None, Message | None]:
    """Bytes a day over the covered time, and why that or what follows from it can't be told."""
    if used.covered >= _LEAST_COVERED:
        return used.used / (used.covered / _DAY), _NO_BALANCE if ordered[-1].balance is None else None
    if all(each.balance is None for each in ordered):
        return None, _NO_BALANCE
    if ordered[-1].at <= stretch.start:
        return None, _("no reading in the last {days} days", days=stretch.length.days)
    return None, _NOT_ENOUGH_DATA


def _data_days(balance: int | None, average: float | None) -> float | None:
    """How long the data lasts by itself; nothing when that is unknown or without end."""
    if balance == 0:
        return 0.0
    if balance is None or not average:
        return None
    return balance / average


def _ends(last: Reading, average: float | None, data_days: float | None) -> tuple[float | None, LimitedBy]:
    """In how many days the plan ends, and by what."""
    if data_days == 0.0:
        return 0.0, LimitedBy.DATA
    expiry = last.expires_in_days
    if last.balance is None or average is None or (expiry is None and data_days is None):
        return None, LimitedBy.UNKNOWN
    if data_days is None or (expiry is not None and expiry <= data_days):
        return (None if expiry is None else float(expiry)), LimitedBy.EXPIRY
    return data_days, LimitedBy.DATA


def _exhaustion(last: Reading, data_days: float | None) -> datetime | None:
    if data_days is None or data_days > _LONGEST:
        return None
    return last.at + timedelta(days=data_days)
