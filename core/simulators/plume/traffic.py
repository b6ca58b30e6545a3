"""WAN traffic: what one line carried in each 15-minute slot, as a pure function of time.

Every slot keeps the invariant of plume.md 4.7: megabytes <= highest rate x 112.5.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from operator import itemgetter
from types import MappingProxyType
from zoneinfo import ZoneInfo

from core.simulators.noise import chance, daily_words
from core.simulators.plume.stamps import DAY, SLOT

__all__ = ["MEGABYTES_PER_MBPS", "RHYTHMS", "Line", "WanProfile", "WanSlot", "wan_slots"]

WanSlot = tuple[int, float | None, float | None, float | None, float | None]
"""Slot start (epoch s), rx MB, tx MB, highest rx Mbps, highest tx Mbps; rx is download."""

MEGABYTES_PER_MBPS = SLOT / 8
"""Megabytes that one Mbit/s, held for a whole slot, moves."""

_WORDS = 65_536  # The noise of a day comes as numbers below this.
_SLOTS_IN_DAY = DAY // SLOT
_SLOTS_IN_WEEK = 7 * _SLOTS_IN_DAY
_WEEKDAY_OF_EPOCH = 3  # 1 January 1970 was a Thursday, and weeks here begin on Monday.


@dataclass(frozen=True, slots=True)
class Line:
    """What the provider sold, in Mbit/s each way."""

    down: float
    up: float


@dataclass(frozen=True, slots=True)
class WanProfile:
    """How one site uses its line.

    `busy_down` and `busy_up` are mean rates (Mbit/s) of a busy quarter of an hour on `origin_day` (days
    since 1970); a year before or after they are lower or higher by the share `growth`. A `*_runs` number
    is the chance that a day before `origin_day` has one such run of missing slots (none later, so that a
    running story is never lost in a gap); with `*_every` = n each n-th slot is hit.
    """

    key: str
    zone: str
    line: Line
    busy_down: float
    busy_up: float
    origin_day: int
    rhythm: str = "office"
    growth: float = 0.2
    null_runs: float = 0.0
    absent_runs: float = 0.0
    null_every: int = 0
    partial_every: int = 0
    absent_every: int = 0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A day as bumps of (hour, width in hours, height), over a floor, with a share left at the weekend."""

    bumps: tuple[tuple[float, float, float], ...]
    floor: float
    weekend: float


RHYTHMS: MappingProxyType[str, Rhythm] = MappingProxyType(
    {
        "office": Rhythm(((10.5, 2.2, 0.95), (15.0, 2.0, 0.9)), 0.05, 0.3),
        "market": Rhythm(((6.5, 1.8, 1.0), (12.0, 2.5, 0.5)), 0.07, 0.85),
        "lodging": Rhythm(((20.5, 2.4, 1.0), (7.5, 1.5, 0.45)), 0.12, 1.1),
        "terminal": Rhythm(((8.0, 2.0, 0.8), (13.0, 3.0, 0.6), (18.0, 2.0, 0.85)), 0.1, 0.95),
        "plant": Rhythm(((12.0, 6.0, 0.6),), 0.35, 0.8),
    }
)


def wan_slots(profile: WanProfile, start: int, end: int, dead: frozenset[int] = frozenset()) -> list[WanSlot]:
    """The slots that begin in [start, end), oldest first; those in `dead` carry no numbers."""
    rows: list[WanSlot] = []
    zone = ZoneInfo(profile.zone)
    for day in range(start // DAY, -(-end // DAY)):
        rows += _day(profile, day, zone)
    begin = bisect_left(rows, start, key=itemgetter(0))
    finish = bisect_left(rows, end, key=itemgetter(0))
    rows = rows[begin:finish]
    if dead:
        rows = [(row[0], None, None, None, None) if row[0] in dead else row for row in rows]
    return rows


def _day(profile: WanProfile, day: int, zone: ZoneInfo) -> list[WanSlot]:
    """All slots of one UTC day, before any outage."""
    down, up = profile.line.down, profile.line.up
    most_down, most_up = 0.88 * down, 0.88 * up
    grown = max(0.2, 1 + profile.growth * (day - profile.origin_day) / 365)
    level = grown * (0.92 + 0.16 * chance(profile.key, day, "level")) / _WORDS
    busy_down, busy_up = profile.busy_down * level, profile.busy_up * level
    jump_down, jump_up = 1.25 / _WORDS**3, 1.25 / _WORDS**2
    words = daily_words(4 * _SLOTS_IN_DAY, profile.key, day)
    rows: list[WanSlot] = []
    for start, share, first, second, third, fourth in zip(
        range(day * DAY, (day + 1) * DAY, SLOT),
        _shares(profile.rhythm, day, zone),
        words[:96],
        words[96:192],
        words[192:288],
        words[288:],
        strict=True,
    ):
        rx = min(most_down, 0.05 + busy_down * share * (49_152 + 0.5 * first))
        tx = min(most_up, 0.02 + busy_up * share * (49_152 + 0.5 * second))
        rx_peak = min(down, rx * (1.35 + jump_down * third * third * third))
        tx_peak = min(up, tx * (1.35 + jump_up * fourth * fourth))
        rx_bytes, tx_bytes = rx * MEGABYTES_PER_MBPS, tx * MEGABYTES_PER_MBPS
        rows.append((start, round(rx_bytes, 1), round(tx_bytes, 1), round(rx_peak, 2), round(tx_peak, 2)))
    return _thinned(profile, day, rows)


def _shares(rhythm: str, day: int, zone: ZoneInfo) -> tuple[float, ...]:
    """The 96 shares of the busy level for one UTC day, read off the local week."""
    offset = datetime.fromtimestamp(day * DAY + DAY // 2, UTC).astimezone(zone).utcoffset() or timedelta()
    place = (day + _WEEKDAY_OF_EPOCH) % 7 * _SLOTS_IN_DAY + int(offset.total_seconds()) // SLOT
    place %= _SLOTS_IN_WEEK
    return _two_weeks(rhythm)[place : place + _SLOTS_IN_DAY]


@cache
def _two_weeks(name: str) -> tuple[float, ...]:
    """A rhythm's local week from Monday 00:00, twice over, so that a day can be cut out anywhere."""
    rhythm = RHYTHMS[name]
    day = [_bump_sum(rhythm, slot / 4) for slot in range(_SLOTS_IN_DAY)]
    week = day * 5 + [value * rhythm.weekend for value in day] * 2
    return tuple(week * 2)


def _bump_sum(rhythm: Rhythm, hour: float) -> float:
    total = rhythm.floor
    for centre, width, height in rhythm.bumps:
        apart = min(abs(hour - centre), 24 - abs(hour - centre))
        total += height * math.exp(-((apart / width) ** 2))
    return min(total, 1.0)


def _thinned(profile: WanProfile, day: int, rows: list[WanSlot]) -> list[WanSlot]:
    """The day's rows with the profile's null, half-null and absent slots."""
    settled = day < profile.origin_day
    absent_runs, null_runs = (profile.absent_runs, profile.null_runs) if settled else (0.0, 0.0)
    absent = _missing(profile.key, day, "absent", absent_runs, profile.absent_every, 5)
    null = _missing(profile.key, day, "null", null_runs, profile.null_every, 3)
    partial = _missing(profile.key, day, "partial", 0.0, profile.partial_every, 7)
    if not (absent or null or partial):
        return rows
    kept: list[WanSlot] = []
    for index, row in enumerate(rows):
        if index in null:
            kept.append((row[0], None, None, None, None))
        elif index in partial:
            kept.append((*row[:4], None))
        elif index not in absent:
            kept.append(row)
    return kept


def _missing(key: str, day: int, kind: str, runs: float, every: int, first: int) -> frozenset[int]:
    """Which of a day's 96 slots are hit: each `every`-th from `first`, and by chance one run of 1 to 6."""
    hit = set(range(first, _SLOTS_IN_DAY, every)) if every else set[int]()
    if runs and chance(key, day, kind) < runs:
        begin = int(chance(key, day, kind, "begin") * _SLOTS_IN_DAY)
        hit.update(range(begin, min(_SLOTS_IN_DAY, begin + 1 + int(6 * chance(key, day, kind, "length")))))
    return frozenset(hit)
