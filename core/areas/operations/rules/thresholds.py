"""Lines that a measured figure must not cross for long, and which it must clear to count as back.

A line is crossed once the figure was beyond it for the whole of its time, and cleared once it was on the
good side of it, by five percent of it, for as long again (operations.md 3.2). In between it stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from core.message import Message, _
from core.units import Severity, Unit

__all__ = ["THRESHOLDS", "Line", "Standing", "Threshold", "step"]

_MARGIN = 0.05


@dataclass(frozen=True, slots=True)
class Line:
    """One level of a threshold: warning or critical beyond `value`."""

    severity: Severity
    value: float

    @property
    def level(self) -> str:
        """The name of the level in the store."""
        return "critical" if self.severity is Severity.CRITICAL else "warning"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure's lines, mildest first, and how long it must be beyond one; `below` turns it round."""

    series: str
    title: Message
    unit: Unit
    lines: tuple[Line, ...]
    lasting: timedelta
    below: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a figure stands at one line.

    `active` says that the line counts as crossed, `since` when it began to. `turning_since` is since when the
    figure has been on the other side of it.
    """

    active: bool = False
    turning_since: datetime | None = None
    since: datetime | None = None


def _lines(warning: float | None, critical: float) -> tuple[Line, ...]:
    lines = (Line(Severity.CRITICAL, critical),)
    return lines if warning is None else (Line(Severity.WARNING, warning), *lines)


THRESHOLDS = MappingProxyType(
    {
        each.series: each
        for each in (
            Threshold("error_rate", _("API error rate"), Unit.PERCENT, _lines(1, 5), timedelta(minutes=5)),
            Threshold(
                "api_latency_p95",
                _("API latency (95th percentile)"),
                Unit.MILLISECOND,
                _lines(200, 1_000),
                timedelta(minutes=5),
            ),
            Threshold("cpu_percent", _("Processor"), Unit.PERCENT, _lines(85, 95), timedelta(minutes=10)),
            Threshold(
                "database_cpu_percent",
                _("Database processor"),
                Unit.PERCENT,
                _lines(None, 90),
                timedelta(minutes=5),
            ),
            Threshold("memory_percent", _("Memory"), Unit.PERCENT, _lines(80, 90), timedelta(minutes=10)),
            Threshold("disk_percent", _("Disk"), Unit.PERCENT, _lines(85, 95), timedelta(minutes=5)),
            Threshold(
                "ai_accuracy", _("AI accuracy"), Unit.PERCENT, _lines(95, 90), timedelta(hours=1), below=True
            ),
            Threshold(
                "ai_inference_p95",
                _("AI inference (95th percentile)"),
                Unit.MILLISECOND,
                _lines(100, 500),
                timedelta(minutes=10),
            ),
        )
    }
)
"""Every threshold of operations.md 3.2 over a figure, by the name of its series."""


def step(
    standing: Standing,
    line: Line,
    threshold: Threshold,
    value: float | None,
    now: datetime,
    *,
    gap: bool = False,
) -> Standing:
    """Where the figure stands once `value` was measured at `now`.

    An absent value, or a `gap` before this one, says nothing about the time between, so that time doesn't
    count as lasting.
    """
    if value is None:
        return Standing(standing.active, None, standing.since)
    turned = _cleared(line, threshold, value) if standing.active else _crossed(line, threshold, value)
    if not turned:
        return Standing(standing.active, None, standing.since)
    began = now if standing.turning_since is None or gap else standing.turning_since
    if now - began < threshold.lasting:
        return Standing(standing.active, began, standing.since)
    return Standing() if standing.active else Standing(True, None, now)


def _crossed(line: Line, threshold: Threshold, value: float) -> bool:
    return value < line.value if threshold.below else value > line.value


def _cleared(line: Line, threshold: Threshold, value: float) -> bool:
    if threshold.below:
        return value > line.value * (1 + _MARGIN)
    return value < line.value * (1 - _MARGIN)
