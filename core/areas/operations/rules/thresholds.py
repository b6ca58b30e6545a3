"""Lines that a measured figure must not cross for long, and which it must clear to count as back.

A line is crossed once the figure was beyond it for the whole of its time, and cleared once it was on the
good side of it, by the margin, for as long again (operations.md 3.2). In between it stays as it was. The
lines are those of the alert rules, which stand in one readable file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.message import Message, _
from core.notify.rules import Rule
from core.units import Severity, Unit

__all__ = ["Line", "Standing", "Threshold", "step", "thresholds_of"]

_AREA = "operations"
_TITLES = {
    "error_rate": _("API error rate"),
    "api_latency_p95": _("API latency (95th percentile)"),
    "cpu_percent": _("Processor"),
    "database_cpu_percent": _("Database processor"),
    "memory_percent": _("Memory"),
    "disk_percent": _("Disk"),
    "ai_accuracy": _("AI accuracy"),
    "ai_inference_p95": _("AI inference (95th percentile)"),
}
"""What the figures are called; one that only a rule of the user's watches is called as that says."""


@dataclass(frozen=True, slots=True)
class Line:
    """One level of a threshold: so bad is it beyond `value`."""

    severity: Severity
    value: float

    @property
    def level(self) -> str:
        """The name of the level in the store."""
        return self.severity.name.lower()


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure's lines, mildest first, and how long it must be beyond one; `below` turns it round.

    `margin` is the share of a line by which it must be cleared.
    """

    series: str
    title: Message
    unit: Unit
    lines: tuple[Line, ...]
    lasting: timedelta
    below: bool = False
    margin: float = 0.05


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a figure stands at one line.

    `active` says that the line counts as crossed, `since` when it began to. `turning_since` is since when the
    figure has been on the other side of it.
    """

    active: bool = False
    turning_since: datetime | None = None
    since: datetime | None = None


def thresholds_of(rules: Iterable[Rule]) -> dict[str, Threshold]:
    """The thresholds that the alert rules set for the monitored figures, by the names of their series."""
    found: dict[str, Threshold] = {}
    for rule in rules:
        series = rule.series
        if series is not None and series.area == _AREA:
            found.setdefault(
                series.name,
                Threshold(
                    series=series.name,
                    title=_TITLES.get(series.name) or _("{about}", about=rule.about),
                    unit=series.unit,
                    lines=tuple(Line(each.severity, each.line) for each in series.levels),
                    lasting=rule.hold,
                    below=not series.above,
                    margin=series.margin / 100,
                ),
            )
    return found


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
        return value > line.value * (1 + threshold.margin)
    return value < line.value * (1 - threshold.margin)
