"""The monitor's figures over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.operations.pages.spans import Span, drawn
from core.areas.operations.rules.thresholds import Threshold as Limit
from core.areas.operations.store.keys import AI, API, HOST, figure_key
from core.message import Message, _
from core.page import Chart, ChartSeries, Threshold
from core.units import Unit

__all__ = ["app_charts", "host_charts"]

_MEGABIT = 1_000_000 / 8
_MOST_DISKS = 4

_Limits = Mapping[str, Limit]
"""The limits of figures by the names of their series."""

_Lines = Sequence[tuple[str, str, Message | str]]
"""Of each line the subject and name of its series, and what it is called."""


async def host_charts(
    connection: AsyncConnection, span: Span, limits: _Limits, moment: datetime, mounts: Sequence[str]
) -> list[Chart]:
    """Processor and memory, disks, and the network."""
    busy: _Lines = (
        (HOST, "cpu_percent", _("processor")),
        (HOST, "memory_percent", _("memory")),
    )
    disks: _Lines = [(mount, "disk_percent", mount) for mount in mounts[:_MOST_DISKS]]
    network: _Lines = ((HOST, "net_in", _("in")), (HOST, "net_out", _("out")))
    return [
        await _chart(connection, span, moment, "busy", _("Processor and memory"), Unit.PERCENT, busy),
        await _chart(
            connection,
            span,
            moment,
            "disks",
            _("Disks"),
            Unit.PERCENT,
            disks,
            limit=limits.get("disk_percent"),
        ),
        await _chart(
            connection,
            span,
            moment,
            "network",
            _("Network"),
            Unit.MEGABIT_PER_SECOND,
            network,
            scale=1 / _MEGABIT,
        ),
    ]


async def app_charts(
    connection: AsyncConnection, span: Span, limits: _Limits, moment: datetime
) -> list[Chart]:
    """Requests, errors, latency, and the AI's win rate."""
    requests: _Lines = ((API, "api_requests_rate", _("requests")),)
    failed: _Lines = ((API, "error_rate", _("errors")),)
    latency: _Lines = (
        (API, "api_latency_p50", _("median")),
        (API, "api_latency_p95", _("95th percentile")),
        (API, "api_latency_p99", _("99th percentile")),
    )
    won: _Lines = ((AI, "ai_win_rate", _("win rate")),)
    found = [
        await _chart(connection, span, moment, "requests", _("API requests a minute"), Unit.COUNT, requests),
        await _chart(
            connection,
            span,
            moment,
            "errors",
            _("API error rate"),
            Unit.PERCENT,
            failed,
            limit=limits.get("error_rate"),
        ),
        await _chart(
            connection,
            span,
            moment,
            "latency",
            _("API latency"),
            Unit.MILLISECOND,
            latency,
            limit=limits.get("api_latency_p95"),
        ),
        await _chart(connection, span, moment, "won", _("AI win rate"), Unit.PERCENT, won),
    ]
    return [chart for chart in found if any(_measured(series) for series in chart.series)]


async def _chart(
    connection: AsyncConnection,
    span: Span,
    moment: datetime,
    key: str,
    title: Message,
    unit: Unit,
    lines: _Lines,
    *,
    limit: Limit | None = None,
    scale: float = 1.0,
) -> Chart:
    window = span.window(moment)
    series = tuple(
        [
            await drawn(connection, figure_key(subject, name), called, span, moment, scale=scale)
            for subject, name, called in lines
        ]
    )
    return Chart(key, title, unit, window.start, window.end, span.step, series, thresholds=_thresholds(limit))


def _thresholds(limit: Limit | None) -> tuple[Threshold, ...]:
    """The figure's limits as lines across the chart."""
    lines = () if limit is None else limit.lines
    return tuple(Threshold(each.value, each.severity.word, each.severity) for each in lines)


def _measured(series: ChartSeries) -> bool:
    return any(value is not None for _time, value in series.points)
