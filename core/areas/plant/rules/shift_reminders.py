"""Which shifts those on them are to be reminded of (whatsapp.md A5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.areas.plant.model.people import Shift

__all__ = ["beginning_soon"]


def beginning_soon(shifts: Iterable[Shift], now: datetime, ahead: timedelta) -> list[Shift]:
    """The shifts that begin within `ahead`: not those that have begun, nor those that were called off."""
    return [each for each in shifts if each.ended_at is None and now < each.start <= now + ahead]
