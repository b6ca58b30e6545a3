"""How well incidents are responded to and resolved (operations.md 4.9).

The mean time to resolve is that: from creation to resolution, not to repair or to recovery. Cancelled and
merged incidents count nowhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.areas.incidents.model import Incident, IncidentSeverity, Status
from core.moment import Window
from core.sla import Clock, standing

__all__ = ["Attainment", "Figures", "SeverityFigures", "Times", "figures_of", "percentile", "times_of"]

_UNCOUNTED = frozenset({Status.CANCELLED, Status.MERGED})


@dataclass(frozen=True, slots=True)
class Times:
    """Mean, median and 90th percentile of `count` lengths of time; nothing of none."""

    count: int
    mean: timedelta | None = None
    median: timedelta | None = None
    p90: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Attainment:
    """Of the clocks that stopped, how many did in time."""

    met: int
    stopped: int

    @property
    def share(self) -> float | None:
        """The part that was in time, 0 to 1; nothing where none has stopped."""
        return self.met / self.stopped if self.stopped else None


@dataclass(frozen=True, slots=True)
class SeverityFigures:
    """The figures of one severity, or of all where it has none."""

    severity: IncidentSeverity | None
    count: int
    acknowledge: Times
    resolve: Times
    response: Attainment
    resolution: Attainment


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a window, by severity and altogether.

    `overridden` of the `classified` incidents had their severity changed by a person.
    """

    window: Window
    rows: tuple[SeverityFigures, ...]
    total: SeverityFigures
    classified: int
    overridden: int


def figures_of(incidents: Iterable[Incident], window: Window) -> Figures:
    """The figures of the incidents created within the window."""
    counted = [each for each in incidents if each.created_at in window and each.status not in _UNCOUNTED]
    rows = tuple(
        _row(severity, [each for each in counted if each.severity is severity])
        for severity in IncidentSeverity
    )
    overridden = sum(each.overridden for each in counted)
    return Figures(window, rows, _row(None, counted), len(counted), overridden)


def times_of(lengths: Iterable[timedelta]) -> Times:
    """Mean, median and 90th percentile."""
    ordered = sorted(lengths)
    if not ordered:
        return Times(0)
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    mean = sum(ordered, timedelta(0)) / len(ordered)
    return Times(len(ordered), mean, median, percentile(ordered, 0.9))


def percentile(ordered: Sequence[timedelta], share: float) -> timedelta:
    """The smallest of the lengths, in order, that at least that share of them doesn't exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _row(severity: IncidentSeverity | None, incidents: Sequence[Incident]) -> SeverityFigures:
    return SeverityFigures(
        severity=severity,
        count=len(incidents),
        acknowledge=times_of(_since_created((e.created_at, e.acknowledged_at) for e in incidents)),
        resolve=times_of(_since_created((e.created_at, e.resolved_at) for e in incidents)),
        response=_attainment(each.response for each in incidents),
        resolution=_attainment(each.resolution for each in incidents),
    )


def _since_created(moments: Iterable[tuple[datetime, datetime | None]]) -> list[timedelta]:
    return [moment - created for created, moment in moments if moment is not None]


def _attainment(clocks: Iterable[Clock]) -> Attainment:
    stopped = [each for each in clocks if each.stopped_at is not None and each.target]
    late = sum(standing(each, each.stopped_at).breached for each in stopped if each.stopped_at is not None)
    return Attainment(len(stopped) - late, len(stopped))
