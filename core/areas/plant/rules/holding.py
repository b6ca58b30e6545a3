"""When a defect puts its order on hold: one rule, which can be configured (whatsapp.md A2.1 and D6)."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from core.areas.plant.model.defects import (
    Defect,
    DefectSeverity,
    DefectType,
    InternalReject,
    RejectState,
)

__all__ = ["Hold", "HoldingPolicy"]


@dataclass(frozen=True, slots=True)
class HoldingPolicy:
    """Which severities of a reject hold its order, and whether a lack of stock to replace it does.

    What a customer sent back holds nothing: the order was delivered.
    """

    severities: frozenset[DefectSeverity] = frozenset({DefectSeverity.HIGH})
    without_stock: bool = True

    def on_report(self, type_: DefectType, severity: DefectSeverity) -> bool:
        """Whether the order of a defect that was just reported is to be put on hold."""
        return type_ is not DefectType.RETURN and severity in self.severities

    def on_move(self, state: RejectState) -> bool:
        """Whether the order of a reject that came into that state is to be put on hold."""
        return state is RejectState.NO_STOCK and self.without_stock

    def on_arrival(self, defect: Defect) -> bool:
        """Whether the order of a defect that comes from elsewhere is to be put on hold.

        One that was decided there is history, and so is one that has held its order there.
        """
        if not isinstance(defect, InternalReject) or defect.held:
            return False
        if defect.state is RejectState.PENDING:
            return self.on_report(defect.type, defect.severity)
        return self.on_move(defect.state)


class Hold(enum.Enum):
    """What a defect did to its order, so that nobody is told anything else."""

    PUT = "put"
    ALREADY = "already"
    NOT_ASKED = "not_asked"
    IMPOSSIBLE = "impossible"
