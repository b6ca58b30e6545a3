"""Gathering what key figures are made of: the state log, the monitor's series, and the event log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.operations.rules.incident_courses import IncidentCourse, courses
from core.areas.operations.rules.ticket_courses import TicketCourse, ticket_courses
from core.areas.operations.store.keys import AI, API, AREA, figure_key
from core.event import RecordedEvent
from core.moment import Window
from core.store.events import recent
from core.store.series import Bucket, SeriesKey, latest_of_all, read_buckets

__all__ = ["Figures", "read_error_rate", "read_incidents", "read_mean", "read_models_mean", "read_tickets"]

_HOUR = 3_600
_MOST_EVENTS = 50_000
_LOOKED_BACK = timedelta(days=200)
"""How far back events are read: twice the longest window, and a little."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A mean over a window, and of how many samples; or nothing."""

    mean: float | None
    count: int


async def read_incidents(connection: AsyncConnection, at: datetime) -> list[IncidentCourse]:
    """The course of every incident that the log still tells of."""
    return courses(await _events(connection, "incidents", at))


async def read_tickets(connection: AsyncConnection, at: datetime) -> list[TicketCourse]:
    """The course of every ticket that the log still tells of."""
    return ticket_courses(await _events(connection, "tickets", at))


async def read_mean(connection: AsyncConnection, name: str, window: Window, at: datetime) -> Figures:
    """The mean of one of the API's figures over the window."""
    return _mean(await _hours(connection, figure_key(API, name), window, at))


async def read_error_rate(connection: AsyncConnection, window: Window, at: datetime) -> Figures:
    """The percent of requests that failed over the window, each hour weighing as much as it had requests."""
    rates = await _hours(connection, figure_key(API, "error_rate"), window, at)
    traffic = {
        each.start: each.mean
        for each in await _hours(connection, figure_key(API, "api_requests_rate"), window, at)
    }
    weighted = [(each.mean, traffic.get(each.start, 0.0)) for each in rates]
    total = sum(weight for _rate, weight in weighted)
    if not total:
        return Figures(None, 0)
    return Figures(sum(rate * weight for rate, weight in weighted) / total, sum(each.count for each in rates))


async def read_models_mean(connection: AsyncConnection, name: str, window: Window, at: datetime) -> Figures:
    """The mean over the window of a figure of the AI models, all models together."""
    models = [subject for subject in await latest_of_all(connection, AREA, name, at) if subject != AI]
    found: list[Bucket] = []
    for model in sorted(models):
        found += await _hours(connection, figure_key(model, name), window, at)
    return _mean(found)


async def _hours(connection: AsyncConnection, key: SeriesKey, window: Window, at: datetime) -> list[Bucket]:
    """The hours that lie wholly in the window, and the one it ends in."""
    start = int(window.start.timestamp())
    buckets = await read_buckets(connection, key, window, _HOUR, at)
    return [each for each in buckets if each.start > start - _HOUR and each.start < window.end.timestamp()]


async def _events(connection: AsyncConnection, area: str, at: datetime) -> list[RecordedEvent]:
    window = Window(at - _LOOKED_BACK, at + timedelta(seconds=1))
    return await recent(connection, at=at, window=window, area=area, limit=_MOST_EVENTS)


def _mean(buckets: list[Bucket]) -> Figures:
    count = sum(each.count for each in buckets)
    return Figures(sum(each.total for each in buckets) / count if count else None, count)
