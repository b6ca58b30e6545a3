"""Two readings of one plan in a row, and what happened between them (taara.md 8.2)."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.areas.usage.model import Reading
from core.moment import Window

__all__ = [
    "EXACT_TOLERANCE",
    "GAP_INTERVALS",
    "TEXT_TOLERANCE",
    "Consumption",
    "Ending",
    "Pair",
    "PairKind",
    "classify",
    "consumption",
    "ending",
    "in_order",
    "pairs",
    "tolerance",
]

TEXT_TOLERANCE = 100_000_000
"""Bytes by which a balance read from its text may rise without being a top-up: one step of its decimal."""

EXACT_TOLERANCE = 10_000_000
"""The same for exact balances: Taara may correct its count, but nobody buys ten megabytes."""

GAP_INTERVALS = 3
"""A pair longer than this many polling intervals spans a gap: its total is right, its shape unknown."""


class PairKind(enum.Enum):
    """What happened between two readings."""

    CONSUMPTION = "consumption"
    TOP_UP = "top-up"
    RENEWAL = "renewal"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two readings in a row.

    `consumed` is what was used between them, in bytes, known for consumption alone. `topped_up` is what a
    top-up added at least: whatever was used meanwhile hides in it.
    """

    before: Reading
    after: Reading
    kind: PairKind
    consumed: int | None = None
    topped_up: int | None = None

    @property
    def length(self) -> timedelta:
        return self.after.at - self.before.at

    def is_gap(self, interval: timedelta) -> bool:
        """Whether readings are missing between the two, at this polling interval."""
        return self.length > GAP_INTERVALS * interval


@dataclass(frozen=True, slots=True)
class Consumption:
    """What was used, in bytes, and the length of time for which that is known."""

    used: float
    covered: timedelta


class Ending(enum.Enum):
    """Why a plan is no longer listed."""

    USED_UP = "used up"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


def classify(before: Reading, after: Reading) -> Pair:
    """What happened from one reading to the next of the same plan.

    To lose no consumption, `before` should be the newest reading whose balance is known.
    """
    if _renewed(before, after):
        return Pair(before, after, PairKind.RENEWAL)
    if before.balance is None or after.balance is None:
        return Pair(before, after, PairKind.UNKNOWN)
    fall = before.balance - after.balance
    if -fall > tolerance(before, after):
        return Pair(before, after, PairKind.TOP_UP, topped_up=-fall)
    return Pair(before, after, PairKind.CONSUMPTION, consumed=max(fall, 0))


def tolerance(before: Reading, after: Reading) -> int:
    """How far, in bytes, the balance may rise between the two without meaning anything."""
    return EXACT_TOLERANCE if before.exact and after.exact else TEXT_TOLERANCE


def pairs(readings: Iterable[Reading]) -> list[Pair]:
    """Every pair of neighbours, in order of time.

    Readings without a balance are passed over: what was used meanwhile is in the next one that has it. A
    rise within the tolerance is noise, so the next fall counts from the lower figure and nothing is counted
    twice.
    """
    found: list[Pair] = []
    before: Reading | None = None
    for reading in in_order(readings):
        if reading.balance is None:
            continue
        after = reading
        if before is not None and before.balance is not None:
            pair = classify(before, reading)
            found.append(pair)
            if pair.kind is PairKind.CONSUMPTION and reading.balance > before.balance:
                after = replace(reading, balance=before.balance)
        before = after
    return found


def in_order(readings: Iterable[Reading]) -> list[Reading]:
    """The readings by time; of those at the same time the last one given."""
    return [each for _at, each in sorted({each.at: each for each in readings}.items())]


def consumption(found: Sequence[Pair], window: Window) -> Consumption:
    """What was used within `window`; a pair that only partly lies in it counts pro rata.

    Top-ups, renewals and unknown pairs leave both the use and the time covered.
    """
    used, covered = 0.0, timedelta()
    for pair in found:
        if pair.consumed is None:
            continue
        length = pair.length
        if pair.before.at >= window.start and pair.after.at <= window.end:
            used += pair.consumed
            covered += length
        else:
            inside = _overlap(pair, window)
            used += pair.consumed * (inside / length)
            covered += inside
    return Consumption(used, covered)


def ending(last: Reading, gone_at: datetime) -> Ending:
    """Why a plan that was last read as `last` is no longer listed at `gone_at`."""
    if last.balance is not None and last.balance <= EXACT_TOLERANCE:
        return Ending.USED_UP
    if last.expires_in_days is None:
        return Ending.UNKNOWN
    # The day count is rounded down: the true end lies up to a day later than it says.
    expired = gone_at >= last.at + timedelta(days=last.expires_in_days)
    return Ending.EXPIRED if expired else Ending.UNKNOWN


def _renewed(before: Reading, after: Reading) -> bool:
    if before.purchase_id and after.purchase_id and before.purchase_id != after.purchase_id:
        return True
    if before.expires_in_days is None or after.expires_in_days is None:
        return False
    return after.at > before.at and after.expires_in_days > before.expires_in_days


def _overlap(pair: Pair, window: Window) -> timedelta:
    start, end = max(pair.before.at, window.start), min(pair.after.at, window.end)
    return max(end - start, timedelta())
