"""The monitor's figures as rows: value, how it stands to its limits, its age and its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.areas.operations.rules.metrics import LEAST_REQUESTS, SMALL_SAMPLE
from core.areas.operations.rules.thresholds import Threshold
from core.areas.operations.store.keys import AI, API, DATABASE, HOST
from core.areas.operations.store.monitoring import Measured
from core.areas.operations.store.watches import CrossedLine
from core.message import Message, _
from core.page import Column, Kind, Place, Row, SourceState, Table
from core.query import TableQuery
from core.tabulate import tabulate
from core.units import Absent, Instant, Quantity, Severity, State, Unit, Value

__all__ = ["Figures", "figure_rows"]

_WITHIN = State(Severity.GOOD, _("within limits"))
_BEYOND = State(Severity.NOTICE, _("beyond it, not for long"))
_NO_LIMIT = State(Severity.IDLE, _("no limit"))
_STALE = State(Severity.UNKNOWN, _("stale"))
_MISSING = State(Severity.IDLE, _("not measured"))
_MEGABIT = 1_000_000 / 8
_PER_GIGABYTE = 1 / 1_000_000_000


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything known of the figures at a moment, with the `limits` of some by the names of their series.

    `configured` says that a metrics source was set.
    """

    known: Mapping[str, Mapping[str, Measured]]
    limits: Mapping[str, Threshold]
    crossed: Sequence[CrossedLine]
    metrics: SourceState
    moment: datetime
    configured: bool


@dataclass(frozen=True, slots=True)
class _Shown:
    """How a figure is shown; `scale` turns what is stored into `unit`."""

    name: str
    subject: str
    title: Message
    unit: Unit
    digits: int = 1
    scale: float = 1.0


_OF_HOST = (
    _Shown("cpu_percent", HOST, _("Processor"), Unit.PERCENT),
    _Shown("memory_percent", HOST, _("Memory"), Unit.PERCENT),
    _Shown("memory_available", HOST, _("Memory available"), Unit.GIGABYTE, 1, _PER_GIGABYTE),
    _Shown("net_in", HOST, _("Network in"), Unit.MEGABIT_PER_SECOND, 2, 1 / _MEGABIT),
    _Shown("net_out", HOST, _("Network out"), Unit.MEGABIT_PER_SECOND, 2, 1 / _MEGABIT),
)
_OF_APPLICATION = (
    _Shown("api_requests_rate", API, _("API requests a minute"), Unit.COUNT, 0),
    _Shown("error_rate", API, _("API error rate"), Unit.PERCENT, 2),
    _Shown("api_latency_p50", API, _("API latency (median)"), Unit.MILLISECOND, 0),
    _Shown("api_latency_p95", API, _("API latency (95th percentile)"), Unit.MILLISECOND, 0),
    _Shown("api_latency_p99", API, _("API latency (99th percentile)"), Unit.MILLISECOND, 0),
    _Shown("active_signals", AI, _("Active signals"), Unit.COUNT, 0),
    _Shown("ai_win_rate", AI, _("AI win rate"), Unit.PERCENT, 1),
)
_ONLY_IF_MEASURED = (
    _Shown("active_users", API, _("Active users"), Unit.COUNT, 0),
    _Shown("queue_depth", API, _("Queue depth"), Unit.COUNT, 0),
    _Shown("database_cpu_percent", DATABASE, _("Database processor"), Unit.PERCENT),
)


def figure_rows(figures: Figures, query: TableQuery) -> Table:
    """A row for each figure; one that can't be measured is there with its reason."""
    columns = (
        Column("figure", _("Figure"), Kind.TEXT, 1),
        Column("value", _("Value"), Kind.NUMBER, 1),
        Column("state", _("State"), Kind.STATE, 1),
        Column("at", _("Measured"), Kind.MOMENT, 2),
        Column("source", _("Source"), Kind.TEXT, 3),
    )
    measured = [each for each in _ONLY_IF_MEASURED if each.subject in figures.known.get(each.name, {})]
    rows = [
        *(_row(figures, each, _("this machine")) for each in _OF_HOST),
        *(_row(figures, each, _("this machine")) for each in _disks(figures)),
        *(_row(figures, each, _("metrics source")) for each in (*_OF_APPLICATION, *measured)),
    ]
    return tabulate("figures", _("Figures"), columns, rows, query, place=Place.WIDE)


def _disks(figures: Figures) -> list[_Shown]:
    """Each disk's use and room, fullest first."""
    found = figures.known.get("disk_percent", {})
    shown: list[_Shown] = []
    for mount in sorted(found, key=lambda each: (-found[each].value, each)):
        if found[mount].stale(figures.moment):
            continue  # it is no longer mounted
        used, free = _("Disk {mount}", mount=mount), _("Disk {mount}, free", mount=mount)
        shown.append(_Shown("disk_percent", mount, used, Unit.PERCENT))
        shown.append(_Shown("disk_free", mount, free, Unit.GIGABYTE, 1, _PER_GIGABYTE))
    return shown


def _row(figures: Figures, shown: _Shown, source: Message) -> Row:
    found = figures.known.get(shown.name, {}).get(shown.subject)
    value: Value = _absent(figures, shown)
    state, at = _MISSING, Absent(_("never measured"))
    if found is not None:
        stale = found.stale(figures.moment)
        if not stale:
            value = Quantity(found.value * shown.scale, shown.unit, shown.digits)
        state = _STALE if stale else _standing(figures, shown, found.value)
        at = Instant(found.at, True)
    key = f"{shown.name}:{shown.subject}"
    return Row(key, (_title(figures, shown), value, state, at, source))


def _standing(figures: Figures, shown: _Shown, value: float) -> State:
    """Whether the figure is beyond one of its lines: for good, or not for as long as it takes to count."""
    limit = figures.limits.get(shown.name)
    if limit is None:
        return _NO_LIMIT
    for each in figures.crossed:
        if each.threshold.series == shown.name and each.subject == shown.subject:
            word = _("critical") if each.line.severity is Severity.CRITICAL else _("above its limit")
            return State(each.line.severity, word)
    return _BEYOND if _is_beyond(limit, value) else _WITHIN


def _is_beyond(threshold: Threshold, value: float) -> bool:
    if threshold.below:
        return any(value < line.value for line in threshold.lines)
    return any(value > line.value for line in threshold.lines)


def _absent(figures: Figures, shown: _Shown) -> Absent:
    """Why there is no present value."""
    if shown.subject == HOST or shown.name.startswith("disk"):
        return Absent(_("not measured lately; rates need two looks"))
    if not figures.configured:
        return Absent(_("MONITOR_METRICS_URL isn’t set"))
    if figures.metrics.reason is not None:
        return Absent(figures.metrics.reason)
    if shown.name == "error_rate":
        return Absent(_("fewer than {least} requests in five minutes", least=LEAST_REQUESTS))
    if shown.name == "ai_win_rate":
        return Absent(_("no signal was decided"))
    if shown.name == "api_requests_rate":
        return Absent(_("a rate needs two looks"))
    return Absent(_("the metrics source doesn’t tell it"))


def _title(figures: Figures, shown: _Shown) -> Message:
    """What the figure is called; the win rate always with the number of signals it is of."""
    decided = figures.known.get("ai_decided", {}).get(AI)
    if shown.name != "ai_win_rate" or decided is None:
        return shown.title
    count = int(decided.value)
    if count < SMALL_SAMPLE:
        return _("AI win rate (n = {count}, small sample)", count=count)
    return _("AI win rate (n = {count})", count=count)
