"""Bills of materials by version, and what is asked to be changed in them (whatsapp.md A2.6 and A3)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

__all__ = ["BillOfMaterials", "ChangeRequest", "Component", "RequestState"]


@dataclass(frozen=True, slots=True)
class Component:
    """What goes into a product: how much of it for one piece, and what one unit of it costs."""

    code: str
    name: str
    quantity: Decimal
    unit_cost: Decimal
    specifications: str = ""

    @property
    def cost(self) -> Decimal:
        """What it costs for one piece."""
        return self.quantity * self.unit_cost


@dataclass(frozen=True, slots=True)
class BillOfMaterials:
    """One version of a bill. Versions count from one; the active one is worked by, and there is at most one.

    `request` is what it was made by; nobody requested the first version.
    """

    number: str
    version: int
    product: str
    components: tuple[Component, ...]
    made_by: str
    made_at: datetime
    active: bool = True
    request: str = ""

    @property
    def cost(self) -> Decimal:
        """What the materials of one piece cost."""
        return sum((each.cost for each in self.components), Decimal(0))

    def component(self, code: str) -> Component | None:
        """The component of that code, in whichever letter case."""
        wanted = code.strip().casefold()
        return next((each for each in self.components if each.code.casefold() == wanted), None)


class RequestState(enum.Enum):
    """What became of a request."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """What somebody asks to be changed in a bill: how much of one component, at which cost.

    A `component` that the bill lacks is added, one of which nothing is wanted any more is taken out.
    `base_version` is the version that was active when it was asked for, `made_version` the one it became.
    """

    number: str
    bom: str
    base_version: int
    component: str
    quantity: Decimal
    unit_cost: Decimal
    asked_by: str
    asked_at: datetime
    name: str = ""
    reason: str = ""
    state: RequestState = RequestState.PENDING
    decided_by: str = ""
    decided_at: datetime | None = None
    decision_reason: str = ""
    made_version: int | None = None
