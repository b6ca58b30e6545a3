"""What the pages measure in the store: a plan's balance over time, its daily use, and its weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.usage.model import GIGABYTE
from core.areas.usage.pages.charts import Points, balance_chart, balance_step, forecast_end
from core.areas.usage.rules.days import (
    CounterPoint,
    Day,
    Week,
    compare_weeks,
    day_edges,
    days,
    used_between,
    week_instants,
)
from core.areas.usage.rules.verdict import HeldPlan
from core.areas.usage.store import reading, tables
from core.areas.usage.store.views import interval_of, settings_of
from core.message import Message
from core.moment import Window, to_epoch
from core.page import Chart
from core.store.series import read_buckets

__all__ = ["balance", "daily_use", "use_points", "weeks", "zone_of"]


_SECOND = timedelta(seconds=1)
"""So that a reading of this very moment is in the window, whose end is not."""


def zone_of(request: Request) -> ZoneInfo:
    """The zone in which a day of usage begins and ends."""
    return ZoneInfo(settings_of(request).timezone)


async def balance(
    connection: AsyncConnection,
    request: Request,
    account: str,
    held: HeldPlan,
    start: datetime,
    title: Message,
    *,
    with_forecast: bool,
) -> Chart:
    """The plan's balance from `start` on, and its forecast."""
    moment = request.moment
    end = forecast_end(held.forecast, moment) if with_forecast else moment
    step = balance_step(Window(start, end), interval_of(request))
    first, last = to_epoch(start) // step * step, (to_epoch(end) // step + 1) * step
    window = Window(datetime.fromtimestamp(first, start.tzinfo), datetime.fromtimestamp(last, start.tzinfo))
    key = tables.balance_key(account, held.snapshot.lineage)
    buckets = await read_buckets(connection, key, Window(window.start, moment + _SECOND), step, moment)
    return balance_chart(title, buckets, window, step, held, with_forecast=with_forecast)


async def daily_use(
    connection: AsyncConnection, request: Request, account: str, lineage: str, count: int
) -> list[Day]:
    """The plan's use in each of the last `count` local days, today included, oldest first."""
    moment, zone = request.moment, zone_of(request)
    edges = day_edges(moment, count, zone)
    points = await reading.counter_at(connection, account, lineage, edges, moment)
    window = Window(edges[0], edges[-1])
    gaps = [
        Window(end - length, end)
        for end, length in await reading.gaps(connection, account, lineage, window, moment)
    ]
    return days(points, gaps, moment, zone)


async def weeks(connection: AsyncConnection, request: Request, account: str, lineage: str) -> Week:
    """The plan's use this week against the same part of last week."""
    instants = week_instants(request.moment, zone_of(request))
    return compare_weeks(await reading.counter_at(connection, account, lineage, instants, request.moment))


def use_points(edges: Sequence[CounterPoint]) -> Points:
    """The use between neighbouring edges, in GB, at the beginning of each; a gap where nothing is known."""
    found: list[tuple[int, float | None]] = []
    for start, end in pairwise(edges):
        known = end.before is not None and (end.after is not None or end.before[0] > start.at)
        used = used_between(start, end) if known else None
        found.append((to_epoch(start.at), None if used is None else used / GIGABYTE))
    return tuple(found)
