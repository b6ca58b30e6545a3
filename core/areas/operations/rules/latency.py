"""A pass that took too long is a warning (operations.md 2.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.areas.operations.model import Finding, HealthStatus, Reason
from core.message import _
from core.units import Quantity, Unit

__all__ = ["judged_by_latency"]


def judged_by_latency(found: Finding, latency_ms: float, warn_after: timedelta | None) -> Finding:
    """The finding, or a warning in place of a pass that took longer than `warn_after`."""
    if warn_after is None or found.status is not HealthStatus.PASS:
        return found
    limit = warn_after / timedelta(milliseconds=1)
    if latency_ms <= limit:
        return found
    output = _(
        "It answers, but took {latency}; more than {limit} is slow.",
        latency=Quantity(latency_ms, Unit.MILLISECOND, 0),
        limit=Quantity(limit, Unit.MILLISECOND, 0),
    )
    return replace(found, status=HealthStatus.WARN, reason=Reason.SLOW, output=output)
