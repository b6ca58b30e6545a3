"""What the runs of a collector say of its source (operations.md 2.2, the console's own components)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.areas.operations.model import Finding, HealthStatus, Reason
from core.message import Message, _

__all__ = ["SourceRuns", "overdue_runs", "source_finding"]

_FAIL_AFTER = 3


@dataclass(frozen=True, slots=True)
class SourceRuns:
    """How many of its last runs one subject of a source missed, what it is called, and the last error."""

    name: Message | str
    missed: int
    reason: Message | None = None


def overdue_runs(age: timedelta, interval: timedelta) -> int:
    """How many runs should have happened by now, `age` after the last; each has half an interval's grace."""
    if interval <= timedelta():
        return 0
    return max(0, int(age / interval - 0.5))


def source_finding(runs: Sequence[SourceRuns]) -> Finding:
    """A warning when any subject missed a run, a failure when none has answered for three."""
    troubled = sorted((each for each in runs if each.missed), key=lambda each: -each.missed)
    if not troubled:
        return Finding(HealthStatus.PASS)
    worst = troubled[0]
    reason = worst.reason or _("nobody asked it when it was due")
    if len(runs) == 1:
        output = _("{missed} runs were missed: {reason}", missed=worst.missed, reason=reason)
    else:
        output = _(
            "{troubled} of {all} are behind, first {name}: {reason}",
            troubled=len(troubled),
            all=len(runs),
            name=worst.name,
            reason=reason,
        )
    dead = all(each.missed >= _FAIL_AFTER for each in runs)
    return Finding(HealthStatus.FAIL if dead else HealthStatus.WARN, Reason.MISSED_RUN, output)
