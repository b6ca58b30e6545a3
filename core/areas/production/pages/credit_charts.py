"""The charts of the credits: what each day used, and what is left with what lies ahead."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.production.rules.periods import Days, day_of, midnight
from core.areas.production.store.snapshot import Snapshot
from core.areas.production.store.tables import AVAILABLE, BALANCE
from core.message import _
from core.moment import from_epoch, to_epoch
from core.page import (
    Chart,
    ChartSeries,
    Threshold,
)
from core.store.series import read_raw
from core.units import Severity, Unit

__all__ = ["burn_chart", "runway_chart"]

_DAY = timedelta(days=1)
_DAYS_BACK, _DAYS_AHEAD = 30, 14
_USED_UP = Threshold(0.0, _("used up"), Severity.CRITICAL)


def burn_chart(snapshot: Snapshot) -> Chart:
    """Credits used on each local day since the ledger began."""
    days = _days_back(snapshot)
    window = days.window(snapshot.zone)
    return Chart(
        key="burn",
        title=_("Credits used a day"),
        unit=Unit.CREDIT,
        start=window.start,
        end=window.end,
        step=int(_DAY.total_seconds()),
        series=(ChartSeries(_("used"), tuple(_used(snapshot, days))),),
        empty=_("No use of credits was reported yet."),
        bars=True,
    )


async def runway_chart(connection: AsyncConnection, snapshot: Snapshot) -> Chart:
    """Credits available at the end of each local day, and what will be left of them at the present rate.

    What renewals bring is left out of the projection; where it meets the line at zero they are used up.
    """
    days, zone = _days_back(snapshot), snapshot.zone
    ahead = Days(days.end, days.end + _DAY * _DAYS_AHEAD)
    window = days.window(zone)
    samples = await read_raw(connection, AVAILABLE, window, snapshot.now)
    if not samples:
        samples = await read_raw(connection, BALANCE, window, snapshot.now)
    last = {day_of(from_epoch(time), zone): value for time, value in samples if value is not None}
    available: list[tuple[int, float | None]] = [(_epoch(day, snapshot), last.get(day)) for day in days.every]
    series = [ChartSeries(_("available"), tuple(available))]
    projected = _projected(snapshot, ahead)
    if projected:
        series.append(ChartSeries(_("projected"), projected))
    return Chart(
        key="available",
        title=_("Credits available"),
        unit=Unit.CREDIT,
        start=window.start,
        end=midnight(ahead.end, zone) if projected else window.end,
        step=int(_DAY.total_seconds()),
        series=tuple(series) if last or projected else (),
        thresholds=(_USED_UP,),
        empty=_("Nobody said yet how many credits there are."),
    )


def _days_back(snapshot: Snapshot) -> Days:
    return Days(snapshot.today - _DAY * (_DAYS_BACK - 1), snapshot.today + _DAY)


def _used(snapshot: Snapshot, days: Days) -> list[tuple[int, float | None]]:
    """A point for each day since the ledger began; before, nothing is known."""
    sums = snapshot.sums
    if sums is None or not sums.days:
        return []
    used = {each.day: float(each.used) for each in sums.days}
    began = sums.days[0].day
    return [(_epoch(day, snapshot), used.get(day, 0.0) if day >= began else None) for day in days.every]


def _projected(snapshot: Snapshot, ahead: Days) -> tuple[tuple[int, float | None], ...]:
    """What will be left at the end of each coming day, without what renewals bring."""
    found = snapshot.credits
    if found.headline is None or not found.burn or found.burn < 0:
        return ()
    return tuple(
        (_epoch(day, snapshot), float(max(Decimal(0), found.headline - found.burn * (index + 1))))
        for index, day in enumerate(ahead.every)
    )


def _epoch(day: date, snapshot: Snapshot) -> int:
    return to_epoch(midnight(day, snapshot.zone))
