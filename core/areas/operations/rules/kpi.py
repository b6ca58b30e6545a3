"""Key figures against their targets: met, missed, or no data, and how they moved (operations.md 8)."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.message import Message, _
from core.moment import Window
from core.units import Absent, Quantity, Severity, Span, State, Unit, Value

__all__ = [
    "Goal",
    "Kind",
    "Kpi",
    "KpiStanding",
    "Measured",
    "Target",
    "Trend",
    "compared",
    "judged",
    "percent",
    "value_of",
]


class KpiStanding(enum.Enum):
    """What became of a target."""

    MET = "met"
    MISSED = "missed"
    NO_DATA = "no data"
    NO_TARGET = "no target"

    @property
    def state(self) -> State:
        """The standing with its colour and word."""
        return _STANDINGS[self]


_STANDINGS = {
    KpiStanding.MET: State(Severity.GOOD, _("met")),
    KpiStanding.MISSED: State(Severity.WARNING, _("missed")),
    KpiStanding.NO_DATA: State(Severity.UNKNOWN, _("no data")),
    KpiStanding.NO_TARGET: State(Severity.IDLE, _("no target")),
}


class Trend(enum.Enum):
    """How a figure moved against the window before."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"

    @property
    def word(self) -> Message:
        """The word for it, with an arrow's direction where there is one."""
        return _TRENDS[self]


_TRENDS = {
    Trend.BETTER: _("better"),
    Trend.WORSE: _("worse"),
    Trend.SAME: _("the same"),
    Trend.UP: _("up"),
    Trend.DOWN: _("down"),
    Trend.UNKNOWN: _("nothing to compare with"),
}


class Kind(enum.Enum):
    """What a figure is, and so how it is written."""

    PERCENT = "percent"
    MINUTES = "minutes"
    MILLISECONDS = "milliseconds"
    COUNT = "count"
    RATE = "rate"
    STARS = "stars"
    DURATION = "duration"


class Goal(enum.Enum):
    """On which side of its limit a figure should be."""

    AT_LEAST = "at least"
    AT_MOST = "at most"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Target:
    """A limit, in the unit of its figure, and the side to be on."""

    goal: Goal
    limit: float

    def met_by(self, value: float) -> bool:
        """Whether the value is on the right side."""
        match self.goal:
            case Goal.AT_LEAST:
                return value >= self.limit
            case Goal.AT_MOST:
                return value <= self.limit
            case Goal.ABOVE:
                return value > self.limit
            case Goal.BELOW:
                return value < self.limit

    @property
    def upwards(self) -> bool:
        """Whether more is better."""
        return self.goal in (Goal.AT_LEAST, Goal.ABOVE)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a figure came to in a window and in the one before, of how many cases, or why it is absent."""

    value: float | None = None
    before: float | None = None
    n: int | None = None
    missing: Message | None = None


@dataclass(frozen=True, slots=True)
class Kpi:
    """A key figure with everything a reader needs to judge it."""

    key: str
    name: Message
    window: timedelta | None
    kind: Kind
    measured: Measured
    target: Target | None = None
    digits: int = 1

    @property
    def standing(self) -> KpiStanding:
        """What became of the target."""
        if self.measured.value is None:
            return KpiStanding.NO_DATA
        if self.target is None:
            return KpiStanding.NO_TARGET
        return KpiStanding.MET if self.target.met_by(self.measured.value) else KpiStanding.MISSED

    @property
    def trend(self) -> Trend:
        """How it moved; without a target there is no better or worse, only up and down."""
        now, before = self.measured.value, self.measured.before
        if now is None or before is None:
            return Trend.UNKNOWN
        if round(now - before, self.digits) == 0:
            return Trend.SAME
        rose = now > before
        if self.target is None:
            return Trend.UP if rose else Trend.DOWN
        return Trend.BETTER if rose is self.target.upwards else Trend.WORSE

    @property
    def value(self) -> Value:
        """The figure as a page shows it, or why there is none."""
        return value_of(self.measured.value, self.kind, self.digits, self.measured.missing)


def compared(
    at: datetime,
    length: timedelta,
    measure: Callable[[Window], tuple[float | None, int]],
    missing: Message,
) -> Measured:
    """What `measure` finds (value, cases) in the `length` before `at`, and in the window before that one."""
    present, count = measure(Window.last(length, at))
    before, _count = measure(Window.last(length, at - length))
    return Measured(present, before, count, missing)


def percent(part: int, whole: int) -> tuple[float | None, int]:
    """The part in percent, and of how many; nothing of nothing."""
    return (part / whole * 100 if whole else None), whole


def judged(kpis: tuple[Kpi, ...]) -> State:
    """The verdict over many: whether any target was missed, and whether anything is known at all."""
    found = [kpi.standing for kpi in kpis]
    if KpiStanding.MISSED in found:
        return State(Severity.WARNING, _("TARGETS MISSED"))
    if KpiStanding.MET in found:
        return State(Severity.GOOD, _("TARGETS MET"))
    return State(Severity.UNKNOWN, _("NO DATA"))


def value_of(value: float | None, kind: Kind, digits: int, missing: Message | None = None) -> Value:
    """A figure of some kind, as a page shows it."""
    if value is None:
        return Absent(missing or _("nothing was measured in this window"))
    match kind:
        case Kind.PERCENT:
            return Quantity(value, Unit.PERCENT, digits)
        case Kind.MINUTES:
            return Quantity(value, Unit.MINUTE, digits)
        case Kind.MILLISECONDS:
            return Quantity(value, Unit.MILLISECOND, digits)
        case Kind.STARS:
            return Quantity(value, Unit.SCORE, digits)
        case Kind.RATE:
            return Quantity(value, Unit.COUNT, 2)
        case Kind.COUNT:
            return Quantity(value, Unit.COUNT, 0)
        case Kind.DURATION:
            return Span(timedelta(seconds=value))
