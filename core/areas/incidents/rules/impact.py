"""What users see of an incident, from the state of its components (operations.md 7.2)."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping

from core.areas.incidents.model import Impact

__all__ = ["ComponentState", "component_states", "impact_of"]


class ComponentState(enum.StrEnum):
    """How a component serves its users."""

    OPERATIONAL = "operational"
    UNDER_MAINTENANCE = "under_maintenance"
    DEGRADED = "degraded"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"


_IMPACTS = {
    ComponentState.OPERATIONAL: Impact.NONE,
    ComponentState.UNDER_MAINTENANCE: Impact.NONE,
    ComponentState.DEGRADED: Impact.MINOR,
    ComponentState.PARTIAL_OUTAGE: Impact.MAJOR,
    ComponentState.MAJOR_OUTAGE: Impact.CRITICAL,
}
_ORDER = list(Impact)


def impact_of(states: Iterable[ComponentState]) -> Impact:
    """The impact of the worst affected component; none where none is affected."""
    return max((_IMPACTS[state] for state in states), key=_ORDER.index, default=Impact.NONE)


def component_states(health: Mapping[str, str]) -> dict[str, ComponentState]:
    """The state of an incident's components from their health, by name.

    One that fails is out in part where another of them still passes, else wholly. Of one whose health
    isn't known nothing is said.
    """
    passing = any(status == "pass" for status in health.values())
    failing = ComponentState.PARTIAL_OUTAGE if passing else ComponentState.MAJOR_OUTAGE
    known = {"pass": ComponentState.OPERATIONAL, "warn": ComponentState.DEGRADED, "fail": failing}
    return {name: known[status] for name, status in health.items() if status in known}
