"""The commercial state of a location, in words (plume.md 4.3)."""

from __future__ import annotations

from core.areas.network.model import ServiceLevel
from core.message import _
from core.units import Severity, State

__all__ = ["service_state"]

_STATES = {
    ServiceLevel.FULL: State(Severity.GOOD, _("full service")),
    ServiceLevel.BASIC: State(Severity.WARNING, _("basic service")),
    ServiceLevel.NONE: State(Severity.SERIOUS, _("suspended")),
}


def service_state(level: ServiceLevel) -> State | None:
    """The level as a person knows it; nothing where the cloud did not say."""
    return _STATES.get(level)
