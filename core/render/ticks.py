"""Round places on an axis, and what is written there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.moment import from_epoch, to_epoch
from core.render.moments import IsoMoments, Moments
from core.render.values import Formatter

__all__ = ["Tick", "time_ticks", "value_ticks"]

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_QUARTER = 15 * _MINUTE
"""Every offset from UTC in use today is a multiple of this."""

_CLOCK_STEPS = tuple(n * _MINUTE for n in (1, 2, 5, 10, 15, 30)) + tuple(n * _HOUR for n in (1, 2, 3, 6, 12))
_DAY_STEPS = (1, 2, 3, 5, 7, 14)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 600, 1_200)
_MONDAY = date(1970, 1, 5).toordinal()


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis (seconds since 1970, or a value) and its label."""

    at: float
    label: str


def time_ticks(
    start: int, end: int, zone: ZoneInfo, *, most: int = 6, moments: Moments | None = None
) -> tuple[Tick, ...]:
    """At most `most` round moments from `start` up to `end`, round by the clocks of `zone`.

    Hours are labelled "17:00" and midnights "01-14", days "01-14" (weeks begin on Monday), months
    "2026-01" and years "2026": figures alone, the same in every language, unless `moments` writes them in
    the manner of one. Where clocks change, hours stay those on the wall.
    """
    write = moments or IsoMoments()
    span = max(end - start, 1)
    for step in _CLOCK_STEPS:
        if span / step <= most:
            return _clock_ticks(start, end, zone, step, write)
    for days in _DAY_STEPS:
        if span / (days * _DAY) <= most:
            return _day_ticks(start, end, zone, days, write)
    ticks: tuple[Tick, ...] = ()
    for months in _MONTH_STEPS:
        ticks = _month_ticks(start, end, zone, months, write)
        if len(ticks) <= most:
            break
    return ticks


def value_ticks(low: float, high: float, formatter: Formatter, *, most: int = 6) -> tuple[Tick, ...]:
    """Multiples of 1, 2 or 5 times a power of ten from at or below `low` to at or above `high`.

    At most `most` of them, and never fewer than two.
    """
    rough = max(high - low, 1e-9) / max(most - 1, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1, 2, 5, 10, 20, 50):
        step = power * factor
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first + 1 <= most:
            break
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    return tuple(
        Tick(n * step, formatter.number(n * step, digits)) for n in range(first, max(last, first + 1) + 1)
    )


def _clock_ticks(start: int, end: int, zone: ZoneInfo, step: int, write: Moments) -> tuple[Tick, ...]:
    grain = math.gcd(step, _QUARTER)
    ticks: list[Tick] = []
    for moment in range(start + -start % grain, end, grain):
        local = from_epoch(moment).astimezone(zone)
        seconds = local.hour * _HOUR + local.minute * _MINUTE
        if seconds % step == 0:
            ticks.append(Tick(moment, write.clock(local) if seconds else write.short_day(local.date())))
    return tuple(ticks)


def _day_ticks(start: int, end: int, zone: ZoneInfo, days: int, write: Moments) -> tuple[Tick, ...]:
    day = from_epoch(start).astimezone(zone).date()
    ticks: list[Tick] = []
    while (moment := _midnight(day, zone)) < end:
        if moment >= start and (day.toordinal() - _MONDAY) % days == 0:
            ticks.append(Tick(moment, write.short_day(day)))
        day += timedelta(days=1)
    return tuple(ticks)


def _month_ticks(start: int, end: int, zone: ZoneInfo, months: int, write: Moments) -> tuple[Tick, ...]:
    first = from_epoch(start).astimezone(zone)
    count = first.year * 12 + first.month - 1
    ticks: list[Tick] = []
    while (moment := _midnight(first_day := date(count // 12, count % 12 + 1, 1), zone)) < end:
        if moment >= start and count % months == 0:
            ticks.append(Tick(moment, f"{count // 12}" if months >= 12 else write.month(first_day)))
        count += 1
    return tuple(ticks)


def _midnight(day: date, zone: ZoneInfo) -> int:
    """When `day` begins in `zone`; where clocks skip midnight, the first moment after it."""
    return to_epoch(datetime(day.year, day.month, day.day, tzinfo=zone))
