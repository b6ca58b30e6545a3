"""What is promised about a ticket of the plant: one table for every kind (whatsapp.md A2.3, A2.5 and D6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from core.areas.plant.model.maintenance import FaultSeverity

__all__ = ["DEFECT_SEVERITIES", "Promise", "SlaPolicy"]

DEFECT_SEVERITIES = ("low", "medium", "high")
"""The severities that a defect is reported with."""


@dataclass(frozen=True, slots=True)
class Promise:
    """How soon somebody sees to a ticket, and how soon it is done; both from when it was opened."""

    response: timedelta
    completion: timedelta


@dataclass(frozen=True, slots=True)
class SlaPolicy:
    """The promises about maintenance and defects by severity, and about failures of procedures."""

    maintenance: Mapping[FaultSeverity, Promise]
    defect: Mapping[str, Promise]
    sop: Promise

    def of_defect(self, severity: str) -> Promise:
        """What is promised about a defect; one of a severity that isn't known is taken for a medium one."""
        return self.defect.get(severity, self.defect["medium"])
