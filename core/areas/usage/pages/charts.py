"""A plan drawn over time: its balance, with the forecast going on where the readings end, and daily use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.areas.usage.model import GIGABYTE
from core.areas.usage.rules.days import Day
from core.areas.usage.rules.forecast import Forecast
from core.areas.usage.rules.verdict import HeldPlan
from core.message import Message, _
from core.moment import Window, to_epoch
from core.page import Chart, ChartSeries, Place, Threshold
from core.store.series import Bucket, bucket_for
from core.units import Severity, Unit

__all__ = ["balance_chart", "balance_step", "day_chart", "forecast_end", "forecast_points", "use_chart"]

_MOST_POINTS = 600
_DAY = 86_400

Points = tuple[tuple[int, float | None], ...]


def balance_step(window: Window, interval: timedelta) -> int:
    """The seconds from one point to the next: never so short that a late poll would look like a gap."""
    return bucket_for(window, max(1, min(_MOST_POINTS, int(window.length / (2 * interval)))))


def forecast_end(found: Forecast, now: datetime) -> datetime:
    """Up to when the forecast is drawn: the plan's end or that of its data, whichever comes first."""
    ends = [each for each in (found.exhaustion_at, found.expires_at) if each is not None]
    if found.average is None or not ends:
        return now
    return max(now, min(ends))


def balance_chart(
    title: Message,
    buckets: Sequence[Bucket],
    window: Window,
    step: int,
    held: HeldPlan,
    *,
    with_forecast: bool = True,
) -> Chart:
    """What is left of the plan, in GB; the forecast is a line of its own that begins at the last reading.

    A balance falls, so the lowest of each bucket is what was left at its end.
    """
    read = ChartSeries(
        _("left"),
        tuple((each.start, each.low / GIGABYTE) for each in buckets),
        low=tuple(each.low / GIGABYTE for each in buckets),
        high=tuple(each.high / GIGABYTE for each in buckets),
    )
    series = (read,)
    if with_forecast:
        points = forecast_points(held.forecast, window, step)
        series = (read, ChartSeries(_("forecast"), points)) if points else series
    return Chart(
        "balance",
        title,
        Unit.GIGABYTE,
        window.start,
        window.end,
        step,
        series,
        thresholds=_thresholds(held.allowance),
        place=Place.MAIN,
        empty=_("No reading in this range."),
    )


def forecast_points(found: Forecast, window: Window, step: int) -> Points:
    """The balance as it will be at the present pace, from the last reading to the end of the window."""
    if found.read_at is None or found.balance is None or found.average is None:
        return ()
    end = forecast_end(found, found.read_at)
    times = [to_epoch(found.read_at)]
    times += range((times[0] // step + 1) * step, to_epoch(min(end, window.end)), step)
    if end < window.end and to_epoch(end) > times[-1]:
        times.append(to_epoch(end))
    start = times[0]
    left = (max(found.balance - found.average * (t - start) / _DAY, 0.0) for t in times)
    return tuple(zip(times, (each / GIGABYTE for each in left), strict=True)) if len(times) > 1 else ()


def day_chart(days: Sequence[Day], key: str = "daily") -> Chart:
    """The use of each local day, in GB; a day without a reading is a gap."""
    points = tuple((to_epoch(day.start), _in_gigabytes(day.used)) for day in days)
    return use_chart(key, _("Used in each day"), points, Window(days[0].start, days[-1].end), _DAY)


def use_chart(key: str, title: Message, points: Points, window: Window, step: int) -> Chart:
    """The use of each stretch of `step` seconds, in GB, at its beginning."""
    series = (ChartSeries(_("used"), points),)
    return Chart(
        key, title, Unit.GIGABYTE, window.start, window.end, step, series, place=Place.MAIN, bars=True
    )


def _thresholds(allowance: int | None) -> tuple[Threshold, ...]:
    if allowance is None:
        return ()
    return (Threshold(allowance / GIGABYTE / 10, _("10 % left"), Severity.WARNING),)


def _in_gigabytes(size: float | None) -> float | None:
    return None if size is None else size / GIGABYTE
