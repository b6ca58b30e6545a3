"""What went wrong with an order: rejects of the plant itself, and returns of customers (whatsapp.md A3)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

__all__ = [
    "LONGEST_DESCRIPTION",
    "SHORTEST_DESCRIPTION",
    "UNFINISHED",
    "CustomerReturn",
    "Defect",
    "DefectSeverity",
    "DefectType",
    "Flaw",
    "InternalReject",
    "RejectState",
    "ReturnState",
]

SHORTEST_DESCRIPTION, LONGEST_DESCRIPTION = 10, 500
"""Characters of a defect's description (whatsapp.md A2.1)."""


class DefectType(enum.Enum):
    """What whoever reports a defect calls it; whatever is neither of the first two is kept as a reject."""

    INTERNAL_REJECT = "internal_reject"
    RETURN = "return"
    OTHER = "other"


class DefectSeverity(enum.Enum):
    """How bad a defect is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Flaw(enum.Enum):
    """What is wrong with a rejected piece."""

    DIMENSION = "dimension"
    COLOR = "color"
    MATERIAL = "material"
    STITCHING = "stitching"
    PRINTING = "printing"
    DAMAGE = "damage"
    OTHER = "other"


class RejectState(enum.Enum):
    """How far an internal reject is."""

    PENDING = "pending"
    APPROVED = "approved"
    REPLACEMENT_PROCESSED = "replacement_processed"
    NO_STOCK = "no_stock"
    REJECTED = "rejected"
    ARCHIVED = "archived"


UNFINISHED = frozenset({RejectState.PENDING, RejectState.APPROVED, RejectState.NO_STOCK})
"""The states in which somebody still has to do something about a reject."""


class ReturnState(enum.Enum):
    """Whether a customer's return was dealt with."""

    OPEN = "open"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class InternalReject:
    """Pieces of an order that the plant itself rejected.

    `order` is the order's number, `product` what it is of. `stage` says where in the making it was found,
    `department` is a code. `held` tells whether this put its order on hold. `decided_by` is who
    approved or rejected it; `note` why it is in its state, where that was said; `since` when it came into it.
    `replacement` names the ticket under which `replacement_quantity` pieces are made again.
    """

    number: str
    order: str
    severity: DefectSeverity
    quantity: int
    description: str
    reported_by: str
    reported_at: datetime
    since: datetime
    type: DefectType = DefectType.INTERNAL_REJECT
    state: RejectState = RejectState.PENDING
    flaw: Flaw = Flaw.OTHER
    product: str = ""
    stage: str = ""
    department: str = ""
    held: bool = False
    decided_by: str = ""
    note: str = ""
    replacement: str = ""
    replacement_quantity: int = 0

    @property
    def unfinished(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in UNFINISHED


@dataclass(frozen=True, slots=True)
class CustomerReturn:
    """Pieces of an order that a customer sent back.

    `cost` is what it cost the plant and `credit` what the customer was given back, in the order's currency.
    """

    number: str
    order: str
    severity: DefectSeverity
    quantity: int
    description: str
    reported_by: str
    reported_at: datetime
    since: datetime
    state: ReturnState = ReturnState.OPEN
    returned_at: datetime | None = None
    department: str = ""
    resolution: str = ""
    resolved_by: str = ""
    cost: Decimal | None = None
    credit: Decimal | None = None

    @property
    def unfinished(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state is ReturnState.OPEN


Defect = InternalReject | CustomerReturn
