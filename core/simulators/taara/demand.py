"""How much data an account's people want: the burn model, a pure function of key and time.

A day has its own level, its hours a rhythm, and now and then somebody downloads something large. Days are
those of East Africa, three hours ahead of UTC all year.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from core.simulators.noise import chance, daily_words, spread
from core.simulators.taara.world import DAY, GIGABYTE

__all__ = ["RHYTHMS", "Burst", "Demand", "Habits", "Pace"]

_OFFSET = 3 * 3_600
_SLOT = 900
_SLOTS = DAY // _SLOT
_WORDS = 65_536  # The noise of a day comes as numbers below this.
_WEEKDAY_OF_EPOCH = 3  # 1 January 1970 was a Thursday, and weeks here begin on Monday.

RHYTHMS: MappingProxyType[str, tuple[tuple[float, float, float], ...]] = MappingProxyType(
    {
        "office": ((10.5, 2.5, 1.0), (15.0, 2.5, 0.9), (20.0, 2.0, 0.25)),
        "household": ((20.5, 2.8, 1.0), (13.0, 2.5, 0.5), (7.5, 1.5, 0.4)),
    }
)
"""A day as bumps of (local hour, width in hours, height), over a small floor."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What is wanted on an average day, in GB, on the local days that begin at `since` (epoch s) or later."""

    since: int
    gigabytes: float


@dataclass(frozen=True, slots=True)
class Burst:
    """`amount` bytes more than usual, evenly over `seconds` from `start` (epoch s)."""

    start: int
    seconds: int
    amount: int

    def by(self, moment: int) -> int:
        """The bytes of it that have come by `moment`."""
        return self.amount * min(max(moment - self.start, 0), self.seconds) // self.seconds


@dataclass(frozen=True, slots=True)
class Habits:
    """How an account uses its line.

    `paces` are in the order of time; before the first nothing is wanted. A day is up to the share
    `variance` above or below its pace, a day of the weekend `weekend` times a working day, and with
    `burst_chance` it has a burst of 2 to 5 GB of its own. `bursts` come on top.
    """

    key: str
    paces: tuple[Pace, ...]
    rhythm: str = "household"
    weekend: float = 1.0
    variance: float = 0.12
    burst_chance: float = 0.06
    bursts: tuple[Burst, ...] = ()


@dataclass(frozen=True, slots=True)
class _Day:
    """A local day: what was wanted before it and by each of its quarters of an hour, and its own bursts."""

    number: int
    before: int
    sums: list[int]
    bursts: tuple[Burst, ...]


class Demand:
    """The bytes wanted since the first pace began; safe to ask from several threads."""

    def __init__(self, habits: Habits) -> None:
        self._habits = habits
        self._first = _day_of(habits.paces[0].since)
        self._sums = [0]
        self._lock = threading.Lock()
        self._today = _Day(self._first - 1, 0, [], ())

    def by(self, moment: int) -> int:
        """How many bytes were wanted up to `moment` (epoch s): a whole number that never falls."""
        day, into = divmod(moment + _OFFSET, DAY)
        if day < self._first:
            return 0
        today = self._today
        if today.number != day:
            today = _Day(
                day, self._before(day), _slot_sums(self._habits, day), _own_bursts(self._habits, day)
            )
            self._today = today
        slot, rest = divmod(into, _SLOT)
        usual = today.sums[slot] + (today.sums[slot + 1] - today.sums[slot]) * rest // _SLOT
        return today.before + usual + sum(burst.by(moment) for burst in (*today.bursts, *self._habits.bursts))

    def _before(self, day: int) -> int:
        """What all days before `day` wanted, without the habits' extra bursts."""
        with self._lock:
            while len(self._sums) <= day - self._first:
                last = self._first + len(self._sums) - 1
                own = sum(burst.amount for burst in _own_bursts(self._habits, last))
                self._sums.append(self._sums[-1] + _day_total(self._habits, last) + own)
            return self._sums[day - self._first]


def _day_of(moment: int) -> int:
    """The first local day, counted from 1970, that begins at `moment` or later."""
    return -(-(moment + _OFFSET) // DAY)


def _day_total(habits: Habits, day: int) -> int:
    """The bytes a local day wants, without bursts."""
    pace = next(row.gigabytes for row in reversed(habits.paces) if _day_of(row.since) <= day)
    working_day = 7 / (5 + 2 * habits.weekend)
    level = working_day * (habits.weekend if (day + _WEEKDAY_OF_EPOCH) % 7 > 4 else 1.0)
    level *= spread(1 - habits.variance, 1 + habits.variance, habits.key, day, "level")
    return int(pace * level * GIGABYTE)


def _slot_sums(habits: Habits, day: int) -> list[int]:
    """The bytes wanted by the beginning of each quarter of an hour of a day, and by its end."""
    weights = [
        share * (0.6 + 0.8 * word / _WORDS)
        for share, word in zip(_shares(habits.rhythm), daily_words(_SLOTS, habits.key, day), strict=True)
    ]
    total, scale = _day_total(habits, day), sum(weights)
    sums, weight = [0], 0.0
    for each in weights[:-1]:
        weight += each
        sums.append(int(total * weight / scale))
    return [*sums, total]


def _own_bursts(habits: Habits, day: int) -> tuple[Burst, ...]:
    """The burst that chance gives a local day, if any; it ends with the day at the latest."""
    if chance(habits.key, day, "burst") >= habits.burst_chance:
        return ()
    start = day * DAY - _OFFSET + int(spread(9, 22, habits.key, day, "hour") * 3_600)
    amount = int(spread(2, 5, habits.key, day, "amount") * GIGABYTE)
    return (Burst(start, 40 * 60, amount),)


@cache
def _shares(rhythm: str) -> tuple[float, ...]:
    return tuple(_bump_sum(rhythm, slot / 4) for slot in range(_SLOTS))


def _bump_sum(rhythm: str, hour: float) -> float:
    total = 0.06
    for centre, width, height in RHYTHMS[rhythm]:
        apart = min(abs(hour - centre), 24 - abs(hour - centre))
        total += height * math.exp(-((apart / width) ** 2))
    return total
