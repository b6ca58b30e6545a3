"""Flap damping towards alerts and the status page (operations.md 2.3, rule 5).

A component degrades when two results in a row are worse than it stood, and recovers when three in a row are
better. Between two and three it stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.areas.operations.model import HealthStatus

__all__ = ["KEPT", "settle"]

KEPT = 3
"""How many of the last results the damping needs."""

_TO_DEGRADE = 2
_ORDER = (HealthStatus.PASS, HealthStatus.WARN, HealthStatus.UNKNOWN, HealthStatus.FAIL)


def settle(settled: HealthStatus | None, recent: Sequence[HealthStatus]) -> HealthStatus:
    """What the component stands at once `recent`, the last results with the newest last, are in.

    `settled` is what it stood at before; nothing when it was never probed, or was skipped until now. One that
    was never probed is unknown until it passes once or fails twice.
    """
    newest = recent[-1]
    if newest is HealthStatus.SKIPPED:
        return HealthStatus.SKIPPED
    if settled is None or settled is HealthStatus.SKIPPED:
        return HealthStatus.PASS if newest is HealthStatus.PASS else HealthStatus.UNKNOWN
    ranks = [_ORDER.index(each) for each in recent if each is not HealthStatus.SKIPPED]
    stood = _ORDER.index(settled)
    if settled is HealthStatus.UNKNOWN and len(ranks) <= _TO_DEGRADE:
        stood = 0  # nothing was known of it yet, so the first two results decide
    last_two, last_three = ranks[-_TO_DEGRADE:], ranks[-KEPT:]
    if len(last_two) == _TO_DEGRADE and min(last_two) > stood:
        return _ORDER[min(last_two)]
    if len(last_three) == KEPT and max(last_three) < _ORDER.index(settled):
        return _ORDER[max(last_three)]
    return settled
