"""The overall verdict of health, and how old a result may be (operations.md 2.3, rules 3 and 4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.areas.operations.model import CheckResult, HealthStatus

__all__ = ["STALE_AFTER", "current", "overall"]

STALE_AFTER = 3
"""After so many intervals without a result, a component's state is unknown."""


def current(
    status: HealthStatus, probed_at: datetime | None, now: datetime, interval: timedelta
) -> HealthStatus:
    """The status a result still stands for: unknown when it is older than three intervals."""
    if status is HealthStatus.SKIPPED:
        return status
    if probed_at is None or now - probed_at > STALE_AFTER * interval:
        return HealthStatus.UNKNOWN
    return status


def overall(results: Iterable[CheckResult]) -> HealthStatus:
    """What they come to together. Skipped components don't count; with nothing that counts it is unknown."""
    counted = [each for each in results if each.status is not HealthStatus.SKIPPED]
    if all(each.status is HealthStatus.UNKNOWN for each in counted):
        return HealthStatus.UNKNOWN
    if any(each.check.critical and each.status is HealthStatus.FAIL for each in counted):
        return HealthStatus.FAIL
    troubled = any(each.status in (HealthStatus.FAIL, HealthStatus.WARN) for each in counted)
    blind = any(each.check.critical and each.status is HealthStatus.UNKNOWN for each in counted)
    return HealthStatus.WARN if troubled or blind else HealthStatus.PASS
