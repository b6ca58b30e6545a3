"""Connection history: outages, and the rows of plume.md 4.8 that tell of them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

from core.simulators.noise import chance
from core.simulators.plume.stamps import DAY, HOUR, SLOT, slot_ceiling

__all__ = ["FOREVER", "OnlineRow", "Outage", "Uptime", "dead_slots", "is_online", "online_rows", "outages"]

OnlineRow = tuple[int, str | None]
"""Moment (epoch s) and the word for the location's state then."""

FOREVER = 2**40
"""An epoch second no simulation reaches: the end of an outage still open."""

_UNEVEN_MINUTES = (0, 5, 20, 50)


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch [start, end) in epoch seconds during which history says `word` instead of online."""

    start: int
    end: int
    word: str | None = "offline"


@dataclass(frozen=True, slots=True)
class Uptime:
    """How a location's connection fared.

    `daily_chance` is the chance of an unplanned outage on each day that ends before `calm_after` (epoch
    s): a running demo must not be surprised by one. `style` chooses the spacing of rows.
    """

    key: str
    planned: tuple[Outage, ...] = ()
    daily_chance: float = 0.0
    calm_after: int = 0
    style: Literal["even", "uneven", "empty"] = "even"


def outages(uptime: Uptime, start: int, end: int) -> list[Outage]:
    """Every outage that touches [start, end), planned ones last, so that they win."""
    found: list[Outage] = []
    if uptime.daily_chance:
        for day in range(start // DAY - 1, min(end, uptime.calm_after) // DAY):
            if chance(uptime.key, day, "outage") < uptime.daily_chance:
                found.append(_unplanned(uptime.key, day))
    found += uptime.planned
    return [outage for outage in found if outage.start < end and outage.end > start]


def _unplanned(key: str, day: int) -> Outage:
    """The outage of a bad day: a quarter of an hour to two and a half hours, seldom only unsteady."""
    begin = day * DAY + SLOT * int(chance(key, day, "begin") * 80)
    length = SLOT * (1 + int(10 * chance(key, day, "length") ** 2))
    word = "intermittent" if chance(key, day, "word") < 0.25 else "offline"
    return Outage(begin, begin + length, word)


def is_online(uptime: Uptime, epoch: float) -> bool:
    """Whether the location is reachable at `epoch`."""
    moment = int(epoch)
    return not any(outage.word == "offline" for outage in outages(uptime, moment, moment + 1))


def dead_slots(uptime: Uptime, start: int, end: int) -> frozenset[int]:
    """Starts of the slots in [start, end) that an outage leaves without any WAN number."""
    dead: set[int] = set()
    for outage in outages(uptime, start, end):
        if outage.word == "offline":
            dead.update(range(slot_ceiling(max(outage.start, start)), min(outage.end, end), SLOT))
    return frozenset(dead)


def online_rows(uptime: Uptime, start: int, end: int) -> list[OnlineRow]:
    """The rows of [start, end), oldest first."""
    moments = _moments(uptime, start, end)
    words: list[str | None] = ["online"] * len(moments)
    for outage in outages(uptime, start, end):
        first, last = bisect_left(moments, outage.start), bisect_left(moments, outage.end)
        words[first:last] = [outage.word] * (last - first)
    return list(zip(moments, words, strict=True))


def _moments(uptime: Uptime, start: int, end: int) -> list[int]:
    if uptime.style == "empty":
        return []
    if uptime.style == "uneven":
        hours = range(start // HOUR * HOUR, end, HOUR)
        return [m for hour in hours for minute in _UNEVEN_MINUTES if start <= (m := hour + minute * 60) < end]
    return list(range(slot_ceiling(start), end, SLOT))
