"""Typed values: a number knows what it measures, and a value may be absent with a reason.

Nothing here formats; renderers do. An absent value is shown as "n/a" with its reason, never as 0.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from core.message import Message, _

__all__ = [
    "Absent",
    "Instant",
    "Money",
    "Quantity",
    "Severity",
    "Share",
    "Span",
    "State",
    "Unit",
    "Value",
    "quantity",
]


class Unit(enum.Enum):
    """What a quantity is counted in; the value is its symbol."""

    MEGABIT_PER_SECOND = "Mbps"
    MEGABYTE = "MB"
    BYTE = "B"
    GIGABYTE = "GB"
    GIGABYTE_PER_DAY = "GB/day"
    MILLISECOND = "ms"
    SECOND = "s"
    MINUTE = "min"
    HOUR = "h"
    DAY = "days"
    CREDIT = "credits"
    CREDIT_PER_DAY = "credits/day"
    DECIBEL_MILLIWATT = "dBm"
    PERCENT = "%"
    COUNT = ""
    SCORE = "/5"


class Severity(enum.IntEnum):
    """How bad a state is, from nothing to worst. UNKNOWN outranks GOOD: what isn't known may be bad."""

    IDLE = 0
    GOOD = 1
    UNKNOWN = 2
    NOTICE = 3
    WARNING = 4
    SERIOUS = 5
    CRITICAL = 6

    @property
    def glyph(self) -> str:
        """The mark drawn beside the word; single-cell in every terminal."""
        return _GLYPHS[self]

    @property
    def word(self) -> Message:
        """The plain word for it, where no better one is at hand."""
        return _WORDS[self]


_GLYPHS = {
    Severity.IDLE: "○",
    Severity.GOOD: "●",
    Severity.UNKNOWN: "?",
    Severity.NOTICE: "◆",
    Severity.WARNING: "▲",
    Severity.SERIOUS: "▼",
    Severity.CRITICAL: "■",
}


_WORDS = {
    Severity.IDLE: _("quiet"),
    Severity.GOOD: _("good"),
    Severity.UNKNOWN: _("unknown"),
    Severity.NOTICE: _("notice"),
    Severity.WARNING: _("warning"),
    Severity.SERIOUS: _("serious"),
    Severity.CRITICAL: _("critical"),
}


@dataclass(frozen=True, slots=True)
class Absent:
    """A value that isn't there, and why."""

    reason: Message


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. `digits` is how many decimals mean something."""

    value: float
    unit: Unit = Unit.COUNT
    digits: int = 1


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency, by its ISO 4217 code."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment, shown in the person's zone. `relative` asks for its age instead ("12 s ago").

    One that is `dated` is shown with its day even on that day: it is read on others, too.
    """

    moment: datetime
    relative: bool = False
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time."""

    length: timedelta


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, 0 to 1, shown as a percentage with `digits` decimals."""

    value: float
    digits: int = 1


@dataclass(frozen=True, slots=True)
class State:
    """How something is: a severity (glyph and colour) and the word for it."""

    severity: Severity
    word: Message | str


Value = Absent | Quantity | Money | Instant | Span | Share | State | Message | str | int
"""What a page may show. Plain `str` is foreign text that has passed `core.text`."""


def quantity(
    value: float | None, unit: Unit = Unit.COUNT, digits: int = 1, *, missing: Message | None = None
) -> Quantity | Absent:
    """The number with its unit, or its absence with the reason `missing`."""
    if value is None:
        return Absent(missing or _("not reported"))
    return Quantity(value, unit, digits)
