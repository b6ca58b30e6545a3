"""The counter of one plan's use: how each further reading moves it, and what that adds to the series.

Pure. A counter only grows: consumption adds to it, every other kind of pair leaves it where it is. So the
use within any stretch of time is the difference of the counter at its ends (taara.md 8.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from core.areas.usage.model import Reading
from core.areas.usage.rules.pairs import Pair, PairKind, in_order, pairs
from core.moment import to_epoch

__all__ = ["Advance", "Meter", "Samples", "advance", "shifted"]

Samples = tuple[tuple[int, float | None], ...]


@dataclass(frozen=True, slots=True)
class Meter:
    """Where a counter stands: the last reading with a balance, and the bytes used until then.

    `last` has the balance from which the next fall counts, which a rise that means nothing didn't raise.
    """

    last: Reading
    consumed: int = 0


@dataclass(frozen=True, slots=True)
class Advance:
    """What readings did to a counter, and the samples they make, each at the time of its reading."""

    meter: Meter | None
    balance: Samples = ()
    consumed: Samples = ()
    gap: Samples = ()


def advance(meter: Meter | None, readings: Sequence[Reading], interval: timedelta) -> Advance:
    """Let a counter take further readings, all later than its last one; without a counter a new one begins.

    A pair longer than three times `interval`, or one that is no consumption, leaves its length in `gap`.
    """
    ordered = in_order(readings)
    known = [each for each in ordered if each.balance is not None]
    balance = tuple((to_epoch(each.at), _number(each.balance)) for each in ordered)
    if not known:
        return Advance(meter, balance)
    consumed: list[tuple[int, float | None]] = []
    if meter is None:
        meter, known = Meter(known[0]), known[1:]
        consumed.append((to_epoch(meter.last.at), 0.0))
    found = pairs([meter.last, *known])
    total, gaps = meter.consumed, list[tuple[int, float | None]]()
    for pair in found:
        total += pair.consumed or 0
        at = to_epoch(pair.after.at)
        consumed.append((at, float(total)))
        if pair.kind is not PairKind.CONSUMPTION or pair.is_gap(interval):
            gaps.append((at, pair.length.total_seconds()))
    last = _counted_from(found[-1]) if found else meter.last
    return Advance(Meter(last, total), balance, tuple(consumed), tuple(gaps))


def shifted(consumed: Iterable[tuple[int, float | None]], by: float) -> Samples:
    """The samples of a counter with `by` added to each."""
    return tuple((time, None if value is None else value + by) for time, value in consumed)


def _counted_from(pair: Pair) -> Reading:
    """The pair's later reading with the balance from which the next fall counts."""
    before, after = pair.before.balance, pair.after.balance
    if pair.kind is PairKind.CONSUMPTION and before is not None and after is not None:
        return replace(pair.after, balance=min(before, after))
    return pair.after


def _number(balance: int | None) -> float | None:
    return None if balance is None else float(balance)
