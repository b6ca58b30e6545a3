"""The key figures of responding to incidents, and those of recovery (operations.md 4.9 and 8)."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from core.areas.operations.rules.incident_courses import (
    IncidentCourse,
    acknowledged_after,
    kept,
    resolved_after,
)
from core.areas.operations.rules.kpi import Goal, Kind, Kpi, Measured, Target, compared, percent
from core.message import _
from core.moment import Window

__all__ = ["recovery_kpis", "responding_kpis"]

_SEVERITIES = (
    ("critical", _("Critical incidents resolved in time")),
    ("high", _("High incidents resolved in time")),
    ("medium", _("Medium incidents resolved in time")),
    ("low", _("Low incidents resolved in time")),
)


def responding_kpis(incidents: Sequence[IncidentCourse], at: datetime, length: timedelta) -> list[Kpi]:
    """How soon incidents were acknowledged and resolved, and how many of each severity in time."""
    none = _("no such incident came that far in this window")

    def of(
        times: Callable[[Sequence[IncidentCourse], Window], list[float]],
        summed: Callable[[list[float]], float],
    ) -> Measured:
        def measure(window: Window) -> tuple[float | None, int]:
            found = times(incidents, window)
            return (summed(found) if found else None), len(found)

        return compared(at, length, measure, none)

    times = (
        ("mtta", _("Time to acknowledge, mean"), of(acknowledged_after, statistics.fmean)),
        ("mtta_median", _("Time to acknowledge, median"), of(acknowledged_after, statistics.median)),
        ("mtta_p90", _("Time to acknowledge, 90th percentile"), of(acknowledged_after, _p90)),
        ("mttr", _("Time to resolve, mean"), of(resolved_after, statistics.fmean)),
        ("mttr_median", _("Time to resolve, median"), of(resolved_after, statistics.median)),
        ("mttr_p90", _("Time to resolve, 90th percentile"), of(resolved_after, _p90)),
    )
    found = [
        Kpi(f"{key}.{length.days}d", name, length, Kind.DURATION, measured, digits=0)
        for key, name, measured in times
    ]
    for severity, name in _SEVERITIES:
        measured = compared(at, length, _attained(incidents, severity), none)
        found.append(Kpi(f"resolved.{severity}.{length.days}d", name, length, Kind.PERCENT, measured))
    return found


def recovery_kpis() -> list[Kpi]:
    """What was promised for a disaster, against the last drill; nothing here records drills."""
    drill = Measured(missing=_("no recovery drill was ever recorded"))

    def objective(key: str, hours: int) -> tuple[str, Target]:
        return key, Target(Goal.AT_MOST, timedelta(hours=hours).total_seconds())

    rows = (
        (_("Recovery time objective"), objective("recovery_time", 4)),
        (_("Recovery point objective"), objective("recovery_point", 1)),
        (_("Full recovery"), objective("recovery_full", 24)),
    )
    return [Kpi(key, name, None, Kind.DURATION, drill, target, 0) for name, (key, target) in rows]


def _attained(
    incidents: Sequence[IncidentCourse], severity: str
) -> Callable[[Window], tuple[float | None, int]]:
    return lambda window: percent(*kept(incidents, window, severity))


def _p90(times: list[float]) -> float:
    """The 90th percentile by nearest rank."""
    ordered = sorted(times)
    return ordered[-(-len(ordered) * 9 // 10) - 1]
