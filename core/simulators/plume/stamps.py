"""How the Plume cloud writes moments: quarter-hour slots and the three spellings of plume.md 3."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

__all__ = ["DAY", "HOUR", "SLOT", "StampStyle", "slot_ceiling", "slot_floor", "stamp"]

SLOT = 900
"""Seconds in one slot of WAN statistics or connection history."""

HOUR = 3_600
DAY = 86_400

StampStyle = Literal["zulu", "offset", "epoch"]
"""`Z`, `+03:00`, or epoch milliseconds: plume.md 3 tells clients to accept all three."""

_OFFSET = timezone(timedelta(hours=3))


def slot_floor(epoch: float) -> int:
    """The start, in epoch seconds, of the slot that holds `epoch`."""
    return int(epoch // SLOT) * SLOT


def slot_ceiling(epoch: float) -> int:
    """The first slot start, in epoch seconds, that is not before `epoch`."""
    return -int(-epoch // SLOT) * SLOT


def stamp(epoch: float, style: StampStyle = "zulu") -> str | int:
    """Write epoch seconds as the cloud would, to the millisecond."""
    if style == "epoch":
        return round(epoch * 1000)
    if style == "offset":
        return datetime.fromtimestamp(epoch, _OFFSET).isoformat(timespec="milliseconds")
    return datetime.fromtimestamp(epoch, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
